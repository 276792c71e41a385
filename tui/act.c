/* act.c: the commands that a view does itself: panes, places, menus; the others do theirs. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "tui/app.h"

static void
go_left (TuiApp *app, guint count)
{
  tui_grid_scroll (&tui_app_view (app)->grid, tui_app_view (app)->screen, -(int) MAX (count, 1));
}

static void
go_right (TuiApp *app, guint count)
{
  tui_grid_scroll (&tui_app_view (app)->grid, tui_app_view (app)->screen, (int) MAX (count, 1));
}

static void
next_pane (TuiApp *app, guint count)
{
  if (app->focus == TUI_AT_DETAIL)
    app->focus = TUI_AT_LIST;
  else if (tui_shows_detail (app))
    app->focus = TUI_AT_DETAIL;
}

static void
zoom (TuiApp *app, guint count)
{
  app->zoomed = !app->zoomed;
}

static void
reset (TuiApp *app, guint count)
{
  app->zoomed = app->detail_open = FALSE;
  app->focus = TUI_AT_LIST;
  tui_app_view (app)->grid.skipped = 0;
  tui_prefer_columns (app, tui_app_view (app), 0);
}

/* In the detail: where the line leads; in the list: into the detail. */
static void
open (TuiApp *app, guint count)
{
  TuiView *view = tui_app_view (app);

  if (app->focus == TUI_AT_DETAIL)
    {
      const char *target = tui_detail_target (&view->detail);

      if (target != NULL)
        tui_app_go_to (app, target);
      return;
    }
  if (view->declaration->enter != NULL)
    {
      tui_app_command (app, kontor_command_find (view->declaration->enter), count);
      return;
    }
  if (view->declaration->jump != NULL)
    {
      g_autofree char *target = kontor_screen_jump (view->screen);

      if (target != NULL)
        tui_app_go_to (app, target);
      return;
    }
  app->detail_open = TRUE;
  app->focus = TUI_AT_DETAIL;
}

static void visit (TuiApp *app, int by);

/* Nearest first: the pane, the detail, the search, the place before. */
static void
back (TuiApp *app, guint count)
{
  TuiView *view = tui_app_view (app);

  if (app->zoomed)
    app->zoomed = FALSE;
  else if (app->focus == TUI_AT_DETAIL)
    app->focus = TUI_AT_LIST, app->detail_open = FALSE;
  else if (app->detail_open)
    app->detail_open = FALSE;
  else if (view->range != 0)
    view->range = 0;
  else if (*kontor_screen_query (view->screen) != '\0')
    {
      kontor_screen_set_query (view->screen, "");
      tui_field_set (app->search, NULL);
    }
  else if (app->visit > 0)
    visit (app, -1);
  else
    tui_app_say (app, FALSE, _ ("This is the beginning; Q quits."));
}

/* tui_app_show() would note a visit of its own. */
static void
visit (TuiApp *app, int by)
{
  gint64 to = (gint64) app->visit + by;
  TuiVisit here, *there;
  guint view;
  g_autofree char *id = NULL;

  if (to < 0 || to >= app->visits->len + (app->visit == app->visits->len))
    return;
  /* The newest place is noted when it is first left backwards. */
  if (app->visit == app->visits->len && by < 0)
    {
      here = (TuiVisit){ app->at, NULL };
      g_array_append_val (app->visits, here);
    }
  if (to >= app->visits->len)
    return;
  there = &g_array_index (app->visits, TuiVisit, to);
  view = there->view;
  id = g_strdup (there->id);
  app->at = view;
  app->visit = (guint) to;
  tui_app_show (app, view);
  if (id != NULL && tui_app_view (app)->screen != NULL)
    kontor_screen_go_to (tui_app_view (app)->screen, id);
}

static void
earlier (TuiApp *app, guint count)
{
  visit (app, -1);
}

static void
later (TuiApp *app, guint count)
{
  visit (app, 1);
}

static void
repaint (TuiApp *app, guint count)
{
  tui_terminal_repaint ();
}

static void
search (TuiApp *app, guint count)
{
  tui_search_begin (app);
}

static void
go_to_section (TuiApp *app, guint count)
{
  if (!tui_detail_section (&tui_app_view (app)->detail, count))
    tui_app_say (app, FALSE, _ ("There are fewer sections here."));
}

static void
hit (TuiApp *app, int direction)
{
  TuiView *view = tui_app_view (app);

  if (!tui_detail_find (&view->detail, view->screen, direction))
    tui_app_say (app, FALSE, _ ("Nothing here has a word of the search line."));
}

static void
next_hit (TuiApp *app, guint count)
{
  hit (app, 1);
}

static void
previous_hit (TuiApp *app, guint count)
{
  hit (app, -1);
}

static void
narrow (TuiApp *app, guint count)
{
  tui_choose_word (app);
}

static void
sort (TuiApp *app, guint count)
{
  tui_choose_sort (app);
}

static void
views (TuiApp *app, guint count)
{
  tui_choose_view (app);
}

static void
columns (TuiApp *app, guint count)
{
  tui_choose_columns (app);
}

static void
mark_range (TuiApp *app, guint count)
{
  TuiView *view = tui_app_view (app);
  KontorList *list = kontor_screen_list (view->screen);
  guint cursor = kontor_screen_cursor (view->screen), from;

  if (view->range != 0 && kontor_list_find (list, view->range, &from))
    {
      kontor_list_mark_range (list, from, cursor);
      view->range = 0;
      return;
    }
  view->range = kontor_list_key (list, cursor);
  tui_app_say (app, FALSE, _ ("A range begins here: go to its other end and press V again."));
}

static void
actions (TuiApp *app, guint count)
{
  tui_choose_action (app);
}

static void
copy (TuiApp *app, guint count)
{
  tui_choose_copy (app);
}

static void
compare (TuiApp *app, guint count)
{
  tui_app_push (app, tui_compare_new (app));
}

static void export(TuiApp *app, guint count) { tui_choose_export (app); }

static void
tail (TuiApp *app, guint count)
{
  app->tail = app->tail == TUI_TAIL ? TUI_NO_TAIL : TUI_TAIL;
  if (app->tail == TUI_TAIL)
    kontor_screen_show_newest (tui_app_view (app)->screen);
  tui_app_say (app, FALSE,
               app->tail == TUI_TAIL ? _ ("The list follows what happens; t stops it.")
                                     : _ ("The list does not move by itself any more."));
}

/* Who goes away from the newest row wants to look at another one in peace. */
static void
pause_tail (TuiApp *app)
{
  KontorScreen *screen = tui_app_view (app)->screen;

  if (app->tail != TUI_TAIL || screen == NULL || kontor_screen_cursor (screen) == 0)
    return;
  app->tail = TUI_TAIL_PAUSED;
  app->n_at_pause = g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (screen)));
}

static void
sync_now (TuiApp *app, guint count)
{
  kontor_desk_refresh (app->desk, tui_app_view (app)->screen);
  tui_app_say (app, FALSE, _ ("The server is asked."));
}

static void
verify (TuiApp *app, guint count)
{
  app->is_verifying = kontor_sync_verify (kontor_desk_sync (app->desk));
  if (!app->is_verifying)
    tui_app_say (app, TRUE, _ ("The copy is not kept by this console now."));
  else if (kontor_desk_is_online (app->desk))
    tui_app_say (app, FALSE, _ ("The copy is compared with the server…"));
  else
    tui_app_say (app, FALSE, _ ("The copy is compared once the server is there."));
}

static void
account (TuiApp *app, guint count)
{
  tui_choose_account (app);
}

static void
set (TuiApp *app, guint count)
{
  tui_choose_setting (app);
}

static void
palette (TuiApp *app, guint count)
{
  tui_choose_command (app);
}

static void
help (TuiApp *app, guint count)
{
  tui_choose_help (app);
}

static void
about (TuiApp *app, guint count)
{
  tui_app_say (app, FALSE, "kontor-tui %s · %s · %s", KONTOR_VERSION,
               kontor_desk_profile (app->desk)->url,
               kontor_replica_folder (kontor_desk_replica (app->desk)));
}

/* What waits stays in the queue, and is sent when a console runs again: that should be known. */
static void
quit (TuiApp *app, guint count)
{
  KontorOutbox *outbox = kontor_desk_outbox (app->desk);

  if (outbox != NULL && kontor_outbox_count (outbox, KONTOR_QUEUED_OPEN) > 0)
    tui_choose_quit (app);
  else
    tui_app_quit (app);
}

/* By the names that command.c gives them. */
static const struct
{
  const char *name;
  void (*act) (TuiApp *app, guint count);
} acts[] = {
  { "move.left", go_left },      { "move.right", go_right },
  { "pane.next", next_pane },    { "pane.previous", next_pane },
  { "pane.zoom", zoom },         { "pane.reset", reset },
  { "view.open", open },         { "view.back", back },
  { "view.earlier", earlier },   { "view.later", later },
  { "view.repaint", repaint },   { "find.search", search },
  { "find.next", next_hit },     { "find.previous", previous_hit },
  { "find.facets", narrow },     { "find.sort", sort },
  { "find.columns", columns },   { "mark.range", mark_range },
  { "object.actions", actions }, { "object.copy", copy },
  { "object.diff", compare },    { "find.views", views },
  { "list.export", export },     { "sync.tail", tail },
  { "sync.now", sync_now },      { "sync.verify", verify },
  { "app.palette", palette },    { "app.keys", help },
  { "app.about", about },        { "view.section", go_to_section },
  { "app.quit", quit },          { "setting.change", set },
  { "app.account", account },
};

/* In the detail the keys that move go through its lines. */
static gboolean
move_in_detail (TuiApp *app, const KontorCommand *command, guint count)
{
  TuiDetail *detail = &tui_app_view (app)->detail;
  const gint64 page = detail->page, n = MAX (count, 1), all = G_MAXINT32;
  const struct
  {
    const char *name;
    gint64 by;
  } moves[] = {
    { "move.down", n },
    { "move.up", -n },
    { "move.page-down", n * page },
    { "move.page-up", -n * page },
    { "move.half-down", MAX (n * page / 2, 1) },
    { "move.half-up", -MAX (n * page / 2, 1) },
    { "move.first", -all },
    { "move.last", all },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (strcmp (moves[i].name, command->name) == 0)
      {
        tui_detail_move (detail, moves[i].by);
        return TRUE;
      }
  return FALSE;
}

/* The screen that a command goes to. */
static gboolean
goes_to (TuiApp *app, const KontorCommand *command, guint *view)
{
  if (!g_str_has_prefix (command->name, "go."))
    return FALSE;
  for (*view = 0; *view < app->n_views; ++*view)
    if (strcmp (app->views[*view].declaration->name, command->name + 3) == 0)
      return TRUE;
  return FALSE;
}

static int
find_act (const KontorCommand *command)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (strcmp (acts[i].name, command->name) == 0)
      return (int) i;
  return -1;
}

/**
 * tui_can_act:
 * @app: the console
 * @command: a command
 *
 * Returns: whether it is for this console at all: others have no place in its menus
 */
gboolean
tui_can_act (TuiApp *app, const KontorCommand *command)
{
  guint view;

  return command->form != NULL || command->run != NULL || goes_to (app, command, &view)
         || find_act (command) >= 0;
}

/**
 * tui_act:
 * @app: the console
 * @command: what is to be done, and can be
 * @count: the number typed before its keys; 0: none
 */
void
tui_act (TuiApp *app, const KontorCommand *command, guint count)
{
  KontorCall call = tui_app_call (app);
  int act = find_act (command);
  guint view;

  call.count = count;
  tui_app_paint_later (app);
  if (app->focus == TUI_AT_DETAIL && move_in_detail (app, command, count))
    return;
  if (goes_to (app, command, &view))
    tui_app_show (app, view);
  else if (command->form != NULL)
    tui_app_push (app, tui_form_new (app, command->form));
  else if (act >= 0)
    acts[act].act (app, count);
  else if (command->run != NULL)
    command->run (&call);
  pause_tail (app);
  if (call.screen != NULL && strcmp (command->name, "find.clear") == 0)
    tui_field_set (app->search, NULL);
}
