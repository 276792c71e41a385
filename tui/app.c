/* app.c: the console as it runs: what is shown, what has the keyboard, what the server says. */
#include "tui/app.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/console/place.h"
#include "tui/act-on-mouse.h"

#define CHORDS_MS 300

/**
 * tui_app_view:
 * @app: the console
 *
 * Returns: what is shown
 */
TuiView *
tui_app_view (TuiApp *app)
{
  return &app->views[app->at];
}

/**
 * tui_app_call:
 * @app: the console, with a screen
 *
 * Returns: what a command is called with now
 */
KontorCall
tui_app_call (TuiApp *app)
{
  TuiView *view = tui_app_view (app);

  return (KontorCall){ .screen = view->screen,
                       .page = view->grid.page,
                       .read_only = kontor_desk_read_only (app->desk),
                       .is_online = kontor_desk_is_online (app->desk),
                       .desk = app->desk };
}

/* -------------------------------------------------------------------------------- painting -- */

static gboolean
paint_cb (gpointer data)
{
  TuiApp *app = data;

  app->paint_source = 0;
  tui_paint (app);
  return G_SOURCE_REMOVE;
}

/**
 * tui_app_paint_later:
 * @app: the console
 *
 * Paints once, when all that is waiting has been taken.
 */
void
tui_app_paint_later (TuiApp *app)
{
  if (app->paint_source == 0 && app->paints)
    app->paint_source = g_idle_add (paint_cb, app);
}

/**
 * tui_app_say:
 * @app: the console
 * @is_problem: whether something went wrong
 * @format: (nullable): what to say until the next key, as printf(); %NULL: nothing
 */
void
tui_app_say (TuiApp *app, gboolean is_problem, const char *format, ...)
{
  va_list args;

  g_clear_pointer (&app->message, g_free);
  app->is_problem = is_problem;
  if (format != NULL)
    {
      va_start (args, format);
      app->message = g_strdup_vprintf (format, args);
      va_end (args);
    }
  tui_app_paint_later (app);
}

/* --------------------------------------------------------------------------------- screens -- */

static void
go_to_wanted (TuiApp *app)
{
  TuiView *view = tui_app_view (app);

  if (app->wanted == NULL || view->screen == NULL
      || kontor_list_answer (kontor_screen_list (view->screen)) == NULL
      || kontor_screen_is_asking (view->screen))
    return;
  if (kontor_screen_go_to (view->screen, app->wanted))
    {
      g_clear_pointer (&app->wanted, g_free);
      return;
    }
  if (kontor_screen_is_partial (view->screen))
    return; /* it may be among the rows that are still to come */
  if (*kontor_screen_query (view->screen) != '\0')
    {
      /* Hidden by what was searched for: that goes first. */
      kontor_screen_set_query (view->screen, "");
      return;
    }
  tui_app_say (app, FALSE, _ ("%s is not in the copy."), app->wanted);
  g_clear_pointer (&app->wanted, g_free);
}

static void
answered_cb (KontorScreen *screen, TuiApp *app)
{
  if (screen == tui_app_view (app)->screen)
    go_to_wanted (app);
  if (app->tail == TUI_TAIL)
    kontor_screen_set_cursor (screen, 0);
  tui_app_paint_later (app);
}

/* What shows the copy has to wait until there is one. */
static void
open_screen (TuiApp *app, TuiView *view)
{
  if (view->screen != NULL
      || (view->declaration->fill == NULL
          && !kontor_replica_is_there (kontor_desk_replica (app->desk))))
    return;
  view->screen = kontor_desk_screen (app->desk, view->declaration);
  g_signal_connect_swapped (view->screen, "notify", G_CALLBACK (tui_app_paint_later), app);
  g_signal_connect_swapped (view->screen, "index-ready", G_CALLBACK (tui_app_paint_later), app);
  g_signal_connect (view->screen, "answered", G_CALLBACK (answered_cb), app);
}

static void
close_screen (TuiApp *app, TuiView *view)
{
  if (view->screen != NULL)
    g_signal_handlers_disconnect_by_data (view->screen, app);
  view->screen = NULL;
  tui_detail_clear (&view->detail);
}

static char *
id_at_cursor (TuiView *view)
{
  g_autoptr (KontorItem) item = NULL;

  if (view->screen == NULL)
    return NULL;
  item = g_list_model_get_item (G_LIST_MODEL (kontor_screen_list (view->screen)),
                                kontor_screen_cursor (view->screen));
  return item != NULL ? g_strdup (kontor_item_id (item)) : NULL;
}

static void
visit_clear (gpointer data)
{
  g_free (((TuiVisit *) data)->id);
}

/* Where one is, kept before one goes elsewhere. */
static void
leave (TuiApp *app)
{
  TuiVisit visit = { app->at, id_at_cursor (tui_app_view (app)) };

  g_array_set_size (app->visits, app->visit);
  g_array_append_val (app->visits, visit);
  app->visit = app->visits->len;
}

/**
 * tui_app_show:
 * @app: the console
 * @view: number of a screen
 *
 * Goes there; the way back is kept.
 */
void
tui_app_show (TuiApp *app, guint view)
{
  if (view != app->at)
    {
      leave (app);
      app->tail = TUI_NO_TAIL;
    }
  app->at = view;
  app->focus = TUI_AT_LIST;
  open_screen (app, tui_app_view (app));
  tui_field_set (app->search, tui_app_view (app)->screen != NULL
                                  ? kontor_screen_query (tui_app_view (app)->screen)
                                  : NULL);
  tui_app_paint_later (app);
}

/* "attempts?endpoint:we_…": a screen by its name, and what is searched for there. */
static gboolean
go_to_search (TuiApp *app, const char *target)
{
  const char *mark = strchr (target, '?');

  for (guint i = 0; mark != NULL && i < app->n_views; i++)
    {
      const char *name = app->views[i].declaration->name;

      if (strlen (name) != (gsize) (mark - target) || !g_str_has_prefix (target, name))
        continue;
      tui_app_show (app, i);
      if (tui_app_view (app)->screen != NULL)
        kontor_screen_set_query (tui_app_view (app)->screen, mark + 1);
      tui_field_set (app->search, mark + 1);
      app->detail_open = FALSE;
      return TRUE;
    }
  return FALSE;
}

/**
 * tui_app_go_to:
 * @app: the console
 * @id: of an object; or a screen and what is searched for there: "payments?status:failed"
 *
 * Shows it on the screen of its kind, if there is one.
 */
void
tui_app_go_to (TuiApp *app, const char *id)
{
  if (go_to_search (app, id))
    return;
  g_autofree char *row = kontor_desk_row_of (app->desk, id);
  const KontorScreenDeclaration *declaration = kontor_desk_find (app->desk, row);

  for (guint i = 0; i < app->n_views; i++)
    if (app->views[i].declaration == declaration)
      {
        g_free (app->wanted);
        app->wanted = g_strdup (row);
        tui_app_show (app, i);
        app->detail_open = TRUE;
        go_to_wanted (app);
        return;
      }
  tui_app_say (app, FALSE, _ ("There is no screen for %s yet."), id);
}

/* The first copy may be there by now. */
static void
changed_cb (KontorDesk *desk, TuiApp *app)
{
  open_screen (app, tui_app_view (app));
  tui_app_paint_later (app);
}

/* Of a check that finds nothing only who asked for it is told. */
static void
verified_cb (KontorSync *sync, guint rows, const char *problem, TuiApp *app)
{
  if (problem != NULL)
    tui_app_say (app, TRUE, _ ("The copy could not be compared: %s"), problem);
  else if (rows > 0)
    tui_app_say (app, FALSE,
                 ngettext ("%u row of the copy was wrong and is mended.",
                           "%u rows of the copy were wrong and are mended.", rows),
                 rows);
  else if (app->is_verifying)
    tui_app_say (app, FALSE, _ ("The copy is what the server has."));
  app->is_verifying = FALSE;
}

/* ----------------------------------------------------------------------------------- input -- */

/**
 * tui_app_push:
 * @app: the console
 * @layer: (transfer full): what gets the keyboard
 */
void
tui_app_push (TuiApp *app, TuiLayer *layer)
{
  g_ptr_array_add (app->layers, layer);
  tui_app_paint_later (app);
}

static void
layer_free (gpointer data)
{
  TuiLayer *layer = data;

  layer->class->free (layer);
}

/* What it does may put another layer on top: so it is looked for when it goes. */
static void
give_to_layer (TuiApp *app, const TuiInput *input)
{
  TuiLayer *layer = app->layers->pdata[app->layers->len - 1];

  if (!layer->class->input (layer, input))
    g_ptr_array_remove (app->layers, layer);
}

static gboolean
show_chords_cb (gpointer data)
{
  TuiApp *app = data;

  app->chord_source = 0;
  app->shows_chords = TRUE;
  tui_app_paint_later (app);
  return G_SOURCE_REMOVE;
}

static void
forget_chord (TuiApp *app)
{
  g_clear_handle_id (&app->chord_source, g_source_remove);
  app->shows_chords = FALSE;
}

/* Before there is a copy, little can be done. */
static gboolean
works_without_screen (const KontorCommand *command)
{
  static const char *const names[] = { "app.quit", "view.repaint", "sync.now", NULL };

  return g_strv_contains (names, command->name);
}

/**
 * tui_app_command:
 * @app: the console
 * @command: what is wanted
 * @count: the number typed before its keys; 0: none
 *
 * Does it, or says why it cannot be done now.
 */
void
tui_app_command (TuiApp *app, const KontorCommand *command, guint count)
{
  KontorCall call = tui_app_call (app);
  const char *refusal;

  if (call.screen == NULL)
    {
      if (works_without_screen (command))
        tui_act (app, command, count);
      return;
    }
  refusal = kontor_command_refuse (command, &call);
  if (refusal != NULL)
    tui_app_say (app, FALSE, "%s: %s", _ (command->title), refusal);
  else
    tui_act (app, command, count);
}

static void
take_key (TuiApp *app, const char *key)
{
  guint context = app->focus == TUI_AT_DETAIL ? KONTOR_AT_DETAIL : KONTOR_AT_LIST, count = 0;
  const KontorCommand *command = NULL;

  forget_chord (app);
  switch (kontor_keymap_feed (app->keymap, context, tui_app_view (app)->declaration->name, key,
                              &command, &count))
    {
    case KONTOR_KEYS_COMMAND:
      tui_app_command (app, command, count);
      break;
    case KONTOR_KEYS_PENDING:
      if (*kontor_keymap_pending (app->keymap) != '\0')
        app->chord_source = g_timeout_add (CHORDS_MS, show_chords_cb, app);
      break;
    case KONTOR_KEYS_UNKNOWN:
      break;
    }
}

/**
 * tui_app_input:
 * @app: the console
 * @input: what was pressed, clicked or pasted
 */
void
tui_app_input (TuiApp *app, const TuiInput *input)
{
  if (g_strcmp0 (input->key, "Hangup") == 0)
    {
      tui_app_quit (app);
      return;
    }
  if (app->message != NULL)
    tui_app_say (app, FALSE, NULL);
  if (app->layers->len > 0)
    give_to_layer (app, input);
  else if (input->mouse != TUI_NO_MOUSE)
    tui_act_on_mouse (app, input);
  else if (app->focus == TUI_AT_SEARCH)
    tui_search_input (app, input);
  else if (g_strcmp0 (input->key, "Ctrl-c") == 0)
    tui_app_say (app, FALSE, _ ("Q quits."));
  else if (input->key != NULL)
    take_key (app, input->key);
  else if (input->text != NULL && tui_app_view (app)->screen != NULL)
    {
      /* Pasted where no text is: a search, and often an id. */
      tui_search_begin (app);
      tui_search_input (app, input);
    }
  tui_app_paint_later (app);
}

/**
 * tui_app_is_idle:
 * @app: the console
 *
 * Returns: whether nothing is under way that would change what is shown, the feed aside
 */
gboolean
tui_app_is_idle (TuiApp *app)
{
  TuiView *view = tui_app_view (app);

  return app->paint_source == 0 && app->n_under_way == 0 && app->chord_source == 0
         && (view->screen == NULL
                 ? kontor_sync_state (kontor_desk_sync (app->desk)) != KONTOR_SYNC_FETCHING
                 : !kontor_screen_is_busy (view->screen));
}

/**
 * tui_app_quit:
 * @app: the console
 *
 * Ends the main loop.
 */
void
tui_app_quit (TuiApp *app)
{
  g_main_loop_quit (app->loop);
}

/* ------------------------------------------------------------------------------ life cycle -- */

/**
 * tui_app_new:
 * @profile: (transfer full): the server, and the key it is asked with
 * @folder: where the copy of its data lies
 * @settings: what the person prefers
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the console, which nothing is done with yet
 */
TuiApp *
tui_app_new (KontorProfile *profile, const char *folder, KontorSettings *settings, GError **error)
{
  KontorDesk *desk = kontor_desk_new (profile, folder, error);
  TuiApp *app;

  if (desk == NULL)
    return NULL;
  app = g_new0 (TuiApp, 1);
  app->desk = desk;
  kontor_desk_set_settings (desk, settings);
  app->keymap = kontor_keymap_new ();
  app->search = tui_field_new (NULL);
  app->layers = g_ptr_array_new_with_free_func (layer_free);
  app->visits = g_array_new (FALSE, TRUE, sizeof (TuiVisit));
  g_array_set_clear_func (app->visits, visit_clear);
  app->loop = g_main_loop_new (NULL, FALSE);
  for (; kontor_screens[app->n_views] != NULL && app->n_views < TUI_MOST_SCREENS; app->n_views++)
    {
      app->views[app->n_views].declaration = kontor_screens[app->n_views];
      tui_prefer_recall (app, &app->views[app->n_views]);
    }
  return app;
}

/**
 * tui_app_start:
 * @app: the console, on a terminal
 *
 * Shows what there is and begins to ask the server.
 */
void
tui_app_start (TuiApp *app)
{
  app->paints = TRUE;
  tui_prefer_begin (app);
  tui_app_start_plain (app);
  tui_paint (app);
}

/**
 * tui_app_start_plain:
 * @app: the console, without a terminal
 *
 * Begins to ask the server; paints nothing.
 */
void
tui_app_start_plain (TuiApp *app)
{
  g_signal_connect (app->desk, "changed", G_CALLBACK (changed_cb), app);
  g_signal_connect (kontor_desk_sync (app->desk), "verified", G_CALLBACK (verified_cb), app);
  tui_app_show (app, tui_prefer_start (app));
  g_array_set_size (app->visits, 0);
  app->visit = 0;
  if (kontor_desk_problem (app->desk) != NULL)
    tui_app_say (app, TRUE, "%s", kontor_desk_problem (app->desk));
  kontor_desk_start (app->desk);
}

/**
 * tui_app_free:
 * @app: (transfer full): the console
 */
void
tui_app_free (TuiApp *app)
{
  g_signal_handlers_disconnect_by_data (app->desk, app);
  g_signal_handlers_disconnect_by_data (kontor_desk_sync (app->desk), app);
  g_signal_handlers_disconnect_by_data (kontor_desk_settings (app->desk), app);
  kontor_desk_stop (app->desk);
  for (guint i = 0; i < app->n_views; i++)
    close_screen (app, &app->views[i]);
  forget_chord (app);
  g_clear_handle_id (&app->paint_source, g_source_remove);
  g_ptr_array_unref (app->layers);
  g_array_unref (app->visits);
  kontor_keymap_free (app->keymap);
  tui_field_free (app->search);
  g_object_unref (app->desk);
  g_main_loop_unref (app->loop);
  g_free (app->search_before);
  g_free (app->wanted);
  g_free (app->message);
  g_free (app->next);
  g_free (app);
}
