/* test-scene.c: a world with events, webhook endpoints and what became of the one for the other. */
#include "server/test-scene.h"

#include <string.h>

#include "core/resources/webhook_endpoint.h"
#include "server/engine/engine.h"
#include "server/store/webhook.h"

typedef struct
{
  KontorOp op;
  KontorScene *scene;
} MakeOp;

static void
make_endpoints (KontorOp *op, KontorTx *tx)
{
  KontorScene *scene = ((MakeOp *) op)->scene;

  for (guint i = 0; i < KONTOR_SCENE_ENDPOINTS; i++)
    {
      KontorWebhookEndpoint *endpoint = kontor_tx_new (tx, &kontor_webhook_endpoint_resource);
      KontorStrings *events = kontor_arena_new0 (tx->arena, KontorStrings);

      endpoint->url = kontor_arena_printf (tx->arena, "https://hooks.test/%u", i);
      events->items = kontor_arena_new0_n (tx->arena, const char *, 1);
      events->items[events->n++] = "*";
      endpoint->enabled_events = events;
      kontor_tx_save (tx, endpoint, NULL);
      scene->endpoint_ids[i] = g_strdup (endpoint->head.id);
      scene->endpoints[i] = endpoint->head.key;
    }
}

/**
 * kontor_scene_sql:
 * @scene: a scene
 * @format: statements, as for printf()
 * @...: what is filled in
 *
 * Runs them beside the server.
 */
void
kontor_scene_sql (KontorScene *scene, const char *format, ...)
{
  va_list arguments;
  g_autofree char *sql = NULL;
  char *problem = NULL;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (sqlite3_exec (kontor_store_handle (scene->world->store), sql, NULL, NULL, &problem)
      != SQLITE_OK)
    g_error ("%s: %s", sql, problem);
}

/**
 * kontor_scene_ask:
 * @scene: a scene
 * @status: what it must be answered with
 * @ask: what is sent
 *
 * Returns: (transfer none): the reply
 */
const KontorValue *
kontor_scene_ask (KontorScene *scene, guint status, const KontorAsk *ask)
{
  const KontorReply *reply = kontor_world_ask (scene->world, ask);
  const char *problem = NULL;
  const KontorValue *value = kontor_json_parse (scene->arena, kontor_world_text (reply),
                                                strlen (kontor_world_text (reply)), &problem);

  if (reply->status != status)
    g_error ("%s %s: %s", ask->path, ask->query, kontor_world_text (reply));
  g_assert_nonnull (value);
  return value;
}

/**
 * kontor_scene_get:
 * @scene: a scene
 * @path: of what is there
 * @query: (nullable): parameters
 *
 * Returns: (transfer none): the reply, of status 200
 */
const KontorValue *
kontor_scene_get (KontorScene *scene, const char *path, const char *query)
{
  return kontor_scene_ask (scene, 200, ASK (.method = "GET", .path = path, .query = query));
}

/**
 * kontor_scene_member:
 * @object: a reply, or a part of it
 * @name: of a member that is text, a number or a truth value
 *
 * Returns: (nullable): what it says
 */
const char *
kontor_scene_member (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL ? value->text : NULL;
}

/**
 * kontor_scene_state:
 * @event: number of an event
 * @endpoint: number of an endpoint
 *
 * Returns: what became of the one for the other, at the beginning
 */
int
kontor_scene_state (guint event, guint endpoint)
{
  if (endpoint == 1 && event % 2 == 1)
    return KONTOR_DELIVERY_FAILED;
  if (endpoint == 2 && event >= KONTOR_SCENE_EVENTS - 4)
    return event == KONTOR_SCENE_EVENTS - 4 ? KONTOR_DELIVERY_READY : KONTOR_DELIVERY_HELD;
  return KONTOR_DELIVERY_SUCCEEDED;
}

static void
add_delivery (KontorScene *scene, guint event, guint endpoint)
{
  int state = kontor_scene_state (event, endpoint);
  gboolean tried = state >= KONTOR_DELIVERY_SUCCEEDED;
  gint64 number = kontor_ids_tick (scene->world->ids);

  kontor_scene_sql (
      scene,
      "INSERT INTO webhook_deliveries (event, endpoint, object, state, attempts, round, due)"
      " VALUES (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", %u, %d, %d, %d, 1999)",
      scene->events[event], scene->endpoints[endpoint], 1 + event / 4, state, tried, tried);
  if (!tried)
    return;
  kontor_scene_sql (
      scene,
      "INSERT INTO webhook_attempts VALUES (%" G_GINT64_FORMAT ", 2, %" G_GINT64_FORMAT
      ", %" G_GINT64_FORMAT ", 1, 0, %d, %s, 3, %" G_GINT64_FORMAT ", 200, 300, 700,"
      " 'https://hooks.test/%u', %s,"
      " 'Content-Type: application/json' || char(10) || 'webhook-id: %s',"
      " 'Content-Type: text/plain' || char(10) || 'Set-Cookie: a' || char(10) ||"
      " 'Set-Cookie: b', x'6F6BFF')",
      number, scene->events[event], scene->endpoints[endpoint], state == KONTOR_DELIVERY_FAILED,
      state == KONTOR_DELIVERY_FAILED ? "503" : "200", kontor_clock_now (&scene->world->clock),
      endpoint, state == KONTOR_DELIVERY_FAILED ? "'It answered 503.'" : "NULL",
      scene->event_ids[event]);
}

static void
make_events (KontorScene *scene)
{
  const KontorValue *data, *event;
  guint i = KONTOR_SCENE_EVENTS;

  for (guint n = 0; n < KONTOR_SCENE_EVENTS; n++)
    kontor_world_ask (scene->world, ASK (.method = "POST", .path = "/v1/customers"));
  data = kontor_value_get (kontor_scene_get (scene, "/v1/events", "limit=100"), "data");
  g_assert_cmpuint (data->n_children, ==, KONTOR_SCENE_EVENTS);
  for (event = data->first; event != NULL; event = event->next)
    {
      scene->event_ids[--i] = g_strdup (kontor_scene_member (event, "id"));
      scene->events[i] = kontor_key (2, kontor_id_tick (scene->event_ids[i]));
    }
}

/**
 * kontor_scene_set_up:
 * @scene: (out): a scene
 * @data: nothing
 */
void
kontor_scene_set_up (KontorScene *scene, gconstpointer data)
{
  MakeOp make = { .op = { .run = make_endpoints, .scope = 2 }, .scene = scene };

  scene->world = kontor_world_new ();
  scene->arena = kontor_arena_new ();
  make_events (scene);
  kontor_engine_run (scene->world->engine, &make.op);
  for (guint event = 0; event < KONTOR_SCENE_EVENTS; event++)
    for (guint endpoint = 0; endpoint < KONTOR_SCENE_ENDPOINTS; endpoint++)
      add_delivery (scene, event, endpoint);
}

/**
 * kontor_scene_tear_down:
 * @scene: a scene
 * @data: nothing
 */
void
kontor_scene_tear_down (KontorScene *scene, gconstpointer data)
{
  for (guint i = 0; i < KONTOR_SCENE_EVENTS; i++)
    g_free (scene->event_ids[i]);
  for (guint i = 0; i < KONTOR_SCENE_ENDPOINTS; i++)
    g_free (scene->endpoint_ids[i]);
  kontor_arena_free (scene->arena);
  kontor_world_free (scene->world);
}
