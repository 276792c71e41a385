/* notice-test.c: what the people of an account should know is shown to them until they have read it. */
#include "server/store/notice.h"

#include <string.h>

#include "server/test-scene.h"

#define NOTICES "/v1/kontor/notices"

static void
add_notices (KontorScene *scene)
{
  for (gint64 i = 1; i <= 5; i++)
    {
      KontorNoticeRow row = { .scope = 2,
                              .created = 1000 + i,
                              .kind = "webhook_endpoint.disabled",
                              .object = scene->endpoint_ids[0],
                              .message = "It was disabled." };

      g_assert_true (kontor_store_notice_insert (scene->world->store, &row, NULL));
    }
}

static void
assert_ids (KontorScene *scene, const char *query, const char *expected, gboolean has_more)
{
  const KontorValue *page = kontor_scene_get (scene, NOTICES, query);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (const KontorValue *item = kontor_value_get (page, "data")->first; item != NULL;
       item = item->next)
    g_string_append (ids, kontor_scene_member (item, "id") + strlen ("notice_"));
  g_assert_cmpstr (ids->str, ==, expected);
  g_assert_cmpstr (kontor_scene_member (page, "has_more"), ==, has_more ? "true" : "false");
}

static void
test_notices_are_listed_and_dismissed (KontorScene *scene, gconstpointer data)
{
  const KontorValue *notice;
  g_autofree char *first = NULL;

  add_notices (scene);
  assert_ids (scene, NULL, "54321", FALSE);
  assert_ids (scene, "limit=2", "54", TRUE);
  assert_ids (scene, "limit=2&starting_after=notice_4", "32", TRUE);
  assert_ids (scene, "limit=2&ending_before=notice_1", "32", TRUE);
  assert_ids (scene, "created[gt]=1003", "54", FALSE);
  notice
      = kontor_scene_ask (scene, 200, ASK (.method = "POST", .path = NOTICES "/notice_3/dismiss"));
  first = g_strdup (kontor_scene_member (notice, "dismissed"));
  g_assert_cmpstr (kontor_scene_member (notice, "about"), ==, scene->endpoint_ids[0]);
  g_assert_cmpstr (first, !=, "null");
  assert_ids (scene, "dismissed=false", "5421", FALSE);
  assert_ids (scene, "dismissed=true", "3", FALSE);
  kontor_clock_advance (&scene->world->clock, 100);
  kontor_scene_ask (scene, 200, ASK (.method = "POST", .path = NOTICES "/notice_3/dismiss"));
  notice = kontor_scene_get (scene, NOTICES "/notice_3", NULL);
  g_assert_cmpstr (kontor_scene_member (notice, "dismissed"), ==, first);
}

static void
test_others_are_not_told (KontorScene *scene, gconstpointer data)
{
  const char *live = kontor_world_key (scene->world, 3, KONTOR_KEY_SECRET, NULL, NULL, 0);
  const KontorValue *page;

  add_notices (scene);
  page = kontor_scene_ask (scene, 200, ASK (.method = "GET", .path = NOTICES, .key = live));
  g_assert_cmpuint (kontor_value_get (page, "data")->n_children, ==, 0);
  kontor_scene_ask (scene, 404,
                    ASK (.method = "POST", .path = NOTICES "/notice_1/dismiss", .key = live));
  kontor_scene_ask (scene, 404, ASK (.method = "GET", .path = NOTICES "/notice_9"));
  kontor_scene_ask (scene, 404, ASK (.method = "GET", .path = NOTICES "/we_1"));
  kontor_scene_ask (scene, 400,
                    ASK (.method = "GET", .path = NOTICES, .query = "starting_after=notice_9"));
}

#define TEST(name, function)                                                                       \
  g_test_add ("/notice/" name, KontorScene, NULL, kontor_scene_set_up, function,                   \
              kontor_scene_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("notices-are-listed-and-dismissed", test_notices_are_listed_and_dismissed);
  TEST ("others-are-not-told", test_others_are_not_told);
  return g_test_run ();
}
