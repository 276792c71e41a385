/* payload.c: an event as it is sent: rendered once, whoever gets it. */
#include "server/webhook/payload.h"

#include "server/engine/event-object.h"

/**
 * kontor_payload_new:
 * @event: key of an event
 * @object: key of what it is about
 *
 * Returns: (transfer full): what is sent, not rendered yet
 */
KontorPayload *
kontor_payload_new (gint64 event, gint64 object)
{
  KontorPayload *payload = g_new0 (KontorPayload, 1);

  payload->refs = 1;
  payload->event = event;
  payload->object = object;
  return payload;
}

/**
 * kontor_payload_ref:
 * @payload: a payload
 *
 * Of the sender's thread alone.
 *
 * Returns: (transfer full): the same
 */
KontorPayload *
kontor_payload_ref (KontorPayload *payload)
{
  payload->refs++;
  return payload;
}

/**
 * kontor_payload_unref:
 * @payload: (transfer full) (nullable): a payload
 */
void
kontor_payload_unref (KontorPayload *payload)
{
  if (payload == NULL || --payload->refs > 0)
    return;
  g_clear_pointer (&payload->body, g_bytes_unref);
  g_free (payload->id);
  g_free (payload);
}

/**
 * kontor_payload_write:
 * @payload: a payload
 * @event: its event
 * @pending: how many endpoints have not taken it
 *
 * Renders it: the very bytes that somebody is shown who asks for the event.
 */
void
kontor_payload_write (KontorPayload *payload, KontorEvent *event, gint64 pending)
{
  g_auto (KontorBuffer) json = { 0 };

  event->pending_webhooks = payload->pending = pending;
  kontor_object_write (&event->head, NULL, NULL, &json);
  g_free (payload->id);
  payload->id = g_strdup (event->head.id);
  g_clear_pointer (&payload->body, g_bytes_unref);
  payload->body = g_bytes_new (json.data, json.length);
}

/**
 * kontor_payload_render:
 * @payload: a payload
 * @store: a connection
 * @pending: how many endpoints have not taken it
 * @error: return location for a #GError
 *
 * Returns: whether it has a body now
 */
gboolean
kontor_payload_render (KontorPayload *payload, KontorStore *store, gint64 pending, GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorEventRow row;
  KontorEvent *event;
  gboolean found;

  if (!kontor_store_event_get (store, arena, payload->event, &row, &found, error))
    return FALSE;
  if (!found)
    {
      g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                   "There is no event %" G_GINT64_FORMAT, payload->event);
      return FALSE;
    }
  event = kontor_event_show (store, arena, &row, error);
  if (event == NULL)
    return FALSE;
  kontor_payload_write (payload, event, pending);
  return TRUE;
}
