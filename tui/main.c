/* main.c: kontor-tui: the console in a terminal. */
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/client/client-error.h"
#include "core/client/language.h"
#include "tui/app.h"
#include "tui/own-server.h"
#include "tui/plain.h"
#include "tui/script.h"
#include "tui/welcome.h"

#define FAILED 1
#define USAGE 2

typedef struct
{
  char    *profile, *api_key, *url, *script, *size, *copy;
  gboolean plain, read_only, version, local, is_switched; /* the last: @profile and nothing else */
  int      samples;
} Options;

static gboolean
read_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "profile", 'p', 0, G_OPTION_ARG_STRING, &options->profile, N_ ("Work with this profile"),
      N_ ("NAME") },
    { "api-key", 0, 0, G_OPTION_ARG_STRING, &options->api_key,
      N_ ("Use this key; KONTOR_API_KEY keeps it out of the list of processes"), N_ ("KEY") },
    { "url", 0, 0, G_OPTION_ARG_STRING, &options->url, N_ ("Ask this server"), N_ ("URL") },
    { "script", 0, 0, G_OPTION_ARG_FILENAME, &options->script,
      N_ ("Run the keys and checks of a file, without a terminal"), N_ ("FILE") },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &options->plain,
      N_ ("Read commands and answer in lines, for speech and scripts"), NULL },
    { "read-only", 0, 0, G_OPTION_ARG_NONE, &options->read_only, N_ ("Change nothing"), NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_ ("With --script: columns and rows"),
      "80x24" },
    { "copy", 0, 0, G_OPTION_ARG_FILENAME, &options->copy,
      N_ ("Keep the copy of the data in this folder"), N_ ("FOLDER") },
    { "local", 0, 0, G_OPTION_ARG_NONE, &options->local,
      N_ ("Work with a server of your own on this machine, started for the purpose"), NULL },
    { "samples", 0, 0, G_OPTION_ARG_INT, &options->samples,
      N_ ("With --local: fill it with so many payments when it is new"), N_ ("N") },
    { "version", 'v', 0, G_OPTION_ARG_NONE, &options->version, N_ ("Print the version"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, _ ("The Kontor console in a terminal; ? lists its keys."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("“%s” is one argument too many."), (*argv)[1]);
      return FALSE;
    }
  return TRUE;
}

/* Whoever has no server is asked for one on the terminal. */
static KontorProfile *
find_profile (const Options *options, KontorLocal **local, GError **error)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (error);
  g_autoptr (GError) problem = NULL;
  KontorProfile *profile;

  if (options->local)
    return tui_own_server_start (options->samples, local, error);
  if (profiles == NULL)
    return NULL;
  if (options->is_switched)
    return kontor_profiles_find (profiles, options->profile, error);
  profile = kontor_profiles_in_force (profiles, options->profile, options->api_key, options->url,
                                      &problem);
  if (profile == NULL && options->profile == NULL && options->api_key == NULL
      && options->url == NULL && options->script == NULL && !options->plain
      && g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE)
      && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
    profile = tui_welcome (profiles, local);
  if (profile == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return profile;
}

/* One for each account of each server in each mode: they never meet. */
static char *
copy_folder (const Options *options, const KontorProfile *profile)
{
  g_autofree char *what = g_strjoin ("\n", strcmp (profile->name, "local") == 0 ? "" : profile->url,
                                     profile->account != NULL ? profile->account : profile->key,
                                     profile->livemode ? "live" : "test", NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, what, -1);
  g_autofree char *name
      = g_strdup_printf ("%s-%s-%.12s", profile->name, profile->livemode ? "live" : "test", sum);

  return options->copy != NULL
             ? g_strdup (options->copy)
             : g_build_filename (g_get_user_data_dir (), "kontor", "copies", name, NULL);
}

/* The person's own keys. */
static gboolean
read_keys (TuiApp *app, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "kontor", "keys", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL)
      || kontor_keymap_read (app->keymap, text, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static void
input_cb (const TuiInput *input, gpointer data)
{
  tui_app_input (data, input);
}

static void
resize_cb (gpointer data)
{
  tui_paint (data);
}

static gboolean
quit_cb (gpointer data)
{
  tui_app_quit (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
open_terminal (const Options *options, TuiApp *app, GError **error)
{
  const TuiHandler handler = { input_cb, resize_cb, app };
  int colors = tui_prefer_colors (app), width = 80, height = 24;

  if (options->script == NULL)
    return tui_terminal_open (colors, &handler, error);
  if (options->size != NULL && sscanf (options->size, "%dx%d", &width, &height) != 2)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--size: write columns and rows as 80x24."));
      return FALSE;
    }
  return tui_terminal_open_none (height, width, colors, &handler, error);
}

static int
run_screens (const Options *options, TuiApp *app, GError **error)
{
  g_autoptr (TuiScript) script = NULL;

  if (options->script != NULL)
    {
      script = tui_script_load (options->script, error);
      if (script == NULL)
        return FAILED;
    }
  if (!open_terminal (options, app, error))
    return FAILED;
  tui_app_start (app);
  if (script != NULL)
    tui_script_start (script, app);
  g_main_loop_run (app->loop);
  tui_terminal_close ();
  return script != NULL ? tui_script_status (script) : 0;
}

/* At one account. @next: (out): the profile that was chosen to go on with; %NULL: to end. */
static int
work (const Options *options, KontorSettings *settings, char **next, GError **error)
{
  g_autoptr (KontorLocal) local = NULL;
  KontorProfile *profile = find_profile (options, &local, error);
  g_autofree char *folder = profile != NULL ? copy_folder (options, profile) : NULL;
  static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
  guint sources[G_N_ELEMENTS (ends)] = { 0 };
  int status = FAILED;
  TuiApp *app;

  *next = NULL;
  if (profile == NULL)
    return FAILED;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", folder,
                   g_strerror (errno));
      kontor_profile_free (profile);
      return FAILED;
    }
  app = tui_app_new (profile, folder, settings, error);
  if (app == NULL)
    return FAILED;
  app->only_reads = options->read_only;
  tui_prefer_read_only (app);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i] != SIGINT || options->script == NULL)
      sources[i] = g_unix_signal_add (ends[i], quit_cb, app);
  if (read_keys (app, error))
    status = options->plain ? tui_plain_run (app) : run_screens (options, app, error);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    g_clear_handle_id (&sources[i], g_source_remove);
  *next = g_steal_pointer (&app->next);
  tui_app_free (app);
  return status;
}

/* What was said about another account at the start does not count for this one. */
static void
switch_to (Options *options, char *profile)
{
  g_free (options->profile);
  options->profile = profile;
  g_clear_pointer (&options->copy, g_free);
  options->local = FALSE;
  options->is_switched = TRUE;
}

static int
run (Options *options, GError **error)
{
  g_autoptr (KontorSettings) settings = kontor_settings_load (error);
  char *next = NULL;
  int status = settings != NULL ? work (options, settings, &next, error) : FAILED;

  while (next != NULL)
    {
      switch_to (options, next);
      status = work (options, settings, &next, error);
    }
  return status;
}

/* What was wrong is said by the caller. */
static int
obey (Options *options, int *argc, char ***argv, GError **error)
{
  if (!read_options (options, argc, argv, error))
    return USAGE;
  if (!options->version)
    return run (options, error);
  printf ("kontor-tui %s\n", KONTOR_VERSION);
  return 0;
}

static void
clear_options (Options *options)
{
  g_free (options->profile);
  g_free (options->api_key);
  g_free (options->url);
  g_free (options->script);
  g_free (options->size);
  g_free (options->copy);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options = { 0 };
  int status;

  kontor_language_init ();
  status = obey (&options, &argc, &argv, &error);
  if (error != NULL)
    fprintf (stderr, "kontor-tui: %s\n", error->message);
  clear_options (&options);
  return status;
}
