/* detail.c: all there is to say of one object, in lines that can be scrolled and followed. */
#include "tui/detail.h"

#include <string.h>

#include "core/text.h"
#include "tui/look.h"

#define WIDEST_LABEL 16
#define LONGEST_JSON 20000 /* lines' bytes of one object */

typedef struct
{
  const char *label; /* %NULL: goes on with the line above, or JSON */
  char       *text;
  char       *target;
  TuiStyle    style;
  gboolean    is_section, is_whole; /* from the first column on */
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line->target);
  g_free (line);
}

static Line *
add_line (GPtrArray *lines, const char *label, char *text, TuiStyle style)
{
  Line *line = g_new0 (Line, 1);

  line->label = label;
  line->text = text;
  line->style = style;
  g_ptr_array_add (lines, line);
  return line;
}

/* ------------------------------------------------------------------------------------ JSON -- */

static void
end_line (GPtrArray *lines, GString *line, guint depth)
{
  add_line (lines, NULL, g_strdup (line->str), TUI_PLAIN)->is_whole = TRUE;
  g_string_printf (line, "%*s", (int) depth * 2, "");
}

/* Of JSON that is right and has no spaces: a line for each member. */
static void
add_json (GPtrArray *lines, const char *json)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean in_text = FALSE;
  guint depth = 0;

  for (const char *c = json; *c != '\0' && c < json + LONGEST_JSON; c++)
    {
      if (in_text || *c == '"')
        {
          g_string_append_c (line, *c);
          if (*c == '\\' && c[1] != '\0')
            g_string_append_c (line, *++c);
          else if (*c == '"')
            in_text = !in_text;
          continue;
        }
      if ((*c == '}' || *c == ']') && depth > 0)
        {
          depth--;
          if (c[-1] != '{' && c[-1] != '[')
            end_line (lines, line, depth);
        }
      g_string_append_c (line, *c);
      if ((*c == '{' || *c == '[') && c[1] != '}' && c[1] != ']')
        end_line (lines, line, ++depth);
      else if (*c == '{' || *c == '[')
        depth++;
      else if (*c == ',')
        end_line (lines, line, depth);
      else if (*c == ':')
        g_string_append_c (line, ' ');
    }
  end_line (lines, line, 0);
}

/* ----------------------------------------------------------------------------------- lines -- */

static TuiStyle
style_of (const KontorDetail *detail)
{
  switch (detail->kind)
    {
    case KONTOR_DETAIL_STATUS:
      return tui_look_of (detail->value);
    case KONTOR_DETAIL_MONEY:
      return TUI_STRONG;
    case KONTOR_DETAIL_LINK:
      return TUI_LINK;
    default:
      return TUI_PLAIN;
    }
}

/* A value that is too long goes on in the next lines, broken between words where there are any. */
static void
add_value (GPtrArray *lines, const KontorDetail *detail, guint columns)
{
  const char *label = detail->label, *rest = detail->value;

  do
    {
      guint taken;
      gsize fits = kontor_text_fit (rest, MAX (columns, 4), &taken), at = fits;
      Line *line;

      while (rest[fits] != '\0' && at > fits / 2 && rest[at] != ' ')
        at--;
      if (rest[at] != ' ' || at <= fits / 2)
        at = fits;
      if (at == 0)
        break;
      line = add_line (lines, label, g_strndup (rest, at), style_of (detail));
      line->is_whole = *detail->label == '\0';
      line->target = g_strdup (detail->target);
      rest += at + (rest[at] == ' ');
      label = NULL;
    }
  while (*rest != '\0');
}

static guint
label_width (GPtrArray *details)
{
  guint width = 0;

  for (guint i = 0; i < details->len; i++)
    {
      const KontorDetail *detail = details->pdata[i];

      if (detail->kind != KONTOR_DETAIL_SECTION && detail->kind != KONTOR_DETAIL_JSON)
        width = MAX (width, kontor_text_width (detail->label));
    }
  return MIN (width, WIDEST_LABEL);
}

static GPtrArray *
make_lines (GPtrArray *details, guint columns)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  guint labels = label_width (details) + 2;

  for (guint i = 0; i < details->len; i++)
    {
      const KontorDetail *detail = details->pdata[i];

      if (detail->kind == KONTOR_DETAIL_SECTION)
        {
          if (lines->len > 0)
            add_line (lines, NULL, g_strdup (""), TUI_PLAIN);
          add_line (lines, NULL, g_strdup (detail->label), TUI_HEADING)->is_section = TRUE;
        }
      else if (detail->kind == KONTOR_DETAIL_JSON)
        add_json (lines, detail->value);
      else
        add_value (lines, detail,
                   *detail->label == '\0'   ? columns
                   : columns > labels ? columns - labels
                                          : 4);
    }
  return lines;
}

/* ------------------------------------------------------------------------------------ hits -- */

/* The place of the first word of the search line in @text. */
static const char *
hit_in (KontorScreen *screen, const char *text, gsize *length)
{
  const KontorFind *find = kontor_screen_chips (screen);

  for (guint i = 0; i < find->n; i++)
    for (guint j = 0; j < find->terms[i].n && !find->terms[i].negated; j++)
      {
        const char *wanted = find->terms[i].values[j].text;
        gsize n = wanted != NULL ? strlen (wanted) : 0;

        for (const char *at = text; n > 0 && *at != '\0'; at++)
          if (g_ascii_strncasecmp (at, wanted, n) == 0)
            {
              *length = n;
              return at;
            }
      }
  return NULL;
}

/* -------------------------------------------------------------------------------- painting -- */

static void
paint_hit (KontorScreen *screen, const Line *line, int y, int x, guint columns)
{
  gsize length;
  const char *at = hit_in (screen, line->text, &length);
  g_autofree char *start = NULL, *hit = NULL;
  guint before, width;

  if (at == NULL)
    return;
  start = g_strndup (line->text, (gsize) (at - line->text));
  hit = g_strndup (at, length);
  if (!g_utf8_validate (start, -1, NULL) || !g_utf8_validate (hit, -1, NULL))
    return;
  before = kontor_text_width (start);
  width = kontor_text_width (hit);
  if (before + width <= columns)
    tui_put (y, x + (int) before, width, TUI_HIT, TUI_START, hit);
}

static void
paint_line (const TuiDetail *detail, KontorScreen *screen, guint i, guint labels, gboolean has_keys)
{
  const Line *line = detail->lines->pdata[i];
  int y = detail->area.y + (int) (i - detail->first), x = detail->area.x;
  guint columns = (guint) detail->area.width, start;
  gboolean selected = has_keys && i == detail->at;

  if (selected)
    tui_put (y, x, columns, TUI_SELECTED, TUI_START, "");
  if (line->is_section || line->is_whole)
    {
      /* What is underlined ends with its text. */
      tui_put (y, x,
               line->style == TUI_LINK ? MIN (kontor_text_width (line->text), columns) : columns,
               selected ? TUI_SELECTED : line->style, TUI_START, line->text);
      if (!line->is_section)
        paint_hit (screen, line, y, x, columns);
      return;
    }
  start = MIN (labels + 2, columns - 1);
  if (line->label != NULL)
    tui_put (y, x, start - 1, selected ? TUI_SELECTED : TUI_DIM, TUI_START, line->label);
  tui_put (y, x + (int) start, MIN (kontor_text_width (line->text), columns - start),
           selected ? TUI_SELECTED : line->style, TUI_START, line->text);
  paint_hit (screen, line, y, x + (int) start, columns - start);
}

static void
keep_in_view (TuiDetail *detail)
{
  guint n = detail->lines->len;

  detail->at = MIN (detail->at, MAX (n, 1) - 1);
  if (detail->at < detail->first)
    detail->first = detail->at;
  if (detail->at >= detail->first + detail->page)
    detail->first = detail->at - detail->page + 1;
  if (detail->first + detail->page > n)
    detail->first = n > detail->page ? n - detail->page : 0;
}

/**
 * tui_detail_clear:
 * @detail: a detail
 *
 * Frees what it holds.
 */
void
tui_detail_clear (TuiDetail *detail)
{
  g_clear_pointer (&detail->lines, g_ptr_array_unref);
}

/**
 * tui_detail_paint:
 * @detail: how it is shown
 * @screen: the object at whose cursor is shown
 * @area: where
 * @has_keys: whether keys go here
 */
void
tui_detail_paint (TuiDetail *detail, KontorScreen *screen, TuiArea area, gboolean has_keys)
{
  g_autoptr (GPtrArray) details = kontor_screen_detail (screen);
  KontorList *list = kontor_screen_list (screen);
  guint labels = label_width (details);
  gint64 key = g_list_model_get_n_items (G_LIST_MODEL (list)) > 0
                   ? kontor_list_key (list, kontor_screen_cursor (screen))
                   : 0;

  tui_detail_clear (detail);
  detail->lines = make_lines (details, (guint) area.width);
  if (key != detail->key)
    detail->first = detail->at = 0;
  detail->key = key;
  detail->area = area;
  detail->page = (guint) MAX (area.height, 1);
  keep_in_view (detail);

  tui_erase (area, TUI_PLAIN);
  for (guint i = detail->first; i < detail->lines->len && i < detail->first + detail->page; i++)
    paint_line (detail, screen, i, labels, has_keys);
}

/**
 * tui_detail_move:
 * @detail: a detail, as it was painted
 * @by: lines, down when positive
 */
void
tui_detail_move (TuiDetail *detail, gint64 by)
{
  gint64 n = detail->lines != NULL ? detail->lines->len : 0;

  detail->at = (guint) CLAMP ((gint64) detail->at + by, 0, MAX (n, 1) - 1);
}

/**
 * tui_detail_section:
 * @detail: a detail, as it was painted
 * @number: of a section, from 1
 *
 * Returns: whether there is one; the cursor then stands on its heading, as far up as it can be
 */
gboolean
tui_detail_section (TuiDetail *detail, guint number)
{
  for (guint i = 0; detail->lines != NULL && i < detail->lines->len; i++)
    if (((const Line *) detail->lines->pdata[i])->is_section && --number == 0)
      {
        detail->first = detail->at = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * tui_detail_target:
 * @detail: a detail, as it was painted
 *
 * Returns: (nullable): the id to which the line at the cursor leads
 */
const char *
tui_detail_target (const TuiDetail *detail)
{
  if (detail->lines == NULL || detail->at >= detail->lines->len)
    return NULL;
  return ((const Line *) detail->lines->pdata[detail->at])->target;
}

/**
 * tui_detail_click:
 * @detail: a detail, as it was painted
 * @y: row of the terminal
 * @x: column of the terminal
 *
 * Returns: whether a line is there; the cursor then stands on it
 */
gboolean
tui_detail_click (TuiDetail *detail, int y, int x)
{
  int down = y - detail->area.y;

  if (detail->lines == NULL || down < 0 || down >= detail->area.height || x < detail->area.x
      || x >= detail->area.x + detail->area.width)
    return FALSE;
  detail->at = MIN (detail->first + (guint) down, MAX (detail->lines->len, 1) - 1);
  return TRUE;
}

/**
 * tui_detail_find:
 * @detail: a detail, as it was painted
 * @screen: what it shows
 * @direction: 1 downwards, -1 upwards
 *
 * Returns: whether a line has a word of the search line; the cursor then stands on the next one
 */
gboolean
tui_detail_find (TuiDetail *detail, KontorScreen *screen, int direction)
{
  guint n = detail->lines != NULL ? detail->lines->len : 0;
  gsize length;

  for (guint step = 1; step <= n; step++)
    {
      guint i = (detail->at + n + (guint) ((int) step * direction)) % n;

      if (hit_in (screen, ((const Line *) detail->lines->pdata[i])->text, &length) != NULL)
        {
          detail->at = i;
          return TRUE;
        }
    }
  return FALSE;
}
