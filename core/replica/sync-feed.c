/* sync-feed.c: a snapshot, and then one page of changes after the other. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/client/download.h"
#include "core/replica/sync-private.h"

#define WAIT_S "30"
#define PAGE "1000"

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

/* ------------------------------------------------------------------------------------- feed -- */

typedef struct
{
  KontorReplica *replica;
  GBytes *page;
  GArray *keys;
  gboolean more;
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

/**
 * kontor_sync_note_clock:
 * @sync: a sync
 *
 * The page that was just applied says what time it was there.
 */
void
kontor_sync_note_clock (KontorSync *sync)
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

        g_signal_emit_by_name (sync, "acked", line);
      }
}

static void
go_on (KontorSync *sync)
{
  g_clear_object (&sync->asking);
  if (sync->state != KONTOR_SYNC_CURRENT || !kontor_sync_check_on (sync))
    kontor_sync_ask (sync);
}

/* A file that SQLite calls damaged is read as long as there is no other. */
static void
applied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorSync *sync = KONTOR_SYNC (source);
  Apply *apply = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) && sync->cancellable != NULL)
        kontor_sync_fetch (sync);
      else if (!kontor_sync_was_stopped (error))
        kontor_sync_trouble (sync, error);
      return;
    }
  sync->delay_ms = 0;
  sync->at = g_get_real_time () / G_USEC_PER_SEC;
  kontor_sync_note_clock (sync);
  if (apply->keys->len > 0)
    g_signal_emit_by_name (sync, "changed", apply->keys);
  tell_acks (sync, apply->page);
  kontor_sync_set_state (sync, apply->more ? KONTOR_SYNC_CATCHING_UP : KONTOR_SYNC_CURRENT, NULL);
  g_signal_emit_by_name (sync, "state");
  if (sync->cancellable != NULL)
    go_on (sync);
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

  if (reply == NULL && kontor_sync_was_stopped (error))
    {
      if (sync->asking != NULL && g_cancellable_is_cancelled (sync->asking))
        go_on (sync);
      return;
    }
  g_clear_object (&sync->asking);
  if (reply != NULL)
    apply_page (sync, reply->body);
  else if (wants_snapshot (error, &of_others))
    {
      if (of_others && kontor_replica_wipe (sync->replica, NULL))
        g_signal_emit_by_name (sync, "replaced");
      kontor_sync_fetch (sync);
    }
  else
    kontor_sync_trouble (sync, error);
}

/**
 * kontor_sync_ask:
 * @sync: one that runs
 *
 * Asks for the next page of changes; once the copy is current, waits for it.
 */
void
kontor_sync_ask (KontorSync *sync)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/sync/changes");
  g_autofree char *cursor = kontor_replica_meta (sync->replica, "cursor");

  if (cursor != NULL)
    kontor_client_call_add (call, "cursor", cursor);
  kontor_client_call_add (call, "limit", PAGE);
  if (sync->state == KONTOR_SYNC_CURRENT && sync->check == NULL && !sync->is_due)
    kontor_client_call_add (call, "wait", WAIT_S);
  if (sync->name != NULL)
    kontor_client_call_add (call, "client", sync->name);
  kontor_client_call_take_text (call);
  g_clear_object (&sync->asking);
  sync->asking = g_cancellable_new ();
  kontor_client_send_async (sync->client, call, sync->asking, page_cb, g_object_ref (sync));
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
      kontor_sync_trouble (sync, error);
      return;
    }
  sync->delay_ms = 0;
  g_signal_emit_by_name (sync, "replaced");
  kontor_sync_set_state (sync, KONTOR_SYNC_CATCHING_UP, NULL);
  if (sync->cancellable != NULL)
    kontor_sync_ask (sync);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSync) sync = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;

  if (!kontor_client_download_finish (KONTOR_CLIENT (source), result, &error))
    {
      if (!kontor_sync_was_stopped (error))
        kontor_sync_trouble (sync, error);
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
  g_signal_emit_by_name (sync, "state");
}

/**
 * kontor_sync_fetch:
 * @sync: one that runs
 *
 * Takes a new snapshot, which then takes the place of the copy.
 */
void
kontor_sync_fetch (KontorSync *sync)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/sync/snapshot");

  kontor_sync_drop_check (sync);
  sync->progress = 0;
  kontor_sync_set_state (sync, KONTOR_SYNC_FETCHING, NULL);
  kontor_client_download_async (sync->client, call, sync->snapshot, progress_cb, sync,
                                sync->cancellable, fetched_cb, g_object_ref (sync));
}
