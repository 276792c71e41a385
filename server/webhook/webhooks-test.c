/* webhooks-test.c: that events reach a receiver, in order, whatever it answers and whenever the server stops. */
#include "server/webhook/webhooks.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/network.h"
#include "server/test-world.h"
#include "server/webhook/schedule.h"

/* A receiver in a thread of its own. */
typedef struct
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *url;
  GMutex lock;
  GCond ready;
  GString *seen;      /* under lock: "type:object status" lines */
  char *headers;      /* under lock: of the last request */
  guint status;       /* under lock: what is answered, unless … */
  char *failing;      /* under lock: … the body holds this: then 500 */
} Receiver;

typedef struct
{
  KontorWorld *world;
  KontorWebhookSettings settings;
  KontorWebhooks *webhooks;
  Receiver receiver;
} Fixture;

static void
keep_header_cb (const char *name, const char *value, gpointer data)
{
  g_string_append_printf (data, "%s: %s\n", name, value);
}

/* The first value of that name after @from. */
static char *
member (const char *from, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("\"%s\":\"", name);
  const char *at = strstr (from, wanted);

  g_assert_nonnull (at);
  at += strlen (wanted);
  return g_strndup (at, strcspn (at, "\""));
}

static void
receive_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  Receiver *receiver = data;
  g_autoptr (GBytes) bytes
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *type = member (strstr (body, "\"request\""), "type");
  g_autofree char *object = member (strstr (body, "\"data\""), "id");
  GString *headers = g_string_new (NULL);
  guint status;

  soup_message_headers_foreach (soup_server_message_get_request_headers (message), keep_header_cb,
                                headers);
  g_mutex_lock (&receiver->lock);
  status = receiver->failing != NULL && strstr (body, receiver->failing) != NULL ? 500
                                                                                 : receiver->status;
  g_string_append_printf (receiver->seen, "%s %s %u\n", type, object, status);
  g_free (receiver->headers);
  receiver->headers = g_string_free (headers, FALSE);
  g_mutex_unlock (&receiver->lock);
  if (status / 100 == 3)
    soup_server_message_set_redirect (message, status, "/elsewhere");
  soup_server_message_set_status (message, status, NULL);
}

static gpointer
receiver_thread (gpointer data)
{
  Receiver *receiver = data;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_main_context_push_thread_default (receiver->context);
  receiver->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (receiver->server, NULL, receive_cb, receiver, NULL);
  soup_server_listen_local (receiver->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (receiver->server);
  g_mutex_lock (&receiver->lock);
  receiver->url = g_uri_to_string (uris->data);
  g_cond_signal (&receiver->ready);
  g_mutex_unlock (&receiver->lock);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (receiver->loop);
  soup_server_disconnect (receiver->server);
  g_clear_object (&receiver->server);
  g_main_context_pop_thread_default (receiver->context);
  return NULL;
}

static void
start_receiver (Receiver *receiver)
{
  g_mutex_init (&receiver->lock);
  g_cond_init (&receiver->ready);
  receiver->context = g_main_context_new ();
  receiver->loop = g_main_loop_new (receiver->context, FALSE);
  receiver->seen = g_string_new (NULL);
  receiver->status = 200;
  receiver->thread = g_thread_new ("receiver", receiver_thread, receiver);
  g_mutex_lock (&receiver->lock);
  while (receiver->url == NULL)
    g_cond_wait (&receiver->ready, &receiver->lock);
  g_mutex_unlock (&receiver->lock);
}

static void
stop_receiver (Receiver *receiver)
{
  g_main_loop_quit (receiver->loop);
  g_thread_join (receiver->thread);
  g_main_loop_unref (receiver->loop);
  g_main_context_unref (receiver->context);
  g_string_free (receiver->seen, TRUE);
  g_free (receiver->url);
  g_free (receiver->headers);
  g_free (receiver->failing);
  g_mutex_clear (&receiver->lock);
  g_cond_clear (&receiver->ready);
}

static void
answer (Fixture *fixture, guint status, const char *failing)
{
  Receiver *receiver = &fixture->receiver;

  g_mutex_lock (&receiver->lock);
  receiver->status = status;
  g_free (receiver->failing);
  receiver->failing = g_strdup (failing);
  g_mutex_unlock (&receiver->lock);
}

/* What has come since it was last asked. */
static char *
seen (Fixture *fixture)
{
  Receiver *receiver = &fixture->receiver;
  char *text;

  g_mutex_lock (&receiver->lock);
  text = g_strdup (receiver->seen->str);
  g_string_truncate (receiver->seen, 0);
  g_mutex_unlock (&receiver->lock);
  return text;
}

static void
start_sender (Fixture *fixture)
{
  const KontorWebhooksSpec spec = {
    .data_dir = fixture->world->data_dir,
    .engine = fixture->world->engine,
    .clock = &fixture->world->clock,
    .settings = &fixture->settings,
    .vault = &fixture->world->api.vault,
    .allow = fixture->world->settings.webhook_allow,
    .public_url = "http://kontor.test",
  };
  g_autoptr (GError) error = NULL;

  fixture->webhooks = kontor_webhooks_new (&spec, &error);
  g_assert_no_error (error);
}

static void
stop_sender (Fixture *fixture)
{
  g_clear_pointer (&fixture->webhooks, kontor_webhooks_free);
}

static void
set_up (Fixture *fixture)
{
  const char *bad;

  memset (fixture, 0, sizeof *fixture);
  fixture->world = kontor_world_new ();
  fixture->world->settings.webhook_allow = kontor_networks_parse ("127.0.0.0/8", &bad);
  g_assert_true (kontor_schedule_parse (&fixture->settings.schedule, "5, 60, 600"));
  fixture->settings.timeout_s = 5;
  fixture->settings.concurrency = 16;
  fixture->settings.connections = 64;
  fixture->settings.disable_after_days = 5;
  fixture->settings.log_days = 30;
  start_receiver (&fixture->receiver);
  start_sender (fixture);
}

static void
tear_down (Fixture *fixture)
{
  GPtrArray *allow = fixture->world->settings.webhook_allow;

  if (fixture->webhooks != NULL)
    stop_sender (fixture);
  stop_receiver (&fixture->receiver);
  kontor_world_free (fixture->world);
  g_ptr_array_unref (allow);
}

static void
pass (Fixture *fixture, gint64 seconds)
{
  kontor_clock_advance (&fixture->world->clock, seconds);
  kontor_webhooks_run_due (fixture->webhooks);
}

static char *
ask (Fixture *fixture, const char *path, const char *body)
{
  const KontorAsk asked = { .method = "POST", .path = path, .body = body };
  const KontorReply *reply = kontor_world_ask (fixture->world, &asked);

  if (reply->status != 200)
    g_error ("%s: %s", path, kontor_world_text (reply));
  return kontor_world_member (reply, "id");
}

static char *
add_endpoint (Fixture *fixture, const char *events)
{
  g_autofree char *body = g_strdup_printf ("url=%s&%s", fixture->receiver.url, events);

  return ask (fixture, "/v1/webhook_endpoints", body);
}

static char *
add_customer (Fixture *fixture)
{
  return ask (fixture, "/v1/customers", "name=Ada");
}

static void
rename_customer (Fixture *fixture, const char *id)
{
  static guint n;
  g_autofree char *path = g_strconcat ("/v1/customers/", id, NULL);
  g_autofree char *body = g_strdup_printf ("name=Grace%u", n++);
  g_autofree char *same = ask (fixture, path, body);

  g_assert_cmpstr (same, ==, id);
}

static gint64
number (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  kontor_store_integer (fixture->world->store, sql, &value, &error);
  g_assert_no_error (error);
  return value;
}

static void
assert_seen (Fixture *fixture, const char *format, const char *one, const char *other)
{
  g_autofree char *came = seen (fixture);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (; *format != '\0'; format++)
    if (*format == 'A' || *format == 'B')
      g_string_append (expected, *format == 'A' ? one : other);
    else
      g_string_append_c (expected, *format);
  g_assert_cmpstr (came, ==, expected->str);
}

static void
test_an_event_is_signed_and_noted (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL;
  Fixture fixture;

  set_up (&fixture);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  customer = add_customer (&fixture);
  rename_customer (&fixture, customer);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created A 200\n", customer, NULL);
  g_assert_nonnull (strstr (fixture.receiver.headers, "Stripe-Signature: t="));
  g_assert_nonnull (strstr (fixture.receiver.headers, "webhook-signature: v1,"));
  g_assert_nonnull (strstr (fixture.receiver.headers, "webhook-id: evt_"));
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_outbox"), ==, 0);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries WHERE state = 2"), ==,
                   1);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_attempts WHERE outcome = 0"), ==,
                   1);
  g_assert_cmpint (number (&fixture, "SELECT succeeded FROM webhook_health"), ==, 1);
  tear_down (&fixture);
}

static void
test_one_object_waits_and_others_do_not (void)
{
  g_autofree char *endpoint = NULL, *first = NULL, *second = NULL;
  Fixture fixture;

  set_up (&fixture);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created"
                                     "&enabled_events[]=customer.updated");
  first = add_customer (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created A 200\n", first, NULL);

  answer (&fixture, 200, first);
  rename_customer (&fixture, first);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.updated A 500\n", first, NULL);
  rename_customer (&fixture, first);
  rename_customer (&fixture, first);
  second = add_customer (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created B 200\n", first, second);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries WHERE state = 1"), ==,
                   2);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_outbox"), ==, 0);

  pass (&fixture, 6);
  assert_seen (&fixture, "customer.updated A 500\n", first, NULL);
  answer (&fixture, 200, NULL);
  pass (&fixture, 70);
  assert_seen (&fixture, "customer.updated A 200\ncustomer.updated A 200\ncustomer.updated A 200\n",
               first, NULL);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries WHERE state < 2"), ==,
                   0);
  rename_customer (&fixture, first);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.updated A 200\n", first, NULL);
  tear_down (&fixture);
}

static void
test_what_fails_to_the_end_is_given_up (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 503, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created"
                                     "&enabled_events[]=customer.updated");
  customer = add_customer (&fixture);
  rename_customer (&fixture, customer);
  pass (&fixture, 0);
  for (guint i = 0; i < 3; i++)
    pass (&fixture, 700);
  assert_seen (&fixture,
               "customer.created A 503\ncustomer.created A 503\n"
               "customer.created A 503\ncustomer.created A 503\ncustomer.updated A 503\n",
               customer, NULL);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries WHERE state = 3"), ==,
                   1);
  g_assert_cmpint (number (&fixture, "SELECT given_up FROM webhook_health"), ==, 1);
  tear_down (&fixture);
}

/* The clock jumps while requests and notes are under way: whatever the interleaving, all of it arrives. */
static void
test_nothing_is_forgotten (void)
{
  g_autofree char *endpoint = NULL;
  Fixture fixture;

  set_up (&fixture);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created"
                                     "&enabled_events[]=customer.updated");
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *customer = NULL;

      answer (&fixture, g_test_rand_int_range (0, 3) == 0 ? 200 : 500, NULL);
      customer = add_customer (&fixture);
      rename_customer (&fixture, customer);
      rename_customer (&fixture, customer);
      kontor_clock_advance (&fixture.world->clock, g_test_rand_int_range (0, 8));
      g_usleep ((gulong) g_test_rand_int_range (0, 5000));
    }
  answer (&fixture, 200, NULL);
  pass (&fixture, 0);
  for (guint i = 0; i < 3; i++)
    pass (&fixture, 1000);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_outbox"), ==, 0);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries WHERE state = 2"
                                     " OR (state = 3 AND attempts = 4)"),
                   ==, 120);
  tear_down (&fixture);
}

static void
test_a_restart_goes_on_where_it_was (void)
{
  g_autofree char *endpoint = NULL, *first = NULL, *second = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 500, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created"
                                     "&enabled_events[]=customer.updated");
  first = add_customer (&fixture);
  rename_customer (&fixture, first);
  pass (&fixture, 0);
  stop_sender (&fixture);
  /* Nobody is there to send these: they wait in the outbox. */
  rename_customer (&fixture, first);
  second = add_customer (&fixture);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_outbox"), ==, 2);
  assert_seen (&fixture, "customer.created A 500\n", first, NULL);
  answer (&fixture, 200, NULL);
  start_sender (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created B 200\n", first, second);
  pass (&fixture, 6);
  assert_seen (&fixture, "customer.created A 200\ncustomer.updated A 200\ncustomer.updated A 200\n",
               first, NULL);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_outbox"), ==, 0);
  tear_down (&fixture);
}

static void
test_a_disabled_endpoint_is_left_alone (void)
{
  g_autofree char *endpoint = NULL, *path = NULL, *customer = NULL, *same = NULL, *again = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 500, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=*");
  path = g_strconcat ("/v1/webhook_endpoints/", endpoint, NULL);
  customer = add_customer (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created A 500\n", customer, NULL);
  same = ask (&fixture, path, "disabled=true");
  rename_customer (&fixture, customer);
  pass (&fixture, 100);
  assert_seen (&fixture, "", "", NULL);
  answer (&fixture, 200, NULL);
  again = ask (&fixture, path, "disabled=false");
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created A 200\n", customer, NULL);
  tear_down (&fixture);
}

static void
test_who_is_gone_is_disabled (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 410, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  customer = add_customer (&fixture);
  pass (&fixture, 0);
  pass (&fixture, 100);
  assert_seen (&fixture, "customer.created A 410\n", customer, NULL);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_endpoints WHERE status ="
                                     " 'disabled'"),
                   ==, 1);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM notices"), ==, 1);
  tear_down (&fixture);
}

static void
test_who_fails_for_days_is_disabled (void)
{
  g_autofree char *endpoint = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 500, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  for (guint day = 0; day <= 5; day++)
    {
      g_free (add_customer (&fixture));
      g_assert_cmpint (number (&fixture, "SELECT count(*) FROM notices"), ==, 0);
      pass (&fixture, 86400 + 10);
    }
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM notices"), ==, 1);
  tear_down (&fixture);
}

static void
test_a_redirect_is_not_followed (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL;
  Fixture fixture;

  set_up (&fixture);
  answer (&fixture, 307, NULL);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  customer = add_customer (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "customer.created A 307\n", customer, NULL);
  g_assert_cmpint (number (&fixture, "SELECT outcome FROM webhook_attempts"), ==,
                   KONTOR_OUTCOME_REDIRECT);
  tear_down (&fixture);
}

static void
test_a_private_address_is_refused (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL;
  GPtrArray *allow;
  Fixture fixture;

  set_up (&fixture);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  stop_sender (&fixture);
  allow = g_steal_pointer (&fixture.world->settings.webhook_allow);
  start_sender (&fixture);
  fixture.world->settings.webhook_allow = allow;
  customer = add_customer (&fixture);
  pass (&fixture, 0);
  assert_seen (&fixture, "", "", NULL);
  g_assert_cmpint (number (&fixture, "SELECT outcome FROM webhook_attempts"), ==,
                   KONTOR_OUTCOME_REFUSED_ADDRESS);
  tear_down (&fixture);
}

static void
test_what_is_old_is_forgotten (void)
{
  g_autofree char *endpoint = NULL, *customer = NULL, *later = NULL;
  Fixture fixture;

  set_up (&fixture);
  endpoint = add_endpoint (&fixture, "enabled_events[]=customer.created");
  customer = add_customer (&fixture);
  pass (&fixture, 0);
  pass (&fixture, 29 * 86400);
  later = add_customer (&fixture);
  pass (&fixture, 2 * 86400);
  assert_seen (&fixture, "customer.created A 200\ncustomer.created B 200\n", customer, later);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_attempts"), ==, 1);
  g_assert_cmpint (number (&fixture, "SELECT count(*) FROM webhook_deliveries"), ==, 1);
  tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webhooks/an-event-is-signed-and-noted", test_an_event_is_signed_and_noted);
  g_test_add_func ("/webhooks/one-object-waits-and-others-do-not",
                   test_one_object_waits_and_others_do_not);
  g_test_add_func ("/webhooks/what-fails-to-the-end-is-given-up",
                   test_what_fails_to_the_end_is_given_up);
  g_test_add_func ("/webhooks/nothing-is-forgotten", test_nothing_is_forgotten);
  g_test_add_func ("/webhooks/a-restart-goes-on-where-it-was", test_a_restart_goes_on_where_it_was);
  g_test_add_func ("/webhooks/a-disabled-endpoint-is-left-alone",
                   test_a_disabled_endpoint_is_left_alone);
  g_test_add_func ("/webhooks/who-is-gone-is-disabled", test_who_is_gone_is_disabled);
  g_test_add_func ("/webhooks/who-fails-for-days-is-disabled", test_who_fails_for_days_is_disabled);
  g_test_add_func ("/webhooks/a-redirect-is-not-followed", test_a_redirect_is_not_followed);
  g_test_add_func ("/webhooks/a-private-address-is-refused", test_a_private_address_is_refused);
  g_test_add_func ("/webhooks/what-is-old-is-forgotten", test_what_is_old_is_forgotten);
  return g_test_run ();
}
