/* sync.c: keeps a copy up to date: snapshot, feed, and what to do without the server. */
#include "core/replica/sync.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/client/download.h"

#define FIRST_DELAY_MS 1000
#define LONGEST_DELAY_MS (5 * 60 * 1000)
#define WAIT_S "30"
#define PATIENCE_S 60 /* for an answer that the server holds back for WAIT_S */
#define PAGE "1000"
#define LOOK_S 1 /* at a copy that another program keeps */

struct _KontorSync
{
  GObject parent_instance;
  KontorClient *client;
  KontorReplica *replica;
  GCancellable *cancellable; /* %NULL: stopped */
  KontorSyncState state;
  char *problem;
  char *name;     /* whose operations to tell of; %NULL: nobody's */
  char *snapshot; /* where it is put while it comes */
  double progress;
  gint64 at;
  gint64 ahead;
  guint timer, delay_ms;
  guint look; /* until the program that keeps the copy ends */
};

G_DEFINE_FINAL_TYPE (KontorSync, kontor_sync, G_TYPE_OBJECT)

enum
{
  REPLACED,
  CHANGED,
  ACKED,
  STATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void fetch (KontorSync *sync);
static void ask (KontorSync *sync);

static void
set_state (KontorSync *sync, KontorSyncState state, const char *problem)
{
  if (state == sync->state && g_strcmp0 (problem, sync->problem) == 0)
    return;
  sync->state = state;
  g_free (sync->problem);
  sync->problem = g_strdup (problem);
  g_signal_emit (sync, signals[STATE], 0);
}

/* ---------------------------------------------------------------------------------- trouble -- */

static gboolean
again_cb (gpointer data)
{
  KontorSync *sync = data;

  sync->timer = 0;
  if (kontor_replica_is_there (sync->replica))
    ask (sync);
  else
    fetch (sync);
  return G_SOURCE_REMOVE;
}

/* By chance, so that all the consoles that lost one server do not come back at once. */
static void
try_later (KontorSync *sync)
{
  sync->delay_ms = sync->delay_ms == 0 ? FIRST_DELAY_MS
                                       : MIN (sync->delay_ms * 2, LONGEST_DELAY_MS);
  g_clear_handle_id (&sync->timer, g_source_remove);
  sync->timer = g_timeout_add (sync->delay_ms / 2
                                   + (guint) g_random_int_range (0, (gint32) sync->delay_ms / 2),
                               again_cb, sync);
}

static void
in_trouble (KontorSync *sync, const GError *error)
{
  gboolean refused = error->domain == KONTOR_CLIENT_ERROR
                     && (error->code == KONTOR_CLIENT_ERROR_KEY
                         || error->code == KONTOR_CLIENT_ERROR_REFUSED
                         || error->code == KONTOR_CLIENT_ERROR_MISSING);

  if (refused)
    {
      set_state (sync, KONTOR_SYNC_REFUSED, error->message);
      return;
    }
  set_state (sync, error->domain == KONTOR_CLIENT_ERROR ? KONTOR_SYNC_OFFLINE : KONTOR_SYNC_FULL,
             error->message);
  try_later (sync);
}

/* The copy cannot be carried on: 410, and why; or 400: what the copy says of itself means nothing to the server. */
static gboolean
wants_snapshot (const GError *error, gboolean *of_others)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);

  if (refusal == NULL
      || (refusal->status != 410
          && (refusal->status != 400 || g_strcmp0 (refusal->param, "cursor") != 0)))
    return FALSE;
  *of_others = refusal->body != NULL && strstr (refusal->body, "\"why\":\"scope\"") != NULL;
  return TRUE;
}

static gboolean
was_stopped (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ------------------------------------------------------------------------------------- feed -- */

typedef struct
{
  KontorReplica *replica;
  GBytes *page;
  GArray *keys;
  gboolean more;
  gint64 seconds;
} Apply;

static void
apply_free (gpointer data)
{
  Apply *apply = data;

  g_bytes_unref (apply->page);
  g_array_unref (apply->keys);
  g_free (apply);
}

/* Away from the main loop: a page takes a tenth of a second. Nobody else writes to the copy meanwhile. */
static void
apply_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Apply *apply = data;
  GError *error = NULL;
  gsize length;
  const char *page = g_bytes_get_data (apply->page, &length);

  if (kontor_replica_apply (apply->replica, page, length, apply->keys, &apply->more, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The page that was just applied says what time it was there. */
static void
note_clock (KontorSync *sync)
{
  g_autofree char *there = kontor_replica_meta (sync->replica, "at");

  if (there != NULL)
    sync->ahead = g_ascii_strtoll (there, NULL, 10) - sync->at;
}

/* Not kept in the copy: who misses one hears it when it asks. */
static void
tell_acks (KontorSync *sync, GBytes *page)
{
  gsize length;
  const char *at = g_bytes_get_data (page, &length), *end = at + length, *stop;

  for (; sync->name != NULL && (stop = memchr (at, '\n', (gsize) (end - at))) != NULL;
       at = stop + 1)
    if (strncmp (at, "{\"ack\":", strlen ("{\"ack\":")) == 0)
      {
        g_autofree char *line = g_strndup (at, (gsize) (stop - at));

        g_signal_emit (sync, signals[ACKED], 0, line);
      }
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorSync *sync = KONTOR_SYNC (source);
  Apply *apply = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (!was_stopped (error))
        in_trouble (sync, error);
      return;
    }
  sync->delay_ms = 0;
  sync->at = g_get_real_time () / G_USEC_PER_SEC;
  note_clock (sync);
  if (apply->keys->len > 0)
    g_signal_emit (sync, signals[CHANGED], 0, apply->keys);
  tell_acks (sync, apply->page);
  set_state (sync, apply->more ? KONTOR_SYNC_CATCHING_UP : KONTOR_SYNC_CURRENT, NULL);
  g_signal_emit (sync, signals[STATE], 0);
  if (sync->cancellable != NULL)
    ask (sync);
}

static void
apply_page (KontorSync *sync, GBytes *page)
{
  g_autoptr (GTask) task = g_task_new (sync, NULL, applied_cb, NULL);
  Apply *apply = g_new0 (Apply, 1);

  apply->replica = sync->replica;
  apply->page = g_bytes_ref (page);
  apply->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_task_data (task, apply, apply_free);
  g_task_run_in_thread (task, apply_thread);
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSync) sync = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  gboolean of_others = FALSE;

  if (reply != NULL)
    apply_page (sync, reply->body);
  else if (wants_snapshot (error, &of_others))
    {
      if (of_others && kontor_replica_wipe (sync->replica, NULL))
        g_signal_emit (sync, signals[REPLACED], 0);
      fetch (sync);
    }
  else if (!was_stopped (error))
    in_trouble (sync, error);
}

static void
ask (KontorSync *sync)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/sync/changes");
  g_autofree char *cursor = kontor_replica_meta (sync->replica, "cursor");

  if (cursor != NULL)
    kontor_client_call_add (call, "cursor", cursor);
  kontor_client_call_add (call, "limit", PAGE);
  if (sync->state == KONTOR_SYNC_CURRENT)
    kontor_client_call_add (call, "wait", WAIT_S);
  if (sync->name != NULL)
    kontor_client_call_add (call, "client", sync->name);
  kontor_client_call_take_text (call);
  kontor_client_send_async (sync->client, call, sync->cancellable, page_cb, g_object_ref (sync));
}

/* --------------------------------------------------------------------------------- snapshot -- */

static void
install_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  KontorSync *sync = source;
  GError *error = NULL;

  if (kontor_replica_install (sync->replica, sync->snapshot, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
installed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorSync *sync = KONTOR_SYNC (source);
  g_autoptr (GError) error = NULL;

  g_unlink (sync->snapshot);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      in_trouble (sync, error);
      return;
    }
  sync->delay_ms = 0;
  g_signal_emit (sync, signals[REPLACED], 0);
  set_state (sync, KONTOR_SYNC_CATCHING_UP, NULL);
  if (sync->cancellable != NULL)
    ask (sync);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSync) sync = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;

  if (!kontor_client_download_finish (KONTOR_CLIENT (source), result, &error))
    {
      if (!was_stopped (error))
        in_trouble (sync, error);
      return;
    }
  task = g_task_new (sync, NULL, installed_cb, NULL);
  g_task_run_in_thread (task, install_thread);
}

static void
progress_cb (guint64 done, guint64 total, gpointer data)
{
  KontorSync *sync = data;

  sync->progress = total > 0 ? (double) done / (double) total : 0;
  g_signal_emit (sync, signals[STATE], 0);
}

static void
fetch (KontorSync *sync)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/sync/snapshot");

  sync->progress = 0;
  set_state (sync, KONTOR_SYNC_FETCHING, NULL);
  kontor_client_download_async (sync->client, call, sync->snapshot, progress_cb, sync,
                                sync->cancellable, fetched_cb, g_object_ref (sync));
}

/* ------------------------------------------------------------------------------------ others -- */

static void
begin (KontorSync *sync)
{
  sync->cancellable = g_cancellable_new ();
  if (kontor_replica_is_there (sync->replica))
    {
      set_state (sync, KONTOR_SYNC_CATCHING_UP, NULL);
      ask (sync);
    }
  else
    fetch (sync);
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
  note_clock (sync);
  if (news == KONTOR_REPLICA_REPLACED)
    g_signal_emit (sync, signals[REPLACED], 0);
  else if (news == KONTOR_REPLICA_CHANGED)
    g_signal_emit (sync, signals[CHANGED], 0, keys);
  g_signal_emit (sync, signals[STATE], 0);
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
  signals[REPLACED] = g_signal_new ("replaced", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[ACKED] = g_signal_new ("acked", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[STATE] = g_signal_new ("state", KONTOR_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
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
  set_state (sync, KONTOR_SYNC_READING, NULL);
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
  g_clear_handle_id (&sync->timer, g_source_remove);
  g_clear_handle_id (&sync->look, g_source_remove);
  set_state (sync, KONTOR_SYNC_STOPPED, NULL);
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
