/* charts.c: a screen's charts, drawn with letters: an eighth of a row is the least that is seen. */
#include "tui/charts.h"

#include "core/text.h"

#define COLUMNS 3      /* of charts, where there is room */
#define LEAST_WIDTH 24 /* of a chart */
#define EIGHTHS 8
#define MOST_BARS 10   /* rows of bars */

/* How high a point is, in eighths of a row. */
static int
height_of (const KontorChart *chart, guint point, int rows)
{
  gint64 top = kontor_chart_top (chart), value = MAX (chart->points[point].value, 0);
  int height = top > 0 ? (int) ((double) value / (double) top * rows * EIGHTHS) : 0;

  /* Something is more than nothing. */
  return value > 0 ? CLAMP (height, 1, rows * EIGHTHS) : 0;
}

/* One bar for each day, each as wide as there is room for. */
static void
paint_bars (const KontorChart *chart, TuiArea area)
{
  static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
  int width = CLAMP (area.width / (int) chart->n, 1, 3);
  guint shown = MIN (chart->n, (guint) (area.width / width)), first = chart->n - shown;

  for (int row = 0; row < area.height; row++)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      int below = (area.height - 1 - row) * EIGHTHS;

      for (guint i = first; i < chart->n; i++)
        {
          int filled = CLAMP (height_of (chart, i, area.height) - below, 0, EIGHTHS);

          for (int x = 0; x < MAX (width - (width > 1), 1); x++)
            g_string_append (line, blocks[filled]);
          if (width > 1)
            g_string_append_c (line, ' ');
        }
      tui_put (area.y + row, area.x, (guint) area.width, TUI_CHART, TUI_START, line->str);
    }
}

/* Two texts in a row, the one at the end whole. */
static void
paint_ends (int y, int x, int width, TuiStyle style, const char *start, const char *end)
{
  int columns = (int) kontor_text_width (end), rest = width - columns - 1;

  tui_put (y, x, (guint) MAX (rest, 0), style, TUI_START, start);
  tui_put (y, x + MAX (rest + 1, 0), (guint) MIN (columns, width), style, TUI_END, end);
}

/* Since when, how high the axis is. */
static void
paint_axis (const KontorChart *chart, const KontorFormat *format, int y, int x, int width)
{
  guint shown = MIN (chart->n, (guint) width);
  g_autoptr (GDateTime) first
      = g_date_time_new_from_unix_utc (chart->points[chart->n - shown].start);
  g_autoptr (GDateTime) local = format->zone != NULL ? g_date_time_to_timezone (first, format->zone)
                                                     : g_date_time_ref (first);
  g_autofree char *since = g_date_time_format (local, "%d %b");
  g_autofree char *top = kontor_chart_text (chart, format, kontor_chart_top (chart));
  g_autofree char *end = g_strdup_printf ("↑ %s", top);

  paint_ends (y, x, width, TUI_DIM, since, end);
}

static void
paint_chart (const KontorChart *chart, const KontorFormat *format, TuiArea area)
{
  g_autofree char *total = kontor_chart_text (chart, format, chart->total);

  paint_ends (area.y, area.x, area.width, TUI_STRONG, chart->title, total);
  paint_bars (chart, (TuiArea){ area.y + 1, area.x, area.height - 2, area.width });
  paint_axis (chart, format, area.y + area.height - 1, area.x, area.width);
}

/**
 * tui_charts_paint:
 * @desk: whose rows are counted
 * @declaration: a screen with charts
 * @area: where they may stand
 *
 * Returns: how many rows of @area they took
 */
int
tui_charts_paint (KontorDesk *desk, const KontorScreenDeclaration *declaration, TuiArea area)
{
  GPtrArray *charts = kontor_desk_charts (desk, declaration);
  int columns = CLAMP (area.width / LEAST_WIDTH, 1, COLUMNS);
  int rows = ((int) declaration->n_charts + columns - 1) / columns;
  int height = MIN (area.height / rows, MOST_BARS + 3), width = area.width / columns;

  if (height < 4)
    return 0;
  tui_erase ((TuiArea){ area.y, area.x, rows * height, area.width }, TUI_PLAIN);
  for (guint i = 0; i < charts->len; i++)
    paint_chart (charts->pdata[i], kontor_desk_format (desk),
                 (TuiArea){ area.y + (int) i / columns * height,
                            area.x + (int) i % columns * width + 1, height - 1, width - 2 });
  return rows * height;
}
