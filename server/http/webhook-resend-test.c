/* webhook-resend-test.c: what is sent again keeps its place among the events of its object. */
#include "server/http/webhook_delivery.h"

#include <string.h>

#include "server/store/delivery.h"
#include "server/test-scene.h"

#define ENDPOINTS "/v1/kontor/webhook_endpoints/"

static KontorDeliveryRow
row_of (KontorScene *scene, guint event, guint endpoint)
{
  KontorDeliveryRow row;
  gboolean found;

  g_assert_true (kontor_store_delivery_get (scene->world->store, scene->events[event],
                                            scene->endpoints[endpoint], &row, &found, NULL));
  g_assert_true (found);
  return row;
}

/* One letter for the state of each event's delivery to @endpoint. */
static void
assert_states (KontorScene *scene, guint endpoint, const char *expected)
{
  char states[KONTOR_SCENE_EVENTS + 1] = "";

  for (guint i = 0; i < KONTOR_SCENE_EVENTS; i++)
    states[i] = "rhsfc"[row_of (scene, i, endpoint).state];
  g_assert_cmpstr (states, ==, expected);
}

static const char *
id_of (KontorScene *scene, guint event, guint endpoint)
{
  return kontor_delivery_id (scene->arena, scene->events[event], scene->endpoints[endpoint]);
}

static const KontorValue *
post (KontorScene *scene, guint status, const char *path, const char *body)
{
  return kontor_scene_ask (scene, status, ASK (.method = "POST", .path = path, .body = body));
}

static const KontorValue *
act_on (KontorScene *scene, guint status, guint event, guint endpoint, const char *verb)
{
  g_autofree char *path = g_strdup_printf ("/v1/kontor/webhook_deliveries/%s/%s",
                                           id_of (scene, event, endpoint), verb);

  return post (scene, status, path, NULL);
}

static const KontorValue *
act_on_many (KontorScene *scene, guint status, guint endpoint, const char *verb, const char *body)
{
  g_autofree char *path = g_strdup_printf (ENDPOINTS "%s/%s", scene->endpoint_ids[endpoint], verb);

  return post (scene, status, path, body);
}

static void
test_one_is_sent_again (KontorScene *scene, gconstpointer data)
{
  const KontorValue *delivery = act_on (scene, 200, 5, 1, "resend");
  KontorDeliveryRow row = row_of (scene, 5, 1);

  g_assert_cmpstr (kontor_scene_member (delivery, "state"), ==, "pending");
  g_assert_cmpstr (kontor_scene_member (delivery, "held"), ==, "false");
  g_assert_cmpint (row.state, ==, KONTOR_DELIVERY_READY);
  g_assert_cmpint (row.attempts, ==, 1);
  g_assert_cmpint (row.round, ==, 0);
  g_assert_cmpint (ABS (row.due - kontor_clock_now (&scene->world->clock)), <, 5);
  /* What it took once can be sent again too. */
  act_on (scene, 200, 0, 0, "resend");
  assert_states (scene, 0, "rsssssssssss");
}

static void
test_the_order_of_an_object_is_kept (KontorScene *scene, gconstpointer data)
{
  /* The last four are about one object; the first of them is ready. */
  assert_states (scene, 2, "ssssssssrhhh");
  act_on (scene, 200, 10, 2, "resend");
  assert_states (scene, 2, "ssssssssrhhh");
  act_on (scene, 200, 8, 2, "cancel");
  assert_states (scene, 2, "sssssssscrhh");
  act_on (scene, 200, 8, 2, "resend");
  assert_states (scene, 2, "ssssssssrhhh");
  act_on (scene, 200, 9, 2, "cancel");
  assert_states (scene, 2, "ssssssssrchh");
  act_on (scene, 400, 9, 2, "cancel");
  act_on (scene, 400, 0, 2, "cancel");
}

static void
test_a_range_goes_in_steps (KontorScene *scene, gconstpointer data)
{
  g_autofree char *body = NULL;
  const KontorValue *step = act_on_many (scene, 200, 1, "resend", "limit=4");

  g_assert_cmpstr (kontor_scene_member (step, "resent"), ==, "4");
  g_assert_cmpstr (kontor_scene_member (step, "has_more"), ==, "true");
  /* The oldest first; 1 and 3 are about one object, 5 and 7 about another. */
  assert_states (scene, 1, "srshsrshsfsf");
  body = g_strdup_printf ("limit=4&starting_after=%s", kontor_scene_member (step, "next"));
  step = act_on_many (scene, 200, 1, "resend", body);
  g_assert_cmpstr (kontor_scene_member (step, "resent"), ==, "2");
  g_assert_cmpstr (kontor_scene_member (step, "has_more"), ==, "false");
  assert_states (scene, 1, "srshsrshsrsh");
  step = act_on_many (scene, 200, 1, "resend", NULL);
  g_assert_cmpstr (kontor_scene_member (step, "resent"), ==, "0");
  step = act_on_many (scene, 200, 1, "cancel_pending", "limit=3");
  g_assert_cmpstr (kontor_scene_member (step, "canceled"), ==, "3");
  assert_states (scene, 1, "scscscsrsrsh");
  step = act_on_many (scene, 200, 1, "resend", "state=canceled&created[gte]=1");
  g_assert_cmpstr (kontor_scene_member (step, "resent"), ==, "3");
  assert_states (scene, 1, "srshsrshsrsh");
  step = act_on_many (scene, 200, 1, "cancel_pending", NULL);
  g_assert_cmpstr (kontor_scene_member (step, "canceled"), ==, "6");
  assert_states (scene, 1, "scscscscscsc");
}

static void
test_filters_choose (KontorScene *scene, gconstpointer data)
{
  static const struct
  {
    const char *body, *n;
  } cases[] = {
    { "state=all", "12" },
    { "state=succeeded", "6" },
    { "state=failed", "6" },
    { "state=pending", "0" },
    { "type=charge.*", "0" },
    { "type=customer.created", "6" },
    { "created[gt]=2999999999", "0" },
    { "created[lt]=1000000000", "0" },
    { "state=all&created[lt]=1000000000", "0" },
    { "state=all&created[gte]=1000000000", "12" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].body);
      kontor_scene_sql (scene, "UPDATE webhook_deliveries SET state = 2");
      kontor_scene_sql (scene,
                        "UPDATE webhook_deliveries SET state = 3 WHERE endpoint = %" G_GINT64_FORMAT
                        " AND event IN (SELECT key FROM (SELECT key, row_number() OVER"
                        " (ORDER BY key) n FROM events) WHERE n %% 2 = 0)",
                        scene->endpoints[1]);
      g_assert_cmpstr (
          kontor_scene_member (act_on_many (scene, 200, 1, "resend", cases[i].body), "resent"), ==,
          cases[i].n);
    }
}

/* Sent to somebody who was never to get it. */
static void
test_an_event_is_sent_to_whom_one_likes (KontorScene *scene, gconstpointer data)
{
  g_autofree char *body = g_strdup_printf ("event=%s", scene->event_ids[2]);
  g_autofree char *stripe = g_strdup_printf ("webhook_endpoint=%s", scene->endpoint_ids[0]);
  g_autofree char *path = g_strdup_printf ("/v1/events/%s/retry", scene->event_ids[2]);
  const KontorValue *reply;

  kontor_scene_sql (scene, "DELETE FROM webhook_deliveries WHERE endpoint = %" G_GINT64_FORMAT,
                    scene->endpoints[0]);
  reply = act_on_many (scene, 200, 0, "resend", body);
  g_assert_cmpstr (kontor_scene_member (reply, "object"), ==, "kontor.webhook_delivery");
  g_assert_cmpstr (kontor_scene_member (reply, "id"), ==, id_of (scene, 2, 0));
  g_assert_cmpint (row_of (scene, 2, 0).state, ==, KONTOR_DELIVERY_READY);
  /* What it is about is its customer. */
  g_assert_cmpint (row_of (scene, 2, 0).object, !=, 0);

  kontor_scene_sql (scene, "DELETE FROM webhook_deliveries WHERE endpoint = %" G_GINT64_FORMAT,
                    scene->endpoints[0]);
  reply = post (scene, 200, path, stripe);
  g_assert_cmpstr (kontor_scene_member (reply, "id"), ==, scene->event_ids[2]);
  g_assert_cmpint (row_of (scene, 2, 0).state, ==, KONTOR_DELIVERY_READY);
  post (scene, 400, path, "for_stripecli=true");
}

static void
test_a_test_event_goes_to_one_endpoint_alone (KontorScene *scene, gconstpointer data)
{
  const KontorValue *reply = act_on_many (scene, 200, 0, "test", NULL), *delivery, *all;
  g_autofree char *path = g_strconcat ("/v1/kontor/webhook_deliveries/",
                                       kontor_scene_member (reply, "delivery"), NULL);
  g_autofree char *event = NULL;
  gint64 n;

  delivery = kontor_scene_get (scene, path, NULL);
  g_assert_cmpstr (kontor_scene_member (delivery, "event_type"), ==,
                   "kontor.webhook_endpoint.test");
  g_assert_cmpstr (kontor_scene_member (delivery, "state"), ==, "pending");
  event = g_strdup_printf ("event=%s", kontor_scene_member (delivery, "event"));
  all = kontor_scene_get (scene, "/v1/kontor/webhook_deliveries", event);
  g_assert_cmpuint (kontor_value_get (all, "data")->n_children, ==, 1);
  g_assert_true (kontor_store_integer (scene->world->store,
                                       "SELECT count(*) FROM webhook_outbox"
                                       " WHERE event > (SELECT max(event) FROM webhook_deliveries"
                                       " WHERE state = 2)",
                                       &n, NULL));
  g_assert_cmpint (n, ==, 0);

  reply = act_on_many (scene, 200, 0, "test", "type=customer.created");
  g_assert_cmpstr (kontor_scene_member (reply, "delivery"), ==,
                   id_of (scene, KONTOR_SCENE_EVENTS - 1, 0));
  act_on_many (scene, 400, 0, "test", "type=charge.succeeded");
  act_on_many (scene, 400, 0, "test", "type=nonsense");
}

static void
test_nothing_is_sent_to_who_is_disabled_or_gone (KontorScene *scene, gconstpointer data)
{
  g_autofree char *path = g_strconcat ("/v1/webhook_endpoints/", scene->endpoint_ids[1], NULL);
  const KontorValue *reply;

  post (scene, 200, path, "disabled=true");
  reply = act_on (scene, 400, 5, 1, "resend");
  g_assert_nonnull (
      strstr (kontor_scene_member (kontor_value_get (reply, "error"), "message"), "is disabled"));
  act_on_many (scene, 400, 1, "resend", NULL);
  act_on_many (scene, 400, 1, "test", NULL);
  act_on_many (scene, 200, 1, "cancel_pending", NULL);
  assert_states (scene, 1, "sfsfsfsfsfsf");
  kontor_scene_ask (scene, 200, ASK (.method = "DELETE", .path = path));
  act_on (scene, 400, 5, 1, "resend");
  act_on_many (scene, 404, 1, "resend", NULL);
  act_on_many (scene, 404, 1, "test", NULL);
}

static void
test_refusals_name_the_parameter (KontorScene *scene, gconstpointer data)
{
  g_autofree char *other = g_strdup_printf ("starting_after=%s", id_of (scene, 1, 2));
  g_autofree char *two = g_strdup_printf ("event=%s&state=all", scene->event_ids[0]);
  const struct
  {
    const char *body, *param;
  } cases[] = {
    { other, "starting_after" },
    { "starting_after=1", "starting_after" },
    { "limit=201", "limit" },
    { "state=lost", "state" },
    { "type=nonsense", "type" },
    { "event=evt_1", "event" },
    { two, "event" },
    { "shoe=1", "shoe" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorValue *reply = act_on_many (scene, 400, 1, "resend", cases[i].body);

      g_test_message ("%s", cases[i].body);
      g_assert_cmpstr (kontor_scene_member (kontor_value_get (reply, "error"), "param"), ==,
                       cases[i].param);
    }
  assert_states (scene, 1, "sfsfsfsfsfsf");
}

#define TEST(name, function)                                                                       \
  g_test_add ("/webhook-resend/" name, KontorScene, NULL, kontor_scene_set_up, function,           \
              kontor_scene_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("one-is-sent-again", test_one_is_sent_again);
  TEST ("the-order-of-an-object-is-kept", test_the_order_of_an_object_is_kept);
  TEST ("a-range-goes-in-steps", test_a_range_goes_in_steps);
  TEST ("filters-choose", test_filters_choose);
  TEST ("an-event-is-sent-to-whom-one-likes", test_an_event_is_sent_to_whom_one_likes);
  TEST ("a-test-event-goes-to-one-endpoint-alone", test_a_test_event_goes_to_one_endpoint_alone);
  TEST ("nothing-is-sent-to-who-is-disabled-or-gone",
        test_nothing_is_sent_to_who_is_disabled_or_gone);
  TEST ("refusals-name-the-parameter", test_refusals_name_the_parameter);
  return g_test_run ();
}
