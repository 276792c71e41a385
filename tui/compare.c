/* compare.c: two objects value by value: side by side where there is room, else in turn. */
#include "core/console/compare.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/text.h"
#include "tui/app.h"

#define WIDE 100
#define GAP 2
#define INDENT 2

typedef struct
{
  TuiLayer layer;
  KontorScreen *screen;
  gint64 keys[2];
  KontorComparison *comparison; /* as painted */
  GPtrArray *lines;             /* of Line */
  gboolean shows_all, is_copied;
  guint first, page;
} Compare;

/* What stands in the sign's, the path's and the values' columns. */
typedef struct
{
  char sign;
  TuiStyle style;
  char *cells[3];    /* when it is narrow, the first one alone has all the room */
  gboolean is_value; /* … and stands below its path */
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  for (guint i = 0; i < G_N_ELEMENTS (line->cells); i++)
    g_free (line->cells[i]);
  g_free (line);
}

static const TuiStyle styles[] = {
  [KONTOR_DIFF_SAME] = TUI_DIM,
  [KONTOR_DIFF_CHANGED] = TUI_WAITING,
  [KONTOR_DIFF_ADDED] = TUI_GOOD,
  [KONTOR_DIFF_REMOVED] = TUI_BAD,
};

/* ----------------------------------------------------------------------------------- lines -- */

/* Takes from *@rest what fits in @columns; a path is broken before a dot if it can be. */
static char *
take (const char **rest, guint columns, gboolean is_path)
{
  guint taken;
  gsize fits, at;
  char *text;

  if (*rest == NULL || **rest == '\0')
    return g_strdup ("");
  at = fits = kontor_text_fit (*rest, MAX (columns, 4), &taken);
  while (is_path && (*rest)[fits] != '\0' && at > 0 && (*rest)[at] != '.')
    at--;
  text = g_strndup (*rest, at > 0 ? at : MAX (fits, 1));
  *rest += strlen (text);
  return text;
}

/* As many lines as the longest of @texts takes in @widths; the sign stands in the first. */
static void
add_lines (GPtrArray *lines,
           char sign,
           TuiStyle style,
           const char *const texts[3],
           const guint widths[3])
{
  const char *rest[3] = { texts[0], texts[1], texts[2] };
  gboolean goes_on;

  do
    {
      Line *line = g_new0 (Line, 1);

      line->sign = sign;
      line->style = style;
      goes_on = FALSE;
      for (guint i = 0; i < 3; i++)
        {
          line->cells[i] = take (&rest[i], widths[i], i == 0 && widths[1] > 0);
          goes_on |= rest[i] != NULL && *rest[i] != '\0';
        }
      g_ptr_array_add (lines, line);
      sign = ' ';
    }
  while (goes_on);
}

/* In turn: the path with its sign, then, further in, what was and what is. */
static void
add_in_turn (GPtrArray *lines, const KontorDiff *row, const guint columns[3])
{
  const guint widths[3] = { columns[0] - INDENT };
  const char *const path[3] = { row->path };
  const char *const left[3] = { row->left }, *const right[3] = { row->right };

  guint first;

  add_lines (lines, kontor_compare_sign (row->state), styles[row->state], path, columns);
  first = lines->len;
  if (row->state == KONTOR_DIFF_SAME)
    add_lines (lines, ' ', TUI_DIM, left, widths);
  if (row->state != KONTOR_DIFF_SAME && row->left != NULL)
    add_lines (lines, '-', TUI_BAD, left, widths);
  if (row->state != KONTOR_DIFF_SAME && row->right != NULL)
    add_lines (lines, '+', TUI_GOOD, right, widths);
  for (; first < lines->len; first++)
    ((Line *) lines->pdata[first])->is_value = TRUE;
}

/* Where it is narrow, the path and the values share one column. */
static void
measure (const Compare *compare, guint columns, guint widths[3])
{
  guint path = 8, room = columns - 2;

  for (guint i = 0; i < compare->comparison->rows->len; i++)
    {
      const KontorDiff *row = compare->comparison->rows->pdata[i];

      if (compare->shows_all || row->state != KONTOR_DIFF_SAME)
        path = MAX (path, kontor_text_width (row->path));
    }
  widths[0] = columns >= WIDE ? MIN (path, columns / 3) : room;
  widths[1] = columns >= WIDE ? (room - widths[0] - 2 * GAP) / 2 : 0;
  widths[2] = widths[1];
}

static void
make_lines (Compare *compare, guint columns, const guint widths[3])
{
  GPtrArray *rows = compare->comparison->rows;

  g_ptr_array_set_size (compare->lines, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorDiff *row = rows->pdata[i];
      const char *const texts[3] = { row->path, row->left, row->right };

      if (compare->comparison->is_waiting
          || (row->state == KONTOR_DIFF_SAME && !compare->shows_all))
        continue;
      if (columns >= WIDE)
        add_lines (compare->lines, kontor_compare_sign (row->state), styles[row->state], texts,
                   widths);
      else
        add_in_turn (compare->lines, row, widths);
    }
}

/* -------------------------------------------------------------------------------- painting -- */

static void
paint_line (const Line *line, int y, int x, const guint widths[3])
{
  const char sign[] = { line->sign, '\0' };
  int indent = line->is_value ? INDENT : 0;

  x += indent;
  tui_put (y, x, 1, line->style, TUI_START, sign);
  x += 2;
  for (guint i = 0; i < 3 && widths[i] > 0; i++)
    {
      tui_put (y, x, widths[i] - (guint) indent, line->style, TUI_START, line->cells[i]);
      x += (int) widths[i] + GAP;
    }
}

/* Returns how many rows the titles take. */
static int
paint_titles (const Compare *compare, TuiArea area, const guint widths[3])
{
  char *const *titles = compare->comparison->titles;
  int x = area.x + 2;

  if (widths[1] == 0)
    {
      const Line left = { '-', TUI_HEADING, { titles[0] }, FALSE };
      const Line right = { '+', TUI_HEADING, { titles[1] }, FALSE };

      paint_line (&left, area.y, area.x, widths);
      paint_line (&right, area.y + 1, area.x, widths);
      return 3;
    }
  x += (int) widths[0] + GAP;
  tui_put (area.y, x, widths[1], TUI_HEADING, TUI_START, titles[0]);
  tui_put (area.y, x + (int) widths[1] + GAP, widths[2], TUI_HEADING, TUI_START, titles[1]);
  return 2;
}

static void
paint_foot (const Compare *compare, TuiArea area)
{
  guint n = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < compare->comparison->rows->len; i++)
    n += ((const KontorDiff *) compare->comparison->rows->pdata[i])->state != KONTOR_DIFF_SAME;
  text = g_strdup_printf (compare->shows_all
                              ? _ ("%u of %u values differ · a only these · y copy · Esc back")
                              : _ ("%u of %u values differ · a all · y copy · Esc back"),
                          n, compare->comparison->rows->len);
  tui_put (area.y + area.height - 1, area.x, (guint) area.width, TUI_DIM, TUI_START,
           compare->comparison->is_waiting ? _ ("Esc back")
           : compare->is_copied            ? _ ("Copied what differs.")
                                           : text);
}

static void
compare_paint (TuiLayer *layer, TuiArea whole)
{
  Compare *compare = (Compare *) layer;
  TuiArea area = { whole.y + 1, whole.x + 2, whole.height - 2, whole.width - 4 };
  guint widths[3];
  int top;

  if (area.height < 5 || area.width < 20)
    return;
  g_clear_pointer (&compare->comparison, kontor_comparison_free);
  compare->comparison = kontor_comparison_new (compare->screen, compare->keys);
  measure (compare, (guint) area.width, widths);
  make_lines (compare, (guint) area.width, widths);
  tui_erase (whole, TUI_PLAIN);
  tui_frame (whole, TUI_PLAIN, _ ("Compare"));
  top = paint_titles (compare, area, widths);
  compare->page = (guint) MAX (area.height - top - 1, 1);
  compare->first = compare->lines->len > compare->page
                       ? MIN (compare->first, compare->lines->len - compare->page)
                       : 0;
  for (guint i = 0; i < compare->page && compare->first + i < compare->lines->len; i++)
    paint_line (compare->lines->pdata[compare->first + i], area.y + top + (int) i, area.x, widths);
  if (compare->lines->len == 0)
    tui_put (area.y + top, area.x + 2, (guint) area.width - 2, TUI_PLAIN, TUI_START,
             compare->comparison->is_waiting
                 ? _ ("Only the server has it: it is shown when it answers.")
                 : _ ("They are the same."));
  paint_foot (compare, area);
  tui_cursor (-1, 0);
}

/* ----------------------------------------------------------------------------------- input -- */

static void
move (Compare *compare, gint64 by)
{
  gint64 n = compare->lines->len, most = MAX (n - (gint64) compare->page, 0);

  compare->first = (guint) CLAMP ((gint64) compare->first + by, 0, most);
}

static gboolean
take_move (Compare *compare, const char *key)
{
  const gint64 page = compare->page, all = G_MAXINT32;
  const struct
  {
    const char *keys[2];
    gint64 by;
  } moves[] = {
    { { "j", "Down" }, 1 },     { { "k", "Up" }, -1 },           { { "PgDn", "Space" }, page },
    { { "PgUp", "b" }, -page }, { { "Ctrl-d", "d" }, page / 2 }, { { "Ctrl-u", "u" }, -page / 2 },
    { { "g", "Home" }, -all },  { { "G", "End" }, all },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (strcmp (key, moves[i].keys[0]) == 0 || strcmp (key, moves[i].keys[1]) == 0)
      {
        move (compare, moves[i].by);
        return TRUE;
      }
  return FALSE;
}

static void
copy (Compare *compare)
{
  g_autofree char *text = NULL;

  if (compare->comparison == NULL)
    return;
  text = kontor_comparison_text (compare->comparison);
  tui_terminal_copy (text);
  compare->is_copied = TRUE;
}

static gboolean
compare_input (TuiLayer *layer, const TuiInput *input)
{
  static const char *const leave[] = { "Esc", "q", "Backspace", "D", "Ctrl-c", NULL };
  Compare *compare = (Compare *) layer;
  const char *key = input->key != NULL ? input->key : "";

  compare->is_copied = FALSE;
  if (input->mouse == TUI_WHEEL_UP || input->mouse == TUI_WHEEL_DOWN)
    move (compare, input->mouse == TUI_WHEEL_UP ? -3 : 3);
  if (g_strv_contains (leave, key))
    return FALSE;
  if (strcmp (key, "y") == 0)
    copy (compare);
  else if (strcmp (key, "a") == 0)
    compare->shows_all = !compare->shows_all;
  else
    take_move (compare, key);
  return TRUE;
}

static void
compare_free (TuiLayer *layer)
{
  Compare *compare = (Compare *) layer;

  kontor_comparison_free (compare->comparison);
  g_ptr_array_unref (compare->lines);
  g_object_unref (compare->screen);
  g_free (compare);
}

/**
 * tui_compare_new:
 * @app: the console, where kontor_compare_choose() finds two
 *
 * Returns: (transfer full): both, value by value, to be put on the screen
 */
TuiLayer *
tui_compare_new (TuiApp *app)
{
  static const TuiLayerClass class = { compare_paint, compare_input, compare_free };
  Compare *compare = g_new0 (Compare, 1);

  compare->layer.class = &class;
  compare->screen = g_object_ref (tui_app_view (app)->screen);
  compare->lines = g_ptr_array_new_with_free_func (line_free);
  kontor_compare_choose (compare->screen, compare->keys);
  return &compare->layer;
}
