/* search.c: the search line while it is typed: the list follows each letter. */
#include <string.h>

#include "core/console/place.h"
#include "tui/app.h"

/**
 * tui_search_begin:
 * @app: the console, with a screen
 *
 * What is typed goes to the search line from now on.
 */
void
tui_search_begin (TuiApp *app)
{
  g_free (app->search_before);
  app->search_before = g_strdup (kontor_screen_query (tui_app_view (app)->screen));
  tui_field_set (app->search, app->search_before);
  if (*app->search_before != '\0')
    {
      g_string_append_c (app->search->text, ' ');
      app->search->cursor = app->search->text->len;
    }
  app->focus = TUI_AT_SEARCH;
}

static void
ask (TuiApp *app)
{
  g_autofree char *line = g_strchomp (g_strdup (app->search->text->str));

  kontor_screen_set_query (tui_app_view (app)->screen, line);
}

/* The first of the suggestions that are shown. */
static void
complete (TuiApp *app)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  TuiField *field = app->search;
  guint n;
  KontorFindSuggestion *found = kontor_find_complete (
      field->text->str, field->cursor, tui_app_view (app)->declaration->fields, arena, &n);

  if (n == 0)
    return;
  g_string_erase (field->text, (gssize) found->start, (gssize) found->length);
  g_string_insert (field->text, (gssize) found->start, found->text);
  field->cursor = found->start + strlen (found->text);
}

/* An id of something that this list does not have as a row of its own is gone to where it is. */
static gboolean
goes_elsewhere (TuiApp *app)
{
  g_autofree char *id = g_strstrip (g_strdup (app->search->text->str));
  g_autofree char *row = kontor_desk_row_of (app->desk, id);
  const KontorScreenDeclaration *declaration = kontor_desk_find (app->desk, row);

  if (declaration == NULL
      || (declaration == tui_app_view (app)->declaration && g_str_equal (id, row)))
    return FALSE;
  tui_field_set (app->search, app->search_before);
  app->focus = TUI_AT_LIST;
  ask (app);
  tui_app_go_to (app, id);
  return TRUE;
}

/**
 * tui_search_input:
 * @app: the console, in its search line
 * @input: what was pressed or pasted
 */
void
tui_search_input (TuiApp *app, const TuiInput *input)
{
  const char *key = input->key != NULL ? input->key : "";
  KontorScreen *screen = tui_app_view (app)->screen;

  if (strcmp (key, "Esc") == 0 || strcmp (key, "Ctrl-c") == 0)
    {
      tui_field_set (app->search, app->search_before);
      app->focus = TUI_AT_LIST;
      ask (app);
    }
  else if (strcmp (key, "Enter") == 0)
    {
      if (goes_elsewhere (app))
        return;
      ask (app);
      app->focus = TUI_AT_LIST;
    }
  else if (strcmp (key, "Down") == 0 || strcmp (key, "Up") == 0)
    kontor_screen_set_cursor (screen,
                              kontor_screen_cursor (screen) + (strcmp (key, "Down") == 0 ? 1 : 0)
                                  - (strcmp (key, "Up") == 0 && kontor_screen_cursor (screen) > 0));
  else
    {
      if (strcmp (key, "Tab") == 0)
        complete (app);
      else if (!tui_field_input (app->search, input))
        return;
      ask (app);
    }
}
