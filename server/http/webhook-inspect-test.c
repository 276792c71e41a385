/* webhook-inspect-test.c: what was sent to webhook endpoints can be looked at, page by page. */
#include "server/http/webhook_delivery.h"

#include <string.h>

#include "server/test-scene.h"

/* The ids of a whole list. */
static GPtrArray *
read_all (KontorScene *scene, const char *path, const char *filter, guint limit)
{
  GPtrArray *ids = g_ptr_array_new ();
  const char *cursor = NULL;

  for (;;)
    {
      g_autofree char *query = cursor == NULL ? g_strdup_printf ("limit=%u&%s", limit, filter)
                                              : g_strdup_printf ("limit=%u&%s&starting_after=%s",
                                                                 limit, filter, cursor);
      const KontorValue *page = kontor_scene_get (scene, path, query);
      const KontorValue *data = kontor_value_get (page, "data");
      gboolean has_more = g_str_equal (kontor_scene_member (page, "has_more"), "true");

      g_assert_cmpuint (data->n_children, <=, limit);
      g_assert_true (!has_more || data->n_children == limit);
      for (const KontorValue *item = data->first; item != NULL; item = item->next)
        g_ptr_array_add (ids, (gpointer) kontor_scene_member (item, "id"));
      if (!has_more)
        return ids;
      cursor = ids->pdata[ids->len - 1];
    }
}

static void
assert_same (GPtrArray *one, GPtrArray *other)
{
  g_assert_cmpuint (one->len, ==, other->len);
  for (guint i = 0; i < one->len; i++)
    g_assert_cmpstr (one->pdata[i], ==, other->pdata[i]);
}

/* What the list must be: the newest event first, and of its deliveries the newest endpoint first. */
static GPtrArray *
expect (KontorScene *scene, guint states, int wanted_event, int wanted_endpoint)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (int event = KONTOR_SCENE_EVENTS - 1; event >= 0; event--)
    for (int endpoint = KONTOR_SCENE_ENDPOINTS - 1; endpoint >= 0; endpoint--)
      if (((states >> kontor_scene_state ((guint) event, (guint) endpoint)) & 1)
          && (wanted_event < 0 || wanted_event == event)
          && (wanted_endpoint < 0 || wanted_endpoint == endpoint))
        g_ptr_array_add (ids, (gpointer) kontor_delivery_id (scene->arena, scene->events[event],
                                                             scene->endpoints[endpoint]));
  return ids;
}

static void
test_deliveries_are_listed_page_by_page (KontorScene *scene, gconstpointer data)
{
  static const struct
  {
    const char *word;
    guint states;
  } states[] = {
    { NULL, 31 }, { "pending", 3 }, { "succeeded", 4 }, { "failed", 8 }, { "canceled", 16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    for (int event = -1; event < KONTOR_SCENE_EVENTS; event += 5)
      for (int endpoint = -1; endpoint < KONTOR_SCENE_ENDPOINTS; endpoint++)
        for (guint limit = 1; limit <= 100; limit += 3)
          {
            g_autoptr (GPtrArray) expected = expect (scene, states[i].states, event, endpoint);
            g_autoptr (GString) filter = g_string_new ("type=customer.*");
            g_autoptr (GPtrArray) found = NULL;

            if (states[i].word != NULL)
              g_string_append_printf (filter, "&state=%s", states[i].word);
            if (event >= 0)
              g_string_append_printf (filter, "&event=%s", scene->event_ids[event]);
            if (endpoint >= 0)
              g_string_append_printf (filter, "&endpoint=%s", scene->endpoint_ids[endpoint]);
            found = read_all (scene, "/v1/kontor/webhook_deliveries", filter->str, limit);
            g_test_message ("%s, %u a page", filter->str, limit);
            assert_same (found, expected);
            if (limit > 13)
              break;
          }
}

/* From the last of a list back to its first. */
static void
go_back (KontorScene *scene, const char *path, const char *filter, guint limit)
{
  g_autoptr (GPtrArray) all = read_all (scene, path, filter, 100);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const char *cursor = all->pdata[all->len - 1];
  gboolean has_more = TRUE;

  while (has_more)
    {
      g_autofree char *query
          = g_strdup_printf ("limit=%u&%s&ending_before=%s", limit, filter, cursor);
      const KontorValue *page = kontor_scene_get (scene, path, query);
      const KontorValue *item = kontor_value_get (page, "data")->first;
      int at = 0;

      for (; item != NULL; item = item->next)
        g_ptr_array_insert (found, at++, (gpointer) kontor_scene_member (item, "id"));
      has_more = g_str_equal (kontor_scene_member (page, "has_more"), "true");
      cursor = found->pdata[0];
    }
  g_ptr_array_add (found, all->pdata[all->len - 1]);
  assert_same (found, all);
}

static void
test_pages_go_backwards_too (KontorScene *scene, gconstpointer data)
{
  g_autofree char *endpoint = g_strconcat ("endpoint=", scene->endpoint_ids[1], NULL);
  const char *const filters[] = { "type=*", "state=failed", "state=pending", endpoint };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    for (guint limit = 1; limit < 8; limit++)
      go_back (scene, "/v1/kontor/webhook_deliveries", filters[i], limit);
  for (guint limit = 1; limit < 8; limit++)
    {
      go_back (scene, "/v1/kontor/webhook_attempts", "outcome=failed", limit);
      go_back (scene, "/v1/kontor/webhook_attempts", endpoint, limit);
      go_back (scene, "/v1/kontor/webhook_attempts", "created[gt]=1", limit);
    }
}

static void
test_a_delivery_says_what_became_of_it (KontorScene *scene, gconstpointer data)
{
  const char *failed = kontor_delivery_id (scene->arena, scene->events[1], scene->endpoints[1]);
  const char *held = kontor_delivery_id (scene->arena, scene->events[11], scene->endpoints[2]);
  g_autofree char *path = g_strconcat ("/v1/kontor/webhook_deliveries/", failed, NULL);
  g_autofree char *held_path = g_strconcat ("/v1/kontor/webhook_deliveries/", held, NULL);
  const KontorValue *delivery = kontor_scene_get (scene, path, NULL), *last;

  g_assert_cmpstr (kontor_scene_member (delivery, "object"), ==, "kontor.webhook_delivery");
  g_assert_cmpstr (kontor_scene_member (delivery, "state"), ==, "failed");
  g_assert_cmpstr (kontor_scene_member (delivery, "event"), ==, scene->event_ids[1]);
  g_assert_cmpstr (kontor_scene_member (delivery, "event_type"), ==, "customer.created");
  g_assert_cmpstr (kontor_scene_member (delivery, "endpoint"), ==, scene->endpoint_ids[1]);
  g_assert_cmpstr (kontor_scene_member (delivery, "url"), ==, "https://hooks.test/1");
  g_assert_cmpint (kontor_value_get (delivery, "due")->type, ==, KONTOR_VALUE_NULL);
  last = kontor_value_get (delivery, "last_attempt");
  g_assert_cmpstr (kontor_scene_member (last, "outcome"), ==, "http_error");
  g_assert_cmpstr (kontor_scene_member (last, "status"), ==, "503");
  delivery = kontor_scene_get (scene, held_path, NULL);
  g_assert_cmpstr (kontor_scene_member (delivery, "state"), ==, "pending");
  g_assert_cmpstr (kontor_scene_member (delivery, "held"), ==, "true");
  g_assert_cmpint (kontor_value_get (delivery, "last_attempt")->type, ==, KONTOR_VALUE_NULL);
}

static void
test_attempts_are_listed_page_by_page (KontorScene *scene, gconstpointer data)
{
  g_autofree char *delivery = g_strdup_printf (
      "delivery=%s", kontor_delivery_id (scene->arena, scene->events[3], scene->endpoints[1]));
  g_autofree char *endpoint = g_strdup_printf ("endpoint=%s", scene->endpoint_ids[1]);
  g_autofree char *event = g_strdup_printf ("event=%s", scene->event_ids[11]);
  g_autofree char *both = g_strdup_printf ("%s&%s&outcome=failed", endpoint, delivery);
  const struct
  {
    const char *filter;
    guint n;
  } cases[] = {
    { "outcome=failed", 6 },
    { "outcome=succeeded", 26 },
    { "outcome=http_error", 6 },
    { "outcome=timeout", 0 },
    { "status=503", 6 },
    { "status[gte]=500", 6 },
    { "status[lt]=300", 26 },
    { "created[gte]=0", 32 },
    { "created[lt]=1000000000", 0 },
    { "created[gt]=2999999999", 0 },
    { delivery, 1 },
    { endpoint, 12 },
    { event, 2 },
    { both, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint limit = 1; limit < 40; limit += 6)
      {
        g_autoptr (GPtrArray) found
            = read_all (scene, "/v1/kontor/webhook_attempts", cases[i].filter, limit);

        g_test_message ("%s, %u a page", cases[i].filter, limit);
        g_assert_cmpuint (found->len, ==, cases[i].n);
        for (guint n = 1; n < found->len; n++)
          g_assert_cmpstr (found->pdata[n], <, found->pdata[n - 1]);
      }
}

static void
test_an_attempt_shows_both_sides (KontorScene *scene, gconstpointer data)
{
  g_autoptr (GPtrArray) failed
      = read_all (scene, "/v1/kontor/webhook_attempts", "outcome=failed", 100);
  g_autofree char *path = g_strconcat ("/v1/kontor/webhook_attempts/", failed->pdata[0], NULL);
  const KontorValue *attempt = kontor_scene_get (scene, path, NULL), *request, *response;
  const KontorReply *event;
  g_autofree char *event_path = NULL, *shown = NULL;
  g_autoptr (GString) sent = NULL;

  g_assert_cmpstr (kontor_scene_member (attempt, "problem"), ==, "It answered 503.");
  request = kontor_value_get (attempt, "request");
  g_assert_cmpstr (kontor_scene_member (request, "method"), ==, "POST");
  g_assert_cmpstr (kontor_scene_member (kontor_value_get (request, "headers"), "webhook-id"), ==,
                   kontor_scene_member (attempt, "event"));
  response = kontor_value_get (attempt, "response");
  g_assert_cmpstr (kontor_scene_member (response, "status"), ==, "503");
  g_assert_cmpstr (kontor_scene_member (kontor_value_get (response, "headers"), "Set-Cookie"), ==,
                   "a, b");
  g_assert_cmpstr (kontor_scene_member (response, "body"), ==, "ok\357\277\275");
  g_assert_cmpstr (kontor_scene_member (response, "truncated"), ==, "false");

  /* The body is the event, but for how many had not taken it when it was sent. */
  event_path = g_strconcat ("/v1/events/", kontor_scene_member (attempt, "event"), NULL);
  event = kontor_world_ask (scene->world, ASK (.method = "GET", .path = event_path));
  sent = g_string_new (kontor_scene_member (request, "body"));
  g_assert_nonnull (strstr (sent->str, "\"pending_webhooks\":3,"));
  shown = g_strstrip (g_strdup (kontor_world_text (event)));
  g_assert_cmpuint (strlen (shown), ==, sent->len);
}

static void
test_refusals_name_the_parameter (KontorScene *scene, gconstpointer data)
{
  static const struct
  {
    const char *path, *query, *param;
    guint status;
  } cases[] = {
    { "deliveries", "endpoint=we_1", "endpoint", 400 },
    { "deliveries", "event=evt_1", "event", 400 },
    { "deliveries", "state=lost", "state", 400 },
    { "deliveries", "type=nonsense", "type", 400 },
    { "deliveries", "starting_after=whd_1", "starting_after", 400 },
    { "deliveries", "limit=101", "limit", 400 },
    { "deliveries", "shoe=1", "shoe", 400 },
    { "deliveries/whd_AAAAAAAABBBBBBBB", NULL, "id", 404 },
    { "attempts", "delivery=whd_AAAAAAAABBBBBBBB", "delivery", 400 },
    { "attempts", "outcome=nonsense", "outcome", 400 },
    { "attempts", "ending_before=wha_x", "ending_before", 400 },
    { "attempts/wha_1", NULL, "id", 404 },
    { "attempts/wha_99999999999999999999", NULL, "id", 404 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/v1/kontor/webhook_", cases[i].path, NULL);
      const KontorValue *reply = kontor_scene_ask (
          scene, cases[i].status, ASK (.method = "GET", .path = path, .query = cases[i].query));

      g_test_message ("%s?%s", path, cases[i].query);
      g_assert_cmpstr (kontor_scene_member (kontor_value_get (reply, "error"), "param"), ==,
                       cases[i].param);
    }
}

static void
test_others_see_nothing_of_it (KontorScene *scene, gconstpointer data)
{
  const char *live = kontor_world_key (scene->world, 3, KONTOR_KEY_SECRET, NULL, NULL, 0);
  static const char *const paths[]
      = { "/v1/kontor/webhook_deliveries", "/v1/kontor/webhook_attempts" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const KontorValue *page
          = kontor_scene_ask (scene, 200, ASK (.method = "GET", .path = paths[i], .key = live));

      g_assert_cmpuint (kontor_value_get (page, "data")->n_children, ==, 0);
    }
}

#define TEST(name, function)                                                                       \
  g_test_add ("/webhook-inspect/" name, KontorScene, NULL, kontor_scene_set_up, function,              \
              kontor_scene_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("deliveries-are-listed-page-by-page", test_deliveries_are_listed_page_by_page);
  TEST ("pages-go-backwards-too", test_pages_go_backwards_too);
  TEST ("a-delivery-says-what-became-of-it", test_a_delivery_says_what_became_of_it);
  TEST ("attempts-are-listed-page-by-page", test_attempts_are_listed_page_by_page);
  TEST ("an-attempt-shows-both-sides", test_an_attempt_shows_both_sides);
  TEST ("refusals-name-the-parameter", test_refusals_name_the_parameter);
  TEST ("others-see-nothing-of-it", test_others_see_nothing_of_it);
  return g_test_run ();
}
