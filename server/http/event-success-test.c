/* event-success-test.c: it can be asked which events have reached all who wanted them. */
#include <string.h>

#include "server/test-scene.h"

#define EVENTS "/v1/events"

/* Of the scene: those that the second endpoint failed, or that the third has before it. */
static gboolean
has_succeeded (guint event)
{
  return event % 2 == 0 && event < KONTOR_SCENE_EVENTS - 4;
}

/* The ids of a whole list, forwards, or backwards from its last. */
static GPtrArray *
read_all (KontorScene *scene, const char *filter, guint limit, const char *last)
{
  GPtrArray *ids = g_ptr_array_new ();
  const char *cursor = last;
  gboolean has_more = TRUE;

  while (has_more)
    {
      g_autofree char *query
          = cursor == NULL
                ? g_strdup_printf ("limit=%u&%s", limit, filter)
                : g_strdup_printf ("limit=%u&%s&%s=%s", limit, filter,
                                   last != NULL ? "ending_before" : "starting_after", cursor);
      const KontorValue *page = kontor_scene_get (scene, EVENTS, query);
      int at = 0;

      for (const KontorValue *item = kontor_value_get (page, "data")->first; item != NULL;
           item = item->next)
        g_ptr_array_insert (ids, last != NULL ? at++ : -1,
                            (gpointer) kontor_scene_member (item, "id"));
      has_more = g_str_equal (kontor_scene_member (page, "has_more"), "true");
      cursor = ids->len == 0 ? NULL : ids->pdata[last != NULL ? 0 : ids->len - 1];
    }
  if (last != NULL)
    g_ptr_array_add (ids, (gpointer) last);
  return ids;
}

static void
assert_list (KontorScene *scene, const char *filter, const GPtrArray *expected)
{
  for (guint limit = 1; limit <= 20; limit += 2)
    for (gboolean backward = FALSE; backward <= TRUE; backward++)
      {
        g_autoptr (GPtrArray) found
            = read_all (scene, filter, limit, backward ? expected->pdata[expected->len - 1] : NULL);

        g_test_message ("%s, %u a page, %s", filter, limit, backward ? "backwards" : "forwards");
        g_assert_cmpuint (found->len, ==, expected->len);
        for (guint i = 0; i < found->len; i++)
          g_assert_cmpstr (found->pdata[i], ==, expected->pdata[i]);
      }
}

static void
test_events_are_told_apart_by_success (KontorScene *scene, gconstpointer data)
{
  g_autoptr (GPtrArray) good = g_ptr_array_new (), bad = g_ptr_array_new ();

  for (int event = KONTOR_SCENE_EVENTS - 1; event >= 0; event--)
    g_ptr_array_add (has_succeeded ((guint) event) ? good : bad, scene->event_ids[event]);
  assert_list (scene, "delivery_success=true", good);
  assert_list (scene, "delivery_success=false", bad);
  assert_list (scene, "delivery_success=false&type=customer.*", bad);
  assert_list (scene, "delivery_success=true&created[gte]=1", good);
}

/* Events that the sender has not come to yet stand in the outbox alone. */
static void
test_what_is_in_the_outbox_has_not_succeeded (KontorScene *scene, gconstpointer data)
{
  g_autoptr (GPtrArray) bad = g_ptr_array_new ();
  const KontorValue *fresh;

  for (guint i = 0; i < 5; i++)
    kontor_world_ask (scene->world, ASK (.method = "POST", .path = "/v1/customers"));
  /* One that nobody wants any more, and one that was worked off. */
  kontor_scene_sql (scene, "DELETE FROM webhook_outbox WHERE number = (SELECT min(number) + 2"
                           " FROM webhook_outbox)");
  fresh = kontor_value_get (kontor_scene_get (scene, EVENTS, "limit=5"), "data");
  for (const KontorValue *event = fresh->first; event != NULL; event = event->next)
    if (event != fresh->first->next->next)
      g_ptr_array_add (bad, (gpointer) kontor_scene_member (event, "id"));
  for (int event = KONTOR_SCENE_EVENTS - 1; event >= 0; event--)
    if (!has_succeeded ((guint) event))
      g_ptr_array_add (bad, scene->event_ids[event]);
  assert_list (scene, "delivery_success=false", bad);
  g_assert_cmpstr (
      kontor_scene_member (
          kontor_value_get (kontor_scene_get (scene, EVENTS, "delivery_success=true"), "data")
              ->first,
          "id"),
      ==, kontor_scene_member (fresh->first->next->next, "id"));
}

static void
assert_pending (KontorScene *scene, const char *id, const char *expected)
{
  g_autofree char *path = g_strconcat (EVENTS "/", id, NULL);

  g_assert_cmpstr (kontor_scene_member (kontor_scene_get (scene, path, NULL), "pending_webhooks"),
                   ==, expected);
}

static void
test_it_is_known_who_has_not_taken_an_event (KontorScene *scene, gconstpointer data)
{
  g_autofree char *path
      = g_strconcat ("/v1/kontor/webhook_endpoints/", scene->endpoint_ids[0], NULL);
  const char *fresh;

  assert_pending (scene, scene->event_ids[0], "0");
  assert_pending (scene, scene->event_ids[1], "0"); /* given up */
  assert_pending (scene, scene->event_ids[8], "1");
  assert_pending (scene, scene->event_ids[10], "1");
  kontor_world_ask (scene->world,
                    ASK (.method = "POST", .path = "/v1/customers", .body = "name=Amy"));
  fresh = kontor_scene_member (
      kontor_value_get (kontor_scene_get (scene, EVENTS, "limit=1"), "data")->first, "id");
  assert_pending (scene, fresh, "3");
  /* An endpoint that wants others only does not count. */
  kontor_scene_ask (scene, 200,
                    ASK (.method = "POST", .path = path, .body = "filter=name:\"Bob\""));
  assert_pending (scene, fresh, "2");
  kontor_scene_ask (scene, 200,
                    ASK (.method = "POST", .path = path, .body = "filter=name:\"Amy\""));
  assert_pending (scene, fresh, "3");
  kontor_scene_sql (scene, "DELETE FROM webhook_outbox");
  assert_pending (scene, fresh, "0");
}

#define TEST(name, function)                                                                       \
  g_test_add ("/event-success/" name, KontorScene, NULL, kontor_scene_set_up, function,            \
              kontor_scene_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("events-are-told-apart-by-success", test_events_are_told_apart_by_success);
  TEST ("what-is-in-the-outbox-has-not-succeeded", test_what_is_in_the_outbox_has_not_succeeded);
  TEST ("it-is-known-who-has-not-taken-an-event", test_it_is_known_who_has_not_taken_an_event);
  return g_test_run ();
}
