/* dispatch.c: which delivery is sent when: kept in memory for a moment, or as a row for longer.
 *
 * Of a line (one endpoint, one object) only the first is sent. What comes behind it waits in memory as long as the
 * endpoint answers and there is room; else it becomes a row, with all of its line before it, in order. While
 * a line has rows, whatever comes new becomes a row too. */
#include "server/webhook/sender.h"

#include "server/webhook/schedule.h"

/* Deliveries that one endpoint may have waiting in memory, and for how long. */
#define MAX_QUEUE 1024
#define MAX_WAIT_US G_USEC_PER_SEC
/* … and, when there is no room left, for how long without any answer. */
#define MAX_SILENCE_US (G_USEC_PER_SEC / 20)
#define LOAD_AT_ONCE 8

static void
queue_line (KontorWebhookLine *line)
{
  g_assert (line->first != NULL && !line->queued);
  line->queued = TRUE;
  g_queue_push_tail (&line->target->queue, line);
}

/* All that is in memory of @line becomes rows, the first too, which may be under way. */
static void
to_rows (KontorWebhooks *sender, KontorWebhookLine *line)
{
  KontorDelivery *delivery;

  if (line->first != NULL)
    kontor_writer_wait (sender, line, line->first);
  while ((delivery = g_queue_pop_head (&line->waiting)) != NULL)
    {
      kontor_writer_wait (sender, line, delivery);
      kontor_delivery_free (delivery);
    }
  line->in_rows = TRUE;
}

static void
unqueue (KontorWebhookLine *line)
{
  if (line->queued)
    g_queue_remove (&line->target->queue, line);
  line->queued = FALSE;
}

/* What is known of @line lies in rows: whatever was read of it is read again. */
static void
unload_line (KontorWebhooks *sender, KontorWebhookLine *line)
{
  if (line->first == NULL || line->first->post != NULL || !line->first->has_row)
    return;
  unqueue (line);
  line->target->next_due = 0;
  g_clear_pointer (&line->first, kontor_delivery_free);
  kontor_line_drop (sender->lines, line);
}

/**
 * kontor_dispatch_unload:
 * @sender: the sender
 * @target: an endpoint
 *
 * Forgets what was read of its rows and is not under way.
 */
void
kontor_dispatch_unload (KontorWebhooks *sender, KontorTarget *target)
{
  for (KontorWebhookLine *line = target->lines, *next; line != NULL; line = next)
    {
      next = line->next;
      unload_line (sender, line);
    }
}

/**
 * kontor_dispatch_spill:
 * @sender: the sender
 * @target: an endpoint that takes too long
 *
 * Keeps nothing for it in memory but what is under way.
 */
void
kontor_dispatch_spill (KontorWebhooks *sender, KontorTarget *target)
{
  for (KontorWebhookLine *line = target->lines, *next; line != NULL; line = next)
    {
      next = line->next;
      if (line->queued || line->waiting.length > 0)
        to_rows (sender, line);
      unload_line (sender, line);
    }
}

/* Whether it has waited too long for an endpoint; while there is no room, one that says nothing need not be waited
 * for as long as one that answers. */
static gboolean
is_old (const KontorWebhooks *sender, const KontorTarget *target, const KontorDelivery *delivery)
{
  gint64 waited_us = sender->last_spill - delivery->queued_us;

  if (waited_us >= MAX_WAIT_US)
    return TRUE;
  return waited_us >= MAX_SILENCE_US && target->answered_us < delivery->queued_us
         && !kontor_handover_has_room (sender);
}

static void
spill_old_cb (KontorTarget *target, gpointer data)
{
  KontorWebhooks *sender = data;

  for (KontorWebhookLine *line = target->lines; line != NULL; line = line->next)
    {
      const KontorDelivery *oldest = line->queued ? line->first
                                                  : g_queue_peek_head (&line->waiting);

      if (oldest != NULL && !oldest->has_row && is_old (sender, target, oldest))
        {
          target->slow = TRUE;
          kontor_dispatch_spill (sender, target);
          kontor_dispatch_pump (sender, target);
          return;
        }
    }
}

/**
 * kontor_dispatch_spill_every_us:
 * @sender: the sender
 *
 * Returns: how often to look for what waits in memory for too long
 */
gint64
kontor_dispatch_spill_every_us (const KontorWebhooks *sender)
{
  return kontor_handover_has_room (sender) ? MAX_WAIT_US / 2 : MAX_SILENCE_US / 2;
}

/**
 * kontor_dispatch_spill_old:
 * @sender: the sender
 *
 * What waits in memory for more than a moment takes the place of what comes for others.
 */
void
kontor_dispatch_spill_old (KontorWebhooks *sender)
{
  gint64 now = g_get_monotonic_time ();

  if (sender->n_waiting == 0 || now - sender->last_spill < kontor_dispatch_spill_every_us (sender))
    return;
  sender->last_spill = now;
  kontor_targets_each (sender->targets, spill_old_cb, sender);
}

/* Only for an endpoint that answers, and soon: what waits for others would take all the room there is. */
static gboolean
may_wait (const KontorTarget *target)
{
  return !kontor_target_is_doubtful (target) && target->queue.length < MAX_QUEUE;
}

static gboolean
can_begin (KontorWebhooks *sender, KontorTarget *target)
{
  return target->queue.length == 0
         && kontor_pace_next_us (&target->pace, target->under_way) <= kontor_sender_now_us (sender)
         && kontor_attempt_has_slot (sender, target);
}

/* Whether the first delivery of a line must be a row from the start: there are rows before it, or it would wait for an
 * endpoint that does not answer. */
static gboolean
must_be_row (KontorWebhooks *sender, KontorTarget *target, gint64 object)
{
  gboolean open = TRUE;

  if (target->next_due <= kontor_clock_now (sender->clock))
    return TRUE;
  if (target->has_rows
      && (!kontor_store_delivery_line_open (sender->reader, target->key, object, &open, NULL)
          || open))
    return TRUE;
  return !may_wait (target) && !can_begin (sender, target);
}

/**
 * kontor_dispatch_add:
 * @sender: the sender
 * @target: an endpoint that wants it
 * @payload: an event
 *
 * Takes on one more delivery, later than all of the same line.
 */
void
kontor_dispatch_add (KontorWebhooks *sender, KontorTarget *target, KontorPayload *payload)
{
  KontorWebhookLine *line = kontor_line_find (sender->lines, target->key, payload->object);
  KontorDelivery *delivery = kontor_delivery_new (kontor_payload_ref (payload), FALSE);

  payload->unwritten++;
  sender->n_waiting++;
  if (line != NULL && !line->in_rows && may_wait (target))
    {
      delivery->line = line;
      g_queue_push_tail (&line->waiting, delivery);
      return;
    }
  if (line == NULL && kontor_target_load_health (target, sender->reader, NULL)
      && !must_be_row (sender, target, payload->object))
    {
      line = kontor_line_make (sender->lines, target, payload->object);
      line->first = delivery;
      delivery->line = line;
      queue_line (line);
      kontor_dispatch_pump (sender, target);
      return;
    }
  line = kontor_line_make (sender->lines, target, payload->object);
  to_rows (sender, line);
  kontor_writer_wait (sender, line, delivery);
  kontor_delivery_free (delivery);
}

/**
 * kontor_dispatch_keep:
 * @sender: the sender
 * @line: a line of which a note was just committed
 * @payload: what that note made a row of, the first of its line
 * @due: when it is to be tried
 *
 * Saves a look at the rows for one that may be sent now, as long as no others stand before it.
 *
 * Returns: whether it is in memory now
 */
gboolean
kontor_dispatch_keep (KontorWebhooks *sender,
                      KontorWebhookLine *line,
                      KontorPayload *payload,
                      gint64 due)
{
  KontorTarget *target = line->target;
  gint64 now = kontor_clock_now (sender->clock);

  if (line->notes > 0 || line->first != NULL || !target->enabled || due > now
      || target->next_due <= now || target->n_lines > 2 * target->pace.window)
    return FALSE;
  line->first = kontor_delivery_new (kontor_payload_ref (payload), TRUE);
  line->first->line = line;
  queue_line (line);
  return TRUE;
}

static void
add_row (KontorWebhooks *sender, KontorTarget *target, const KontorDeliveryRow *row, gint64 now)
{
  KontorWebhookLine *line = kontor_line_find (sender->lines, target->key, row->object);

  if (line != NULL)
    {
      line->passed_over = TRUE;
      return;
    }
  line = kontor_line_make (sender->lines, target, row->object);
  line->in_rows = TRUE;
  if (now - row->due > kontor_schedule_lifetime_s (&sender->settings->schedule))
    {
      kontor_writer_late (sender, line, row->event);
      return;
    }
  line->first = kontor_delivery_new (kontor_payload_new (row->event, row->object), TRUE);
  line->first->line = line;
  queue_line (line);
}

/* Reads some of the rows that are due and not in memory. */
static void
load (KontorWebhooks *sender, KontorTarget *target, gint64 now)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryRow));
  g_autoptr (GError) error = NULL;
  guint limit = target->n_lines + MAX (target->pace.window, LOAD_AT_ONCE);
  guint known = target->n_lines;

  target->next_due = G_MAXINT64;
  if (!kontor_store_delivery_ready (sender->reader, target->key, limit, rows, &error))
    {
      g_warning ("Webhook deliveries cannot be read: %s", error->message);
      target->next_due = now + 10;
      return;
    }
  if (rows->len == 0 && known == 0)
    target->has_rows = FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorDeliveryRow *row = &g_array_index (rows, KontorDeliveryRow, i);

      if (row->due > now)
        {
          target->next_due = row->due;
          return;
        }
      add_row (sender, target, row, now);
    }
  if (rows->len == limit)
    target->next_due = now;
}

static void
starve (KontorWebhooks *sender, KontorTarget *target)
{
  if (!target->starving)
    g_queue_push_tail (&sender->starving[kontor_target_is_doubtful (target)], target);
  target->starving = TRUE;
}

static void
begin_next (KontorWebhooks *sender, KontorTarget *target)
{
  KontorWebhookLine *line = g_queue_peek_head (&target->queue);

  gboolean spoilt;

  if (!kontor_attempt_begin (sender, line->first, &spoilt) && !spoilt)
    return;
  g_queue_pop_head (&target->queue);
  line->queued = FALSE;
  if (!spoilt)
    return;
  /* Only what comes from a row is read this late. */
  kontor_writer_late (sender, line, line->first->payload->event);
  g_clear_pointer (&line->first, kontor_delivery_free);
}

/* Begins what may begin. Returns when to look again, in microseconds of the clock: %G_MAXINT64 when something
 * else will say so. */
static gint64
pump (KontorWebhooks *sender, KontorTarget *target)
{
  for (;;)
    {
      gint64 now_us = kontor_sender_now_us (sender), now = now_us / G_USEC_PER_SEC;
      gint64 next_us;

      if (target->queue.length == 0 && target->next_due > now)
        return target->next_due == G_MAXINT64 ? G_MAXINT64 : target->next_due * G_USEC_PER_SEC;
      next_us = target->under_way >= target->max_concurrency
                    ? G_MAXINT64
                    : kontor_pace_next_us (&target->pace, target->under_way);
      if (next_us > now_us)
        return next_us;
      if (target->queue.length == 0)
        {
          load (sender, target, now);
          if (target->queue.length == 0 && target->next_due <= now)
            return now_us + G_USEC_PER_SEC / 100;
          continue;
        }
      if (!kontor_attempt_has_slot (sender, target))
        {
          starve (sender, target);
          return G_MAXINT64;
        }
      begin_next (sender, target);
    }
}

/**
 * kontor_dispatch_pump:
 * @sender: the sender
 * @target: an endpoint of which something changed
 *
 * Begins what may begin, and sees to it that the rest is not forgotten.
 */
void
kontor_dispatch_pump (KontorWebhooks *sender, KontorTarget *target)
{
  gint64 wake_us = G_MAXINT64;
  g_autoptr (GError) error = NULL;

  if (!sender->stopping && target->enabled
      && (target->queue.length > 0 || target->next_due != G_MAXINT64))
    {
      if (kontor_target_load_health (target, sender->reader, &error))
        wake_us = pump (sender, target);
      else
        wake_us = kontor_sender_now_us (sender) + 10 * G_USEC_PER_SEC;
    }
  kontor_heap_set (sender->heap, target, wake_us);
}

static void
feed (KontorWebhooks *sender, GQueue *starving)
{
  for (guint n = starving->length; n > 0; n--)
    {
      KontorTarget *target = g_queue_peek_head (starving);

      if (!kontor_attempt_has_slot (sender, target))
        return;
      g_queue_pop_head (starving);
      target->starving = FALSE;
      kontor_dispatch_pump (sender, target);
    }
}

/**
 * kontor_dispatch_due:
 * @sender: the sender
 *
 * Looks at the endpoints whose time has come, and at those that wait for a connection.
 */
void
kontor_dispatch_due (KontorWebhooks *sender)
{
  gint64 now_us = kontor_sender_now_us (sender);
  KontorTarget *target;

  while ((target = kontor_heap_first (sender->heap)) != NULL && target->wake_us <= now_us)
    kontor_dispatch_pump (sender, target);
  feed (sender, &sender->starving[FALSE]);
  feed (sender, &sender->starving[TRUE]);
}

/**
 * kontor_dispatch_ended:
 * @sender: the sender
 * @delivery: (transfer full): what was sent, of which a note is on its way
 * @taken: whether it was taken
 *
 * Goes on with its line.
 */
void
kontor_dispatch_ended (KontorWebhooks *sender, KontorDelivery *delivery, gboolean taken)
{
  KontorWebhookLine *line = delivery->line;
  KontorTarget *target = line->target;

  if (!delivery->has_row)
    sender->n_waiting--;
  delivery->has_row = TRUE;
  if (!taken || line->in_rows)
    {
      to_rows (sender, line);
      line->first = NULL;
    }
  else
    {
      line->first = g_queue_pop_head (&line->waiting);
      if (line->first != NULL)
        queue_line (line);
      else
        kontor_line_drop (sender->lines, line);
    }
  kontor_delivery_free (delivery);
  kontor_dispatch_pump (sender, target);
}
