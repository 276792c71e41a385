/* app.c: the console as it runs: what is shown, what has the keyboard, what the server says. */
#include "tui/app.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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
 * tui_app_is_online:
 * @app: the console
 *
 * Returns: whether the server answered when it was last asked
 */
gboolean
tui_app_is_online (TuiApp *app)
{
  KontorSyncState state = kontor_sync_state (app->sync);

  return state == KONTOR_SYNC_CURRENT || state == KONTOR_SYNC_CATCHING_UP
         || state == KONTOR_SYNC_READING;
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
                       .read_only = app->read_only,
                       .is_online = tui_app_is_online (app) };
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
      || kontor_list_answer (kontor_screen_list (view->screen)) == NULL)
    return;
  if (!kontor_screen_go_to (view->screen, app->wanted)
      && *kontor_screen_query (view->screen) != '\0')
    {
      /* Hidden by what was searched for: that goes first. */
      kontor_screen_set_query (view->screen, "");
      return;
    }
  g_clear_pointer (&app->wanted, g_free);
}

static void
answered_cb (KontorScreen *screen, TuiApp *app)
{
  if (screen == tui_app_view (app)->screen)
    go_to_wanted (app);
  if (app->tail)
    kontor_screen_set_cursor (screen, 0);
  tui_app_paint_later (app);
}

static void
open_screen (TuiApp *app, TuiView *view)
{
  g_autoptr (GError) error = NULL;

  if (view->screen != NULL || !kontor_replica_is_there (app->replica))
    return;
  view->screen = kontor_screen_new (view->declaration, kontor_replica_file (app->replica),
                                    &app->format, &error);
  if (view->screen == NULL)
    {
      tui_app_say (app, TRUE, "%s", error->message);
      return;
    }
  g_signal_connect_swapped (view->screen, "notify", G_CALLBACK (tui_app_paint_later), app);
  g_signal_connect_swapped (view->screen, "index-ready", G_CALLBACK (tui_app_paint_later), app);
  g_signal_connect (view->screen, "answered", G_CALLBACK (answered_cb), app);
}

static void
close_screen (TuiApp *app, TuiView *view)
{
  if (view->screen != NULL)
    g_signal_handlers_disconnect_by_data (view->screen, app);
  g_clear_object (&view->screen);
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
    leave (app);
  app->at = view;
  app->focus = TUI_AT_LIST;
  open_screen (app, tui_app_view (app));
  tui_field_set (app->search, tui_app_view (app)->screen != NULL
                                  ? kontor_screen_query (tui_app_view (app)->screen)
                                  : NULL);
  tui_app_paint_later (app);
}

/**
 * tui_app_go_to:
 * @app: the console
 * @id: of an object
 *
 * Shows it on the screen of its kind, if there is one.
 */
void
tui_app_go_to (TuiApp *app, const char *id)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);

  for (guint i = 0; i < app->n_views && resource != NULL; i++)
    if (app->views[i].declaration->table->parts[0].kind == resource->kind)
      {
        g_free (app->wanted);
        app->wanted = g_strdup (id);
        tui_app_show (app, i);
        app->detail_open = TRUE;
        go_to_wanted (app);
        return;
      }
  tui_app_say (app, FALSE, _ ("There is no screen for %s yet."), id);
}

/* ------------------------------------------------------------------------------------ sync -- */

static void
changed_cb (KontorSync *sync, GArray *keys, TuiApp *app)
{
  for (guint i = 0; i < app->n_views; i++)
    if (app->views[i].screen != NULL)
      kontor_screen_refresh (app->views[i].screen, (const gint64 *) (gpointer) keys->data,
                             keys->len);
  tui_app_paint_later (app);
}

/* What was searched for and where one was stays. */
static void
replaced_cb (KontorSync *sync, TuiApp *app)
{
  for (guint i = 0; i < app->n_views; i++)
    {
      TuiView *view = &app->views[i];
      g_autofree char *query = view->screen != NULL ? g_strdup (kontor_screen_query (view->screen))
                                                    : NULL;

      if (view->screen == NULL && i != app->at)
        continue;
      if (i == app->at && app->wanted == NULL)
        app->wanted = id_at_cursor (view);
      close_screen (app, view);
      open_screen (app, view);
      if (view->screen != NULL && query != NULL)
        kontor_screen_set_query (view->screen, query);
    }
  tui_app_paint_later (app);
}

static void
listen_to_sync (TuiApp *app)
{
  g_signal_connect (app->sync, "changed", G_CALLBACK (changed_cb), app);
  g_signal_connect (app->sync, "replaced", G_CALLBACK (replaced_cb), app);
  g_signal_connect_swapped (app->sync, "state", G_CALLBACK (tui_app_paint_later), app);
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
         && (view->screen == NULL ? kontor_sync_state (app->sync) != KONTOR_SYNC_FETCHING
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

/* Without a queue everything can be read all the same. */
static void
open_queue (TuiApp *app, const char *folder)
{
  g_autoptr (KontorClient) client = kontor_client_new (app->profile->url, app->profile->key);
  g_autoptr (GError) error = NULL;

  app->outbox = kontor_outbox_open (folder, &error);
  if (app->outbox == NULL)
    {
      tui_app_say (app, TRUE, "%s", error->message);
      return;
    }
  app->push = kontor_push_new (client, app->outbox, app->replica, app->sync);
  g_signal_connect_swapped (app->outbox, "changed", G_CALLBACK (tui_app_paint_later), app);
}

/**
 * tui_app_new:
 * @profile: (transfer full): the server, and the key it is asked with
 * @folder: where the copy of its data lies
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the console, which nothing is done with yet
 */
TuiApp *
tui_app_new (KontorProfile *profile, const char *folder, GError **error)
{
  KontorReplica *replica = kontor_replica_open (folder, error);
  g_autoptr (KontorClient) client = NULL;
  TuiApp *app;

  if (replica == NULL)
    {
      kontor_profile_free (profile);
      return NULL;
    }
  app = g_new0 (TuiApp, 1);
  app->profile = profile;
  app->replica = replica;
  client = kontor_client_new (profile->url, profile->key);
  app->sync = kontor_sync_new (client, replica);
  open_queue (app, folder);
  kontor_format_init (&app->format);
  app->keymap = kontor_keymap_new ();
  app->search = tui_field_new (NULL);
  app->layers = g_ptr_array_new_with_free_func (layer_free);
  app->visits = g_array_new (FALSE, TRUE, sizeof (TuiVisit));
  g_array_set_clear_func (app->visits, visit_clear);
  app->loop = g_main_loop_new (NULL, FALSE);
  for (; kontor_screens[app->n_views] != NULL && app->n_views < TUI_MOST_SCREENS; app->n_views++)
    app->views[app->n_views].declaration = kontor_screens[app->n_views];
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
  listen_to_sync (app);
  tui_app_show (app, 0);
  if (app->push != NULL)
    kontor_push_start (app->push);
  kontor_sync_start (app->sync);
}

/**
 * tui_app_free:
 * @app: (transfer full): the console
 */
void
tui_app_free (TuiApp *app)
{
  g_signal_handlers_disconnect_by_data (app->sync, app);
  if (app->push != NULL)
    kontor_push_stop (app->push);
  kontor_sync_stop (app->sync);
  for (guint i = 0; i < app->n_views; i++)
    close_screen (app, &app->views[i]);
  forget_chord (app);
  g_clear_handle_id (&app->paint_source, g_source_remove);
  g_ptr_array_unref (app->layers);
  g_array_unref (app->visits);
  if (app->outbox != NULL)
    g_signal_handlers_disconnect_by_data (app->outbox, app);
  g_clear_object (&app->push);
  g_clear_object (&app->outbox);
  g_clear_object (&app->sync);
  /* A worker may still hold the sync, and it the copy: both go with the process. */
  kontor_keymap_free (app->keymap);
  tui_field_free (app->search);
  kontor_profile_free (app->profile);
  g_clear_pointer (&app->format.zone, g_time_zone_unref);
  g_main_loop_unref (app->loop);
  g_free (app->search_before);
  g_free (app->wanted);
  g_free (app->message);
  g_free (app);
}
