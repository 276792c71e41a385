/* sender.c: sends events to the webhook endpoints that want them: the thread, its rounds and its end.
 *
 * An event goes this way: the engine commits it with a row of the outbox and wakes this thread; handover.c reads the
 * row and finds who wants it; dispatch.c sends it, or keeps it until it may be sent; writer.c notes what
 * came of it, through the engine, and only then takes the row out of the outbox. What has to wait longer than
 * a moment becomes a row of its own. So a server that stops at any moment forgets nothing: it sends again what it
 * had not noted, in the same order.
 *
 * All of this runs in one thread, whose rounds (work_cb) do whatever there is to do; everything that may make
 * something to do asks for a round. */
#include "server/webhook/sender.h"

#define STOP_S 3
#define STOP_NOTES_S 15
#define RUN_DUE_S 60
#define LONGEST_SLEEP_US (60 * G_USEC_PER_SEC)

/* Beside KontorCommit in @news. */
#define NEWS_ASKED (1u << 16)
#define NEWS_STOP (1u << 17)

/**
 * kontor_sender_wake:
 * @sender: the sender
 *
 * Asks for a round; from any thread.
 */
void
kontor_sender_wake (KontorWebhooks *sender)
{
  g_source_set_ready_time (sender->work, 0);
}

/**
 * kontor_sender_now_us:
 * @sender: the sender
 *
 * Returns: the time of the clock, in microseconds
 */
gint64
kontor_sender_now_us (KontorWebhooks *sender)
{
  return kontor_clock_now_us (sender->clock);
}

static void
add_news (KontorWebhooks *sender, guint news)
{
  __atomic_fetch_or (&sender->news, (gint) news, __ATOMIC_SEQ_CST);
  kontor_sender_wake (sender);
}

static void
watch_cb (gpointer data, KontorCommit what)
{
  if (what & (KONTOR_COMMIT_OUTBOX | KONTOR_COMMIT_WEBHOOKS))
    add_news (data, what);
}

static gboolean
is_idle (KontorWebhooks *sender)
{
  const KontorTarget *first = kontor_heap_first (sender->heap);

  return !sender->outbox_more && sender->fan == NULL && sender->posts.length == 0
         && kontor_writer_is_idle (sender) && sender->starving[0].length == 0
         && sender->starving[1].length == 0
         && (first == NULL || first->wake_us > kontor_sender_now_us (sender));
}

static void
tell_who_asked (KontorWebhooks *sender)
{
  g_mutex_lock (&sender->lock);
  if (sender->asked && is_idle (sender))
    {
      sender->asked = FALSE;
      sender->rounds++;
      g_cond_broadcast (&sender->idle);
    }
  g_mutex_unlock (&sender->lock);
}

/* In monotonic microseconds. What is due by the clock is due in as much real time, unless somebody moves it
 * and says so. */
static gint64
next_round (KontorWebhooks *sender)
{
  const KontorTarget *first = kontor_heap_first (sender->heap);
  const KontorDelivery *oldest = g_queue_peek_head (&sender->posts);
  gint64 now = g_get_monotonic_time (), next = now + LONGEST_SLEEP_US;

  if (sender->outbox_more && kontor_handover_has_room (sender))
    return 0;
  if (first != NULL)
    next = MIN (next, now + MAX (0, first->wake_us - kontor_sender_now_us (sender)));
  if (oldest != NULL)
    next = MIN (next, kontor_post_began (oldest->post)
                          + (gint64) sender->settings->timeout_s * G_USEC_PER_SEC);
  if (sender->starving[0].length + sender->starving[1].length > 0)
    next = MIN (next, kontor_attempt_age (sender));
  if (sender->n_waiting > 0)
    next = MIN (next, now + kontor_dispatch_spill_every_us (sender));
  if (sender->failed.length > 0)
    next = MIN (next, sender->retry_us);
  if (!sender->pruning)
    next = MIN (next, now + MAX (0, sender->prune_us - kontor_sender_now_us (sender)));
  return next;
}

static void
sleep_until_next (KontorWebhooks *sender)
{
  g_source_set_ready_time (sender->work, next_round (sender));
  /* News that came before this line would otherwise have to wait. */
  if (__atomic_load_n (&sender->news, __ATOMIC_SEQ_CST) != 0)
    kontor_sender_wake (sender);
}

static void
take_news (KontorWebhooks *sender)
{
  guint news = (guint) __atomic_exchange_n (&sender->news, 0, __ATOMIC_SEQ_CST);

  if (news & NEWS_STOP)
    {
      sender->stopping = TRUE;
      sender->stop_us = g_get_monotonic_time ();
    }
  if (news & NEWS_ASKED)
    sender->asked = TRUE;
  if (news & KONTOR_COMMIT_WEBHOOKS)
    kontor_handover_look_again (sender);
  if (news & KONTOR_COMMIT_OUTBOX)
    sender->outbox_more = TRUE;
}

/* Requests under way get a moment; what is known then is written down. */
static void
stop_round (KontorWebhooks *sender)
{
  gint64 past = g_get_monotonic_time () - sender->stop_us;

  if (past >= STOP_S * G_USEC_PER_SEC)
    kontor_attempt_abandon (sender);
  if (past < STOP_NOTES_S * G_USEC_PER_SEC)
    kontor_writer_flush (sender);
  /* What the engine has taken on comes back in any case. */
  sender->ended = sender->posts.length == 0 && sender->n_ops == 0 && sender->n_other_ops == 0
                  && (kontor_writer_is_idle (sender) || past >= STOP_NOTES_S * G_USEC_PER_SEC);
  g_source_set_ready_time (sender->work, g_get_monotonic_time () + G_USEC_PER_SEC / 10);
}

static void
look_at_lag_cb (KontorTarget *target, gpointer data)
{
  gint64 *oldest = data;

  if (target->enabled)
    *oldest = MIN (*oldest, target->next_due);
}

static void
keep_figures (KontorWebhooks *sender)
{
  gint64 now_s = kontor_clock_now (sender->clock), oldest = now_s;

  __atomic_store_n (&sender->figures.queued, sender->n_waiting, __ATOMIC_RELAXED);
  if (now_s == sender->lag_looked_s)
    return;
  sender->lag_looked_s = now_s;
  kontor_targets_each (sender->targets, look_at_lag_cb, &oldest);
  __atomic_store_n (&sender->figures.lag_s, (guint64) (now_s - MAX (0, oldest)), __ATOMIC_RELAXED);
}

static gboolean
work_cb (gpointer data)
{
  KontorWebhooks *sender = data;

  take_news (sender);
  if (sender->stopping)
    {
      stop_round (sender);
      return G_SOURCE_CONTINUE;
    }
  (void) kontor_attempt_age (sender);
  kontor_handover_run (sender);
  kontor_dispatch_due (sender);
  kontor_attempt_expire (sender);
  kontor_dispatch_spill_old (sender);
  kontor_prune_run (sender);
  kontor_writer_flush (sender);
  keep_figures (sender);
  tell_who_asked (sender);
  sleep_until_next (sender);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_work (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, -1);
  return callback (data);
}

static GSourceFuncs work_funcs = { .dispatch = dispatch_work };

static gpointer
sender_thread (gpointer data)
{
  KontorWebhooks *sender = data;

  g_main_context_push_thread_default (sender->context);
  for (guint i = 0; i < KONTOR_SENDER_SESSIONS; i++)
    sender->sessions[i] = kontor_post_session (sender->settings->connections);
  kontor_handover_start (sender);
  kontor_sender_wake (sender);
  while (!sender->ended)
    g_main_context_iteration (sender->context, TRUE);
  for (guint i = 0; i < KONTOR_SENDER_SESSIONS; i++)
    soup_session_abort (sender->sessions[i]);
  while (sender->posts.length > 0)
    g_main_context_iteration (sender->context, TRUE);
  for (guint i = 0; i < KONTOR_SENDER_SESSIONS; i++)
    g_clear_object (&sender->sessions[i]);
  g_main_context_pop_thread_default (sender->context);
  return NULL;
}

static KontorWebhooks *
make (const KontorWebhooksSpec *spec)
{
  KontorWebhooks *sender = g_new0 (KontorWebhooks, 1);

  g_mutex_init (&sender->lock);
  g_cond_init (&sender->idle);
  sender->engine = spec->engine;
  sender->clock = spec->clock;
  sender->settings = spec->settings;
  sender->vault = spec->vault;
  sender->allow = spec->allow;
  sender->user_agent = g_strdup_printf ("Kontor/%s (+%s)", KONTOR_VERSION, spec->public_url);
  sender->context = g_main_context_new ();
  sender->work = g_source_new (&work_funcs, sizeof (GSource));
  g_source_set_static_name (sender->work, "webhooks");
  g_source_set_callback (sender->work, work_cb, sender, NULL);
  g_source_attach (sender->work, sender->context);
  sender->targets = kontor_targets_new (sender->settings);
  sender->heap = kontor_heap_new ();
  sender->lines = kontor_lines_new ();
  sender->handed_over = g_array_new (FALSE, FALSE, sizeof (gint64));
  return sender;
}

static void
unmake (KontorWebhooks *sender)
{
  g_source_destroy (sender->work);
  g_source_unref (sender->work);
  g_main_context_unref (sender->context);
  for (guint i = 0; i < KONTOR_SENDER_MAX_RECENT; i++)
    kontor_payload_unref (sender->recent[i]);
  kontor_payload_unref (sender->fan);
  g_clear_pointer (&sender->fan_targets, g_ptr_array_unref);
  g_queue_clear_full (&sender->notes, (GDestroyNotify) kontor_note_free);
  g_queue_clear_full (&sender->failed, (GDestroyNotify) kontor_note_op_free);
  g_queue_clear (&sender->starving[0]);
  g_queue_clear (&sender->starving[1]);
  g_queue_clear (&sender->canceling);
  g_hash_table_unref (sender->lines);
  g_ptr_array_unref (sender->heap);
  kontor_targets_free (sender->targets);
  g_array_unref (sender->handed_over);
  kontor_store_close (sender->reader);
  g_mutex_clear (&sender->lock);
  g_cond_clear (&sender->idle);
  g_free (sender->user_agent);
  g_free (sender);
}

/**
 * kontor_webhooks_new:
 * @spec: what it works with, all of which outlives it
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the sender, at work in a thread of its own, or %NULL
 */
KontorWebhooks *
kontor_webhooks_new (const KontorWebhooksSpec *spec, GError **error)
{
  KontorWebhooks *sender = make (spec);

  sender->reader = kontor_store_open (spec->data_dir, FALSE, error);
  if (sender->reader == NULL)
    {
      unmake (sender);
      return NULL;
    }
  kontor_engine_watch (sender->engine, watch_cb, sender);
  sender->thread = g_thread_new ("webhooks", sender_thread, sender);
  return sender;
}

/**
 * kontor_webhooks_free:
 * @webhooks: (transfer full): the sender
 *
 * Begins no request any more, leaves those under way a few seconds, and writes down what came of them.
 */
void
kontor_webhooks_free (KontorWebhooks *webhooks)
{
  kontor_engine_unwatch (webhooks->engine, webhooks);
  add_news (webhooks, NEWS_STOP);
  g_thread_join (webhooks->thread);
  unmake (webhooks);
}

/**
 * kontor_webhooks_run_due:
 * @webhooks: the sender
 *
 * Waits until nothing is due by the clock and nothing is under way, but not longer than a minute.
 */
void
kontor_webhooks_run_due (KontorWebhooks *webhooks)
{
  gint64 until = g_get_monotonic_time () + RUN_DUE_S * G_USEC_PER_SEC;
  guint64 before;

  g_mutex_lock (&webhooks->lock);
  before = webhooks->rounds;
  add_news (webhooks, NEWS_ASKED);
  while (webhooks->rounds == before)
    if (!g_cond_wait_until (&webhooks->idle, &webhooks->lock, until))
      break;
  g_mutex_unlock (&webhooks->lock);
}
