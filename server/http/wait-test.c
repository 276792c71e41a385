/* wait-test.c: who follows events gets each of them once, in order, and as soon as it is committed. */
#include "server/http/wait.h"

#include <string.h>

#include "core/json.h"
#include "server/http/server.h"
#include "server/test-world.h"

#define ASK(...) (&(KontorAsk){ __VA_ARGS__ })
#define FEED "/v1/kontor/events"

typedef struct
{
  KontorWorld *world;
  KontorArena *arena;
} Scene;

static void
scene_set_up (Scene *scene, gconstpointer data)
{
  scene->world = kontor_world_new ();
  scene->arena = kontor_arena_new ();
}

static void
scene_tear_down (Scene *scene, gconstpointer data)
{
  kontor_world_free (scene->world);
  kontor_arena_free (scene->arena);
}

static void
make_customer (KontorWorld *world)
{
  kontor_world_ask (world, ASK (.method = "POST", .path = "/v1/customers"));
}

static const KontorValue *
read_reply (Scene *scene, const KontorReply *reply)
{
  const char *problem = NULL;
  const KontorValue *value = kontor_json_parse (scene->arena, kontor_world_text (reply),
                                                strlen (kontor_world_text (reply)), &problem);

  g_assert_nonnull (value);
  return value;
}

static const KontorValue *follow (Scene *scene, const char *format, ...) G_GNUC_PRINTF (2, 3);

static const KontorValue *
follow (Scene *scene, const char *format, ...)
{
  va_list arguments;
  g_autofree char *query = NULL;
  const KontorReply *reply;

  va_start (arguments, format);
  query = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  reply = kontor_world_ask (scene->world, ASK (.method = "GET", .path = FEED, .query = query));
  if (reply->status != 200)
    g_error ("%s: %s", query, kontor_world_text (reply));
  return read_reply (scene, reply);
}

static guint
n_events (const KontorValue *page)
{
  return kontor_value_get (page, "data")->n_children;
}

static const char *
member (const KontorValue *page, const char *name)
{
  return kontor_value_get (page, name)->text;
}

static void
test_events_come_oldest_first (Scene *scene, gconstpointer data)
{
  const KontorValue *page = follow (scene, "after=now");
  const char *next = NULL, *last = "";
  guint n = 0;

  /* Nothing ever happened: the next request begins at the beginning, as this one did. */
  g_assert_cmpint (kontor_value_get (page, "next")->type, ==, KONTOR_VALUE_NULL);
  for (guint i = 0; i < 10; i++)
    make_customer (scene->world);
  do
    {
      page = next == NULL ? follow (scene, "limit=3") : follow (scene, "limit=3&after=%s", next);
      for (const KontorValue *event = kontor_value_get (page, "data")->first; event != NULL;
           event = event->next, n++)
        {
          g_assert_cmpstr (member (event, "id"), >, last);
          last = member (event, "id");
        }
      next = member (page, "next");
      g_assert_cmpstr (next, ==, last);
    }
  while (g_str_equal (member (page, "has_more"), "true"));
  g_assert_cmpuint (n, ==, 10);
  page = follow (scene, "after=%s", next);
  g_assert_cmpuint (n_events (page), ==, 0);
  g_assert_cmpstr (member (page, "next"), ==, next);
}

static void
test_what_a_filter_left_out_is_not_looked_at_again (Scene *scene, gconstpointer data)
{
  const KontorValue *page, *all;

  for (guint i = 0; i < 5; i++)
    make_customer (scene->world);
  all = follow (scene, "type=customer.*");
  g_assert_cmpuint (n_events (all), ==, 5);
  page = follow (scene, "type=charge.*");
  g_assert_cmpuint (n_events (page), ==, 0);
  g_assert_cmpstr (member (page, "next"), ==, member (all, "next"));
}

/* A call that waits in the way the front lets it: its reply may come from any thread. */
typedef struct
{
  KontorCall *call;
  KontorAsk ask;
  char *query;
  GThread *thread;
} Waiting;

static gpointer
finish (gpointer data)
{
  kontor_world_finish (((Waiting *) data)->call);
  return NULL;
}

static void
begin_wait (Scene *scene, Waiting *waiting, const char *query, const char *key)
{
  gboolean ready;

  waiting->query = g_strdup (query);
  waiting->ask = (KontorAsk){ .method = "GET", .path = FEED, .query = waiting->query, .key = key };
  waiting->call = kontor_world_begin (scene->world, &waiting->ask, &ready);
  g_assert_false (ready);
  waiting->thread = g_thread_new ("wait", finish, waiting);
}

static const KontorValue *
end_wait (Scene *scene, Waiting *waiting)
{
  KontorBuffer *body = &waiting->call->reply->body;
  const KontorValue *page;

  g_thread_join (waiting->thread);
  kontor_api_end (waiting->call);
  kontor_buffer_text (body);
  page = read_reply (scene, waiting->call->reply);
  kontor_buffer_clear (body);
  g_free (waiting->query);
  return page;
}

static void
test_a_request_is_held_until_something_happens (Scene *scene, gconstpointer data)
{
  gint64 began_us = g_get_monotonic_time ();
  Waiting waiting, other;
  const KontorValue *page;

  make_customer (scene->world);
  begin_wait (scene, &waiting, "after=now&wait=50", NULL);
  begin_wait (scene, &other, "after=now&wait=1&type=charge.*", NULL);
  make_customer (scene->world);
  page = end_wait (scene, &waiting);
  g_assert_cmpuint (n_events (page), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 20 * G_USEC_PER_SEC);
  /* The other one saw that it is no charge, and that its time was over. */
  page = end_wait (scene, &other);
  g_assert_cmpuint (n_events (page), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, G_USEC_PER_SEC);
}

static void
test_followers_miss_nothing_and_get_nothing_twice (Scene *scene, gconstpointer data)
{
  g_autofree char *next = NULL;
  const char *last = "";
  guint n = 0;
  Waiting waiting;

  make_customer (scene->world);
  next = g_strdup (member (follow (scene, "after=now"), "next"));
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *query = g_strdup_printf ("after=%s&wait=20&limit=2", next);
      const KontorValue *page;
      gboolean waits = i % 3 == 0;

      if (waits)
        begin_wait (scene, &waiting, query, NULL);
      make_customer (scene->world);
      page = waits ? end_wait (scene, &waiting) : follow (scene, "%s", query);
      for (const KontorValue *event = kontor_value_get (page, "data")->first; event != NULL;
           event = event->next, n++)
        {
          g_assert_cmpstr (member (event, "id"), >, last);
          last = member (event, "id");
        }
      g_free (next);
      next = g_strdup (member (page, "next"));
    }
  n += n_events (follow (scene, "after=%s", next));
  g_assert_cmpuint (n, ==, 60);
}

static void
test_one_key_cannot_wait_without_end (Scene *scene, gconstpointer data)
{
  Waiting waiting[KONTOR_MAX_WAITS_PER_KEY];
  const KontorReply *reply;

  for (guint i = 0; i < KONTOR_MAX_WAITS_PER_KEY; i++)
    begin_wait (scene, &waiting[i], "wait=55", NULL);
  reply = kontor_world_ask (scene->world, ASK (.method = "GET", .path = FEED, .query = "wait=55"));
  g_assert_cmpuint (reply->status, ==, 429);
  g_assert_nonnull (strstr (kontor_world_text (reply), "\"param\":\"wait\""));
  make_customer (scene->world);
  for (guint i = 0; i < KONTOR_MAX_WAITS_PER_KEY; i++)
    g_assert_cmpuint (n_events (end_wait (scene, &waiting[i])), ==, 1);
  /* They do not count any more. */
  begin_wait (scene, &waiting[0], "after=now&wait=1", NULL);
  end_wait (scene, &waiting[0]);
}

static void
test_who_waits_is_answered_when_the_server_stops (Scene *scene, gconstpointer data)
{
  gint64 began_us = g_get_monotonic_time ();
  Waiting waiting;

  begin_wait (scene, &waiting, "wait=55", NULL);
  kontor_waits_stop (scene->world->api.waits);
  g_assert_cmpuint (n_events (end_wait (scene, &waiting)), ==, 0);
  begin_wait (scene, &waiting, "wait=55", NULL);
  g_assert_cmpuint (n_events (end_wait (scene, &waiting)), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 20 * G_USEC_PER_SEC);
}

static void
test_a_key_that_is_revoked_sees_nothing_more (Scene *scene, gconstpointer data)
{
  const char *key = kontor_world_key (scene->world, 2, KONTOR_KEY_SECRET, NULL, NULL, 0);
  const KontorReply *keys
      = kontor_world_ask (scene->world, ASK (.method = "GET", .path = "/v1/kontor/api_keys"));
  g_autofree char *id = kontor_world_member (keys, "id"); /* the newest */
  g_autofree char *path = g_strconcat ("/v1/kontor/api_keys/", id, NULL);
  Waiting waiting;

  begin_wait (scene, &waiting, "wait=20", key);
  kontor_world_ask (scene->world, ASK (.method = "DELETE", .path = path));
  make_customer (scene->world);
  g_assert_nonnull (kontor_value_get (end_wait (scene, &waiting), "error"));
  g_assert_cmpuint (waiting.call->reply->status, ==, 401);
}

static void
test_the_request_log_is_waited_for_too (Scene *scene, gconstpointer data)
{
  KontorAsk ask = { .method = "GET", .path = "/v1/kontor/request_logs", .query = "wait=20" };
  Waiting waiting = { .query = NULL };
  gboolean ready;

  waiting.call = kontor_world_begin (scene->world, &ask, &ready);
  g_assert_false (ready);
  waiting.thread = g_thread_new ("wait", finish, &waiting);
  make_customer (scene->world);
  g_assert_cmpuint (n_events (end_wait (scene, &waiting)), ==, 1);
}

static void
test_refusals_name_the_parameter (Scene *scene, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "after=evt_1", "after" },  { "after=cus_1", "after" },
    { "wait=56", "wait" },       { "wait=-1", "wait" },
    { "type=nonsense", "type" }, { "limit=0", "limit" },
    { "shoe=1", "shoe" },       { "starting_after=evt_1", "starting_after" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorReply *reply = kontor_world_ask (
          scene->world, ASK (.method = "GET", .path = FEED, .query = cases[i][0]));
      const KontorValue *error = kontor_value_get (read_reply (scene, reply), "error");

      g_assert_cmpuint (reply->status, ==, 400);
      g_assert_cmpstr (member (error, "param"), ==, cases[i][1]);
    }
}

#define TEST(name, function)                                                                       \
  g_test_add ("/wait/" name, Scene, NULL, scene_set_up, function, scene_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("events-come-oldest-first", test_events_come_oldest_first);
  TEST ("what-a-filter-left-out-is-not-looked-at-again",
        test_what_a_filter_left_out_is_not_looked_at_again);
  TEST ("a-request-is-held-until-something-happens",
        test_a_request_is_held_until_something_happens);
  TEST ("followers-miss-nothing-and-get-nothing-twice",
        test_followers_miss_nothing_and_get_nothing_twice);
  TEST ("one-key-cannot-wait-without-end", test_one_key_cannot_wait_without_end);
  TEST ("who-waits-is-answered-when-the-server-stops",
        test_who_waits_is_answered_when_the_server_stops);
  TEST ("a-key-that-is-revoked-sees-nothing-more", test_a_key_that_is_revoked_sees_nothing_more);
  TEST ("the-request-log-is-waited-for-too", test_the_request_log_is_waited_for_too);
  TEST ("refusals-name-the-parameter", test_refusals_name_the_parameter);
  return g_test_run ();
}
