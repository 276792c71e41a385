/* note.c: what the sender found out, on its way into the database.
 *
 * What becomes of a delivery is decided here, on the engine's thread, by the row as it is: somebody may have
 * canceled it or sent it again while its request was under way. */
#include "server/webhook/note.h"

#include "server/store/outbox.h"
#include "server/webhook/schedule.h"

/**
 * kontor_note_free:
 * @note: (transfer full): a note; of the sender's thread
 */
void
kontor_note_free (KontorNote *note)
{
  kontor_answer_free (note->answer);
  g_clear_pointer (&note->url, g_ref_string_release);
  g_free (note->request_headers);
  kontor_payload_unref (note->payload);
  g_free (note);
}

/**
 * kontor_note_op_free:
 * @op: (transfer full): an operation that is done
 */
void
kontor_note_op_free (KontorNoteOp *op)
{
  g_ptr_array_unref (op->notes);
  g_array_unref (op->health);
  g_array_unref (op->done);
  g_free (op);
}

static gboolean
write_attempt (const KontorNote *note,
               KontorTx *tx,
               const KontorDeliveryRow *delivery,
               gboolean by_hand,
               GError **error)
{
  const KontorAnswer *answer = note->answer;
  KontorAttemptRow row = {
    .number = kontor_ids_tick (tx->ids),
    .scope = kontor_key_scope (note->event),
    .event = note->event,
    .endpoint = note->endpoint,
    .attempt = delivery->attempts,
    .by_hand = by_hand,
    .outcome = answer->outcome,
    .status = answer->status,
    .pending = note->pending,
    .created = note->created,
    .connect_us = answer->connect_us,
    .wait_us = answer->wait_us,
    .duration_us = answer->duration_us,
    .url = note->url,
    .problem = answer->problem,
    .request_headers = note->request_headers,
    .response_headers = answer->headers,
    .response_body = answer->body != NULL ? answer->body->data : NULL,
    .n_response_body = answer->body != NULL ? answer->body->len : 0,
  };

  return kontor_store_attempt_insert (tx->store, &row, error);
}

static gboolean
settle (KontorNote *note,
        KontorTx *tx,
        KontorDeliveryRow *row,
        KontorDeliveryState state,
        GError **error)
{
  note->gave_up = state == KONTOR_DELIVERY_FAILED && row->state != state;
  row->state = state;
  row->due = tx->now;
  return kontor_store_delivery_settle (tx->store, row, &note->promoted, error);
}

/* After an attempt: taken, to be tried again, or given up. */
static gboolean
decide (KontorNote *note,
        KontorTx *tx,
        const KontorSchedule *schedule,
        KontorDeliveryRow *row,
        GError **error)
{
  gint64 delay_s;

  row->attempts++;
  row->round++;
  if (note->answer->outcome == KONTOR_OUTCOME_TAKEN)
    return settle (note, tx, row, KONTOR_DELIVERY_SUCCEEDED, error);
  /* Canceled meanwhile, or taken when it was sent before the server was killed. */
  if (row->state != KONTOR_DELIVERY_READY && row->state != KONTOR_DELIVERY_HELD)
    return settle (note, tx, row, row->state, error);
  delay_s = kontor_schedule_delay_s (schedule, row->round, note->chance);
  if (delay_s == 0)
    return settle (note, tx, row, KONTOR_DELIVERY_FAILED, error);
  row->due = tx->now + MAX (delay_s, note->retry_after_s);
  return kontor_store_delivery_open (tx->store, row, error);
}

static gboolean
write_note (KontorNote *note, KontorTx *tx, const KontorSchedule *schedule, GError **error)
{
  KontorDeliveryRow row;
  gboolean found, by_hand, written = TRUE;

  if (!kontor_store_delivery_get (tx->store, note->event, note->endpoint, &row, &found, error))
    return FALSE;
  if (!found)
    row = (KontorDeliveryRow){
      .event = note->event, .endpoint = note->endpoint, .object = note->object, .due = tx->now
    };
  by_hand = row.round == 0 && row.attempts > 0;
  note->promoted = note->gave_up = FALSE;
  if (note->kind == KONTOR_NOTE_ATTEMPT)
    written = decide (note, tx, schedule, &row, error)
              && write_attempt (note, tx, &row, by_hand, error);
  else if (note->kind == KONTOR_NOTE_WAIT && !found)
    written = kontor_store_delivery_open (tx->store, &row, error);
  else if (note->kind == KONTOR_NOTE_LATE && found && row.state == KONTOR_DELIVERY_READY)
    written = settle (note, tx, &row, KONTOR_DELIVERY_FAILED, error);
  note->state = row.state;
  note->due = row.due;
  return written;
}

static gboolean
write_health (const KontorNoteOp *op, KontorTx *tx, GError **error)
{
  for (guint i = 0; i < op->health->len; i++)
    {
      KontorWebhookHealthRow row = g_array_index (op->health, KontorWebhookHealthRow, i);

      for (guint j = 0; j < op->notes->len; j++)
        {
          const KontorNote *note = g_ptr_array_index (op->notes, j);

          row.given_up += note->endpoint == row.endpoint && note->gave_up;
        }
      if (!kontor_store_webhook_health_put (tx->store, &row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (const KontorNoteOp *op, KontorTx *tx, GError **error)
{
  for (guint i = 0; i < op->notes->len; i++)
    if (!write_note (g_ptr_array_index (op->notes, i), tx, op->schedule, error))
      return FALSE;
  if (!write_health (op, tx, error))
    return FALSE;
  for (guint i = 0; i < op->done->len; i++)
    {
      gint64 first = g_array_index (op->done, gint64, i), last = first;

      while (i + 1 < op->done->len && g_array_index (op->done, gint64, i + 1) == last + 1)
        {
          last++;
          i++;
        }
      if (!kontor_store_outbox_delete (tx->store, first, last, error))
        return FALSE;
    }
  return TRUE;
}

/* Writes the notes, and takes out of the outbox what all who want it have a row of. */
static void
run (KontorOp *op, KontorTx *tx)
{
  GError *error = NULL;

  if (!write_all ((const KontorNoteOp *) op, tx, &error))
    kontor_tx_fail (tx, error);
}

/**
 * kontor_note_op_new:
 * @schedule: when what failed is tried again; outlives the operation
 * @sender: for who made it
 *
 * Returns: (transfer full): an operation for the engine, with nothing to write yet
 */
KontorNoteOp *
kontor_note_op_new (const KontorSchedule *schedule, gpointer sender)
{
  KontorNoteOp *op = g_new0 (KontorNoteOp, 1);

  op->op.run = run;
  op->schedule = schedule;
  op->sender = sender;
  op->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_note_free);
  op->health = g_array_new (FALSE, FALSE, sizeof (KontorWebhookHealthRow));
  op->done = g_array_new (FALSE, FALSE, sizeof (gint64));
  return op;
}
