/* cmd-login.c: kontor login and kontor logout: a key is checked, then stored. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "core/client/client-error.h"
#include "core/text.h"

static const KontorFlag login_flags[] = {
  { "url", 0, KONTOR_FLAG_TEXT, N_ ("URL"),
    N_ ("The server: https://pay.example.com, or localhost:8420. Without it, the profile's, or "
        "KONTOR_URL.") },
  { "key", 0, KONTOR_FLAG_TEXT, N_ ("KEY"),
    N_ ("The API key. Others on this machine can see it while the command runs; it is better "
        "typed or sent to --key-stdin.") },
  { "key-stdin", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Read the key from standard input.") },
  { NULL },
};

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, message);
  return FALSE;
}

/* As the person gives it: by flag, on standard input, in the environment, or typed unseen. What needs none is not
 * asked for: then %NULL without an error. */
static char *
ask_for_key (const KontorCli *cli, gboolean is_needed, GError **error)
{
  const char *given = kontor_cli_text (cli, "key");
  char *key;

  if (given == NULL)
    given = kontor_cli_text (cli, "api-key");
  if (given == NULL && !kontor_cli_has (cli, "key-stdin"))
    given = g_getenv ("KONTOR_API_KEY");
  if (given != NULL && *given != '\0')
    return g_strdup (given);
  if (!is_needed && !kontor_cli_has (cli, "key-stdin"))
    return NULL;
  key = kontor_cli_has (cli, "key-stdin") ? kontor_style_line (stdin)
                                          : kontor_style_secret (&cli->err, _ ("API key:"));
  if (key == NULL || *key == '\0')
    {
      g_free (key);
      refuse (error, _ ("There is no key: type it, or give --key-stdin, --key or KONTOR_API_KEY."));
      return NULL;
    }
  return key;
}

/* The address that is named, else the one that the profile has, else this machine's. */
static char *
choose_url (const KontorCli *cli, const KontorProfiles *profiles, const char *name, GError **error)
{
  const char *given = kontor_cli_text (cli, "url");
  g_autoptr (KontorProfile) before = kontor_profiles_find (profiles, name, NULL);

  if (given == NULL)
    given = g_getenv ("KONTOR_URL");
  if (given == NULL || *given == '\0')
    given = before != NULL ? before->url : KONTOR_PROFILE_DEFAULT_URL;
  return kontor_profile_url (given, error);
}

static char *
text_member (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL && value->type == KONTOR_VALUE_STRING ? g_strdup (value->text) : NULL;
}

/* Asks the server whose key it is. */
static gboolean
check_key (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = kontor_cli_client (cli, profile->url, profile->key);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/account");
  g_autoptr (KontorClientReply) reply = kontor_client_send (client, call, NULL, error);
  const KontorValue *settings, *dashboard;

  if (reply == NULL)
    return FALSE;
  profile->account = text_member (reply->json, "id");
  if (profile->account == NULL)
    return refuse (error, _ ("What answers there is no Kontor server: it shows no account."));
  settings = kontor_value_get (reply->json, "settings");
  dashboard = settings != NULL ? kontor_value_get (settings, "dashboard") : NULL;
  profile->account_name = dashboard != NULL ? text_member (dashboard, "display_name") : NULL;
  return TRUE;
}

/* Asks the server whose key it is that the program on its machine has, and of which mode. */
static gboolean
check_far_key (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = kontor_cli_client (cli, profile->url, NULL);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/me");
  g_autoptr (KontorClientReply) reply = kontor_client_send (client, call, NULL, error);
  const KontorValue *mode, *accounts, *first;

  if (reply == NULL)
    return FALSE;
  mode = kontor_value_get (reply->json, "livemode");
  accounts = kontor_value_get (reply->json, "accounts");
  first = accounts != NULL ? accounts->first : NULL;
  profile->account = first != NULL ? text_member (first, "account") : NULL;
  if (profile->account == NULL || mode == NULL || mode->type != KONTOR_VALUE_BOOL)
    return refuse (error, _ ("What answers there is no Kontor server: it shows no account."));
  profile->account_name = text_member (first, "name");
  profile->livemode = g_str_equal (mode->text, "true");
  return TRUE;
}

static gboolean
find_out (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  GError *problem = NULL;

  profile->key = ask_for_key (cli, !kontor_profile_needs_no_key (profile->url), &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (profile->key == NULL)
    return check_far_key (cli, profile, error);
  return kontor_profile_key_check (profile->key, &profile->livemode, error)
         && check_key (cli, profile, error);
}

/* A key in the clear can be read by everybody on the way. */
static void
warn_of_http (const KontorCli *cli, const char *url)
{
  if (!g_str_has_prefix (url, "http://") || kontor_profile_is_local (url))
    return;
  fprintf (cli->err.stream, "%s%s%s %s\n", kontor_style_on (&cli->err, KONTOR_ROLE_WARNING),
           _ ("Warning:"), kontor_style_off (&cli->err, KONTOR_ROLE_WARNING),
           _ ("the key goes to this server unencrypted; use https."));
}

static void
say_done (const KontorCli *cli, const KontorProfile *profile)
{
  g_autofree char *who = kontor_text_clean (profile->account_name != NULL ? profile->account_name
                                                                          : profile->account);
  g_autofree char *masked = kontor_profile_masked (profile->key);

  fprintf (cli->err.stream, _ ("Signed in at %s as %s, %s, with %s (profile “%s”).\n"),
           profile->url, who, profile->livemode ? _ ("live mode") : _ ("test mode"),
           masked != NULL ? masked : _ ("the key of that machine"), profile->name);
}

static gboolean
sign_in (KontorCli *cli, GError **error)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (error);
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1);
  const char *name = kontor_cli_text (cli, "profile");

  if (profiles == NULL)
    return FALSE;
  if (name == NULL)
    name = g_getenv ("KONTOR_PROFILE");
  profile->name = g_strdup (name != NULL && *name != '\0' ? name : KONTOR_PROFILE_DEFAULT);
  if (!kontor_profile_name_check (profile->name, error))
    return FALSE;
  profile->url = choose_url (cli, profiles, profile->name, error);
  if (profile->url == NULL)
    return FALSE;
  warn_of_http (cli, profile->url);
  if (!find_out (cli, profile, error) || !kontor_profiles_put (profiles, profile, error))
    return FALSE;
  say_done (cli, profile);
  return TRUE;
}

static int
login (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;

  return sign_in (cli, &error) ? KONTOR_EXIT_OK : kontor_cli_report (cli, error);
}

static int
logout (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);
  const char *name = kontor_cli_text (cli, "profile");

  if (profiles == NULL)
    return kontor_cli_report (cli, error);
  if (name == NULL)
    name = g_getenv ("KONTOR_PROFILE");
  if (name == NULL || *name == '\0')
    name = kontor_profiles_current (profiles);
  if (!kontor_profiles_remove (profiles, name, &error))
    return kontor_cli_report (cli, error);
  fprintf (cli->err.stream, _ ("Forgot the key of the profile “%s”.\n"), name);
  return KONTOR_EXIT_OK;
}

const KontorCommand kontor_login_commands[] = {
  { "login", NULL, NULL, 0, 0, login_flags, login, N_ ("Check an API key and store it."),
    N_ ("The key is asked for without showing it. It is stored in "
        "$XDG_CONFIG_HOME/kontor/config.ini, which only you may read. On the server, “kontord key "
        "create --data-dir D --mode test” makes one. A server at ssh://HOST needs none here if "
        "“kontor login” was done there.") },
  { "logout", NULL, NULL, 0, 0, NULL, logout,
    N_ ("Forget the key of the profile. It stays valid until it is revoked on the server.") },
  { NULL },
};
