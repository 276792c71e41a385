/* cmd-login.c: kontor login and kontor logout: a key is checked, or somebody signs in; then it is stored. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "core/client/client-error.h"
#include "core/client/prompt.h"
#include "core/client/sign-in.h"
#include "core/text.h"

static const KontorFlag login_flags[] = {
  { "url", 0, KONTOR_FLAG_TEXT, N_ ("URL"),
    N_ ("The server: https://pay.example.com, or localhost:8420. Without it, the profile's, or "
        "KONTOR_URL.") },
  { "key", 0, KONTOR_FLAG_TEXT, N_ ("KEY"),
    N_ ("The API key. Others on this machine can see it while the command runs; it is better "
        "typed or sent to --key-stdin.") },
  { "key-stdin", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Read the key from standard input.") },
  { "email", 0, KONTOR_FLAG_TEXT, N_ ("ADDRESS"),
    N_ ("Sign in as this person, with a password, instead of storing a key.") },
  { "password-stdin", 0, KONTOR_FLAG_SWITCH, NULL,
    N_ ("With --email: read the password from standard input.") },
  { "code", 0, KONTOR_FLAG_TEXT, N_ ("CODE"),
    N_ ("With --email: the authenticator's code, or a recovery code.") },
  { "account", 0, KONTOR_FLAG_TEXT, N_ ("ID"),
    N_ ("With --email: work for this account; without it, for the first one of that person.") },
  { "live", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("With --email: work in live mode.") },
  { "store", 0, KONTOR_FLAG_TEXT, N_ ("PLACE"),
    N_ ("Keep the key in the “keyring”, or in a “file”; without it, in the keyring if it is "
        "open.") },
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
  key = kontor_cli_has (cli, "key-stdin") ? kontor_prompt_line (stdin)
                                          : kontor_prompt_secret (cli->err.stream, _ ("API key:"));
  if (key == NULL || *g_strstrip (key) == '\0')
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

static gboolean
check_key (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = kontor_cli_client (cli, profile);

  return kontor_sign_in_by_key (profile, client, error);
}

/* Asks the server whose key it is that the program on its machine has, and of which mode. */
static gboolean
check_far_key (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  g_autoptr (KontorClient) client = kontor_cli_client (cli, profile);
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

/* ------------------------------------------------------------------------------------- people -- */

static char *
ask_for_password (const KontorCli *cli, GError **error)
{
  char *password = kontor_cli_has (cli, "password-stdin")
                       ? kontor_prompt_line (stdin)
                       : kontor_prompt_secret (cli->err.stream, _ ("Password:"));

  if (password != NULL && *password != '\0')
    return password;
  g_free (password);
  refuse (error, _ ("There is no password: type it, or give --password-stdin."));
  return NULL;
}

/* The authenticator is asked about only when the server wants its code and there is somebody to ask. */
static gboolean
sign_in_with (const KontorCli *cli, KontorProfile *profile, const char *password, GError **error)
{
  KontorSignIn proof = { kontor_cli_text (cli, "email"), password, kontor_cli_text (cli, "code") };
  g_autoptr (GError) problem = NULL;
  g_autofree char *code = NULL;

  if (kontor_sign_in (profile, &proof, &problem))
    return TRUE;
  if (proof.code == NULL && kontor_sign_in_needs_code (problem)
      && !kontor_cli_has (cli, "password-stdin"))
    code = kontor_prompt_secret (cli->err.stream,
                                 _ ("Code of your authenticator, or a recovery code:"));
  if (code == NULL || *code == '\0')
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  proof.code = code;
  return kontor_sign_in (profile, &proof, error);
}

static gboolean
find_person (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  g_autofree char *password = ask_for_password (cli, error);
  gboolean done;

  if (password == NULL)
    return FALSE;
  profile->account = g_strdup (kontor_cli_text (cli, "account"));
  profile->livemode = kontor_cli_has (cli, "live");
  done = sign_in_with (cli, profile, password, error);
  explicit_bzero (password, strlen (password));
  return done;
}

/* What only one of the two ways of signing in knows. */
static gboolean
flags_fit (const KontorCli *cli, GError **error)
{
  static const char *const of_person[] = { "password-stdin", "code", "account", "live" };
  static const char *const of_key[] = { "key", "key-stdin" };
  gboolean is_person = kontor_cli_has (cli, "email");
  const char *const *names = is_person ? of_key : of_person;
  guint n = is_person ? G_N_ELEMENTS (of_key) : G_N_ELEMENTS (of_person);

  for (guint i = 0; i < n; i++)
    if (kontor_cli_has (cli, names[i]))
      {
        g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                     is_person ? _ ("--%s and --email exclude each other.")
                               : _ ("--%s is for people: give --email too."),
                     names[i]);
        return FALSE;
      }
  return TRUE;
}

/* --------------------------------------------------------------------------------------- both -- */

static gboolean
find_out (const KontorCli *cli, KontorProfile *profile, GError **error)
{
  GError *problem = NULL;

  if (kontor_cli_has (cli, "email"))
    return find_person (cli, profile, error);
  profile->key = ask_for_key (cli, !kontor_profile_needs_no_key (profile->url), &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (profile->key == NULL)
    return check_far_key (cli, profile, error);
  return check_key (cli, profile, error);
}

static gboolean
choose_store (const KontorCli *cli, KontorProfiles *profiles, GError **error)
{
  const char *store = kontor_cli_text (cli, "store");

  if (store == NULL)
    return TRUE;
  if (strcmp (store, "file") == 0)
    kontor_profiles_set_store (profiles, KONTOR_STORE_FILE);
  else if (strcmp (store, "keyring") == 0)
    kontor_profiles_set_store (profiles, KONTOR_STORE_KEYRING);
  else
    {
      refuse (error, _ ("--store: write “keyring” or “file”."));
      return FALSE;
    }
  return TRUE;
}

/* A key or password in the clear can be read by everybody on the way. */
static void
warn_of_http (const KontorCli *cli, const char *url)
{
  if (!g_str_has_prefix (url, "http://") || kontor_profile_is_local (url))
    return;
  fprintf (cli->err.stream, "%s%s%s %s\n", kontor_style_on (&cli->err, KONTOR_ROLE_WARNING),
           _ ("Warning:"), kontor_style_off (&cli->err, KONTOR_ROLE_WARNING),
           _ ("what you sign in with goes to this server unencrypted; use https."));
}

static void
say_person (const KontorCli *cli, const KontorProfile *profile, const char *account)
{
  g_autofree char *email = kontor_text_clean (profile->email);
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (profile->expires);
  g_autofree char *day = end != NULL ? g_date_time_format (end, "%F") : g_strdup ("");

  fprintf (cli->err.stream, _ ("Signed in at %s as %s, %s of %s, %s, until %s (profile “%s”).\n"),
           profile->url, email, profile->role, account,
           profile->livemode ? _ ("live mode") : _ ("test mode"), day, profile->name);
}

static void
say_done (const KontorCli *cli, const KontorProfile *profile)
{
  g_autofree char *who = kontor_text_clean (profile->account_name != NULL ? profile->account_name
                                                                          : profile->account);
  g_autofree char *masked = kontor_profile_masked (profile->key);

  if (kontor_profile_is_person (profile))
    say_person (cli, profile, who);
  else
    fprintf (cli->err.stream, _ ("Signed in at %s as %s, %s, with %s (profile “%s”).\n"),
             profile->url, who, profile->livemode ? _ ("live mode") : _ ("test mode"),
             masked != NULL ? masked : _ ("the key of that machine"), profile->name);
}

static gboolean
sign_in (KontorCli *cli, GError **error)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (error);
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1), before = NULL;
  const char *name = kontor_cli_text (cli, "profile");

  if (profiles == NULL || !flags_fit (cli, error))
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
  before = kontor_profiles_find (profiles, profile->name, NULL);
  if (!choose_store (cli, profiles, error) || !find_out (cli, profile, error)
      || !kontor_profiles_put (profiles, profile, error))
    return FALSE;
  /* a session that nobody holds the token of any more is of no use to its owner */
  if (before != NULL && kontor_profile_is_person (before))
    (void) kontor_sign_out (before, NULL);
  say_done (cli, profile);
  return TRUE;
}

static int
login (KontorCli *cli)
{
  g_autoptr (GError) error = NULL;

  return sign_in (cli, &error) ? KONTOR_EXIT_OK : kontor_cli_report (cli, error);
}

/* One that has ended there already is as good. */
static void
end_session (const KontorProfile *profile, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (profile == NULL || !kontor_profile_is_person (profile) || kontor_sign_out (profile, &problem)
      || g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_KEY)
      || g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_MISSING))
    return;
  g_propagate_error (error, g_steal_pointer (&problem));
}

static void
say_forgotten (const KontorCli *cli, const char *name, gboolean is_person, const GError *problem)
{
  if (problem != NULL)
    fprintf (cli->err.stream,
             _ ("Forgot the session of the profile “%s”, which the server could not be told: it "
                "goes on there until it expires.\n%s\n"),
             name, problem->message);
  else if (is_person)
    fprintf (cli->err.stream, _ ("Signed out (profile “%s”).\n"), name);
  else
    fprintf (cli->err.stream, _ ("Forgot the key of the profile “%s”.\n"), name);
}

static int
logout (KontorCli *cli)
{
  g_autoptr (GError) error = NULL, problem = NULL;
  g_autoptr (KontorProfile) profile = NULL;
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (&error);
  const char *name = kontor_cli_text (cli, "profile");

  if (profiles == NULL)
    return kontor_cli_report (cli, error);
  if (name == NULL)
    name = g_getenv ("KONTOR_PROFILE");
  if (name == NULL || *name == '\0')
    name = kontor_profiles_current (profiles);
  profile = kontor_profiles_find (profiles, name, NULL);
  if (!kontor_profiles_remove (profiles, name, &error))
    return kontor_cli_report (cli, error);
  end_session (profile, &problem);
  say_forgotten (cli, name, profile != NULL && kontor_profile_is_person (profile), problem);
  return problem != NULL ? KONTOR_EXIT_UNREACHABLE : KONTOR_EXIT_OK;
}

const KontorCommand kontor_login_commands[] = {
  { "login", NULL, NULL, 0, 0, login_flags, login,
    N_ ("Check an API key, or sign in as a person, and store it."),
    N_ ("The key, or with --email the password, is asked for without showing it. What is stored is "
        "the key or the session, never the password, in "
        "$XDG_CONFIG_HOME/kontor/config.ini, which only you may read. On the server, “kontord key "
        "create --data-dir D --mode test” makes one. A server at ssh://HOST needs none here if "
        "“kontor login” was done there.") },
  { "logout", NULL, NULL, 0, 0, NULL, logout,
    N_ ("Forget the key or the session of the profile. The session ends on the server; a key stays "
        "valid until it is revoked there.") },
  { NULL },
};
