/* handover.c: reads the outbox in order and hands each event to the endpoints that want it. */
#include "server/webhook/sender.h"

#include <string.h>

#include "core/json.h"
#include "server/engine/event-object.h"
#include "server/store/object.h"
#include "server/store/outbox.h"

#define ROWS_A_ROUND 64

static void
changed_cb (KontorTarget *target, gpointer data)
{
  KontorWebhooks *sender = data;

  if (!target->enabled)
    kontor_dispatch_spill (sender, target);
  else if (!target->was_enabled)
    {
      /* What went wrong before it was enabled is not held against it. */
      (void) kontor_target_load_health (target, sender->reader, NULL);
      kontor_pace_init (&target->pace, 0);
      target->health.in_a_row = target->health.failing_since = 0;
      target->disabling = FALSE;
      target->next_due = 0;
    }
  if (target->deleted && target->has_rows)
    kontor_writer_cancel (sender, target);
  target->was_enabled = target->enabled;
  kontor_dispatch_pump (sender, target);
}

static void
forget_cb (KontorTarget *target, gpointer data)
{
  kontor_target_forget_secrets (target);
  kontor_dispatch_unload (data, target);
}

/* Which endpoints have rows, by one step through the index for each. */
static void
find_rows (KontorWebhooks *sender)
{
  g_autoptr (GError) error = NULL;
  gint64 endpoint = 0, due = 0;

  while (kontor_store_delivery_next_endpoint (sender->reader, endpoint, &endpoint, &due, &error)
         && endpoint != 0)
    {
      KontorTarget *target = kontor_targets_find (sender->targets, endpoint);

      if (target == NULL)
        continue;
      target->has_rows = TRUE;
      target->next_due = MIN (target->next_due, due);
      if (target->deleted)
        kontor_writer_cancel (sender, target);
      kontor_dispatch_pump (sender, target);
    }
  if (error != NULL)
    g_warning ("Which webhook deliveries are due cannot be read: %s", error->message);
}

static gboolean
refresh (KontorWebhooks *sender)
{
  g_autoptr (GError) error = NULL;

  if (kontor_targets_refresh (sender->targets, sender->reader, changed_cb, sender, &error))
    return TRUE;
  g_warning ("The webhook endpoints cannot be read: %s", error->message);
  return FALSE;
}

/**
 * kontor_handover_look_again:
 * @sender: the sender
 *
 * Somebody changed endpoints, secrets or deliveries: whatever was read of them before may be wrong.
 */
void
kontor_handover_look_again (KontorWebhooks *sender)
{
  kontor_targets_each (sender->targets, forget_cb, sender);
  (void) refresh (sender);
  find_rows (sender);
}

/**
 * kontor_handover_start:
 * @sender: the sender, which begins
 *
 * What is in the outbox already may have been handed over in part before the server was stopped.
 */
void
kontor_handover_start (KontorWebhooks *sender)
{
  g_autoptr (GError) error = NULL;

  if (!kontor_store_integer (sender->reader, "SELECT max(number) FROM webhook_outbox",
                             &sender->recover_until, &error))
    g_warning ("The webhook outbox cannot be read: %s", error->message);
  kontor_handover_look_again (sender);
  sender->outbox_more = TRUE;
}

/**
 * kontor_handover_has_room:
 * @sender: the sender
 *
 * Returns: whether more deliveries may be held in memory
 */
gboolean
kontor_handover_has_room (const KontorWebhooks *sender)
{
  return sender->n_waiting < KONTOR_SENDER_MAX_WAITING
         && sender->notes.length < KONTOR_SENDER_MAX_NOTES;
}

static gboolean
passes (const KontorTarget *target,
        KontorArena *arena,
        const KontorEvent *event,
        KontorValue **object)
{
  const char *problem = NULL;

  if (target->filter == NULL)
    return TRUE;
  if (*object == NULL)
    *object
        = kontor_json_parse (arena, event->data->object, strlen (event->data->object), &problem);
  return *object == NULL || kontor_filter_matches (target->filter, *object);
}

/* A row that may have been handed over before: then the database knows of it. */
static gboolean
is_known (KontorWebhooks *sender, gint64 number, gint64 event, const KontorTarget *target)
{
  KontorDeliveryRow row;
  gboolean found = FALSE;

  return number <= sender->recover_until
         && kontor_store_delivery_get (sender->reader, event, target->key, &row, &found, NULL)
         && found;
}

static GPtrArray *
find_targets (KontorWebhooks *sender,
              KontorArena *arena,
              gint64 number,
              const KontorEventRow *row,
              const KontorEvent *event)
{
  const GPtrArray *neighbours = kontor_targets_of (sender->targets, kontor_key_scope (row->key));
  GPtrArray *wanting = g_ptr_array_new ();
  KontorValue *object = NULL;

  for (guint i = 0; neighbours != NULL && i < neighbours->len; i++)
    {
      KontorTarget *target = g_ptr_array_index (neighbours, i);

      if (kontor_target_wants (target, row) && passes (target, arena, event, &object)
          && !is_known (sender, number, row->key, target))
        g_ptr_array_add (wanting, target);
    }
  return wanting;
}

/* Reads the event of an outbox row and sets out to hand it over. */
static gboolean
begin (KontorWebhooks *sender, KontorArena *arena, const KontorOutboxRow *outbox, GError **error)
{
  KontorEventRow row;
  KontorEvent *event;
  gint64 object = 0;
  gboolean found = FALSE;

  if (!kontor_store_event_get (sender->reader, arena, outbox->event, &row, &found, error))
    return FALSE;
  if (!found)
    {
      g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                   "row %" G_GINT64_FORMAT " names no event", outbox->number);
      return FALSE;
    }
  event = kontor_event_show (sender->reader, arena, &row, error);
  if (event == NULL || !kontor_store_version_object (sender->reader, row.version, &object, error))
    return FALSE;
  sender->fan = kontor_payload_new (row.key, object);
  sender->fan->outbox = outbox->number;
  sender->fan_targets = find_targets (sender, arena, outbox->number, &row, event);
  sender->fan_next = 0;
  kontor_payload_write (sender->fan, event, sender->fan_targets->len);
  return TRUE;
}

/* Ten thousand endpoints are not served at once: it goes on where there is room again. */
static gboolean
go_on (KontorWebhooks *sender)
{
  for (; sender->fan_next < sender->fan_targets->len; sender->fan_next++)
    {
      if (!kontor_handover_has_room (sender))
        return FALSE;
      kontor_dispatch_add (sender, g_ptr_array_index (sender->fan_targets, sender->fan_next),
                           sender->fan);
    }
  kontor_writer_handed_over (sender, sender->fan);
  g_clear_pointer (&sender->fan, kontor_payload_unref);
  g_clear_pointer (&sender->fan_targets, g_ptr_array_unref);
  return TRUE;
}

/**
 * kontor_handover_is_spoilt:
 * @error: why an event could not be read
 *
 * Of what this program will never read, others should not suffer.
 *
 * Returns: whether it is the event's fault, not the moment's
 */
gboolean
kontor_handover_is_spoilt (const GError *error)
{
  return g_error_matches (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT)
         || g_error_matches (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_NEWER);
}

static gboolean
hand_over (KontorWebhooks *sender, KontorArena *arena, const GArray *rows, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorOutboxRow *row = &g_array_index (rows, KontorOutboxRow, i);
      g_autoptr (GError) problem = NULL;

      if (!kontor_handover_has_room (sender))
        return TRUE;
      if (!begin (sender, arena, row, &problem) && !kontor_handover_is_spoilt (problem))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (problem != NULL)
        g_warning ("An event cannot be sent: %s", problem->message);
      sender->last_outbox = row->number;
      kontor_arena_reset (arena);
      if (problem == NULL && !go_on (sender))
        return TRUE;
    }
  sender->outbox_more = rows->len == ROWS_A_ROUND;
  return TRUE;
}

/* What is read is of one moment, in which every endpoint is known that was there before the event. */
static void
read_outbox (KontorWebhooks *sender)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorOutboxRow));
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GError) error = NULL;

  if (!refresh (sender))
    return;
  if (!kontor_store_outbox_after (sender->reader, sender->last_outbox, ROWS_A_ROUND, rows, &error)
      || !hand_over (sender, arena, rows, &error))
    {
      g_warning ("The webhook outbox cannot be read: %s", error->message);
      sender->outbox_more = FALSE;
    }
}

/**
 * kontor_handover_run:
 * @sender: the sender
 *
 * Hands over what there is, as far as there is room and for one round.
 */
void
kontor_handover_run (KontorWebhooks *sender)
{
  if (sender->fan != NULL && !go_on (sender))
    return;
  if (!sender->outbox_more || !kontor_handover_has_room (sender)
      || !kontor_store_begin (sender->reader, NULL))
    return;
  read_outbox (sender);
  kontor_store_rollback (sender->reader);
}
