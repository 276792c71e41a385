/* profile.c: which servers and accounts a person works with, and their keys.
 *
 * They stand in $XDG_CONFIG_HOME/kontor/config.ini, which only its owner may read:
 *
 *   [kontor]
 *   current=default
 *
 *   [profile default]
 *   url=http://127.0.0.1:8420
 *   key=sk_test_…
 */
#include "core/client/profile.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/client/address.h"
#include "core/client/client-error.h"
#include "core/client/secret.h"

#define KEYRING "keyring"
#define GENERAL "kontor"
#define GROUP_PREFIX "profile "
#define SESSION_PREFIX "kses_"

struct _KontorProfiles
{
  GKeyFile   *file;
  char       *path;
  KontorStore store;
};

/* ------------------------------------------------------------------------- one profile's parts -- */

/**
 * kontor_profile_free:
 * @profile: (transfer full): a profile
 *
 * Overwrites the key before it lets go of it.
 */
void
kontor_profile_free (KontorProfile *profile)
{
  if (profile->key != NULL)
    explicit_bzero (profile->key, strlen (profile->key));
  g_free (profile->name);
  g_free (profile->url);
  g_free (profile->key);
  g_free (profile->account);
  g_free (profile->account_name);
  g_free (profile->email);
  g_free (profile->role);
  g_free (profile->session);
  g_free (profile);
}

/**
 * kontor_profile_is_local:
 * @url: of a server
 *
 * Returns: whether it runs on this machine, so that what is sent leaves it on no wire of the network
 */
gboolean
kontor_profile_is_local (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  return g_strcmp0 (host, "localhost") == 0
         || (address != NULL && g_inet_address_get_is_loopback (address));
}

/**
 * kontor_profile_needs_no_key:
 * @url: of a server
 *
 * Returns: whether a program there has a key of its own for requests that bring none
 */
gboolean
kontor_profile_needs_no_key (const char *url)
{
  return g_str_has_prefix (url, "ssh://");
}

/**
 * kontor_profile_is_person:
 * @profile: a profile
 *
 * Returns: whether somebody signed in, rather than gave an API key: then each request has to name
 *   account and mode
 */
gboolean
kontor_profile_is_person (const KontorProfile *profile)
{
  return profile->key != NULL && g_str_has_prefix (profile->key, SESSION_PREFIX);
}

/**
 * kontor_profile_remedy:
 * @profile: a profile whose key the server does not want any more
 *
 * Returns: (transfer full): a sentence that says what to type
 */
char *
kontor_profile_remedy (const KontorProfile *profile)
{
  gboolean is_named = *profile->name != '\0'
                      && !g_str_equal (profile->name, KONTOR_PROFILE_DEFAULT);
  g_autoptr (GString) words = g_string_new ("kontor login");

  if (profile->email != NULL)
    g_string_append_printf (words, " --email %s", profile->email);
  if (profile->email != NULL && profile->livemode)
    g_string_append (words, " --live");
  if (is_named)
    g_string_append_printf (words, " --profile %s", profile->name);
  return g_strdup_printf (_ ("Sign in again: %s"), words->str);
}

/* The scheme that @text would have if it named one: this machine is asked in the clear. */
static const char *
likely_scheme (const char *text)
{
  g_autofree char *guess = g_strconcat ("http://", text, NULL);

  return kontor_profile_is_local (guess) ? "http://" : "https://";
}

/**
 * kontor_profile_url:
 * @text: an address as a person types it: "localhost:8420", "https://pay.example.com/",
 *   "ssh://pay.example.com", "unix:/run/kontor.sock"
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Without a scheme, this machine is asked by http and any other by https.
 *
 * Returns: (transfer full) (nullable): the address with its scheme and without a slash at its end
 */
char *
kontor_profile_url (const char *text, GError **error)
{
  gboolean has_scheme = strstr (text, "://") != NULL || g_str_has_prefix (text, "unix:/");
  g_autofree char *url = g_strconcat (has_scheme ? "" : likely_scheme (text), text, NULL);
  g_autoptr (KontorAddress) address = kontor_address_parse (url, error);

  if (address == NULL)
    return NULL;
  for (gsize length = strlen (url); length > 0 && url[length - 1] == '/'; length--)
    url[length - 1] = '\0';
  if (g_str_has_suffix (url, "/v1"))
    url[strlen (url) - strlen ("/v1")] = '\0';
  return g_steal_pointer (&url);
}

/**
 * kontor_profile_name_check:
 * @name: of a profile
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: whether a profile may be named so
 */
gboolean
kontor_profile_name_check (const char *name, GError **error)
{
  gsize good = strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.");

  if (good > 0 && good <= 64 && name[good] == '\0')
    return TRUE;
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
               _ ("“%s” is no name for a profile: 1 to 64 letters, digits, “-”, “_” or “.”."),
               name);
  return FALSE;
}

/**
 * kontor_profile_key_check:
 * @key: an API key
 * @livemode: (out): whether it moves real money
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING, which does not hold the key
 *
 * Returns: whether @key looks like a key
 */
gboolean
kontor_profile_key_check (const char *key, gboolean *livemode, GError **error)
{
  static const struct
  {
    const char *prefix;
    gboolean    livemode;
  } kinds[] = {
    { "sk_test_", FALSE }, { "rk_test_", FALSE }, { "pk_test_", FALSE },
    { "sk_live_", TRUE },  { "rk_live_", TRUE },  { "pk_live_", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize length = strlen (kinds[i].prefix);

      if (!g_str_has_prefix (key, kinds[i].prefix) || key[length] == '\0'
          || key[strspn (key, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")] != '\0')
        continue;
      *livemode = kinds[i].livemode;
      return TRUE;
    }
  g_set_error_literal (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                       _ ("This is no API key: one begins with sk_test_, sk_live_, rk_test_ or "
                          "rk_live_."));
  return FALSE;
}

/**
 * kontor_profile_masked:
 * @key: (nullable): an API key or a session's token
 *
 * Returns: (transfer full) (nullable): as much of it as may be shown: "sk_test_…a1b2"; %NULL for none
 */
char *
kontor_profile_masked (const char *key)
{
  const char *mode = key != NULL ? strchr (key, '_') : NULL;
  gboolean is_session = key != NULL && g_str_has_prefix (key, SESSION_PREFIX);
  const char *secret = is_session ? mode : mode != NULL ? strchr (mode + 1, '_') : NULL;
  gsize length = key != NULL ? strlen (key) : 0;

  if (key == NULL)
    return NULL;

  if (secret == NULL || strlen (secret) < 13)
    return g_strdup ("…");
  return g_strdup_printf ("%.*s…%s", (int) (secret - key) + 1, key, key + length - 4);
}

/* --------------------------------------------------------------------------------- the file -- */

static char *
group_of (const char *name)
{
  return g_strconcat (GROUP_PREFIX, name, NULL);
}

/**
 * kontor_profiles_load:
 * @error: return location for a %KONTOR_CLIENT_ERROR_PROFILE
 *
 * Returns: (transfer full) (nullable): what the configuration file says; nothing when there is none
 */
KontorProfiles *
kontor_profiles_load (GError **error)
{
  g_autoptr (KontorProfiles) profiles = g_new0 (KontorProfiles, 1);
  g_autoptr (GError) problem = NULL;

  profiles->file = g_key_file_new ();
  profiles->path = g_build_filename (g_get_user_config_dir (), "kontor", "config.ini", NULL);
  if (g_key_file_load_from_file (profiles->file, profiles->path, G_KEY_FILE_KEEP_COMMENTS, &problem)
      || g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&profiles);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE, _ ("%s cannot be read: %s"),
               profiles->path, problem->message);
  return NULL;
}

/**
 * kontor_profiles_free:
 * @profiles: (transfer full): profiles
 */
void
kontor_profiles_free (KontorProfiles *profiles)
{
  g_key_file_unref (profiles->file);
  g_free (profiles->path);
  g_free (profiles);
}

/**
 * kontor_profiles_path:
 * @profiles: profiles
 *
 * Returns: (transfer none): where they are kept
 */
const char *
kontor_profiles_path (const KontorProfiles *profiles)
{
  return profiles->path;
}

static gboolean
save_failed (const KontorProfiles *profiles, const char *why, GError **error)
{
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
               _ ("%s cannot be written: %s"), profiles->path, why);
  return FALSE;
}

/* A new file takes the old one's place, so that a full disk costs no key. */
static gboolean
save (const KontorProfiles *profiles, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (profiles->path);
  gsize length;
  g_autofree char *text = g_key_file_to_data (profiles->file, &length, NULL);
  g_autoptr (GError) problem = NULL;
  gboolean done;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return save_failed (profiles, g_strerror (errno), error);
  done = g_file_set_contents_full (profiles->path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &problem);
  explicit_bzero (text, length);
  if (!done)
    return save_failed (profiles, problem->message, error);
  /* a file that was there before keeps its mode otherwise */
  if (g_chmod (profiles->path, 0600) < 0)
    return save_failed (profiles, g_strerror (errno), error);
  return TRUE;
}

/**
 * kontor_profiles_names:
 * @profiles: profiles
 *
 * Returns: (transfer full): their names, in the order of the file
 */
char **
kontor_profiles_names (const KontorProfiles *profiles)
{
  g_auto (GStrv) groups = g_key_file_get_groups (profiles->file, NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], GROUP_PREFIX))
      g_strv_builder_add (names, groups[i] + strlen (GROUP_PREFIX));
  return g_strv_builder_end (names);
}

/**
 * kontor_profiles_current:
 * @profiles: profiles
 *
 * Returns: (transfer none): the name of the one that counts when none is named
 */
const char *
kontor_profiles_current (const KontorProfiles *profiles)
{
  g_autofree char *name = g_key_file_get_string (profiles->file, GENERAL, "current", NULL);

  return g_intern_string (name != NULL && *name != '\0' ? name : KONTOR_PROFILE_DEFAULT);
}

static char *
member (const KontorProfiles *profiles, const char *group, const char *name)
{
  return g_key_file_get_string (profiles->file, group, name, NULL);
}

/* A key tells its mode; of a session, and without a key, it stands in the file. */
static gboolean
find_mode (const KontorProfiles *profiles, const char *group, KontorProfile *profile)
{
  g_autoptr (GError) error = NULL;

  if (profile->key != NULL && !kontor_profile_is_person (profile))
    return kontor_profile_key_check (profile->key, &profile->livemode, NULL);
  profile->livemode = g_key_file_get_boolean (profiles->file, group, "livemode", &error);
  return error == NULL && (profile->key != NULL || kontor_profile_needs_no_key (profile->url));
}

/* The file names the place of a key that it does not hold. */
static gboolean
find_key (const KontorProfiles *profiles, const char *group, KontorProfile *profile, GError **error)
{
  g_autofree char *store = member (profiles, group, "store");
  g_autoptr (GError) problem = NULL;

  profile->key = member (profiles, group, "key");
  if (profile->key != NULL || g_strcmp0 (store, KEYRING) != 0)
    return TRUE;
  profile->key = kontor_secret_find (profiles->path, profile->name, &problem);
  if (profile->key != NULL)
    return TRUE;
  g_set_error (
      error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
      _ ("The key of “%s” is in the Secret Service, which does not give it now%s%s: unlock it,"
         " or sign in again with “kontor login --store=file”."),
      profile->name, problem != NULL ? ", " : "", problem != NULL ? problem->message : "");
  return FALSE;
}

/**
 * kontor_profiles_find:
 * @profiles: profiles
 * @name: of a profile
 * @error: return location for a %KONTOR_CLIENT_ERROR_PROFILE
 *
 * Returns: (transfer full) (nullable): that profile, as it stands in the file
 */
KontorProfile *
kontor_profiles_find (const KontorProfiles *profiles, const char *name, GError **error)
{
  g_autofree char *group = group_of (name);
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1);

  profile->name = g_strdup (name);
  profile->url = member (profiles, group, "url");
  if (!find_key (profiles, group, profile, error))
    return NULL;
  profile->account = member (profiles, group, "account");
  profile->account_name = member (profiles, group, "account_name");
  profile->email = member (profiles, group, "email");
  profile->role = member (profiles, group, "role");
  profile->session = member (profiles, group, "session");
  profile->expires = g_key_file_get_int64 (profiles->file, group, "expires", NULL);
  if (profile->url != NULL && find_mode (profiles, group, profile))
    return g_steal_pointer (&profile);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
               g_key_file_has_group (profiles->file, group)
                   ? _ ("The profile “%s” is not complete; sign in again with “kontor login”.")
                   : _ ("There is no profile “%s”; make it with “kontor login”."),
               name);
  return NULL;
}

/* --------------------------------------------------------------------------- which one counts -- */

/* What was said on the command line, else in the environment, else %NULL; "" counts as nothing. */
static const char *
said (const char *option, const char *variable)
{
  const char *text = option != NULL ? option : g_getenv (variable);

  return text != NULL && *text != '\0' ? text : NULL;
}

static void
replace (char **member, const char *text)
{
  g_free (*member);
  *member = g_strdup (text);
}

static KontorProfile *
profile_without_file (void)
{
  KontorProfile *profile = g_new0 (KontorProfile, 1);

  profile->name = g_strdup ("");
  profile->url = g_strdup (KONTOR_PROFILE_DEFAULT_URL);
  return profile;
}

static gboolean
take_key (KontorProfile *profile, const char *key, GError **error)
{
  if (!kontor_profile_key_check (key, &profile->livemode, error))
    return FALSE;
  replace (&profile->key, key);
  g_clear_pointer (&profile->account, g_free);
  g_clear_pointer (&profile->account_name, g_free);
  g_clear_pointer (&profile->email, g_free);
  g_clear_pointer (&profile->role, g_free);
  g_clear_pointer (&profile->session, g_free);
  profile->expires = 0;
  return TRUE;
}

/* A stored key goes to the server that it was stored for and to no other. */
static gboolean
take_url (KontorProfile *profile, const char *url, gboolean has_key, GError **error)
{
  g_autofree char *clean = kontor_profile_url (url, error);

  if (clean == NULL)
    return FALSE;
  if (!has_key && g_strcmp0 (clean, profile->url) != 0)
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
                   _ ("The key of the profile “%s” is for %s and is not sent to %s; give a key "
                      "for that server too."),
                   profile->name, profile->url, clean);
      return FALSE;
    }
  replace (&profile->url, clean);
  return TRUE;
}

/**
 * kontor_profiles_in_force:
 * @profiles: profiles
 * @name: (nullable): of a profile, as the command line says; else KONTOR_PROFILE counts
 * @key: (nullable): likewise, else KONTOR_API_KEY
 * @url: (nullable): likewise, else KONTOR_URL
 * @error: return location for a #KontorClientError
 *
 * Returns: (transfer full) (nullable): server and key to work with; the name is "" when they come of
 *   no profile
 */
KontorProfile *
kontor_profiles_in_force (const KontorProfiles *profiles,
                          const char *name,
                          const char *key,
                          const char *url,
                          GError **error)
{
  g_autoptr (KontorProfile) profile = NULL;
  g_autoptr (GError) problem = NULL;
  const char *wanted = said (name, "KONTOR_PROFILE");

  key = said (key, "KONTOR_API_KEY");
  url = said (url, "KONTOR_URL");
  profile = kontor_profiles_find (
      profiles, wanted != NULL ? wanted : kontor_profiles_current (profiles), &problem);
  if (profile == NULL && (wanted != NULL || key == NULL))
    {
      g_auto (GStrv) names = kontor_profiles_names (profiles);

      if (wanted == NULL && names[0] == NULL)
        g_set_error_literal (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
                             _ ("You are not signed in; do so with “kontor login”."));
      else
        g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (profile == NULL)
    profile = profile_without_file ();
  if (key != NULL && !take_key (profile, key, error))
    return NULL;
  if (url != NULL && !take_url (profile, url, key != NULL, error))
    return NULL;
  return g_steal_pointer (&profile);
}

/* ------------------------------------------------------------------------------------ changes -- */

static void
set_member (KontorProfiles *profiles, const char *group, const char *name, const char *value)
{
  if (value != NULL)
    g_key_file_set_string (profiles->file, group, name, value);
  else
    g_key_file_remove_key (profiles->file, group, name, NULL);
}

/**
 * kontor_profiles_set_store:
 * @profiles: profiles
 * @store: where keys are kept that are put from now on
 */
void
kontor_profiles_set_store (KontorProfiles *profiles, KontorStore store)
{
  profiles->store = store;
}

/* The key is in one place only: in the ring, and else in the file. */
static gboolean
put_key (KontorProfiles *profiles, const char *group, const KontorProfile *profile, GError **error)
{
  gboolean in_ring = profile->key != NULL && profiles->store != KONTOR_STORE_FILE
                     && (profiles->store == KONTOR_STORE_KEYRING || kontor_secret_can_keep ());
  g_autofree char *before = member (profiles, group, "store");
  g_autoptr (GError) problem = NULL;

  if (in_ring && !kontor_secret_keep (profiles->path, profile->name, profile->key, &problem))
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
                   _ ("The Secret Service does not take the key: %s"), problem->message);
      return FALSE;
    }
  if (!in_ring && g_strcmp0 (before, KEYRING) == 0)
    (void) kontor_secret_forget (profiles->path, profile->name, NULL);
  set_member (profiles, group, "store", in_ring ? KEYRING : NULL);
  set_member (profiles, group, "key", in_ring ? NULL : profile->key);
  return TRUE;
}

/**
 * kontor_profiles_put:
 * @profiles: profiles
 * @profile: a profile
 * @error: return location for a #KontorClientError
 *
 * Stores a profile, instead of the one of its name if there is one, and makes it the current one.
 *
 * Returns: whether it is on disk
 */
gboolean
kontor_profiles_put (KontorProfiles *profiles, const KontorProfile *profile, GError **error)
{
  g_autofree char *group = group_of (profile->name);
  gboolean tells_mode = profile->key != NULL && !kontor_profile_is_person (profile);

  set_member (profiles, group, "url", profile->url);
  if (!put_key (profiles, group, profile, error))
    return FALSE;
  set_member (profiles, group, "livemode",
              tells_mode          ? NULL
              : profile->livemode ? "true"
                                  : "false");
  set_member (profiles, group, "account", profile->account);
  set_member (profiles, group, "account_name", profile->account_name);
  set_member (profiles, group, "email", profile->email);
  set_member (profiles, group, "role", profile->role);
  set_member (profiles, group, "session", profile->session);
  if (profile->expires != 0)
    g_key_file_set_int64 (profiles->file, group, "expires", profile->expires);
  else
    g_key_file_remove_key (profiles->file, group, "expires", NULL);
  g_key_file_set_string (profiles->file, GENERAL, "current", profile->name);
  return save (profiles, error);
}

/**
 * kontor_profiles_use:
 * @profiles: profiles
 * @name: of a profile
 * @error: return location for a %KONTOR_CLIENT_ERROR_PROFILE
 *
 * Makes it the current one.
 *
 * Returns: whether that is on disk
 */
gboolean
kontor_profiles_use (KontorProfiles *profiles, const char *name, GError **error)
{
  g_autoptr (KontorProfile) profile = kontor_profiles_find (profiles, name, error);

  if (profile == NULL)
    return FALSE;
  g_key_file_set_string (profiles->file, GENERAL, "current", name);
  return save (profiles, error);
}

/**
 * kontor_profiles_remove:
 * @profiles: profiles
 * @name: of a profile
 * @error: return location for a %KONTOR_CLIENT_ERROR_PROFILE
 *
 * Forgets it and its key. If it was the current one, the first that is left becomes that.
 *
 * Returns: whether it is gone from the disk
 */
gboolean
kontor_profiles_remove (KontorProfiles *profiles, const char *name, GError **error)
{
  g_autofree char *group = group_of (name), *store = member (profiles, group, "store");
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) problem = NULL;

  if (g_strcmp0 (store, KEYRING) == 0 && !kontor_secret_forget (profiles->path, name, &problem))
    return save_failed (profiles, problem->message, error);
  if (!g_key_file_remove_group (profiles->file, group, NULL))
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE,
                   _ ("There is no profile “%s”."), name);
      return FALSE;
    }
  names = kontor_profiles_names (profiles);
  if (g_str_equal (kontor_profiles_current (profiles), name))
    g_key_file_set_string (profiles->file, GENERAL, "current",
                           names[0] != NULL ? names[0] : KONTOR_PROFILE_DEFAULT);
  return save (profiles, error);
}
