/* grid.c: a screen's list: as many rows and columns as there is room for. */
#include "tui/grid.h"

#include "core/console/text.h"
#include "core/text.h"
#include "tui/look.h"

#define MARKS 2 /* columns for the marks at the start */
#define GAP 2
#define NARROWEST 6

/**
 * tui_grid_has_column:
 * @grid: a list
 * @columns: its screen's
 * @i: the number of one of them
 *
 * Returns: whether the person wants to see it
 */
gboolean
tui_grid_has_column (const TuiGrid *grid, const KontorColumn *columns, guint i)
{
  return columns[i].hidden == (gboolean) ((grid->toggled >> i) & 1);
}

/**
 * tui_grid_scroll:
 * @grid: a list
 * @screen: what it shows
 * @by: columns, to the end when positive
 */
void
tui_grid_scroll (TuiGrid *grid, KontorScreen *screen, int by)
{
  const KontorColumn *columns = kontor_screen_declaration (screen)->columns;
  guint n = 0;

  for (guint i = 0; columns[i].name != NULL; i++)
    n += tui_grid_has_column (grid, columns, i);
  grid->skipped = (guint) CLAMP ((int) grid->skipped + by, 0, MAX ((int) n, 1) - 1);
}

static guint
width_of (const TuiGrid *grid)
{
  guint width = MARKS;

  for (guint i = 0; i < grid->n_shown; i++)
    width += (guint) grid->shown[i].width + (i > 0 ? GAP : 0);
  return width;
}

static void
leave_out (TuiGrid *grid, guint i)
{
  for (grid->n_shown--; i < grid->n_shown; i++)
    grid->shown[i] = grid->shown[i + 1];
}

/* The least important columns go first; the last one that is left is narrowed instead. */
static void
make_room (TuiGrid *grid, guint width)
{
  while (grid->n_shown > 1 && width_of (grid) > width)
    {
      guint least = 0;

      for (guint i = 1; i < grid->n_shown; i++)
        if (grid->shown[i].column->priority > grid->shown[least].column->priority)
          least = i;
      /* A text can do with less, if that saves it. */
      if (grid->shown[least].column->kind == KONTOR_COLUMN_TEXT
          && width_of (grid) - width + NARROWEST * 2 <= (guint) grid->shown[least].width)
        grid->shown[least].width -= (int) (width_of (grid) - width);
      else
        leave_out (grid, least);
    }
  if (grid->n_shown == 1)
    grid->shown[0].width = MIN (grid->shown[0].width, (int) width - MARKS);
}

/* What room is left goes to the texts, in parts as large as they are. */
static void
share_rest (TuiGrid *grid, guint width)
{
  guint used = width_of (grid), rest = width > used ? width - used : 0, texts = 0;

  for (guint i = 0; i < grid->n_shown; i++)
    if (grid->shown[i].column->kind == KONTOR_COLUMN_TEXT)
      texts += grid->shown[i].column->width;
  for (guint i = 0; i < grid->n_shown && texts > 0; i++)
    if (grid->shown[i].column->kind == KONTOR_COLUMN_TEXT)
      grid->shown[i].width += (int) (rest * grid->shown[i].column->width / texts);
}

static void
lay_out (TuiGrid *grid, const KontorColumn *columns, TuiArea area)
{
  guint skip = grid->skipped;
  int x = area.x + MARKS;

  grid->n_shown = 0;
  for (guint i = 0; columns[i].name != NULL && grid->n_shown < TUI_MOST_COLUMNS; i++)
    {
      if (!tui_grid_has_column (grid, columns, i))
        continue;
      if (skip > 0)
        {
          skip--;
          continue;
        }
      grid->shown[grid->n_shown].column = &columns[i];
      grid->shown[grid->n_shown].width
          = (int) MAX (columns[i].width, kontor_text_width (_ (columns[i].title)) + 2);
      grid->n_shown++;
    }
  make_room (grid, (guint) area.width);
  share_rest (grid, (guint) area.width);
  for (guint i = 0; i < grid->n_shown; i++)
    {
      grid->shown[i].x = x;
      x += grid->shown[i].width + GAP;
    }
}

static void
paint_headings (const TuiGrid *grid, KontorScreen *screen)
{
  tui_erase ((TuiArea){ grid->area.y, grid->area.x, 1, grid->area.width }, TUI_HEADING);
  for (guint i = 0; i < grid->n_shown; i++)
    {
      const KontorColumn *column = grid->shown[i].column;
      gboolean descending, sorted = kontor_screen_sorted_by (screen, column, &descending);
      g_autofree char *title = g_strdup_printf ("%s%s", _ (column->title),
                                                !sorted      ? ""
                                                : descending ? " ▾"
                                                             : " ▴");

      tui_put (grid->area.y, grid->shown[i].x, (guint) grid->shown[i].width, TUI_HEADING,
               column->at_end ? TUI_END : TUI_START, title);
    }
}

static TuiStyle
style_of (const KontorColumn *column, const char *cell)
{
  switch (column->kind)
    {
    case KONTOR_COLUMN_STATUS:
      return tui_look_of (cell);
    case KONTOR_COLUMN_MONEY:
      return TUI_STRONG;
    case KONTOR_COLUMN_TIME:
    case KONTOR_COLUMN_ID:
      return TUI_DIM;
    default:
      return TUI_PLAIN;
    }
}

static void
paint_row (const TuiGrid *grid, KontorScreen *screen, guint row, gboolean has_keys)
{
  int y = grid->area.y + 1 + (int) (row - grid->first);
  KontorList *list = kontor_screen_list (screen);
  gboolean marked = kontor_list_is_marked (list, kontor_list_key (list, row));
  gboolean selected = row == kontor_screen_cursor (screen);
  TuiStyle all = selected ? (has_keys ? TUI_SELECTED : TUI_SELECTED_FAR) : TUI_PLAIN;

  tui_put (y, grid->area.x, (guint) grid->area.width, all, TUI_START, "");
  tui_put (y, grid->area.x, MARKS, selected ? all : TUI_MARKED, TUI_START,
           marked     ? "✓"
           : selected ? "▸"
                      : "");
  for (guint i = 0; i < grid->n_shown; i++)
    {
      const KontorColumn *column = grid->shown[i].column;
      g_autofree char *cell = kontor_screen_cell (screen, column, row);

      tui_put (y, grid->shown[i].x, (guint) grid->shown[i].width,
               selected ? all
               : marked ? TUI_MARKED
                        : style_of (column, cell),
               column->at_end ? TUI_END : TUI_START, cell);
    }
}

/**
 * tui_grid_paint:
 * @grid: how the list is shown
 * @screen: what it shows
 * @area: where, headings included
 * @has_keys: whether keys go here
 */
void
tui_grid_paint (TuiGrid *grid, KontorScreen *screen, TuiArea area, gboolean has_keys)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (screen)));
  guint cursor = kontor_screen_cursor (screen);

  grid->area = area;
  grid->page = (guint) MAX (area.height - 1, 1);
  if (cursor < grid->first)
    grid->first = cursor;
  if (cursor >= grid->first + grid->page)
    grid->first = cursor - grid->page + 1;
  if (grid->first + grid->page > n)
    grid->first = n > grid->page ? n - grid->page : 0;

  lay_out (grid, kontor_screen_declaration (screen)->columns, area);
  tui_erase (area, TUI_PLAIN);
  paint_headings (grid, screen);
  for (guint row = grid->first; row < n && row < grid->first + grid->page; row++)
    paint_row (grid, screen, row, has_keys);
}

/**
 * tui_grid_at:
 * @grid: a list, as it was painted
 * @screen: what it shows
 * @y: row of the terminal
 * @x: column of the terminal
 * @row: (out): the row there is
 * @column: (out): the column whose heading there is
 *
 * Returns: what is there
 */
TuiPlace
tui_grid_at (const TuiGrid *grid,
             KontorScreen *screen,
             int y,
             int x,
             guint *row,
             const KontorColumn **column)
{
  int down = y - grid->area.y;

  if (down < 0 || down >= grid->area.height || x < grid->area.x
      || x >= grid->area.x + grid->area.width)
    return TUI_NOWHERE;
  if (down > 0)
    {
      *row = grid->first + (guint) down - 1;
      return *row < g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (screen)))
                 ? TUI_ON_ROW
                 : TUI_NOWHERE;
    }
  for (guint i = 0; i < grid->n_shown; i++)
    if (x >= grid->shown[i].x && x < grid->shown[i].x + grid->shown[i].width)
      {
        *column = grid->shown[i].column;
        return TUI_ON_HEADING;
      }
  return TUI_NOWHERE;
}
