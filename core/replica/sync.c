/* sync.c: keeps a copy up to date: snapshot, feed, and what to do without the server. */
#include "core/replica/sync-private.h"

#include <glib/gi18n-lib.h>

#include "core/client/client-error.h"
#include "core/replica/outbox.h"

#define FIRST_DELAY_MS 1000
#define LONGEST_DELAY_MS (5 * 60 * 1000)
#define LONGEST_FULL_MS (10 * 1000) /* who made room wants to see it used */
#define PATIENCE_S 60 /* for an answer that the server holds back for half a minute */
#define LOOK_S 1      /* at a copy that another program keeps */

G_DEFINE_FINAL_TYPE (KontorSync, kontor_sync, G_TYPE_OBJECT)

/**
 * kontor_sync_set_state:
 * @sync: a sync
 * @state: how it stands now
 * @problem: (nullable): what is wrong, in a sentence for the person
 */
void
kontor_sync_set_state (KontorSync *sync, KontorSyncState state, const char *problem)
{
  if (state == sync->state && g_strcmp0 (problem, sync->problem) == 0)
    return;
  sync->state = state;
  g_free (sync->problem);
  sync->problem = g_strdup (problem);
  g_signal_emit_by_name (sync, "state");
}

/* ---------------------------------------------------------------------------------- trouble -- */

static gboolean
again_cb (gpointer data)
{
  KontorSync *sync = data;

  sync->timer = 0;
  if (kontor_replica_is_there (sync->replica))
    kontor_sync_ask (sync);
  else
    kontor_sync_fetch (sync);
  return G_SOURCE_REMOVE;
}

/* By chance, so that all the consoles that lost one server do not come back at once. */
static void
try_later (KontorSync *sync)
{
  const guint longest = sync->state == KONTOR_SYNC_FULL ? LONGEST_FULL_MS : LONGEST_DELAY_MS;

  sync->delay_ms = sync->delay_ms == 0 ? FIRST_DELAY_MS : MIN (sync->delay_ms * 2, longest);
  g_clear_handle_id (&sync->timer, g_source_remove);
  sync->timer = g_timeout_add (sync->delay_ms / 2
                                   + (guint) g_random_int_range (0, (gint32) sync->delay_ms / 2),
                               again_cb, sync);
}

/* Said by a server of ours, not by something on the way to it: the session has ended, the key or the person is not
 * known any more. */
static gboolean
is_over (const GError *error)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);

  return refusal != NULL && refusal->status == 401 && refusal->type != NULL;
}

/* What waits is kept for the person first; without that, the copy stays. Returns what to tell. */
static char *
leave (KontorSync *sync, const GError *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (!kontor_replica_is_there (sync->replica))
    return NULL;
  kontor_sync_drop_check (sync);
  path = kontor_outbox_export (kontor_replica_folder (sync->replica), &error);
  if (error == NULL && kontor_replica_wipe (sync->replica, &error))
    g_signal_emit_by_name (sync, "replaced");
  if (error != NULL)
    return g_strdup_printf (_ ("%s The local copy stays: %s"), why->message, error->message);
  return path != NULL ? g_strdup_printf (_ ("%s What was queued stands in %s."), why->message, path)
                      : NULL;
}

/**
 * kontor_sync_trouble:
 * @sync: one that runs
 * @error: what came of a call, or of writing down what it brought
 *
 * Says what is wrong, and tries again later unless the server has refused.
 */
void
kontor_sync_trouble (KontorSync *sync, const GError *error)
{
  gboolean refused = error->domain == KONTOR_CLIENT_ERROR
                     && (error->code == KONTOR_CLIENT_ERROR_KEY
                         || error->code == KONTOR_CLIENT_ERROR_REFUSED
                         || error->code == KONTOR_CLIENT_ERROR_MISSING);

  if (refused)
    {
      g_autofree char *problem = is_over (error) ? leave (sync, error) : NULL;

      kontor_sync_set_state (sync, KONTOR_SYNC_REFUSED, problem != NULL ? problem : error->message);
      return;
    }
  kontor_sync_set_state (
      sync, error->domain == KONTOR_CLIENT_ERROR ? KONTOR_SYNC_OFFLINE : KONTOR_SYNC_FULL,
      error->message);
  try_later (sync);
}

/**
 * kontor_sync_was_stopped:
 * @error: what came of a call
 *
 * Returns: whether the sync was stopped meanwhile
 */
gboolean
kontor_sync_was_stopped (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ------------------------------------------------------------------------------------ others -- */

static void
begin (KontorSync *sync)
{
  sync->cancellable = g_cancellable_new ();
  if (kontor_replica_is_there (sync->replica))
    {
      kontor_sync_set_state (sync, KONTOR_SYNC_CATCHING_UP, NULL);
      kontor_sync_ask (sync);
    }
  else
    kontor_sync_fetch (sync);
}

/* Whatever the other program wrote, it wrote because the server answered. */
static void
look (KontorSync *sync)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  KontorReplicaNews news = kontor_replica_look (sync->replica, keys);

  if (news == KONTOR_REPLICA_SAME)
    return;
  sync->at = g_get_real_time () / G_USEC_PER_SEC;
  kontor_sync_note_clock (sync);
  if (news == KONTOR_REPLICA_REPLACED)
    g_signal_emit_by_name (sync, "replaced");
  else if (news == KONTOR_REPLICA_CHANGED)
    g_signal_emit_by_name (sync, "changed", keys);
  g_signal_emit_by_name (sync, "state");
}

/* The lock comes first: what the other program did last is then seen before anything is done here. */
static gboolean
look_cb (gpointer data)
{
  KontorSync *sync = data;
  gboolean is_ours = kontor_replica_take_over (sync->replica);

  if (is_ours)
    sync->look = 0;
  look (sync);
  if (is_ours && sync->state == KONTOR_SYNC_READING)
    begin (sync);
  return is_ours ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* ----------------------------------------------------------------------------------- object -- */

static void
kontor_sync_finalize (GObject *object)
{
  KontorSync *sync = KONTOR_SYNC (object);

  g_clear_handle_id (&sync->timer, g_source_remove);
  g_clear_handle_id (&sync->look, g_source_remove);
  kontor_sync_drop_check (sync);
  g_clear_object (&sync->asking);
  g_clear_object (&sync->cancellable);
  g_clear_object (&sync->client);
  g_free (sync->name);
  g_free (sync->problem);
  g_free (sync->snapshot);
  G_OBJECT_CLASS (kontor_sync_parent_class)->finalize (object);
}

static void
kontor_sync_class_init (KontorSyncClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_sync_finalize;
  g_signal_new ("replaced", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("changed", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ARRAY);
  g_signal_new ("acked", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("verified", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                2, G_TYPE_UINT, G_TYPE_STRING);
  g_signal_new ("state", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kontor_sync_init (KontorSync *sync)
{
}

/**
 * kontor_sync_new:
 * @client: how to reach the server: one of its own, whose patience is set for this
 * @replica: the copy; must outlive it
 *
 * Returns: (transfer full): something that keeps @replica up to date once it is started
 */
KontorSync *
kontor_sync_new (KontorClient *client, KontorReplica *replica)
{
  KontorSync *sync = g_object_new (KONTOR_TYPE_SYNC, NULL);

  sync->client = g_object_ref (client);
  sync->replica = replica;
  sync->snapshot = g_build_filename (kontor_replica_folder (replica), "snapshot.part", NULL);
  kontor_client_set_timeout (client, PATIENCE_S);
  kontor_client_set_retries (client, 0);
  return sync;
}

/**
 * kontor_sync_set_name:
 * @sync: a stopped one
 * @name: this console's, as kontor_outbox_client() says it
 *
 * The feed then also tells what became of this console's operations.
 */
void
kontor_sync_set_name (KontorSync *sync, const char *name)
{
  g_free (sync->name);
  sync->name = g_strdup (name);
}

/**
 * kontor_sync_start:
 * @sync: a stopped one
 *
 * Where another program keeps this copy, it is only read, and what changes in it is told within a second or two;
 * when that program ends, this one keeps it on.
 */
void
kontor_sync_start (KontorSync *sync)
{
  if (sync->cancellable != NULL || sync->look != 0)
    return;
  if (kontor_replica_is_ours (sync->replica))
    {
      begin (sync);
      return;
    }
  sync->look = g_timeout_add_seconds (LOOK_S, look_cb, sync);
  kontor_sync_set_state (sync, KONTOR_SYNC_READING, NULL);
}

/**
 * kontor_sync_stop:
 * @sync: one that runs
 *
 * Takes the network away from it. A page that is being applied is applied to its end.
 */
void
kontor_sync_stop (KontorSync *sync)
{
  if (sync->cancellable != NULL)
    g_cancellable_cancel (sync->cancellable);
  g_clear_object (&sync->cancellable);
  kontor_sync_drop_check (sync);
  if (sync->asking != NULL)
    g_cancellable_cancel (sync->asking);
  g_clear_object (&sync->asking);
  g_clear_handle_id (&sync->timer, g_source_remove);
  g_clear_handle_id (&sync->look, g_source_remove);
  kontor_sync_set_state (sync, KONTOR_SYNC_STOPPED, NULL);
}

/**
 * kontor_sync_now:
 * @sync: one that runs
 *
 * Does not wait any longer for the next try.
 */
void
kontor_sync_now (KontorSync *sync)
{
  if (sync->timer == 0)
    return;
  g_clear_handle_id (&sync->timer, g_source_remove);
  sync->delay_ms = 0;
  again_cb (sync);
}

/**
 * kontor_sync_state:
 * @sync: a sync
 *
 * Returns: how it stands
 */
KontorSyncState
kontor_sync_state (KontorSync *sync)
{
  return sync->state;
}

/**
 * kontor_sync_problem:
 * @sync: a sync
 *
 * Returns: (transfer none) (nullable): what is wrong, in a sentence for the person
 */
const char *
kontor_sync_problem (KontorSync *sync)
{
  return sync->problem;
}

/**
 * kontor_sync_at:
 * @sync: a sync
 *
 * Returns: when the server was last heard, in Unix seconds; 0: not yet
 */
gint64
kontor_sync_at (KontorSync *sync)
{
  return sync->at;
}

/**
 * kontor_sync_progress:
 * @sync: a sync
 *
 * Returns: of the snapshot that is on its way, 0 to 1
 */
double
kontor_sync_progress (KontorSync *sync)
{
  return sync->progress;
}

/**
 * kontor_sync_ahead:
 * @sync: a sync
 *
 * Returns: by how many seconds the server's clock was ahead of this one when it was last heard
 */
gint64
kontor_sync_ahead (KontorSync *sync)
{
  return sync->ahead;
}
