/* writer.c: gathers what is found out and has the engine write it down, in order. */
#include "server/webhook/schedule.h"
#include "server/webhook/sender.h"

#define MAX_OPS 4
#define MAX_HANDED_OVER 512
#define RETRY_US G_USEC_PER_SEC
/* Lines in memory beside which a look at the rows costs little. */
#define FEW_LINES 8

static KontorNote *
new_note (KontorNoteKind kind, KontorWebhookLine *line, gint64 event)
{
  KontorNote *note = g_new0 (KontorNote, 1);

  note->kind = kind;
  note->target = line->target;
  note->event = event;
  note->endpoint = line->endpoint;
  note->object = line->object;
  note->line = line;
  line->notes++;
  return note;
}

/**
 * kontor_writer_wait:
 * @sender: the sender
 * @line: a line
 * @delivery: one of it, behind all that were noted of it before
 *
 * Makes a row of it, unless it has one.
 */
void
kontor_writer_wait (KontorWebhooks *sender, KontorWebhookLine *line, KontorDelivery *delivery)
{
  KontorNote *note;

  if (delivery->has_row)
    return;
  note = new_note (KONTOR_NOTE_WAIT, line, delivery->payload->event);
  note->payload = kontor_payload_ref (delivery->payload);
  note->counts = TRUE;
  delivery->has_row = TRUE;
  sender->n_waiting--;
  g_queue_push_tail (&sender->notes, note);
}

/**
 * kontor_writer_late:
 * @sender: the sender
 * @line: a line of rows
 * @event: its first, which has been due for too long
 */
void
kontor_writer_late (KontorWebhooks *sender, KontorWebhookLine *line, gint64 event)
{
  g_queue_push_tail (&sender->notes, new_note (KONTOR_NOTE_LATE, line, event));
}

/**
 * kontor_writer_attempt:
 * @sender: the sender
 * @delivery: what was sent
 * @answer: (transfer full): what came of it
 *
 * Of a line without rows, whose first was taken, the next may be sent at once: notes are written in order. Any
 * other waits until the row says what it is.
 */
void
kontor_writer_attempt (KontorWebhooks *sender, KontorDelivery *delivery, KontorAnswer *answer)
{
  gboolean waits = delivery->line->in_rows || answer->outcome != KONTOR_OUTCOME_TAKEN;
  KontorNote *note = new_note (KONTOR_NOTE_ATTEMPT, delivery->line, delivery->payload->event);

  if (!waits)
    {
      note->line->notes--;
      note->line = NULL;
    }
  note->payload = kontor_payload_ref (delivery->payload);
  note->counts = !delivery->has_row;
  note->answer = answer;
  note->url = g_ref_string_acquire (delivery->url);
  note->request_headers = g_steal_pointer (&delivery->headers);
  note->pending = delivery->payload->pending;
  note->created = delivery->created;
  note->retry_after_s
      = kontor_retry_after_s (answer->retry_after, kontor_clock_now (sender->clock));
  note->chance = g_random_int ();
  g_queue_push_tail (&sender->notes, note);
}

/**
 * kontor_writer_handed_over:
 * @sender: the sender
 * @payload: an event that is with everybody who wants it
 */
void
kontor_writer_handed_over (KontorWebhooks *sender, KontorPayload *payload)
{
  payload->handed_over = TRUE;
  if (payload->unwritten == 0)
    g_array_append_val (sender->handed_over, payload->outbox);
}

static void
add_health (KontorNoteOp *op, const KontorTarget *target)
{
  for (guint i = 0; i < op->health->len; i++)
    if (g_array_index (op->health, KontorWebhookHealthRow, i).endpoint == target->key)
      return;
  g_array_append_val (op->health, target->health);
}

/* An outbox row may go with the operation that writes the last of what is to be written of it. */
static void
add_handed_over (KontorNoteOp *op)
{
  for (guint i = 0; i < op->notes->len; i++)
    {
      const KontorNote *note = g_ptr_array_index (op->notes, i);

      if (note->counts)
        note->payload->in_op++;
    }
  for (guint i = 0; i < op->notes->len; i++)
    {
      const KontorNote *note = g_ptr_array_index (op->notes, i);

      if (!note->counts)
        continue;
      if (note->payload->handed_over && note->payload->in_op > 0
          && note->payload->in_op == note->payload->unwritten)
        g_array_append_val (op->done, note->payload->outbox);
      note->payload->in_op = 0;
    }
}

static void
take_notes (KontorWebhooks *sender, KontorNoteOp *op)
{
  while (op->notes->len < KONTOR_NOTE_ROWS && sender->notes.length > 0)
    {
      KontorNote *note = g_queue_pop_head (&sender->notes);

      g_ptr_array_add (op->notes, note);
      if (note->kind != KONTOR_NOTE_WAIT)
        add_health (op, note->target);
    }
  add_handed_over (op);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

static void
take_handed_over (KontorWebhooks *sender, KontorNoteOp *op)
{
  guint n = MIN (sender->handed_over->len, MAX_HANDED_OVER);

  if (n > 0)
    {
      g_array_append_vals (op->done, sender->handed_over->data, n);
      g_array_remove_range (sender->handed_over, 0, n);
    }
  g_array_sort (op->done, compare);
}

static void
count_written (KontorWebhooks *sender, const KontorNoteOp *op, const KontorNote *note)
{
  KontorPayload *payload = note->payload;
  gboolean gone = FALSE;

  if (!note->counts || --payload->unwritten > 0 || !payload->handed_over)
    return;
  for (guint i = 0; i < op->done->len && !gone; i++)
    gone = g_array_index (op->done, gint64, i) == payload->outbox;
  if (!gone)
    g_array_append_val (sender->handed_over, payload->outbox);
}

/* A note is committed: from now on the rows say what there is to do. */
static void
written (KontorWebhooks *sender, const KontorNoteOp *op, const KontorNote *note)
{
  KontorTarget *target = note->target;
  gboolean row_gone = note->line != NULL && note->state >= KONTOR_DELIVERY_SUCCEEDED;
  gboolean kept = FALSE;

  count_written (sender, op, note);
  if (note->gave_up)
    __atomic_fetch_add (&sender->figures.given_up, 1, __ATOMIC_RELAXED);
  if (note->state == KONTOR_DELIVERY_READY || note->state == KONTOR_DELIVERY_HELD)
    {
      target->has_rows = TRUE;
      if (target->deleted)
        kontor_writer_cancel (sender, target);
    }
  if (note->line != NULL)
    {
      note->line->notes--;
      kept = note->kind == KONTOR_NOTE_WAIT && note->state == KONTOR_DELIVERY_READY
             && kontor_dispatch_keep (sender, note->line, note->payload, note->due);
      kontor_line_drop (sender->lines, note->line);
    }
  if (note->state == KONTOR_DELIVERY_READY && !kept)
    target->next_due = MIN (target->next_due, note->due);
  /* What is next in the line may be tried; or the last row is gone, which a look will tell. While many are in
   * memory there will be another occasion. */
  if (note->promoted || (row_gone && target->n_lines < FEW_LINES))
    target->next_due = 0;
  if (kept || target->next_due != G_MAXINT64)
    kontor_dispatch_pump (sender, target);
}

static gboolean
committed_cb (gpointer data)
{
  KontorNoteOp *op = data;
  KontorWebhooks *sender = op->sender;

  sender->n_ops--;
  kontor_sender_wake (sender);
  if (!op->committed)
    {
      sender->retry_us = g_get_monotonic_time () + RETRY_US;
      g_queue_push_tail (&sender->failed, op);
      return G_SOURCE_REMOVE;
    }
  for (guint i = 0; i < op->notes->len; i++)
    written (sender, op, g_ptr_array_index (op->notes, i));
  kontor_note_op_free (op);
  return G_SOURCE_REMOVE;
}

/* On the engine's thread. */
static void
done_cb (KontorOp *op, gboolean committed)
{
  KontorNoteOp *notes = (KontorNoteOp *) op;
  KontorWebhooks *sender = notes->sender;

  notes->committed = committed;
  g_main_context_invoke_full (sender->context, G_PRIORITY_DEFAULT, committed_cb, op, NULL);
}

static void
submit (KontorWebhooks *sender, KontorNoteOp *op)
{
  op->op.done = done_cb;
  sender->n_ops++;
  kontor_engine_submit (sender->engine, &op->op);
}

/* What was not committed goes first, in the order in which it was found out. */
static gboolean
submit_failed (KontorWebhooks *sender)
{
  KontorNoteOp *op;

  if (sender->failed.length == 0)
    return TRUE;
  if (sender->n_ops > 0 || g_get_monotonic_time () < sender->retry_us)
    return FALSE;
  while ((op = g_queue_pop_head (&sender->failed)) != NULL)
    submit (sender, op);
  return FALSE;
}

typedef struct
{
  KontorOp op;
  KontorWebhooks *sender;
  KontorTarget *target;
  gint64 endpoint;
  guint canceled;
  gboolean committed;
} CancelOp;

static void
cancel_run (KontorOp *op, KontorTx *tx)
{
  CancelOp *cancel = (CancelOp *) op;
  GError *error = NULL;

  if (!kontor_store_delivery_cancel_some (tx->store, cancel->endpoint, tx->now, KONTOR_NOTE_ROWS,
                                          &cancel->canceled, &error))
    kontor_tx_fail (tx, error);
}

static gboolean
canceled_cb (gpointer data)
{
  g_autofree CancelOp *cancel = data;
  KontorWebhooks *sender = cancel->sender;

  sender->cancel_runs = FALSE;
  sender->n_other_ops--;
  if (cancel->committed && cancel->canceled == 0)
    {
      g_queue_remove (&sender->canceling, cancel->target);
      cancel->target->canceling = FALSE;
    }
  kontor_sender_wake (sender);
  return G_SOURCE_REMOVE;
}

static void
cancel_done (KontorOp *op, gboolean committed)
{
  CancelOp *cancel = (CancelOp *) op;

  cancel->committed = committed;
  g_main_context_invoke_full (cancel->sender->context, G_PRIORITY_DEFAULT, canceled_cb, op, NULL);
}

static void
cancel_some (KontorWebhooks *sender)
{
  KontorTarget *target = g_queue_peek_head (&sender->canceling);
  CancelOp *cancel;

  if (target == NULL || sender->cancel_runs || sender->stopping)
    return;
  cancel = g_new0 (CancelOp, 1);
  cancel->op.run = cancel_run;
  cancel->op.done = cancel_done;
  cancel->sender = sender;
  cancel->target = target;
  cancel->endpoint = target->key;
  sender->cancel_runs = TRUE;
  sender->n_other_ops++;
  kontor_engine_submit (sender->engine, &cancel->op);
}

/**
 * kontor_writer_cancel:
 * @sender: the sender
 * @target: an endpoint that is no more
 *
 * Cancels all that is open for it, a little at a time.
 */
void
kontor_writer_cancel (KontorWebhooks *sender, KontorTarget *target)
{
  if (target->canceling)
    return;
  target->canceling = TRUE;
  g_queue_push_tail (&sender->canceling, target);
}

/**
 * kontor_writer_flush:
 * @sender: the sender
 *
 * Gives the engine what there is to write, in operations that are short.
 */
void
kontor_writer_flush (KontorWebhooks *sender)
{
  cancel_some (sender);
  if (!submit_failed (sender))
    return;
  while (sender->n_ops < MAX_OPS && (sender->notes.length > 0 || sender->handed_over->len > 0))
    {
      KontorNoteOp *op = kontor_note_op_new (&sender->settings->schedule, sender);

      take_notes (sender, op);
      take_handed_over (sender, op);
      submit (sender, op);
    }
}

/**
 * kontor_writer_is_idle:
 * @sender: the sender
 *
 * Returns: whether all that is known is written down
 */
gboolean
kontor_writer_is_idle (const KontorWebhooks *sender)
{
  return sender->notes.length == 0 && sender->handed_over->len == 0 && sender->n_ops == 0
         && sender->failed.length == 0 && sender->n_other_ops == 0
         && (sender->canceling.length == 0 || sender->stopping);
}
