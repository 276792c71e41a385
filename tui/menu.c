/* menu.c: a list to choose from: commands, columns, words, what to copy. */
#include "tui/menu.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/text.h"
#include "tui/field.h"

#define WIDEST 76

struct _TuiMenu
{
  TuiLayer           layer;
  const TuiMenuKind *kind;
  gpointer           data;
  GPtrArray         *items; /* of TuiMenuItem */
  TuiField          *field; /* %NULL: nothing is typed to it */
  guint              at, first;
  TuiArea            area;  /* of the items, as painted */
};

static void
item_free (gpointer data)
{
  TuiMenuItem *item = data;

  g_free (item->text);
  g_free (item->note);
  g_free (item->refusal);
  g_free (item);
}

static void
fill (TuiMenu *menu)
{
  g_ptr_array_set_size (menu->items, 0);
  menu->kind->fill (menu, menu->field != NULL ? menu->field->text->str : "", menu->data);
  menu->at = MIN (menu->at, MAX (menu->items->len, 1) - 1);
}

/**
 * tui_menu_add:
 * @menu: the menu that is being filled
 * @text: what is chosen
 * @note: (nullable): stands at the end of the line
 * @refusal: (nullable): why it cannot be chosen now
 * @checked: whether it is on
 * @data: (nullable): for who is told
 */
void
tui_menu_add (TuiMenu *menu,
              const char *text,
              const char *note,
              const char *refusal,
              gboolean checked,
              gconstpointer data)
{
  TuiMenuItem *item = g_new0 (TuiMenuItem, 1);

  item->text = g_strdup (text);
  item->note = g_strdup (note);
  item->refusal = g_strdup (refusal);
  item->checked = checked;
  item->data = data;
  g_ptr_array_add (menu->items, item);
}

/* -------------------------------------------------------------------------------- painting -- */

static guint
width_of (const TuiMenu *menu)
{
  guint width = kontor_text_width (menu->kind->title) + 4;

  for (guint i = 0; i < menu->items->len; i++)
    {
      const TuiMenuItem *item = menu->items->pdata[i];
      const char *note = item->refusal != NULL ? item->refusal : item->note;
      guint wanted = kontor_text_width (item->text) + (menu->kind->has_checks ? 4 : 0)
                     + (note != NULL ? kontor_text_width (note) + 3 : 0);

      width = MAX (width, wanted);
    }
  if (menu->kind->hint != NULL)
    width = MAX (width, kontor_text_width (menu->kind->hint));
  return menu->field != NULL ? MAX (width, 56) : width;
}

static TuiArea
place (TuiMenu *menu, TuiArea whole)
{
  int extra = 2 + (menu->field != NULL) + (menu->kind->hint != NULL);
  int width = (int) MIN (width_of (menu) + 4, WIDEST), height;
  TuiArea area;

  width = MIN (width, whole.width - 2);
  /* A list that is typed to keeps its size while it gets shorter. */
  height = menu->field != NULL ? MAX (whole.height * 2 / 3, 8)
                               : (int) MAX (menu->items->len, 1) + extra;
  height = MIN (height, whole.height - 2);
  area = (TuiArea){ whole.y + MAX ((whole.height - height) / 3, 1),
                    whole.x + (whole.width - width) / 2, height, width };
  menu->area
      = (TuiArea){ area.y + 1 + (menu->field != NULL), area.x + 2, height - extra, width - 4 };
  return area;
}

static void
paint_item (const TuiMenu *menu, guint i)
{
  const TuiMenuItem *item = menu->items->pdata[i];
  int y = menu->area.y + (int) (i - menu->first), x = menu->area.x;
  guint columns = (guint) menu->area.width;
  const char *note = item->refusal != NULL ? item->refusal : item->note;
  guint text_width = kontor_text_width (item->text) + (menu->kind->has_checks ? 4 : 0);
  guint room = columns > text_width + 2 ? columns - text_width - 2 : 0;
  guint note_width = note != NULL ? MIN (kontor_text_width (note), room) : 0;
  gboolean selected = i == menu->at;
  TuiStyle style = selected ? TUI_SELECTED : item->refusal != NULL ? TUI_DIM : TUI_PLAIN;
  g_autofree char *text = menu->kind->has_checks
                              ? g_strconcat (item->checked ? "[x] " : "[ ] ", item->text, NULL)
                              : g_strdup (item->text);

  tui_put (y, x - 1, columns + 2, style, TUI_START, "");
  tui_put (y, x, columns - (note_width > 0 ? note_width + 2 : 0), style, TUI_START, text);
  if (note_width > 0)
    tui_put (y, x + (int) (columns - note_width), note_width, selected ? style : TUI_DIM, TUI_START,
             note);
}

static void
menu_paint (TuiLayer *layer, TuiArea whole)
{
  TuiMenu *menu = (TuiMenu *) layer;
  TuiArea area = place (menu, whole);
  guint rows = (guint) MAX (menu->area.height, 1);

  if (menu->at < menu->first)
    menu->first = menu->at;
  if (menu->at >= menu->first + rows)
    menu->first = menu->at - rows + 1;
  tui_erase (area, TUI_PLAIN);
  tui_frame (area, TUI_PLAIN, menu->kind->title);
  for (guint i = menu->first; i < menu->items->len && i < menu->first + rows; i++)
    paint_item (menu, i);
  if (menu->items->len == 0)
    tui_put (menu->area.y, menu->area.x, (guint) menu->area.width, TUI_DIM, TUI_START,
             _ ("Nothing fits."));
  if (menu->kind->hint != NULL)
    tui_put (area.y + area.height - 2, menu->area.x, (guint) menu->area.width, TUI_DIM, TUI_START,
             menu->kind->hint);
  if (menu->field != NULL)
    tui_field_paint (menu->field, (TuiArea){ area.y + 1, menu->area.x, 1, menu->area.width }, NULL,
                     TRUE);
  else
    tui_cursor (-1, 0);
}

/* ----------------------------------------------------------------------------------- input -- */

static void
move (TuiMenu *menu, int by)
{
  gint64 to = (gint64) menu->at + by;

  menu->at = (guint) CLAMP (to, 0, MAX ((gint64) menu->items->len, 1) - 1);
}

static gboolean
choose (TuiMenu *menu)
{
  const TuiMenuItem *item = menu->at < menu->items->len ? menu->items->pdata[menu->at] : NULL;
  g_autofree char *typed = g_strdup (menu->field != NULL ? menu->field->text->str : "");

  if (item == NULL || item->refusal != NULL)
    return TRUE;
  if (!menu->kind->choose (item, typed, menu->data))
    return FALSE;
  fill (menu);
  return TRUE;
}

static gboolean
take_mouse (TuiMenu *menu, const TuiInput *input)
{
  int row = input->y - menu->area.y;

  if (input->mouse == TUI_WHEEL_UP || input->mouse == TUI_WHEEL_DOWN)
    {
      move (menu, input->mouse == TUI_WHEEL_UP ? -3 : 3);
      return TRUE;
    }
  if (row < -2 || row > menu->area.height + 1 || input->x < menu->area.x - 2
      || input->x > menu->area.x + menu->area.width + 1)
    return FALSE;
  if (row < 0 || row >= menu->area.height || menu->first + (guint) row >= menu->items->len)
    return TRUE;
  menu->at = menu->first + (guint) row;
  return choose (menu);
}

/* Also by letters, where none can be typed. */
static const struct
{
  const char *key, *letter;
  int by;
} moves[] = {
  { "Down", "j", 1 },       { "Up", "k", -1 },        { "Ctrl-n", NULL, 1 },
  { "Ctrl-p", NULL, -1 },   { "PgDn", "Ctrl-d", 10 }, { "PgUp", "Ctrl-u", -10 },
  { "Home", "g", -100000 }, { "End", "G", 100000 },
};

static gboolean
take_move (TuiMenu *menu, const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (strcmp (key, moves[i].key) == 0
        || (menu->field == NULL && g_strcmp0 (key, moves[i].letter) == 0))
      {
        move (menu, moves[i].by);
        return TRUE;
      }
  return FALSE;
}

static gboolean
menu_input (TuiLayer *layer, const TuiInput *input)
{
  TuiMenu *menu = (TuiMenu *) layer;
  const char *key = input->key != NULL ? input->key : "";

  if (input->mouse != TUI_NO_MOUSE)
    return take_mouse (menu, input);
  if (strcmp (key, "Esc") == 0 || strcmp (key, "Ctrl-c") == 0
      || (menu->field == NULL && strcmp (key, "q") == 0))
    return FALSE;
  if (strcmp (key, "Enter") == 0 || (menu->field == NULL && strcmp (key, "Space") == 0))
    return choose (menu);
  if (take_move (menu, key))
    return TRUE;
  if (menu->field != NULL && tui_field_input (menu->field, input))
    {
      menu->at = menu->first = 0;
      fill (menu);
    }
  return TRUE;
}

static void
menu_free (TuiLayer *layer)
{
  TuiMenu *menu = (TuiMenu *) layer;

  g_ptr_array_unref (menu->items);
  tui_field_free (menu->field);
  g_free (menu);
}

/**
 * tui_menu_new:
 * @kind: what it is for: static
 * @data: for its functions
 *
 * Returns: (transfer full): a menu to be put on the screen
 */
TuiLayer *
tui_menu_new (const TuiMenuKind *kind, gpointer data)
{
  static const TuiLayerClass class = { menu_paint, menu_input, menu_free };
  TuiMenu *menu = g_new0 (TuiMenu, 1);

  menu->layer.class = &class;
  menu->kind = kind;
  menu->data = data;
  menu->items = g_ptr_array_new_with_free_func (item_free);
  menu->field = kind->is_typed_to ? tui_field_new (NULL) : NULL;
  fill (menu);
  return &menu->layer;
}
