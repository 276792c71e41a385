/* profile-test.c: which servers and accounts a person works with, and their keys. */
#include "core/client/profile.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "core/client/client-error.h"

#define KEY "sk_test_0123456789abcdef"
#define OTHER_KEY "rk_live_fedcba9876543210"

static void
forget_environment (void)
{
  g_unsetenv ("KONTOR_PROFILE");
  g_unsetenv ("KONTOR_API_KEY");
  g_unsetenv ("KONTOR_URL");
  /* whoever runs the tests has keys of their own */
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_setenv ("XDG_RUNTIME_DIR", "/nowhere", TRUE);
}

static void
test_urls (void)
{
  static const struct
  {
    const char *typed, *url; /* %NULL: refused */
  } rows[] = {
    { "https://pay.example.com", "https://pay.example.com" },
    { "https://pay.example.com/", "https://pay.example.com" },
    { "https://pay.example.com/v1/", "https://pay.example.com" },
    { "https://example.com/kontor", "https://example.com/kontor" },
    { "pay.example.com", "https://pay.example.com" },
    { "localhost:8420", "http://localhost:8420" },
    { "127.0.0.1:8420", "http://127.0.0.1:8420" },
    { "[::1]:8420", "http://[::1]:8420" },
    { "192.168.1.5:8420", "https://192.168.1.5:8420" },
    { "ftp://example.com", NULL },
    { "https://", NULL },
    { "https://me:secret@example.com", NULL },
    { "https://example.com?a=b", NULL },
    { "", NULL },
    { "two words", NULL },
    { "ssh://pay.example.com", "ssh://pay.example.com" },
    { "ssh://me@pay.example.com:2222/", "ssh://me@pay.example.com:2222" },
    { "ssh://[fd00::7]", "ssh://[fd00::7]" },
    { "unix:/run/kontor.sock", "unix:/run/kontor.sock" },
    { "ssh://-oProxyCommand=id", NULL },
    { "ssh://-lroot@pay.example.com", NULL },
    { "ssh://me:secret@pay.example.com", NULL },
    { "ssh://pay.example.com/etc", NULL },
    { "ssh://pay%20example.com", NULL },
    { "ssh://pay.example.com;id", NULL },
    { "ssh://$(id)", NULL },
    { "https://pay.example.com:0", NULL },
    { "unix:relative.sock", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url = kontor_profile_url (rows[i].typed, &error);

      g_assert_cmpstr (url, ==, rows[i].url);
      if (rows[i].url == NULL)
        g_assert_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING);
    }
}

static void
test_keys (void)
{
  g_autofree char *masked = kontor_profile_masked (KEY),
                  *brief = kontor_profile_masked ("sk_test_abc");
  gboolean livemode = TRUE;

  g_assert_true (kontor_profile_key_check (KEY, &livemode, NULL));
  g_assert_false (livemode);
  g_assert_true (kontor_profile_key_check (OTHER_KEY, &livemode, NULL));
  g_assert_true (livemode);
  g_assert_false (kontor_profile_key_check ("sk_test_", &livemode, NULL));
  g_assert_false (kontor_profile_key_check ("sk_test_a\r\nX: y", &livemode, NULL));
  g_assert_false (kontor_profile_key_check ("hello", &livemode, NULL));
  g_assert_cmpstr (masked, ==, "sk_test_…cdef");
  g_assert_cmpstr (brief, ==, "…");
  g_assert_true (kontor_profile_name_check ("prod-eu.1", NULL));
  g_assert_false (kontor_profile_name_check ("a]b", NULL));
  g_assert_false (kontor_profile_name_check ("", NULL));
}

static void
put (const char *name, const char *url, const char *key)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (NULL);
  g_autoptr (KontorProfile) profile = g_new0 (KontorProfile, 1);
  g_autoptr (GError) error = NULL;

  profile->name = g_strdup (name);
  profile->url = g_strdup (url);
  profile->key = g_strdup (key);
  kontor_profiles_put (profiles, profile, &error);
  g_assert_no_error (error);
}

static void
test_file (void)
{
  g_autoptr (KontorProfiles) profiles = NULL;
  g_autoptr (KontorProfile) found = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  struct stat state;

  put ("default", "http://127.0.0.1:1", KEY);
  put ("live", "https://pay.example.com", OTHER_KEY);
  profiles = kontor_profiles_load (&error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (kontor_profiles_path (profiles), &state), ==, 0);
  g_assert_cmpint (state.st_mode & 0777, ==, 0600);
  g_assert_cmpstr (kontor_profiles_current (profiles), ==, "live");
  g_assert_true (kontor_profiles_use (profiles, "default", NULL));
  g_assert_false (kontor_profiles_use (profiles, "nobody", &error));
  g_assert_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_PROFILE);
  found = kontor_profiles_find (profiles, "live", NULL);
  g_assert_true (found->livemode);
  names = kontor_profiles_names (profiles);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_true (kontor_profiles_remove (profiles, "default", NULL));
  g_assert_false (kontor_profiles_remove (profiles, "default", NULL));
  g_assert_cmpstr (kontor_profiles_current (profiles), ==, "live");
  g_assert_true (kontor_profiles_remove (profiles, "live", NULL));
}

/* Where a server is reached through ssh, that machine has the key. */
static void
test_without_key (void)
{
  g_autoptr (KontorProfiles) profiles = NULL;
  g_autoptr (KontorProfile) far = NULL, near = NULL;

  put ("far", "ssh://pay.example.com", NULL);
  put ("near", "https://pay.example.com", NULL);
  profiles = kontor_profiles_load (NULL);
  far = kontor_profiles_find (profiles, "far", NULL);
  g_assert_nonnull (far);
  g_assert_null (far->key);
  g_assert_false (far->livemode);
  near = kontor_profiles_find (profiles, "near", NULL);
  g_assert_null (near);
  g_assert_true (kontor_profiles_remove (profiles, "far", NULL));
  g_assert_true (kontor_profiles_remove (profiles, "near", NULL));
}

/* A line per case: what is said where, and which server and key then count. */
static void
test_in_force (void)
{
  static const struct
  {
    const char *profile, *key, *url;             /* on the command line */
    const char *env_profile, *env_key, *env_url; /* in the environment */
    const char *used_url, *used_key;             /* %NULL: refused */
  } rows[] = {
    { .used_url = "http://127.0.0.1:1", .used_key = KEY },
    { .profile = "live", .used_url = "https://pay.example.com", .used_key = OTHER_KEY },
    { .env_profile = "live", .used_url = "https://pay.example.com", .used_key = OTHER_KEY },
    { .profile = "default",
      .env_profile = "live",
      .used_url = "http://127.0.0.1:1",
      .used_key = KEY },
    { .key = OTHER_KEY, .used_url = "http://127.0.0.1:1", .used_key = OTHER_KEY },
    { .env_key = OTHER_KEY,
      .env_url = "https://a.example",
      .used_url = "https://a.example",
      .used_key = OTHER_KEY },
    { .env_url = "http://127.0.0.1:1/", .used_url = "http://127.0.0.1:1", .used_key = KEY },
    { .env_url = "https://a.example" },
    { .url = "https://a.example" },
    { .profile = "nobody" },
    { .profile = "nobody", .env_key = KEY },
    { .env_key = "nonsense" },
  };

  put ("live", "https://pay.example.com", OTHER_KEY);
  put ("default", "http://127.0.0.1:1", KEY);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (KontorProfiles) profiles = kontor_profiles_load (NULL);
      g_autoptr (KontorProfile) used = NULL;

      forget_environment ();
      g_setenv ("KONTOR_PROFILE", rows[i].env_profile != NULL ? rows[i].env_profile : "", TRUE);
      g_setenv ("KONTOR_API_KEY", rows[i].env_key != NULL ? rows[i].env_key : "", TRUE);
      g_setenv ("KONTOR_URL", rows[i].env_url != NULL ? rows[i].env_url : "", TRUE);
      used = kontor_profiles_in_force (profiles, rows[i].profile, rows[i].key, rows[i].url, NULL);
      g_assert_cmpstr (used != NULL ? used->url : NULL, ==, rows[i].used_url);
      g_assert_cmpstr (used != NULL ? used->key : NULL, ==, rows[i].used_key);
    }
  forget_environment ();
}

static void
forget_file (const char *home)
{
  g_autofree char *folder = g_build_filename (home, "kontor", NULL);
  g_autofree char *file = g_build_filename (folder, "config.ini", NULL);

  g_remove (file);
  g_rmdir (folder);
}

/* GLib's own way of giving each test a home is reported as a leak, of GLib's. */
int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("kontor-profile-XXXXXX", NULL);
  int failed;

  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  forget_environment ();
  g_test_add_func ("/profile/reads-addresses-as-people-type-them", test_urls);
  g_test_add_func ("/profile/knows-keys-and-shows-none-whole", test_keys);
  g_test_add_func ("/profile/keeps-its-file-private", test_file);
  g_test_add_func ("/profile/needs-no-key-behind-ssh", test_without_key);
  g_test_add_func ("/profile/sends-a-key-to-its-own-server-only", test_in_force);
  failed = g_test_run ();
  forget_file (home);
  g_rmdir (home);
  return failed;
}
