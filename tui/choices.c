/* choices.c: what menus there are: commands, words, columns, what to copy, where to write. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/console/curl.h"
#include "core/console/place.h"
#include "core/text.h"
#include "tui/app.h"
#include "tui/menu.h"

static gboolean
fits (const char *text, const char *typed)
{
  return *typed == '\0' || kontor_command_score (text, typed) > 0;
}

/* -------------------------------------------------------------------------------- commands -- */

static void
add_command (TuiApp *app, TuiMenu *menu, const KontorCommand *command)
{
  KontorCall call = tui_app_call (app);
  g_autofree char *keys = kontor_keymap_keys_of (app->keymap, command);

  if (tui_can_act (app, command))
    tui_menu_add (menu, _ (command->title), keys, kontor_command_refuse (command, &call), FALSE,
                  command);
}

static gboolean
choose_command (const TuiMenuItem *item, const char *typed, gpointer data)
{
  if (item->data != NULL)
    tui_app_command (data, item->data, 0);
  else
    tui_app_go_to (data, typed);
  return FALSE;
}

static void
fill_palette (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  KontorCall call = tui_app_call (app);
  g_autoptr (GPtrArray) commands = kontor_command_palette (typed, &call);
  g_autofree char *row = kontor_desk_row_of (app->desk, typed);

  if (kontor_desk_find (app->desk, row) != NULL)
    tui_menu_add (menu, typed, _ ("Go there"), NULL, FALSE, NULL);
  for (guint i = 0; i < commands->len; i++)
    add_command (app, menu, commands->pdata[i]);
}

/**
 * tui_choose_command:
 * @app: the console, with a screen
 *
 * Opens the palette.
 */
void
tui_choose_command (TuiApp *app)
{
  static TuiMenuKind kind = { .is_typed_to = TRUE, .fill = fill_palette, .choose = choose_command };

  kind.title = _ ("Commands");
  tui_app_push (app, tui_menu_new (&kind, app));
}

static void
append_padded (GString *line, const char *text, guint columns)
{
  guint width = kontor_text_width (text);

  g_string_append_printf (line, "%s%*s", text, (int) (width < columns ? columns - width : 1), "");
}

/* Also by the key itself. */
static void
fill_help (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  const char *screen = tui_app_view (app)->declaration->name;

  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    {
      g_autofree char *keys = kontor_keymap_keys_of (app->keymap, command);
      g_autoptr (GString) line = g_string_new (NULL);

      if (*keys == '\0' || (command->screen != NULL && strcmp (command->screen, screen) != 0)
          || !tui_can_act (app, command)
          || !(fits (_ (command->title), typed) || strstr (keys, typed) != NULL))
        continue;
      append_padded (line, keys, 19);
      append_padded (line, _ (command->title), 21);
      g_string_append (line, _ (command->help));
      tui_menu_add (menu, line->str, NULL, NULL, FALSE, command);
    }
}

/**
 * tui_choose_help:
 * @app: the console, with a screen
 *
 * Lists the keys that work here.
 */
void
tui_choose_help (TuiApp *app)
{
  static TuiMenuKind kind = { .is_typed_to = TRUE, .fill = fill_help, .choose = choose_command };

  kind.title = _ ("Keys");
  kind.hint = _ ("Type to narrow · Enter does it · Esc back");
  tui_app_push (app, tui_menu_new (&kind, app));
}

static void
fill_actions (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  const char *screen = tui_app_view (app)->declaration->name;

  for (const KontorCommand *command = kontor_commands; command->name != NULL; command++)
    if (g_strcmp0 (command->screen, screen) == 0
        || (g_str_has_prefix (command->name, "object.")
            && strcmp (command->name, "object.actions") != 0))
      add_command (app, menu, command);
}

/**
 * tui_choose_action:
 * @app: the console, with a row
 *
 * Lists what can be done with the object at the cursor.
 */
void
tui_choose_action (TuiApp *app)
{
  static TuiMenuKind kind = { .fill = fill_actions, .choose = choose_command };

  kind.title = _ ("Actions");
  tui_app_push (app, tui_menu_new (&kind, app));
}

/* ----------------------------------------------------------------------------------- words -- */

/* The field of the language that asks the facet's column. */
static const KontorFindField *
facet_field (const KontorScreenDeclaration *declaration)
{
  for (const KontorFindField *field = declaration->fields; field->name != NULL; field++)
    if (field->kind == KONTOR_FIND_WORD && field->column == declaration->facet)
      return field;
  return NULL;
}

static void
fill_words (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  KontorScreen *screen = tui_app_view (app)->screen;
  g_autoptr (GPtrArray) facets = kontor_screen_facets (screen);

  for (guint i = 0; i < facets->len; i++)
    {
      const KontorFacet *facet = facets->pdata[i];
      g_autofree char *count = kontor_format_number (kontor_desk_format (app->desk), facet->count);

      if (fits (facet->word, typed))
        tui_menu_add (menu, facet->word, count, NULL, FALSE, NULL);
    }
}

/* The line without what it said of the field, and with the word. */
static gboolean
choose_word (const TuiMenuItem *item, const char *typed, gpointer data)
{
  TuiApp *app = data;
  TuiView *view = tui_app_view (app);
  const KontorFindField *field = facet_field (view->declaration);
  const KontorFind *find = kontor_screen_chips (view->screen);
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < find->n; i++)
    if (find->terms[i].field != field)
      g_string_append_printf (line, "%s ", find->terms[i].text);
  g_string_append_printf (line, "%s:%s", field->name, item->text);
  kontor_screen_set_query (view->screen, line->str);
  tui_field_set (app->search, line->str);
  return FALSE;
}

/**
 * tui_choose_word:
 * @app: the console, with a screen
 *
 * Counts the rows by the words of a column.
 */
void
tui_choose_word (TuiApp *app)
{
  static TuiMenuKind kind = { .fill = fill_words, .choose = choose_word };
  const KontorFindField *field = facet_field (tui_app_view (app)->declaration);

  if (field == NULL)
    {
      tui_app_say (app, FALSE, _ ("There is nothing to narrow by here."));
      return;
    }
  kind.title = field->name;
  tui_app_push (app, tui_menu_new (&kind, app));
}

/* --------------------------------------------------------------------------------- columns -- */

static void
fill_sort (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiView *view = tui_app_view (data);
  const KontorColumn *column = view->declaration->columns;

  for (; column->name != NULL; column++)
    {
      gboolean descending, sorted = kontor_screen_sorted_by (view->screen, column, &descending);

      if (column->sort != KONTOR_INDEX_NO_COLUMN)
        tui_menu_add (menu, _ (column->title),
                      !sorted      ? NULL
                      : descending ? "▾"
                                   : "▴",
                      NULL, FALSE, column);
    }
}

static gboolean
choose_sort (const TuiMenuItem *item, const char *typed, gpointer data)
{
  kontor_screen_sort (tui_app_view (data)->screen, item->data);
  return FALSE;
}

/**
 * tui_choose_sort:
 * @app: the console, with a screen
 *
 * Lists what the rows can be sorted by.
 */
void
tui_choose_sort (TuiApp *app)
{
  static TuiMenuKind kind = { .fill = fill_sort, .choose = choose_sort };

  kind.title = _ ("Sort by");
  kind.hint = _ ("Once more turns it around");
  tui_app_push (app, tui_menu_new (&kind, app));
}

static void
fill_columns (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiView *view = tui_app_view (data);
  const KontorColumn *columns = view->declaration->columns;

  for (guint i = 0; columns[i].name != NULL; i++)
    tui_menu_add (menu, _ (columns[i].title), NULL, NULL,
                  tui_grid_has_column (&view->grid, columns, i), GUINT_TO_POINTER (i));
}

static gboolean
choose_column (const TuiMenuItem *item, const char *typed, gpointer data)
{
  TuiView *view = tui_app_view (data);

  tui_prefer_columns (data, view, view->grid.toggled ^ (1u << GPOINTER_TO_UINT (item->data)));
  return TRUE;
}

/**
 * tui_choose_columns:
 * @app: the console, with a screen
 *
 * Shows and hides columns.
 */
void
tui_choose_columns (TuiApp *app)
{
  static TuiMenuKind kind = { .has_checks = TRUE, .fill = fill_columns, .choose = choose_column };

  kind.title = _ ("Columns");
  kind.hint = _ ("Space shows or hides · Esc back");
  tui_app_push (app, tui_menu_new (&kind, app));
}

/* ------------------------------------------------------------------------------------ copy -- */

typedef enum
{
  COPY_ID,
  COPY_JSON,
  COPY_CURL,
  COPY_LINK
} Copy;

static gboolean
has_curl (const KontorScreenDeclaration *declaration)
{
  return declaration->curl != NULL || declaration->path != NULL;
}

static void
fill_copy (TuiMenu *menu, const char *typed, gpointer data)
{
  static const char *const titles[]
      = { N_ ("The id"), N_ ("The JSON"), N_ ("A curl command"), N_ ("A link to the console") };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (i != COPY_CURL || has_curl (tui_app_view (data)->declaration))
      tui_menu_add (menu, _ (titles[i]), NULL, NULL, FALSE, GUINT_TO_POINTER (i));
}

static char *
curl_of (TuiApp *app, KontorItem *item)
{
  const KontorScreenDeclaration *declaration = tui_app_view (app)->declaration;
  const char *url = kontor_desk_profile (app->desk)->url;
  KontorList *list = kontor_screen_list (tui_app_view (app)->screen);
  g_autofree char *path = NULL;

  if (declaration->curl != NULL)
    return declaration->curl (kontor_record_of (list, item), url);
  path = kontor_screen_path (declaration, kontor_item_id (item));
  return kontor_curl (url, "GET", path, NULL);
}

static char *
text_to_copy (TuiApp *app, KontorItem *item, Copy what)
{
  const KontorScreenDeclaration *declaration = tui_app_view (app)->declaration;

  switch (what)
    {
    case COPY_ID:
      return g_strdup (kontor_item_id (item));
    case COPY_JSON:
      return g_strdup (kontor_item_body (item));
    case COPY_CURL:
      return curl_of (app, item);
    case COPY_LINK:
    default:
      return g_strdup_printf ("kontor://%s/%s", declaration->name, kontor_item_id (item));
    }
}

static gboolean
choose_copy (const TuiMenuItem *item, const char *typed, gpointer data)
{
  TuiApp *app = data;
  KontorScreen *screen = tui_app_view (app)->screen;
  g_autoptr (KontorItem) object = g_list_model_get_item (G_LIST_MODEL (kontor_screen_list (screen)),
                                                         kontor_screen_cursor (screen));
  g_autofree char *text
      = object != NULL ? text_to_copy (app, object, (Copy) GPOINTER_TO_UINT (item->data)) : NULL;

  if (text == NULL)
    return FALSE;
  tui_terminal_copy (text);
  tui_app_say (app, FALSE, _ ("Copied: %s"), text);
  return FALSE;
}

/**
 * tui_choose_copy:
 * @app: the console, with a row
 *
 * Lists what can be put on the clipboard.
 */
void
tui_choose_copy (TuiApp *app)
{
  static TuiMenuKind kind = { .fill = fill_copy, .choose = choose_copy };

  kind.title = _ ("Copy");
  tui_app_push (app, tui_menu_new (&kind, app));
}

/* ---------------------------------------------------------------------------------- export -- */

/* A name of one's own is used as it is. */
static void
fill_export (TuiMenu *menu, const char *typed, gpointer data)
{
  TuiApp *app = data;
  const char *name = tui_app_view (app)->declaration->name;
  g_autofree char *csv = g_strconcat (name, ".csv", NULL);
  g_autofree char *lines = g_strconcat (name, ".jsonl", NULL);

  if (*typed != '\0')
    {
      tui_menu_add (menu, typed,
                    g_str_has_suffix (typed, ".jsonl") ? _ ("an object a line") : _ ("a table"),
                    NULL, FALSE, NULL);
      return;
    }
  tui_menu_add (menu, csv, _ ("a table"), NULL, FALSE, NULL);
  tui_menu_add (menu, lines, _ ("an object a line"), NULL, FALSE, NULL);
}

static gboolean
choose_export (const TuiMenuItem *item, const char *typed, gpointer data)
{
  tui_save_list (data, item->text);
  return FALSE;
}

/**
 * tui_choose_export:
 * @app: the console, with rows
 *
 * Asks which file the rows go to.
 */
void
tui_choose_export (TuiApp *app)
{
  static TuiMenuKind kind = { .is_typed_to = TRUE, .fill = fill_export, .choose = choose_export };

  kind.title = _ ("Export the rows that are shown");
  kind.hint = _ ("Type a file's name: .csv or .jsonl · Esc back");
  tui_app_push (app, tui_menu_new (&kind, app));
}

/* ------------------------------------------------------------------------------------ quit -- */

static void
fill_quit (TuiMenu *menu, const char *typed, gpointer data)
{
  tui_menu_add (menu, _ ("Stay"), NULL, NULL, FALSE, NULL);
  tui_menu_add (menu, _ ("Look at the queue"), NULL, NULL, FALSE, kontor_command_find ("go.queue"));
  tui_menu_add (menu, _ ("Quit; it is sent when a console runs again"), NULL, NULL, FALSE, data);
}

static gboolean
choose_quit (const TuiMenuItem *item, const char *typed, gpointer data)
{
  if (item->data == data)
    tui_app_quit (data);
  else if (item->data != NULL)
    tui_app_command (data, item->data, 0);
  return FALSE;
}

/**
 * tui_choose_quit:
 * @app: the console, with something in its queue
 *
 * Asks whether to quit though something was not sent.
 */
void
tui_choose_quit (TuiApp *app)
{
  static TuiMenuKind kind = { .fill = fill_quit, .choose = choose_quit };

  kind.title = _ ("Not everything was sent");
  tui_app_push (app, tui_menu_new (&kind, app));
}
