/* client-test.c: calls to a server that answers as it is told to. */
#include "core/client/client.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/client/client-error.h"

/* What the server answers, one row after the other; the last one stays. */
typedef struct
{
  guint       status;
  const char *body;
  const char *header, *value; /* or %NULL */
} Answer;

typedef struct
{
  SoupServer   *server;
  KontorClient *client;
  const Answer *answers;
  guint         n_asked;
  GPtrArray    *keys;   /* the Idempotency-Key of each request, "" for none */
  char         *query, *body;
} World;

#define BUSY                                                                                       \
  {                                                                                                \
    503, "{\"error\":{\"message\":\"busy\",\"type\":\"api_error\"}}"                               \
  }

static void
answer_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  World *world = data;
  const Answer *answer = &world->answers[0];
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *key = soup_message_headers_get_one (headers, "Idempotency-Key");

  if (world->answers[1].status != 0)
    world->answers++;
  world->n_asked++;
  g_ptr_array_add (world->keys, g_strdup (key != NULL ? key : ""));
  g_free (world->query);
  world->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  g_free (world->body);
  world->body = g_strndup (body->data, (gsize) body->length);
  if (answer->header != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), answer->header,
                                 answer->value);
  soup_server_message_set_status (message, answer->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, answer->body,
                                    strlen (answer->body));
}

static void
world_up (World *world, const Answer *answers)
{
  g_autoslist (GUri) uris = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  *world = (World){ .answers = answers, .keys = g_ptr_array_new_with_free_func (g_free) };
  world->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (world->server, NULL, answer_cb, world, NULL);
  soup_server_listen_local (world->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (world->server);
  url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  world->client = kontor_client_new (url, "sk_test_abc");
  g_assert_cmpstr (kontor_client_get_url (world->client), ==, url);
}

static void
world_down (World *world)
{
  g_clear_object (&world->client);
  soup_server_disconnect (world->server);
  g_clear_object (&world->server);
  g_ptr_array_unref (world->keys);
  g_free (world->query);
  g_free (world->body);
}

static void
test_parameters (void)
{
  static const Answer answers[] = { { 200, "{\"id\":\"cus_1\"}", "Request-Id", "req_1" }, { 0 } };
  g_autoptr (KontorClientCall) post = kontor_client_call_new ("POST", "/v1/customers");
  g_autoptr (KontorClientCall) get = kontor_client_call_new ("GET", "/v1/customers");
  g_autoptr (KontorClientReply) posted = NULL, got = NULL;
  g_autoptr (GError) error = NULL;
  World world;

  world_up (&world, answers);
  kontor_client_call_add (post, "metadata[a b]", "1&2=ü");
  kontor_client_call_header (post, "Idempotency-Key", "mine");
  posted = kontor_client_send (world.client, post, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (world.body, ==, "metadata[a%20b]=1%262%3D%C3%BC");
  g_assert_cmpstr (g_ptr_array_index (world.keys, 0), ==, "mine");
  g_assert_cmpstr (kontor_value_get (posted->json, "id")->text, ==, "cus_1");
  g_assert_true (
      g_ptr_array_find_with_equal_func (posted->headers, "Request-Id: req_1", g_str_equal, NULL));
  kontor_client_call_set (get, "limit", "3");
  kontor_client_call_set (get, "limit", "4");
  got = kontor_client_send (world.client, get, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (world.query, ==, "limit=4");
  g_assert_cmpstr (g_ptr_array_index (world.keys, 1), ==, "");
  world_down (&world);
}

static void
test_retries (void)
{
  static const Answer answers[] = { BUSY, BUSY, { 200, "{}" }, { 0 } };
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("POST", "/v1/refunds");
  g_autoptr (KontorClientReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  World world;

  world_up (&world, answers);
  reply = kontor_client_send (world.client, call, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (world.n_asked, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (world.keys, 0), !=, "");
  for (guint i = 1; i < 3; i++)
    g_assert_cmpstr (g_ptr_array_index (world.keys, i), ==, g_ptr_array_index (world.keys, 0));
  world_down (&world);
}

static void
test_refusals (void)
{
  static const struct
  {
    Answer            answers[2];
    KontorClientError code;
    const char       *message, *param;
  } rows[] = {
    { { { 400, "{\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\","
               "\"param\":\"amount\"}}" } },
      KONTOR_CLIENT_ERROR_REFUSED,
      "No.",
      "amount" },
    { { { 401, "{\"error\":{\"message\":\"Who?\"}}" } }, KONTOR_CLIENT_ERROR_KEY, "Who?", NULL },
    { { { 404, "{\"error\":{\"message\":\"None.\"}}" } },
      KONTOR_CLIENT_ERROR_MISSING,
      "None.",
      NULL },
    { { BUSY }, KONTOR_CLIENT_ERROR_BUSY, "busy", NULL },
    { { { 302, "", "Location", "http://127.0.0.1:1/" } }, KONTOR_CLIENT_ERROR_STRANGE, NULL, NULL },
    { { { 404, "<html>" } }, KONTOR_CLIENT_ERROR_STRANGE, NULL, NULL },
    { { { 200, "<html>" } }, KONTOR_CLIENT_ERROR_STRANGE, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/x");
      g_autoptr (GError) error = NULL;
      World world;

      world_up (&world, rows[i].answers);
      kontor_client_set_retries (world.client, 0);
      g_assert_null (kontor_client_send (world.client, call, NULL, &error));
      g_assert_error (error, KONTOR_CLIENT_ERROR, (int) rows[i].code);
      if (rows[i].message != NULL)
        g_assert_cmpstr (error->message, ==, rows[i].message);
      if (rows[i].param != NULL)
        g_assert_cmpstr (kontor_client_error_refusal (error)->param, ==, rows[i].param);
      world_down (&world);
    }
}

static void
test_unreachable (void)
{
  g_autoptr (KontorClient) client = kontor_client_new ("http://127.0.0.1:1", NULL);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/x");
  g_autoptr (GError) error = NULL;

  kontor_client_set_retries (client, 1);
  kontor_client_set_timeout (client, 5);
  g_assert_null (kontor_client_send (client, call, NULL, &error));
  g_assert_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_UNREACHABLE);
  g_assert_null (kontor_client_error_refusal (error));
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;

  g_assert_null (kontor_client_send_finish (KONTOR_CLIENT (source), result, error));
}

static void
test_cancel (void)
{
  static const Answer answers[] = { { 503, "{}", "Retry-After", "50" }, { 0 } };
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/x");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  World world;

  world_up (&world, answers);
  kontor_client_send_async (world.client, call, cancellable, cancelled_cb, &error);
  g_timeout_add (100, cancel_cb, cancellable);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
  world_down (&world);
}

static void
test_pages (void)
{
  static const Answer answers[] = {
    { 200, "{\"object\":\"list\",\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"has_more\":true}" },
    { 200, "{\"object\":\"list\",\"data\":[{\"id\":\"c\"}],\"has_more\":false}" },
    { 200, "{\"object\":\"search_result\",\"data\":[],\"has_more\":true,\"next_page\":\"p2\"}" },
    { 200, "{\"data\":[],\"next_page_url\":\"https://elsewhere.example/k/v2/core/x?page=7%2B\"}" },
    { 0 },
  };
  static const char *const queries[]
      = { "limit=2&starting_after=b", NULL, "limit=2&page=p2", "page=7%2B" };
  World world;

  world_up (&world, answers);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/x");
      g_autoptr (KontorClientReply) reply = NULL, next = NULL;

      kontor_client_call_add (call, "limit", "2");
      world.answers = &answers[i];
      reply = kontor_client_send (world.client, call, NULL, NULL);
      g_assert_cmpint (kontor_client_call_turn_page (call, reply), ==, queries[i] != NULL);
      if (queries[i] == NULL)
        continue;
      next = kontor_client_send (world.client, call, NULL, NULL);
      g_assert_cmpstr (world.query, ==, queries[i]);
    }
  world_down (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/sends-parameters-where-they-belong", test_parameters);
  g_test_add_func ("/client/sends-a-post-again-with-the-same-key", test_retries);
  g_test_add_func ("/client/tells-refusals-apart", test_refusals);
  g_test_add_func ("/client/says-when-nobody-answers", test_unreachable);
  g_test_add_func ("/client/stops-waiting-when-cancelled", test_cancel);
  g_test_add_func ("/client/turns-pages", test_pages);
  return g_test_run ();
}
