/* push.c: sends what people want done, each once, and hears what became of it.
 *
 * An operation is noted as sent before it leaves, so that nobody takes it back while it may be done, and is sent again
 * by the same name until the server has decided. Whether it was done is asked first where that is not known from an
 * earlier run. After a restore of the server (another epoch in the copy) all that is believed done is asked for; that
 * this is still to be done follows from the two epochs, so no crash can make it forgotten. */
#include "core/replica/push-private.h"

#include <glib/gi18n-lib.h>

#define FIRST_DELAY_MS 1000
#define LONGEST_DELAY_MS (5 * 60 * 1000)
#define PATIENCE_S 30
#define CLOCKS_DIFFER_S 30 /* less is not worth a word */

G_DEFINE_FINAL_TYPE (KontorPush, kontor_push, G_TYPE_OBJECT)

/* --------------------------------------------------------------------------------- trouble -- */

/**
 * kontor_push_set_problem:
 * @push: a push
 * @problem: (nullable): what keeps everything from being sent, a sentence
 */
void
kontor_push_set_problem (KontorPush *push, const char *problem)
{
  if (g_strcmp0 (push->problem, problem) == 0)
    return;
  g_free (push->problem);
  push->problem = g_strdup (problem);
  g_signal_emit_by_name (push->outbox, "changed");
}

static gboolean
again_cb (gpointer data)
{
  KontorPush *push = data;

  push->timer = 0;
  kontor_push_work (push);
  return G_SOURCE_REMOVE;
}

static gboolean
wake_cb (gpointer data)
{
  KontorPush *push = data;

  push->wake = 0;
  kontor_push_work (push);
  return G_SOURCE_REMOVE;
}

/**
 * kontor_push_try_later:
 * @push: a push
 * @problem: what keeps everything from being sent, a sentence
 * @wait_s: how long the server wants to be left alone
 *
 * All wait, for a time that doubles and is left to chance; the server's own word lengthens it.
 */
void
kontor_push_try_later (KontorPush *push, const char *problem, guint wait_s)
{
  push->delay_ms = push->delay_ms == 0 ? FIRST_DELAY_MS
                                       : MIN (push->delay_ms * 2, LONGEST_DELAY_MS);
  g_clear_handle_id (&push->timer, g_source_remove);
  push->timer = g_timeout_add (MAX (kontor_push_by_chance (push->delay_ms),
                                    MIN (wait_s, 3600) * 1000 + kontor_push_by_chance (200)),
                               again_cb, push);
  kontor_push_set_problem (push, problem);
}

/**
 * kontor_push_was_stopped:
 * @error: (nullable): what came of a call
 *
 * Returns: whether the push was stopped meanwhile
 */
gboolean
kontor_push_was_stopped (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * kontor_push_check_noted:
 * @push: a push
 * @noted: whether it was written down what was heard
 * @error: (nullable): why not
 *
 * That it could not be does no harm: it is sent again, and the same is heard.
 */
void
kontor_push_check_noted (KontorPush *push, gboolean noted, const GError *error)
{
  if (!noted && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    kontor_push_try_later (push, error->message, 0);
}

/**
 * kontor_push_wake_later:
 * @push: a push
 * @delay_ms: after how long to look again at what was put off
 */
void
kontor_push_wake_later (KontorPush *push, guint delay_ms)
{
  if (push->wake == 0)
    push->wake = g_timeout_add (delay_ms, wake_cb, push);
}

/* ------------------------------------------------------------------------ what comes first -- */

/* Another copy takes its place with a signal. */
static void
look_at_copy (KontorPush *push)
{
  g_autofree char *account = kontor_replica_peek (push->replica, "account");
  g_autofree char *mode = kontor_replica_peek (push->replica, "livemode");

  g_free (push->epoch);
  g_free (push->place);
  push->epoch = kontor_replica_peek (push->replica, "epoch");
  push->place = account != NULL && mode != NULL ? g_strconcat (account, " ", mode, NULL) : NULL;
}

/* What was wanted of one account is never done to another, nor in live mode what was meant for test mode. */
static gboolean
is_same_place (KontorPush *push)
{
  g_autofree char *was = kontor_outbox_meta (push->outbox, "place");

  if (push->epoch == NULL || push->place == NULL)
    look_at_copy (push);
  if (push->epoch == NULL || push->place == NULL)
    return FALSE;
  if (was == NULL
      || (!g_str_equal (push->place, was)
          && kontor_outbox_count (push->outbox, KONTOR_QUEUED_ANY) == 0))
    return kontor_outbox_set_meta (push->outbox, "place", push->place, NULL);
  if (g_str_equal (push->place, was))
    return TRUE;
  kontor_push_set_problem (
      push, _ ("What is queued here was meant for another account or mode; nothing is sent."));
  return FALSE;
}

/**
 * kontor_push_work:
 * @push: a push
 *
 * Does what is to be done now, if anything is.
 */
void
kontor_push_work (KontorPush *push)
{
  if (push->cancellable == NULL || push->timer != 0 || push->is_asking)
    return;
  if (!is_same_place (push) || kontor_push_begin_asking (push))
    return;
  kontor_push_send (push);
}

/* ---------------------------------------------------------------------------------- object -- */

static void
acked_cb (KontorSync *sync, const char *line, KontorPush *push)
{
  kontor_push_take_ack (push, line);
}

static void
replaced_cb (KontorSync *sync, KontorPush *push)
{
  look_at_copy (push);
  kontor_push_work (push);
}

static void
note_clock (KontorPush *push, KontorSync *sync)
{
  g_autofree char *was = kontor_outbox_meta (push->outbox, "ahead");
  g_autofree char *is = g_strdup_printf ("%" G_GINT64_FORMAT, kontor_sync_ahead (sync));
  gint64 moved = kontor_sync_ahead (sync) - (was != NULL ? g_ascii_strtoll (was, NULL, 10) : 0);

  if (ABS (moved) > CLOCKS_DIFFER_S)
    kontor_outbox_set_meta (push->outbox, "ahead", is, NULL);
}

/* The server is there again. */
static void
state_cb (KontorSync *sync, KontorPush *push)
{
  KontorSyncState state = kontor_sync_state (sync);
  gboolean is_there = state == KONTOR_SYNC_CURRENT || state == KONTOR_SYNC_CATCHING_UP;

  kontor_outbox_set_online (push->outbox, is_there);
  if (push->is_waiting)
    kontor_push_start (push);
  if (kontor_sync_at (sync) > 0)
    note_clock (push, sync);
  if (is_there)
    kontor_push_work (push);
}

static void
kontor_push_finalize (GObject *object)
{
  KontorPush *push = KONTOR_PUSH (object);

  g_clear_handle_id (&push->timer, g_source_remove);
  g_clear_handle_id (&push->wake, g_source_remove);
  g_clear_object (&push->cancellable);
  g_clear_pointer (&push->asked, g_ptr_array_unref);
  g_hash_table_unref (push->under_way);
  g_hash_table_unref (push->held);
  g_clear_object (&push->client);
  g_clear_object (&push->outbox);
  g_free (push->audit);
  g_free (push->epoch);
  g_free (push->place);
  g_free (push->problem);
  G_OBJECT_CLASS (kontor_push_parent_class)->finalize (object);
}

static void
kontor_push_class_init (KontorPushClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_push_finalize;
}

static void
kontor_push_init (KontorPush *push)
{
  push->under_way = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  push->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * kontor_push_new:
 * @client: how to reach the server: one of its own, whose patience is set for this
 * @outbox: what to send
 * @replica: the copy; must outlive it
 * @sync: keeps the copy; stopped as yet
 *
 * Returns: (transfer full): something that sends what is in @outbox once it is started
 */
KontorPush *
kontor_push_new (KontorClient *client,
                 KontorOutbox *outbox,
                 KontorReplica *replica,
                 KontorSync *sync)
{
  KontorPush *push = g_object_new (KONTOR_TYPE_PUSH, NULL);

  push->client = g_object_ref (client);
  push->outbox = g_object_ref (outbox);
  push->replica = replica;
  kontor_client_set_timeout (client, PATIENCE_S);
  kontor_client_set_retries (client, 0);
  kontor_sync_set_name (sync, kontor_outbox_client (outbox));
  g_signal_connect_object (sync, "acked", G_CALLBACK (acked_cb), push, 0);
  g_signal_connect_object (sync, "state", G_CALLBACK (state_cb), push, 0);
  g_signal_connect_object (sync, "replaced", G_CALLBACK (replaced_cb), push, 0);
  g_signal_connect_object (outbox, "changed", G_CALLBACK (kontor_push_work), push,
                           G_CONNECT_SWAPPED);
  return push;
}

/**
 * kontor_push_start:
 * @push: a stopped one
 *
 * Where another program keeps this copy, that one sends, and this one once it keeps the copy.
 */
void
kontor_push_start (KontorPush *push)
{
  push->is_waiting = !kontor_replica_is_ours (push->replica);
  if (push->cancellable != NULL || push->is_waiting)
    return;
  push->cancellable = g_cancellable_new ();
  push->has_asked = FALSE;
  kontor_push_work (push);
}

/**
 * kontor_push_stop:
 * @push: one that runs
 *
 * What is on its way may be done; it is asked for at the next start.
 */
void
kontor_push_stop (KontorPush *push)
{
  if (push->cancellable != NULL)
    g_cancellable_cancel (push->cancellable);
  g_clear_object (&push->cancellable);
  push->is_waiting = FALSE;
  g_clear_handle_id (&push->timer, g_source_remove);
  g_clear_handle_id (&push->wake, g_source_remove);
}

/**
 * kontor_push_now:
 * @push: one that runs
 *
 * Does not wait any longer for the next try.
 */
void
kontor_push_now (KontorPush *push)
{
  g_clear_handle_id (&push->timer, g_source_remove);
  g_hash_table_remove_all (push->held);
  push->delay_ms = 0;
  kontor_push_work (push);
}

/**
 * kontor_push_problem:
 * @push: a push
 *
 * Returns: (transfer none) (nullable): what keeps everything from being sent, in a sentence for the person
 */
const char *
kontor_push_problem (KontorPush *push)
{
  return push->problem;
}
