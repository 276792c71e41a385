/* field.c: one line of text that a person edits. */
#include "tui/field.h"

#include <string.h>

#include "core/text.h"

#define MAX_TEXT 4000

/**
 * tui_field_new:
 * @text: (nullable): what it holds at first
 *
 * Returns: (transfer full): a line with the cursor at its end
 */
TuiField *
tui_field_new (const char *text)
{
  TuiField *field = g_new0 (TuiField, 1);

  field->text = g_string_new (NULL);
  tui_field_set (field, text);
  return field;
}

/**
 * tui_field_free:
 * @field: (transfer full) (nullable): a line
 */
void
tui_field_free (TuiField *field)
{
  if (field == NULL)
    return;
  g_string_free (field->text, TRUE);
  g_free (field);
}

/**
 * tui_field_set:
 * @field: a line
 * @text: (nullable): what it holds from now on
 */
void
tui_field_set (TuiField *field, const char *text)
{
  g_string_assign (field->text, text != NULL ? text : "");
  field->cursor = field->text->len;
  field->first = 0;
}

static gsize
before (const TuiField *field, gsize at)
{
  const char *text = field->text->str, *to = g_utf8_find_prev_char (text, text + at);

  return to != NULL ? (gsize) (to - text) : 0;
}

static gsize
after (const TuiField *field, gsize at)
{
  const char *text = field->text->str;

  return at < field->text->len ? (gsize) (g_utf8_next_char (text + at) - text) : at;
}

static gsize
word_before (const TuiField *field)
{
  gsize at = field->cursor;

  while (at > 0 && field->text->str[at - 1] == ' ')
    at--;
  while (at > 0 && field->text->str[at - 1] != ' ')
    at--;
  return at;
}

static gsize
word_after (const TuiField *field)
{
  gsize at = field->cursor;

  while (at < field->text->len && field->text->str[at] == ' ')
    at++;
  while (at < field->text->len && field->text->str[at] != ' ')
    at++;
  return at;
}

static void
erase (TuiField *field, gsize from, gsize to)
{
  g_string_erase (field->text, (gssize) from, (gssize) (to - from));
  field->cursor = from;
}

static void
type (TuiField *field, const char *text)
{
  g_autofree char *clean = kontor_text_clean (text);
  gsize length = strlen (clean);

  if (field->text->len + length > MAX_TEXT)
    return;
  g_string_insert (field->text, (gssize) field->cursor, clean);
  field->cursor += length;
}

typedef enum
{
  LEFT,
  RIGHT,
  WORD_LEFT,
  WORD_RIGHT,
  BEGIN,
  END,
  ERASE_LEFT,
  ERASE_RIGHT,
  ERASE_WORD,
  ERASE_BEFORE,
  ERASE_BEHIND,
} Edit;

/* As in every shell. */
static const struct
{
  const char *key;
  Edit        edit;
} edits[] = {
  { "Left", LEFT },
  { "Ctrl-b", LEFT },
  { "Right", RIGHT },
  { "Ctrl-f", RIGHT },
  { "Ctrl-Left", WORD_LEFT },
  { "Alt-Left", WORD_LEFT },
  { "Ctrl-Right", WORD_RIGHT },
  { "Alt-Right", WORD_RIGHT },
  { "Home", BEGIN },
  { "Ctrl-a", BEGIN },
  { "End", END },
  { "Ctrl-e", END },
  { "Backspace", ERASE_LEFT },
  { "Delete", ERASE_RIGHT },
  { "Ctrl-d", ERASE_RIGHT },
  { "Ctrl-w", ERASE_WORD },
  { "Ctrl-u", ERASE_BEFORE },
  { "Ctrl-k", ERASE_BEHIND },
};

static void
edit (TuiField *field, Edit what)
{
  gsize end = field->text->len;

  switch (what)
    {
    case LEFT:
      field->cursor = before (field, field->cursor);
      break;
    case RIGHT:
      field->cursor = after (field, field->cursor);
      break;
    case WORD_LEFT:
      field->cursor = word_before (field);
      break;
    case WORD_RIGHT:
      field->cursor = word_after (field);
      break;
    case BEGIN:
      field->cursor = 0;
      break;
    case END:
      field->cursor = end;
      break;
    case ERASE_LEFT:
      erase (field, before (field, field->cursor), field->cursor);
      break;
    case ERASE_RIGHT:
      erase (field, field->cursor, after (field, field->cursor));
      break;
    case ERASE_WORD:
      erase (field, word_before (field), field->cursor);
      break;
    case ERASE_BEFORE:
      erase (field, 0, field->cursor);
      break;
    case ERASE_BEHIND:
      erase (field, field->cursor, end);
      break;
    }
}

/**
 * tui_field_input:
 * @field: a line
 * @input: what was pressed or pasted
 *
 * Returns: whether it meant something here
 */
gboolean
tui_field_input (TuiField *field, const TuiInput *input)
{
  if (input->mouse != TUI_NO_MOUSE)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (edits) && input->key != NULL; i++)
    if (strcmp (edits[i].key, input->key) == 0)
      {
        edit (field, edits[i].edit);
        return TRUE;
      }
  if (input->text == NULL)
    return FALSE;
  type (field, input->text);
  return TRUE;
}

static guint
width_between (const TuiField *field, gsize from, gsize to)
{
  g_autofree char *part = g_strndup (field->text->str + from, to - from);

  return kontor_text_width (part);
}

/* So much of the beginning is left out that the cursor is seen. */
static void
scroll (TuiField *field, guint columns)
{
  if (field->cursor < field->first)
    field->first = field->cursor;
  while (width_between (field, field->first, field->cursor) + 1 > columns)
    field->first = after (field, field->first);
}

static void
paint_mistake (TuiField *field, TuiArea area, const TuiMistake *mistake)
{
  gsize from = CLAMP (mistake->start, field->first, field->text->len);
  gsize to = CLAMP (mistake->start + mistake->length, from, field->text->len);
  g_autofree char *part = g_strndup (field->text->str + from, to - from);
  guint at = width_between (field, field->first, from);

  if (at < (guint) area.width)
    tui_put (area.y, area.x + (int) at,
             MIN (MAX (kontor_text_width (part), 1), (guint) area.width - at), TUI_PROBLEM,
             TUI_START, *part != '\0' ? part : " ");
}

/**
 * tui_field_paint:
 * @field: a line
 * @area: where it stands, one row high
 * @mistake: (nullable): what of it is wrong
 * @has_keys: whether what is typed goes here
 */
void
tui_field_paint (TuiField *field, TuiArea area, const TuiMistake *mistake, gboolean has_keys)
{
  scroll (field, (guint) area.width);
  tui_put (area.y, area.x, (guint) area.width, TUI_FIELD, TUI_START,
           field->text->str + field->first);
  if (mistake != NULL)
    paint_mistake (field, area, mistake);
  if (has_keys)
    tui_cursor (area.y, area.x + (int) width_between (field, field->first, field->cursor));
}
