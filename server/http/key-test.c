/* key-test.c: what an API key looks like, and what is known of it afterwards. */
#include "server/http/key.h"

#include <string.h>

#include "server/http/auth.h"

static const guint8 hash_key[32] = "a key for a test";

static void
test_says_kind_and_mode_and_nothing_twice (void)
{
  static const struct
  {
    int type;
    guint scope;
    const char *prefix;
  } cases[] = {
    { KONTOR_KEY_SECRET, 2, "sk_test_" },
    { KONTOR_KEY_SECRET, 3, "sk_live_" },
    { KONTOR_KEY_PUBLISHABLE, 2, "pk_test_" },
    { KONTOR_KEY_RESTRICTED, 5, "rk_live_" },
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KontorKeySpec spec = { .scope = cases[i].scope, .type = cases[i].type, .name = "" };
      KontorApiKeyRow first, second;
      const char *text = kontor_key_make (&spec, hash_key, arena, &first);
      guint8 hash[32];

      g_assert_true (g_str_has_prefix (text, cases[i].prefix));
      g_assert_cmpuint (strlen (text), ==, strlen (cases[i].prefix) + KONTOR_KEY_LETTERS);
      g_assert_cmpstr (text, !=, kontor_key_make (&spec, hash_key, arena, &second));
      kontor_key_hash (hash_key, text, hash);
      g_assert_cmpmem (hash, 32, first.hash, 32);
      g_assert_null (strstr (first.hint, text + 12));
      g_assert_true (g_str_has_suffix (first.hint, text + strlen (text) - 4));
    }
}

static void
test_shows_little_of_what_was_sent (void)
{
  static const char *const cases[][2] = {
    { "sk_test_0123456789abcdef", "sk_test_****cdef" },
    { "sk_test_abc", "sk_test_****" },
    { "nonsense", "****" },
    { "", "****" },
    { "a_very_long_text_that_is_no_key", "****_key" },
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (kontor_key_hint (arena, cases[i][0]), ==, cases[i][1]);
}

static void
test_who_may_write_may_read (void)
{
  const char *unknown = NULL;
  guint64 scopes = 0;

  g_assert_true (kontor_scopes_parse ("charges_write, customers_read", &scopes, &unknown));
  g_assert_cmpuint (scopes, ==,
                    KONTOR_SCOPE_CHARGES_READ | KONTOR_SCOPE_CHARGES_WRITE
                        | KONTOR_SCOPE_REFUNDS_READ | KONTOR_SCOPE_REFUNDS_WRITE
                        | KONTOR_SCOPE_CUSTOMERS_READ);
  g_assert_true (kontor_scopes_parse (NULL, &scopes, &unknown));
  g_assert_cmpuint (scopes, ==, 0);
  g_assert_false (kontor_scopes_parse ("charges_read everything", &scopes, &unknown));
  g_assert_cmpstr (unknown, ==, "everything");
  /* Who tends people has signed in. */
  g_assert_false (kontor_scopes_parse ("people_write", &scopes, &unknown));
}

static void
test_finds_the_key_in_the_header (void)
{
  static const char *const cases[][2] = {
    { NULL, NULL },
    { "", NULL },
    { "Bearer sk_test_1", "sk_test_1" },
    { "bearer   sk_test_1 ", "sk_test_1" },
    { "Bearer", NULL },
    { "Bearer ", NULL },
    { "Basic c2tfdGVzdF8xOg==", "sk_test_1" },
    { "Basic c2tfdGVzdF8xOnB3", "sk_test_1" },
    { "BASIC c2tfdGVzdF8x", "sk_test_1" },
    { "Basic ", NULL },
    { "Basic !!!!", NULL },
    { "Basic Og==", NULL },
    { "Digest sk_test_1", NULL },
    { "sk_test_1", NULL },
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (kontor_auth_key_text (arena, cases[i][0]), ==, cases[i][1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/says-kind-and-mode-and-nothing-twice",
                   test_says_kind_and_mode_and_nothing_twice);
  g_test_add_func ("/key/shows-little-of-what-was-sent", test_shows_little_of_what_was_sent);
  g_test_add_func ("/key/who-may-write-may-read", test_who_may_write_may_read);
  g_test_add_func ("/key/is-found-in-the-header", test_finds_the_key_in_the_header);
  return g_test_run ();
}
