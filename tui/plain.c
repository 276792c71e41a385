/* plain.c: the console in lines, for speech and scripts: a command a line, its answer below. */
#include "tui/plain.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/console/export.h"

#define ROWS 20
#define MISTAKEN 3

typedef struct
{
  TuiApp       *app;
  KontorScreen *screen;
  guint         shown;   /* rows listed so far */
  gboolean      failed;
  GIOChannel   *in;
} Plain;

/* Until workers are done. The feed goes on meanwhile. */
static void
settle (Plain *plain)
{
  while (kontor_screen_is_busy (plain->screen) || plain->app->n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
complain (Plain *plain, const char *text)
{
  fprintf (stderr, "kontor-tui: %s\n", text);
  plain->failed = TRUE;
}

static void
say_count (Plain *plain)
{
  g_autofree char *number = kontor_format_number (
      kontor_desk_format (plain->app->desk),
      g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (plain->screen))));

  printf (_ ("%s: %s rows\n"), kontor_screen_title (plain->screen), number);
}

static gboolean
open_screen (Plain *plain, const char *name)
{
  for (guint i = 0; i < plain->app->n_views; i++)
    if (*name == '\0' || strcmp (plain->app->views[i].declaration->name, name) == 0)
      {
        tui_app_show (plain->app, i);
        plain->screen = tui_app_view (plain->app)->screen;
        plain->shown = 0;
        settle (plain);
        return TRUE;
      }
  return FALSE;
}

static void
run_go (Plain *plain, const char *name)
{
  if (!open_screen (plain, name))
    complain (plain, _ ("There is no such screen."));
  else
    say_count (plain);
}

static void
run_find (Plain *plain, const char *line)
{
  kontor_screen_set_query (plain->screen, line);
  settle (plain);
  plain->shown = 0;
  if (kontor_screen_banner (plain->screen) != NULL)
    complain (plain, kontor_screen_banner (plain->screen));
  else
    say_count (plain);
}

static void
run_list (Plain *plain, const char *count)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (plain->screen)));
  guint wanted = *count != '\0' ? (guint) g_ascii_strtoull (count, NULL, 10) : ROWS, i;

  for (i = plain->shown; i < n && i < plain->shown + wanted; i++)
    {
      g_autofree char *row = kontor_screen_row_name (plain->screen, i);

      printf ("%u. %s\n", i + 1, row);
    }
  plain->shown = i < n ? i : 0;
  if (i < n)
    printf (_ ("%u more; list goes on\n"), n - i);
}

static void
run_show (Plain *plain, const char *number)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (plain->screen)));
  guint64 row = g_ascii_strtoull (number, NULL, 10);
  g_autoptr (GPtrArray) details = NULL;

  if (row == 0 ? !kontor_screen_go_to (plain->screen, number) : row > n)
    {
      complain (plain, _ ("There is no such row."));
      return;
    }
  if (row > 0)
    kontor_screen_set_cursor (plain->screen, (guint) row - 1);
  details = kontor_screen_detail (plain->screen);
  for (guint i = 0; i < details->len; i++)
    {
      const KontorDetail *detail = details->pdata[i];

      if (detail->kind == KONTOR_DETAIL_SECTION)
        printf ("%s\n", detail->label);
      else
        printf ("  %s: %s\n", detail->label, detail->value);
    }
}

static void
run_export (Plain *plain, const char *path)
{
  tui_save_list (plain->app, path);
  settle (plain);
  if (plain->app->is_problem)
    complain (plain, plain->app->message);
  else
    printf ("%s\n", plain->app->message);
}

static void
run_sums (Plain *plain, const char *nothing)
{
  g_autofree char *sums = kontor_screen_sums (plain->screen);

  printf ("%s\n", sums);
}

static void run_help (Plain *plain, const char *nothing);

static const struct
{
  const char *name, *arguments, *help;
  void      (*run) (Plain *plain, const char *argument);
} verbs[] = {
  { "go", N_ ("SCREEN"), N_ ("payments, customers …"), run_go },
  { "find", N_ ("WORDS"), N_ ("searches, as / does; nothing: all rows"), run_find },
  { "list", N_ ("[N]"), N_ ("says the next rows, a line each"), run_list },
  { "show", N_ ("NUMBER or ID"), N_ ("says all there is of a row"), run_show },
  { "sums", "", N_ ("says what the rows sum to"), run_sums },
  { "export", N_ ("FILE"), N_ ("writes the rows to a .csv or .jsonl file"), run_export },
  { "help", "", N_ ("says this"), run_help },
};

static void
run_help (Plain *plain, const char *nothing)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    printf ("%s %s: %s\n", verbs[i].name, *verbs[i].arguments != '\0' ? _ (verbs[i].arguments) : "",
            _ (verbs[i].help));
  printf ("quit\n");
}

static gboolean
run_line (Plain *plain, char *line)
{
  char *argument = line + strcspn (line, " ");

  if (*argument != '\0')
    *argument++ = '\0';
  g_strstrip (argument);
  if (strcmp (line, "quit") == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (verbs) && *line != '\0'; i++)
    if (strcmp (verbs[i].name, line) == 0)
      {
        verbs[i].run (plain, argument);
        fflush (stdout);
        return TRUE;
      }
  if (*line != '\0')
    complain (plain, _ ("No such command; help lists them."));
  return TRUE;
}

static gboolean
read_cb (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  Plain *plain = data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL
      && run_line (plain, g_strstrip (line)))
    return G_SOURCE_CONTINUE;
  tui_app_quit (plain->app);
  return G_SOURCE_REMOVE;
}

/* The first copy, or that it cannot be had. */
static gboolean
wait_for_copy (TuiApp *app)
{
  while (!kontor_replica_is_there (kontor_desk_replica (app->desk))
         || tui_app_view (app)->screen == NULL)
    {
      KontorSyncState state = kontor_sync_state (kontor_desk_sync (app->desk));

      if (state == KONTOR_SYNC_OFFLINE || state == KONTOR_SYNC_REFUSED || state == KONTOR_SYNC_FULL)
        return FALSE;
      g_main_context_iteration (NULL, TRUE);
    }
  return TRUE;
}

/**
 * tui_plain_run:
 * @app: the console, which no terminal was opened for
 *
 * Reads commands from standard input until it ends.
 *
 * Returns: the program's exit status: 0, 1 without a copy of the data, 3 when a command was wrong
 */
int
tui_plain_run (TuiApp *app)
{
  Plain plain = { .app = app };

  tui_app_start_plain (app);
  if (!wait_for_copy (app))
    {
      fprintf (stderr, "kontor-tui: %s\n", kontor_sync_problem (kontor_desk_sync (app->desk)));
      return 1;
    }
  open_screen (&plain, tui_app_view (app)->declaration->name);
  say_count (&plain);
  fflush (stdout);
  plain.in = g_io_channel_unix_new (STDIN_FILENO);
  g_io_add_watch (plain.in, G_IO_IN | G_IO_HUP | G_IO_ERR, read_cb, &plain);
  g_main_loop_run (app->loop);
  g_io_channel_unref (plain.in);
  return plain.failed ? MISTAKEN : 0;
}
