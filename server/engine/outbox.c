/* outbox.c: which events are kept for webhook endpoints, beside the change they tell of.
 *
 * Of each scope it is known which types of event any endpoint there may want. That only grows while the
 * server runs: a row too many costs the sender one look, a row too few would lose an event. */
#include "server/engine/outbox.h"

#include "server/engine/engine.h"
#include "server/engine/event.h"
#include "server/store/outbox.h"
#include "server/store/webhook.h"

struct _KontorOutbox
{
  KontorStore *store;
  gint64 number;     /* of the newest row; SQLite alone would give that of a deleted one again */
  GHashTable *masks; /* scope → guint64 *: bits of event types */
  guint news;        /* KontorCommit */
};

/**
 * kontor_webhook_endpoint_mask:
 * @endpoint: an endpoint
 *
 * Events that are sent because somebody asked for them are for nobody else.
 *
 * Returns: bit N for each event type, of number N, that is to be sent to it as it now is
 */
guint64
kontor_webhook_endpoint_mask (const KontorWebhookEndpoint *endpoint)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));
  guint64 mask = 0;

  /* Nothing here belongs to a connected account. */
  if (endpoint->deleted == 1 || endpoint->connect == 1
      || g_strcmp0 (endpoint->status, "disabled") == 0)
    return 0;
  for (guint i = 0; endpoint->enabled_events != NULL && i < endpoint->enabled_events->n; i++)
    kontor_event_match (endpoint->enabled_events->items[i], numbers);
  for (guint i = 0; i < numbers->len; i++)
    mask |= G_GUINT64_CONSTANT (1) << g_array_index (numbers, int, i);
  return mask
         & ~(G_GUINT64_CONSTANT (1) << kontor_event_number (KONTOR_EVENT_TEST)
             | G_GUINT64_CONSTANT (1) << kontor_event_number (KONTOR_EVENT_PING));
}

static void
add_mask (KontorOutbox *outbox, const KontorWebhookEndpoint *endpoint)
{
  gpointer scope = GUINT_TO_POINTER (kontor_key_scope (endpoint->head.key));
  guint64 *mask = g_hash_table_lookup (outbox->masks, scope);

  if (mask == NULL)
    {
      mask = g_new0 (guint64, 1);
      g_hash_table_insert (outbox->masks, scope, mask);
    }
  *mask |= kontor_webhook_endpoint_mask (endpoint);
}

static void
add_mask_cb (const KontorWebhookEndpoint *endpoint, gpointer data)
{
  add_mask (data, endpoint);
}

/**
 * kontor_outbox_new:
 * @store: the writer's connection
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the outbox, knowing every endpoint, or %NULL
 */
KontorOutbox *
kontor_outbox_new (KontorStore *store, GError **error)
{
  KontorOutbox *outbox = g_new0 (KontorOutbox, 1);

  outbox->store = store;
  outbox->masks = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (!kontor_store_integer (store, "SELECT max(number) FROM webhook_outbox", &outbox->number,
                             error)
      || !kontor_store_webhook_endpoints (store, 0, add_mask_cb, outbox, error))
    g_clear_pointer (&outbox, kontor_outbox_free);
  return outbox;
}

/**
 * kontor_outbox_free:
 * @outbox: (transfer full): the outbox
 */
void
kontor_outbox_free (KontorOutbox *outbox)
{
  g_hash_table_unref (outbox->masks);
  g_free (outbox);
}

/**
 * kontor_outbox_add:
 * @outbox: the outbox
 * @scope: whose event it is
 * @event: an event written in the open transaction
 * @error: return location for a #GError
 *
 * Returns: whether what there is to write was written
 */
gboolean
kontor_outbox_add (KontorOutbox *outbox, guint scope, const KontorEventRow *event, GError **error)
{
  const guint64 *mask = g_hash_table_lookup (outbox->masks, GUINT_TO_POINTER (scope));

  if (mask == NULL || ((*mask >> event->type) & 1) == 0)
    {
      outbox->news |= KONTOR_COMMIT_EVENTS;
      return TRUE;
    }
  outbox->news |= KONTOR_COMMIT_EVENTS | KONTOR_COMMIT_OUTBOX;
  return kontor_store_outbox_insert (outbox->store, ++outbox->number, event->key, error);
}

/**
 * kontor_outbox_endpoint_changed:
 * @outbox: the outbox
 * @endpoint: an endpoint that was made or changed in the open transaction
 */
void
kontor_outbox_endpoint_changed (KontorOutbox *outbox, const KontorWebhookEndpoint *endpoint)
{
  add_mask (outbox, endpoint);
  outbox->news |= KONTOR_COMMIT_WEBHOOKS;
}

/**
 * kontor_outbox_touch:
 * @outbox: the outbox
 * @what: #KontorCommit: what the open transaction did beside adding events
 */
void
kontor_outbox_touch (KontorOutbox *outbox, guint what)
{
  outbox->news |= what;
}

/**
 * kontor_outbox_take_news:
 * @outbox: the outbox
 *
 * Returns: what the transaction that was just committed means, as #KontorCommit; asked again, nothing
 */
guint
kontor_outbox_take_news (KontorOutbox *outbox)
{
  guint news = outbox->news;

  outbox->news = 0;
  return news;
}
