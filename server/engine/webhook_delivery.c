/* webhook_delivery.c: the rules of sending an event again, or not at all.
 *
 * What is sent again begins its schedule anew and is due at once, or as soon as what is open before it about
 * the same object is settled: kontor_store_delivery_open() and _settle() keep the order. Rows are written at
 * once and not at the end of the operation; so whatever can be refused is refused before. */
#include "server/engine/webhook_delivery.h"

#include "server/engine/event.h"
#include "server/store/event.h"
#include "server/store/object.h"

/* So many of the newest events are looked at for one of a type. */
#define LOOK 20000

static gboolean
fail (KontorTx *tx, GError *problem)
{
  kontor_tx_fail (tx, problem);
  return FALSE;
}

static gboolean
check_enabled (const KontorWebhookEndpoint *endpoint, KontorError *error)
{
  if (g_strcmp0 (endpoint->status, "disabled") != 0)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                           "The webhook endpoint %s is disabled: nothing is sent to it. Enable it "
                           "first.",
                           endpoint->head.id);
}

/* What it is about, which the event's version tells. */
static gboolean
find_object (KontorTx *tx, gint64 event, gint64 *object, GError **error)
{
  const KontorObject *about;
  gboolean found = FALSE;
  KontorEventRow row;

  if (!kontor_store_event_get (tx->store, tx->arena, event, &row, &found, error))
    return FALSE;
  g_assert (found);
  about = kontor_store_object_at_version (tx->store, tx->arena, row.version, NULL, error);
  if (about != NULL)
    *object = about->key;
  return about != NULL;
}

static gboolean
open_again (KontorTx *tx, KontorDeliveryRow *row, GError **error)
{
  row->round = 0;
  row->due = tx->now;
  return kontor_store_delivery_open (tx->store, row, error);
}

static gboolean
resend (KontorTx *tx, const KontorWebhookEndpoint *endpoint, gint64 event, GError **error)
{
  KontorDeliveryRow row;
  gboolean found;

  if (!kontor_store_delivery_get (tx->store, event, endpoint->head.key, &row, &found, error))
    return FALSE;
  if (!found)
    {
      row = (KontorDeliveryRow){ .event = event, .endpoint = endpoint->head.key };
      if (!find_object (tx, event, &row.object, error))
        return FALSE;
    }
  return open_again (tx, &row, error);
}

/**
 * kontor_webhook_delivery_resend:
 * @tx: a unit of work
 * @endpoint: to whom
 * @event: key of an event of the same scope
 * @error: says that the endpoint is disabled
 *
 * Returns: whether it will be sent
 */
gboolean
kontor_webhook_delivery_resend (KontorTx *tx,
                                const KontorWebhookEndpoint *endpoint,
                                gint64 event,
                                KontorError *error)
{
  GError *problem = NULL;

  if (!check_enabled (endpoint, error))
    return FALSE;
  if (!resend (tx, endpoint, event, &problem))
    return fail (tx, problem);
  kontor_tx_webhooks_changed (tx);
  return TRUE;
}

static gboolean
cancel (KontorTx *tx, KontorDeliveryRow *row, GError **error)
{
  gboolean promoted;

  row->state = KONTOR_DELIVERY_CANCELED;
  row->due = tx->now;
  return kontor_store_delivery_settle (tx->store, row, &promoted, error);
}

/**
 * kontor_webhook_delivery_cancel:
 * @tx: a unit of work
 * @event: key of an event
 * @endpoint: key of an endpoint
 * @error: says that there is nothing to cancel
 *
 * A request that is under way ends as it ends; none is made after it.
 *
 * Returns: whether it will not be sent any more
 */
gboolean
kontor_webhook_delivery_cancel (KontorTx *tx, gint64 event, gint64 endpoint, KontorError *error)
{
  GError *problem = NULL;
  KontorDeliveryRow row;
  gboolean found;

  if (!kontor_store_delivery_get (tx->store, event, endpoint, &row, &found, &problem))
    return fail (tx, problem);
  if (!found || row.state > KONTOR_DELIVERY_HELD)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "Only a delivery that is pending can be canceled.");
  if (!cancel (tx, &row, &problem))
    return fail (tx, problem);
  kontor_tx_webhooks_changed (tx);
  return TRUE;
}

typedef gboolean (*Deed) (KontorTx *tx, KontorDeliveryRow *row, GError **error);

/* The oldest first: so an earlier event is before a later one of its object at every moment. */
static gboolean
do_some (KontorTx *tx, const KontorDeliveryStep *step, Deed deed, guint *n, gint64 *next)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryRow));
  GError *problem = NULL;

  if (!kontor_store_delivery_step (tx->store, step, rows, next, &problem))
    return fail (tx, problem);
  for (guint i = 0; i < rows->len; i++)
    {
      KontorDeliveryRow row;
      gboolean found;

      /* Read anew: it may have become ready by what was done to the one before it. */
      if (!kontor_store_delivery_get (tx->store, g_array_index (rows, KontorDeliveryRow, i).event,
                                      step->endpoint, &row, &found, &problem)
          || !deed (tx, &row, &problem))
        return fail (tx, problem);
    }
  *n = rows->len;
  if (rows->len > 0)
    kontor_tx_webhooks_changed (tx);
  return TRUE;
}

/**
 * kontor_webhook_delivery_resend_some:
 * @tx: a unit of work
 * @endpoint: to whom
 * @step: which of its deliveries, and how many at most
 * @n: (out): how many will be sent
 * @next: (out): where the next step goes on; 0 when there is nothing more
 * @error: says that the endpoint is disabled
 *
 * Returns: whether it was done
 */
gboolean
kontor_webhook_delivery_resend_some (KontorTx *tx,
                                     const KontorWebhookEndpoint *endpoint,
                                     const KontorDeliveryStep *step,
                                     guint *n,
                                     gint64 *next,
                                     KontorError *error)
{
  return check_enabled (endpoint, error) && do_some (tx, step, open_again, n, next);
}

/**
 * kontor_webhook_delivery_cancel_some:
 * @tx: a unit of work
 * @step: which, and how many at most
 * @n: (out): how many were canceled
 * @next: (out): where the next step goes on; 0 when there is nothing more
 *
 * Returns: whether it was done
 */
gboolean
kontor_webhook_delivery_cancel_some (KontorTx *tx,
                                     const KontorDeliveryStep *step,
                                     guint *n,
                                     gint64 *next)
{
  return do_some (tx, step, cancel, n, next);
}

/* The newest event of @type; a rare one of long ago is not found. */
static gboolean
find_newest (KontorTx *tx, const char *type, gint64 *event, KontorError *error)
{
  int number = kontor_event_number (type);
  GError *problem = NULL;

  if (number == 0)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "type",
                             "No event is of the type '%.80s': name one such as charge.succeeded.",
                             type);
  if (!kontor_store_event_newest_of (tx->store, tx->scope, number, LOOK, event, &problem))
    return fail (tx, problem);
  if (*event != 0)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "type",
                           "Among the last %d events there is none of the type %s to send: make "
                           "one happen, or leave the type out.",
                           LOOK, type);
}

/**
 * kontor_webhook_delivery_test:
 * @tx: a unit of work
 * @endpoint: to whom
 * @type: (nullable): of an event that happened; %NULL or %KONTOR_EVENT_PING for one about the endpoint itself,
 *   which no other endpoint is sent
 * @event: (out): key of the event
 * @error: says why not
 *
 * Returns: whether it will be sent
 */
gboolean
kontor_webhook_delivery_test (KontorTx *tx,
                              const KontorWebhookEndpoint *endpoint,
                              const char *type,
                              gint64 *event,
                              KontorError *error)
{
  KontorDeliveryRow row = { .endpoint = endpoint->head.key, .object = endpoint->head.key };
  GError *problem = NULL;

  if (!check_enabled (endpoint, error))
    return FALSE;
  if (type == NULL)
    type = KONTOR_EVENT_TEST;
  else if (!g_str_equal (type, KONTOR_EVENT_PING))
    return find_newest (tx, type, event, error)
           && kontor_webhook_delivery_resend (tx, endpoint, *event, error);
  *event = row.event = kontor_tx_event (tx, (gpointer) endpoint, type);
  if (!open_again (tx, &row, &problem))
    return fail (tx, problem);
  kontor_tx_webhooks_changed (tx);
  return TRUE;
}
