/* event-pending.c: how many webhook endpoints have not taken an event yet.
 *
 * For most events that is a count of rows. While an event stands in the outbox, which is some milliseconds
 * on most days, not all who want it have a row yet: then the endpoints are asked. What they want is kept by
 * each thread, for one scope, until an endpoint changes. */
#include "server/http/event-pending.h"

#include <string.h>

#include "core/filter.h"
#include "core/json.h"
#include "core/resources/webhook_endpoint.h"
#include "server/engine/event.h"
#include "server/engine/outbox.h"
#include "server/http/worker.h"
#include "server/store/delivery-list.h"
#include "server/store/delivery.h"
#include "server/store/outbox.h"

typedef struct
{
  gint64 key;
  guint64 mask;
  const KontorQuery *filter; /* %NULL: there is none */
} Wanter;

struct _KontorWanting
{
  guint scope;
  gint64 version;  /* the newest of any endpoint, when this was read */
  GArray *wanters; /* Wanter: those that want any event */
  KontorArena *arena;
};

/**
 * kontor_wanting_free:
 * @wanting: (transfer full) (nullable): what a thread keeps
 */
void
kontor_wanting_free (KontorWanting *wanting)
{
  if (wanting == NULL)
    return;
  g_array_unref (wanting->wanters);
  kontor_arena_free (wanting->arena);
  g_free (wanting);
}

static const KontorQuery *
read_filter (KontorArena *arena, const char *text)
{
  KontorQuery *filter = text != NULL ? kontor_arena_new0 (arena, KontorQuery) : NULL;

  return filter != NULL && kontor_filter_parse (text, arena, filter, NULL) ? filter : NULL;
}

static gboolean
add_wanter (KontorCall *call, KontorWanting *wanting, gint64 key)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorWebhookEndpoint *endpoint = kontor_store_object_get_by_key (
      call->store, arena, &kontor_webhook_endpoint_resource, key, &call->failure);
  Wanter wanter = { .key = key };

  if (endpoint == NULL)
    return FALSE;
  wanter.mask = kontor_webhook_endpoint_mask (endpoint);
  wanter.filter = read_filter (wanting->arena, endpoint->filter);
  if (wanter.mask != 0)
    g_array_append_val (wanting->wanters, wanter);
  return TRUE;
}

static KontorWanting *
read_wanting (KontorCall *call, gint64 version)
{
  KontorWanting *wanting = g_new0 (KontorWanting, 1);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean read;

  wanting->scope = call->scope;
  wanting->version = version;
  wanting->wanters = g_array_new (FALSE, FALSE, sizeof (Wanter));
  wanting->arena = kontor_arena_new ();
  read = kontor_store_webhook_endpoint_keys (call->store, call->scope, keys, &call->failure);
  for (guint i = 0; read && i < keys->len; i++)
    read = add_wanter (call, wanting, g_array_index (keys, gint64, i));
  if (!read)
    g_clear_pointer (&wanting, kontor_wanting_free);
  return wanting;
}

/* %NULL: the database failed. */
static const KontorWanting *
find_wanting (KontorCall *call)
{
  KontorWorker *worker = kontor_worker_get (call->api);
  gint64 version;

  if (!kontor_store_integer (call->store, "SELECT max(version) FROM webhook_endpoints", &version,
                             &call->failure))
    return NULL;
  if (worker->wanting != NULL && worker->wanting->scope == call->scope
      && worker->wanting->version == version)
    return worker->wanting;
  kontor_wanting_free (worker->wanting);
  worker->wanting = read_wanting (call, version);
  return worker->wanting;
}

/* Those who want it and have no row of it. */
static gboolean
count_wanters (KontorCall *call, const KontorEvent *event, gint64 *n)
{
  const KontorWanting *wanting = find_wanting (call);
  guint64 bit = G_GUINT64_CONSTANT (1) << kontor_event_number (event->type);
  const KontorValue *object = NULL;
  const char *problem = NULL;

  for (guint i = 0; wanting != NULL && i < wanting->wanters->len; i++)
    {
      const Wanter *wanter = &g_array_index (wanting->wanters, Wanter, i);
      KontorDeliveryRow row;
      gboolean found;

      if ((wanter->mask & bit) == 0)
        continue;
      if (wanter->filter != NULL && object == NULL)
        object = kontor_json_parse (call->arena, event->data->object, strlen (event->data->object),
                                    &problem);
      if (wanter->filter != NULL && object != NULL
          && !kontor_filter_matches (wanter->filter, object))
        continue;
      if (!kontor_store_delivery_get (call->store, event->head.key, wanter->key, &row, &found,
                                      &call->failure))
        return FALSE;
      *n += !found;
    }
  return wanting != NULL;
}

/**
 * kontor_call_pending:
 * @call: a call that reads
 * @event: an event of its scope; gets its pending_webhooks
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_call_pending (KontorCall *call, KontorEvent *event)
{
  gboolean in_outbox;

  return kontor_store_delivery_pending (call->store, event->head.key, &event->pending_webhooks,
                                        &call->failure)
         && kontor_store_outbox_has (call->store, event->head.key, &in_outbox, &call->failure)
         && (!in_outbox || count_wanters (call, event, &event->pending_webhooks));
}
