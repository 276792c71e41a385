/* sync-check.c: the copy is compared with the server, once a day and when asked, and mended where it is wrong.
 *
 * One kind of row after the other: sums first, which are divided where they differ, down to the rows. Between two
 * kinds, and before anything is mended, the feed is read on, so that what somebody deleted meanwhile is not taken for
 * a fault. */
#include <glib/gi18n-lib.h>

#include "core/client/client-error.h"
#include "core/replica/sync-check.h"

#define DAY_S (24 * 60 * 60)
#define AGAIN_S (60 * 60) /* when it could not be compared */
/* A copy that is wrong in more than this is fetched anew. */
#define MOST_QUESTIONS 400
#define MOST_WRONG 64

static void look_on (KontorSyncCheck *check);
static void next_page (KontorSyncCheck *check);

/* ------------------------------------------------------------------------------------ lives -- */

static void
check_clear (gpointer data)
{
  KontorSyncCheck *check = data;

  g_clear_object (&check->cancellable);
  g_free (check->file);
  g_strfreev (check->role);
  g_clear_pointer (&check->rows, g_array_unref);
  g_queue_clear_full (&check->buckets, g_free);
  g_ptr_array_unref (check->wrong);
  g_ptr_array_unref (check->pages);
  g_array_unref (check->surplus);
}

static KontorSyncCheck *
hold (KontorSyncCheck *check)
{
  g_object_ref (check->sync);
  return g_rc_box_acquire (check);
}

static void
let_go (KontorSyncCheck *check)
{
  KontorSync *sync = check->sync;

  g_rc_box_release_full (check, check_clear);
  g_object_unref (sync);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorSyncCheck, let_go)

static KontorSyncCheck *
check_new (KontorSync *sync)
{
  g_autofree char *role = kontor_replica_meta (sync->replica, "role");
  KontorSyncCheck *check = g_rc_box_new0 (KontorSyncCheck);

  check->sync = sync;
  check->cancellable = g_cancellable_new ();
  check->file = g_strdup (kontor_replica_file (sync->replica));
  check->role = g_strsplit (role != NULL ? role : "", " ", -1);
  check->wrong = g_ptr_array_new_with_free_func (g_free);
  check->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  check->surplus = g_array_new (FALSE, FALSE, sizeof (gint64));
  return check;
}

static gboolean
was_dropped (const KontorSyncCheck *check)
{
  return check->sync->check != check;
}

/**
 * kontor_sync_drop_check:
 * @sync: a sync
 *
 * What is under way comes to nothing.
 */
void
kontor_sync_drop_check (KontorSync *sync)
{
  KontorSyncCheck *check = g_steal_pointer (&sync->check);

  sync->is_due = FALSE;
  sync->check_at = 0;
  if (check == NULL)
    return;
  g_cancellable_cancel (check->cancellable);
  g_rc_box_release_full (check, check_clear);
}

/* The sync goes on in any case. */
static void
end (KontorSyncCheck *check, const char *problem)
{
  KontorSync *sync = check->sync;
  guint n_mended = check->n_mended;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (problem == NULL)
    kontor_replica_note_check (sync->replica, now, NULL);
  sync->check = NULL;
  sync->is_due = FALSE;
  sync->check_at = now + (problem == NULL ? DAY_S : AGAIN_S);
  g_rc_box_release_full (check, check_clear);
  g_signal_emit_by_name (sync, "verified", n_mended, problem);
  kontor_sync_ask (sync);
}

static void
fetch_anew (KontorSyncCheck *check)
{
  KontorSync *sync = check->sync;

  kontor_sync_fetch (sync);
  g_signal_emit_by_name (sync, "verified", 0, _ ("The local copy is damaged and is fetched anew."));
}

/* --------------------------------------------------------------------------------- questions -- */

static void
send_question (KontorSyncCheck *check, const char *path, const char *bucket, GAsyncReadyCallback cb)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", path);

  kontor_client_call_add (call, "t", check->kind->name);
  if (*bucket != '\0')
    kontor_client_call_add (call, "bucket", bucket);
  if (cb != NULL && g_str_has_suffix (path, "/rows"))
    kontor_client_call_take_text (call);
  kontor_client_send_async (check->sync->client, call, check->cancellable, cb, hold (check));
}

/* A kind that may not be seen any more: the feed will say so. */
static gboolean
is_of_no_use (const GError *error)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);

  return refusal != NULL && refusal->status == 400;
}

static void
digest_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSyncCheck) check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);
  g_autofree char *bucket = NULL;

  if (was_dropped (check))
    return;
  bucket = g_queue_pop_head (&check->buckets);
  if (reply == NULL && !is_of_no_use (error))
    {
      end (check, error->message);
      return;
    }
  if (reply != NULL && reply->json != NULL)
    kontor_sync_compare (check, bucket, reply->json);
  look_on (check);
}

/* When nothing is left to be looked at, the feed is read on: then it is mended, or the next kind is looked at. */
static void
look_on (KontorSyncCheck *check)
{
  const char *bucket = g_queue_peek_head (&check->buckets);

  if (++check->n_questions > MOST_QUESTIONS || check->wrong->len > MOST_WRONG)
    fetch_anew (check);
  else if (bucket != NULL)
    send_question (check, "/v1/kontor/sync/digest", bucket, digest_cb);
  else
    {
      check->is_mending = check->wrong->len > 0;
      kontor_sync_ask (check->sync);
    }
}

/* ------------------------------------------------------------------------------------ kinds -- */

static void
in_thread (KontorSyncCheck *check, GTaskThreadFunc function, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (check->sync, NULL, callback, hold (check));

  g_task_set_task_data (task, check, NULL);
  g_task_run_in_thread (task, function);
}

static void
sums_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  KontorSyncCheck *check = data;
  GError *error = NULL;

  check->rows = kontor_replica_sums (check->file, check->kind->kind, &check->seq, &error);
  if (check->rows != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
sums_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSyncCheck) check = data;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (was_dropped (check))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    fetch_anew (check);
  else if (error != NULL)
    end (check, error->message);
  else
    {
      g_queue_push_tail (&check->buckets, g_strdup (""));
      look_on (check);
    }
}

static void
next_kind (KontorSyncCheck *check)
{
  guint n;
  const KontorSyncKind *kinds = kontor_sync_kinds (&n);

  g_clear_pointer (&check->rows, g_array_unref);
  while (check->next < n
         && (!kinds[check->next].has_versions
             || !g_strv_contains ((const char *const *) check->role, kinds[check->next].name)))
    check->next++;
  if (check->next == n)
    {
      end (check, NULL);
      return;
    }
  check->kind = &kinds[check->next++];
  in_thread (check, sums_thread, sums_cb);
}

/* ------------------------------------------------------------------------------------ mends -- */

static void
mend_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  KontorSyncCheck *check = data;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *error = NULL;

  if (kontor_replica_mend (check->sync->replica, check->pages, check->surplus, keys, &error))
    g_task_return_pointer (task, g_steal_pointer (&keys), (GDestroyNotify) g_array_unref);
  else
    g_task_return_error (task, error);
}

/* Without room it waits, as the feed does, and goes on where it was. */
static void
not_mended (KontorSyncCheck *check, const GError *error)
{
  g_ptr_array_set_size (check->pages, 0);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    fetch_anew (check);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    end (check, error->message);
  else
    kontor_sync_trouble (check->sync, error);
}

static void
mended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSyncCheck) check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) keys = g_task_propagate_pointer (G_TASK (result), &error);

  if (keys != NULL && keys->len > 0)
    g_signal_emit_by_name (source, "changed", keys);
  if (was_dropped (check))
    return;
  if (error != NULL)
    {
      not_mended (check, error);
      return;
    }
  check->n_mended += keys->len;
  check->is_mending = FALSE;
  g_ptr_array_set_size (check->wrong, 0);
  g_ptr_array_set_size (check->pages, 0);
  g_array_set_size (check->surplus, 0);
  next_kind (check);
}

static void
rows_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSyncCheck) check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply
      = kontor_client_send_finish (KONTOR_CLIENT (source), result, &error);

  if (was_dropped (check))
    return;
  if (reply == NULL)
    {
      end (check, error->message);
      return;
    }
  g_ptr_array_add (check->pages, g_bytes_ref (reply->body));
  next_page (check);
}

static void
next_page (KontorSyncCheck *check)
{
  if (check->pages->len < check->wrong->len)
    send_question (check, "/v1/kontor/sync/rows", check->wrong->pdata[check->pages->len], rows_cb);
  else
    in_thread (check, mend_thread, mended_cb);
}

/* ----------------------------------------------------------------------------------- begins -- */

static void
whole_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const KontorSyncCheck *check = data;

  g_task_return_boolean (task, kontor_replica_is_whole (check->file));
}

static void
whole_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KontorSyncCheck) check = data;
  gboolean is_whole = g_task_propagate_boolean (G_TASK (result), NULL);

  if (was_dropped (check))
    return;
  if (is_whole)
    next_kind (check);
  else
    fetch_anew (check);
}

static gint64
seconds_in (KontorSync *sync, const char *name)
{
  g_autofree char *text = kontor_replica_meta (sync->replica, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* A snapshot is right when it is made. Whatever a clock said then, it is not later than a day from now. */
static gboolean
is_due (KontorSync *sync)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (sync->check_at == 0)
    sync->check_at = MAX (seconds_in (sync, "made"), seconds_in (sync, "checked")) + DAY_S;
  sync->check_at = MIN (sync->check_at, now + DAY_S);
  return sync->is_due || now >= sync->check_at;
}

/**
 * kontor_sync_check_on:
 * @sync: one that is current and asks nothing
 *
 * Returns: whether the copy is being compared now; kontor_sync_ask() is called when the feed is to be read on
 */
gboolean
kontor_sync_check_on (KontorSync *sync)
{
  if (sync->check == NULL && !is_due (sync))
    return FALSE;
  if (sync->check == NULL)
    {
      sync->check = check_new (sync);
      in_thread (sync->check, whole_thread, whole_cb);
    }
  else if (sync->check->is_mending)
    next_page (sync->check);
  else
    next_kind (sync->check);
  return TRUE;
}

/**
 * kontor_sync_verify:
 * @sync: a sync
 *
 * Compares the copy with the server as soon as it is current, rather than once a day.
 *
 * Returns: whether it will; not when another program keeps the copy, or nothing is synced
 */
gboolean
kontor_sync_verify (KontorSync *sync)
{
  if (sync->cancellable == NULL || sync->state == KONTOR_SYNC_REFUSED)
    return FALSE;
  sync->is_due = TRUE;
  if (sync->asking != NULL && sync->check == NULL && sync->state == KONTOR_SYNC_CURRENT)
    g_cancellable_cancel (sync->asking);
  return TRUE;
}
