/* webhook-secret-test.c: which secrets sign for an endpoint, and when. */
#include "server/engine/webhook-secret.h"

#include "server/acquirers/simulator.h"
#include "server/engine/test-fixture.h"

#define ENDPOINT ((gint64) 2 << KONTOR_TICK_BITS | 77)

typedef struct
{
  KontorFixture *fixture;
  KontorVault    vault;
  GArray        *secrets;
} Place;

static void
set_up (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  place->fixture = kontor_fixture_new (kontor_simulator ());
  g_assert_true (kontor_vault_open (&place->vault, place->fixture->data_dir, &error));
  place->secrets = g_array_new (FALSE, FALSE, sizeof (KontorWebhookSecret));
}

static void
tear_down (Place *place, gconstpointer unused)
{
  g_array_unref (place->secrets);
  kontor_fixture_free (place->fixture);
}

static const char *
make (Place *place, gint64 endpoint, KontorSecretKind kind)
{
  KontorTx *tx = kontor_fixture_begin (place->fixture);
  const char *text = kontor_webhook_secret_make (tx, &place->vault, endpoint, kind);

  kontor_fixture_commit (place->fixture);
  return text;
}

/* How many sign so many seconds from now. */
static guint
count (Place *place, gint64 later, GError **error)
{
  KontorFixture *fixture = place->fixture;

  g_array_set_size (place->secrets, 0);
  kontor_webhook_secrets (fixture->store, fixture->arena, &place->vault, ENDPOINT,
                          kontor_clock_now (&fixture->clock) + later, place->secrets, error);
  return place->secrets->len;
}

static const KontorWebhookSecret *
at (Place *place, guint i)
{
  return &g_array_index (place->secrets, KontorWebhookSecret, i);
}

static void
test_the_newest_comes_first (Place *place, gconstpointer unused)
{
  const char *first = make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  const char *second = make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  g_autoptr (GError) error = NULL;

  make (place, ENDPOINT + 1, KONTOR_SECRET_HMAC);
  g_assert_null (make (place, ENDPOINT, KONTOR_SECRET_ED25519));
  g_assert_true (g_regex_match_simple ("^whsec_[0-9A-Za-z]{32}$", first, 0, 0));
  g_assert_cmpuint (count (place, 0, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_nonnull (at (place, 0)->seed);
  g_assert_null (at (place, 0)->text);
  g_assert_cmpstr (at (place, 1)->text, ==, second);
  g_assert_cmpstr (at (place, 2)->text, ==, first);
  g_assert_null (at (place, 2)->seed);
}

static void
test_an_old_one_signs_until_it_expires (Place *place, gconstpointer unused)
{
  KontorStore *store = place->fixture->store;
  gint64 now = kontor_clock_now (&place->fixture->clock);
  const char *last;

  make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  g_assert_true (kontor_store_webhook_secrets_expire (store, ENDPOINT, 0, now + 60, NULL));
  make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  /* What was to end sooner still does. */
  g_assert_true (kontor_store_webhook_secrets_expire (store, ENDPOINT, 0, now + 90, NULL));
  last = make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  g_assert_cmpuint (count (place, 59, NULL), ==, 3);
  g_assert_cmpuint (count (place, 60, NULL), ==, 2);
  g_assert_cmpuint (count (place, 90, NULL), ==, 1);
  g_assert_cmpstr (at (place, 0)->text, ==, last);
  g_assert_true (kontor_store_webhook_secrets_forget (store, ENDPOINT, now + 60, NULL));
  g_assert_cmpuint (count (place, 0, NULL), ==, 2);
}

static void
test_says_why_none_signs (Place *place, gconstpointer unused)
{
  g_autoptr (GError) none = NULL, other = NULL, mended = NULL;

  g_assert_cmpuint (count (place, 0, &none), ==, 0);
  g_assert_nonnull (strstr (none->message, "no signing secret"));
  make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  place->vault.key[0] ^= 1;
  g_assert_cmpuint (count (place, 0, &other), ==, 0);
  g_assert_nonnull (strstr (other->message, "keys/vault.key"));
  make (place, ENDPOINT, KONTOR_SECRET_HMAC);
  g_assert_cmpuint (count (place, 0, &mended), ==, 1);
  g_assert_no_error (mended);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Place, NULL, set_up, function, tear_down)
  ADD ("/webhook-secret/the-newest-comes-first", test_the_newest_comes_first);
  ADD ("/webhook-secret/an-old-one-signs-until-it-expires", test_an_old_one_signs_until_it_expires);
  ADD ("/webhook-secret/says-why-none-signs", test_says_why_none_signs);
#undef ADD
  return g_test_run ();
}
