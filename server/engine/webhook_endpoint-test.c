/* webhook_endpoint-test.c: what an endpoint is sent, and what happens when it is stopped. */
#include "server/engine/webhook_endpoint.h"

#include <string.h>

#include "server/acquirers/simulator.h"
#include "server/engine/event.h"
#include "server/engine/outbox.h"
#include "server/engine/test-fixture.h"
#include "server/engine/webhook-secret.h"
#include "server/store/outbox.h"

typedef struct
{
  KontorFixture *fixture;
  KontorVault    vault;
} Place;

static void
set_up (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  place->fixture = kontor_fixture_new (kontor_simulator ());
  g_assert_true (kontor_vault_open (&place->vault, place->fixture->data_dir, &error));
}

static void
tear_down (Place *place, gconstpointer unused)
{
  kontor_vault_close (&place->vault);
  kontor_fixture_free (place->fixture);
}

static KontorWebhookEndpoint *
make (Place *place, const char *form)
{
  const KontorResource *resource = &kontor_webhook_endpoint_resource;
  KontorTx *tx = kontor_fixture_begin (place->fixture);
  KontorWebhookEndpoint *endpoint = kontor_tx_new (tx, resource);
  KontorError error = { 0 };

  kontor_params_apply (&resource->shape, KONTOR_IN_CREATE,
                       kontor_fixture_params (place->fixture, resource, KONTOR_IN_CREATE, form),
                       tx->arena, endpoint);
  g_assert_true (kontor_webhook_endpoint_add (tx, &place->vault, endpoint,
                                              &kontor_webhook_endpoint_names, &error));
  kontor_fixture_commit (place->fixture);
  return endpoint;
}

static KontorWebhookEndpoint *
make_for_all (Place *place)
{
  return make (place, "url=https://example.com/hooks&enabled_events[]=*");
}

/* As the database has it. */
static KontorWebhookEndpoint *
again (Place *place, const KontorWebhookEndpoint *endpoint, KontorTx **tx)
{
  *tx = kontor_fixture_begin (place->fixture);
  return kontor_tx_get (*tx, &kontor_webhook_endpoint_resource, endpoint->head.id);
}

static guint64
bit_of (const char *event)
{
  return G_GUINT64_CONSTANT (1) << kontor_event_number (event);
}

static gint64
count (Place *place, const char *sql)
{
  gint64 n = -1;

  g_assert_true (kontor_store_integer (place->fixture->store, sql, &n, NULL));
  return n;
}

static void
test_is_sent_what_it_asks_for (Place *place, gconstpointer unused)
{
  const KontorWebhookEndpoint *some
      = make (place, "url=https://example.com&enabled_events[]=charge.succeeded"
                     "&enabled_events[]=refund.*");
  const KontorWebhookEndpoint *none
      = make (place, "url=https://example.com&enabled_events[]=invoice.paid");
  const KontorWebhookEndpoint *others
      = make (place, "url=https://example.com&enabled_events[]=*&connect=true");

  g_assert_cmphex (kontor_webhook_endpoint_mask (some), ==,
                   bit_of ("charge.succeeded") | bit_of ("refund.created")
                       | bit_of ("refund.failed") | bit_of ("refund.updated"));
  g_assert_cmphex (kontor_webhook_endpoint_mask (none), ==, 0);
  g_assert_cmphex (kontor_webhook_endpoint_mask (others), ==, 0);
}

static void
test_its_secret_is_in_no_version (Place *place, gconstpointer unused)
{
  const KontorWebhookEndpoint *endpoint = make_for_all (place);
  KontorTx *tx;

  g_assert_nonnull (endpoint->secret);
  g_assert_null (again (place, endpoint, &tx)->secret);
  kontor_fixture_discard (place->fixture);
  g_assert_cmpint (count (place, "SELECT count(*) FROM versions WHERE body LIKE '%whsec%'"), ==, 0);
  g_assert_cmpint (count (place, "SELECT count(*) FROM webhook_secrets"
                                 " WHERE instr(sealed, CAST('whsec' AS BLOB)) > 0"),
                   ==, 0);
  g_assert_cmpint (count (place, "SELECT count(*) FROM webhook_secrets"), ==, 1);
}

static void
test_people_are_told_when_the_server_stops_it (Place *place, gconstpointer unused)
{
  KontorWebhookEndpoint *endpoint = make_for_all (place);
  KontorTx *tx;

  make_for_all (place);
  kontor_fixture_events (place->fixture);
  endpoint = again (place, endpoint, &tx);
  kontor_webhook_endpoint_disable (tx, endpoint, "failing");
  kontor_webhook_endpoint_disable (tx, endpoint, "gone");
  kontor_fixture_commit (place->fixture);
  g_assert_cmpstr (kontor_fixture_events (place->fixture), ==, "kontor.webhook_endpoint.disabled");
  g_assert_cmpint (count (place, "SELECT count(*) FROM notices WHERE dismissed IS NULL"
                                 " AND message LIKE '%https://example.com/hooks%'"),
                   ==, 1);
  g_assert_cmpint (count (place, "SELECT count(*) FROM webhook_outbox"), ==, 1);
  g_assert_cmpstr (endpoint->status, ==, "disabled");
  g_assert_cmpstr (endpoint->disabled_reason, ==, "failing");
  g_assert_cmphex (kontor_webhook_endpoint_mask (endpoint), ==, 0);

  endpoint = again (place, endpoint, &tx);
  kontor_webhook_endpoint_enable (tx, endpoint);
  kontor_fixture_commit (place->fixture);
  g_assert_null (endpoint->disabled_reason);
  g_assert_cmpint (endpoint->disabled_at, ==, KONTOR_NONE);
  g_assert_cmphex (kontor_webhook_endpoint_mask (endpoint), !=, 0);
}

static void
disable (Place *place, const KontorWebhookEndpoint *made)
{
  KontorTx *tx;
  KontorWebhookEndpoint *endpoint = again (place, made, &tx);

  kontor_webhook_endpoint_disable (tx, endpoint, "failing");
  kontor_fixture_commit (place->fixture);
}

/* Who reads the outbox asks for what comes after the last that was seen. */
static void
test_a_number_of_the_outbox_is_not_used_again (Place *place, gconstpointer unused)
{
  const KontorWebhookEndpoint *one = make_for_all (place), *two = make_for_all (place);
  gint64 seen;

  disable (place, one);
  seen = count (place, "SELECT max(number) FROM webhook_outbox");
  g_assert_true (kontor_store_outbox_delete (place->fixture->store, 1, seen, NULL));
  disable (place, two);
  g_assert_cmpint (count (place, "SELECT min(number) FROM webhook_outbox"), >, seen);
}

static void
test_who_stops_it_need_not_be_told (Place *place, gconstpointer unused)
{
  KontorWebhookEndpoint *endpoint = make_for_all (place);
  KontorTx *tx;

  kontor_fixture_events (place->fixture);
  endpoint = again (place, endpoint, &tx);
  kontor_webhook_endpoint_disable (tx, endpoint, "user");
  kontor_fixture_commit (place->fixture);
  g_assert_cmpstr (endpoint->disabled_reason, ==, "user");
  g_assert_cmpstr (kontor_fixture_events (place->fixture), ==, "");
  g_assert_cmpint (count (place, "SELECT count(*) FROM notices"), ==, 0);
}

static void
test_a_deleted_one_signs_no_more (Place *place, gconstpointer unused)
{
  KontorWebhookEndpoint *endpoint = make_for_all (place);
  KontorError error = { 0 };
  KontorTx *tx;

  endpoint = again (place, endpoint, &tx);
  kontor_webhook_endpoint_delete (tx, endpoint);
  kontor_fixture_commit (place->fixture);
  g_assert_cmphex (kontor_webhook_endpoint_mask (endpoint), ==, 0);
  g_assert_cmpint (count (place, "SELECT count(*) FROM webhook_secrets"), ==, 0);
  tx = kontor_fixture_begin (place->fixture);
  g_assert_null (kontor_webhook_endpoint_require (tx, endpoint->head.id, &error));
  g_assert_cmpint (error.info->status, ==, 404);
  kontor_fixture_discard (place->fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/webhook_endpoint/" name, Place, NULL, set_up, function, tear_down)
  ADD ("is-sent-what-it-asks-for", test_is_sent_what_it_asks_for);
  ADD ("its-secret-is-in-no-version", test_its_secret_is_in_no_version);
  ADD ("people-are-told-when-the-server-stops-it", test_people_are_told_when_the_server_stops_it);
  ADD ("a-number-of-the-outbox-is-not-used-again", test_a_number_of_the_outbox_is_not_used_again);
  ADD ("who-stops-it-need-not-be-told", test_who_stops_it_need_not_be_told);
  ADD ("a-deleted-one-signs-no-more", test_a_deleted_one_signs_no_more);
#undef ADD
  return g_test_run ();
}
