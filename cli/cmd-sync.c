/* cmd-sync.c: kontor sync --stdio: what a console on another machine reaches a server with, through ssh. */
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/relay.h"
#include "core/client/client-error.h"

static const KontorFlag sync_flags[] = {
  { "stdio", 0, KONTOR_FLAG_SWITCH, NULL,
    N_ ("Read requests from standard input and write the server's answers to standard output.") },
  { NULL },
};

static gboolean
is_set (const char *variable)
{
  const char *text = g_getenv (variable);

  return text != NULL && *text != '\0';
}

/* Without a profile requests need keys of their own; the server then is the one that is named, or this
 * machine's. */
static KontorProfile *
profile_without_key (GError **error)
{
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1);
  const char *url = is_set ("KONTOR_URL") ? g_getenv ("KONTOR_URL") : KONTOR_PROFILE_DEFAULT_URL;

  profile->url = kontor_profile_url (url, error);
  return profile->url != NULL ? g_steal_pointer (&profile) : NULL;
}

static KontorProfile *
find_profile (const KontorCli *cli, GError **error)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (error);
  const char *name = kontor_cli_text (cli, "profile"), *key = kontor_cli_text (cli, "api-key");
  gboolean is_named = name != NULL || is_set ("KONTOR_PROFILE");
  g_auto (GStrv) names = NULL;

  if (profiles == NULL)
    return NULL;
  names = kontor_profiles_names (profiles);
  if (!is_named && key == NULL && names[0] == NULL && !is_set ("KONTOR_API_KEY"))
    return profile_without_key (error);
  return kontor_profiles_in_force (profiles, name, key, NULL, error);
}

static int
relay (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) requests = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GOutputStream) answers = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  if (!kontor_cli_has (cli, "stdio"))
    return kontor_cli_usage (cli, _ ("“kontor sync” needs --stdio."));
  if (isatty (STDIN_FILENO) || isatty (STDOUT_FILENO))
    return kontor_cli_usage (cli, _ ("Programs talk to “kontor sync --stdio”, not a terminal; see "
                                     "--url ssh://HOST of “kontor login”."));
  cli->profile = find_profile (cli, &error);
  if (cli->profile == NULL || !kontor_relay_run (cli->profile, requests, answers, &error))
    return kontor_cli_report (cli, error);
  return KONTOR_EXIT_OK;
}

const KontorCommand kontor_sync_commands[] = {
  { "sync", NULL, NULL, 0, 0, sync_flags, relay,
    N_ ("Hand a console's requests on to this machine's server."),
    N_ ("Consoles and “kontor” of another machine start it themselves, through ssh, for a server "
        "that is named ssh://[USER@]HOST[:PORT]: one for each connection. It hands on requests of "
        "the API, to the server of the profile and to no other, and gives those that bring no key "
        "the profile's. It ends when standard input does.") },
  { NULL },
};
