/* sync-snapshot.c: files to begin a copy with.
 *
 * One thread makes them, one after the other, each in one read transaction while the server goes on writing. A file is
 * kept for a while, so that who lost the connection can go on where it broke off, and so that several consoles of one
 * team get the same one. What is being sent is held open: taking a file away hurts nobody. */
#include "server/http/sync-snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "server/http/pending.h"
#include "server/http/sync.h"
#include "server/store/account.h"
#include "server/store/meta.h"

/* How long a file is handed to others too, and how long it is kept after its last use. */
#define FRESH_US (30 * G_USEC_PER_SEC)
#define KEPT_US (600 * G_USEC_PER_SEC)
#define MAX_FILES 8
#define MAX_WAITING 32
#define NAME_BYTES 12

typedef struct
{
  char *path;    /* of the database; packed: with ".gz" behind it */
  char name[NAME_BYTES * 2 + 1];
  char *epoch;
  KontorSyncView view;
  gint64 made_us, used_us;
  gboolean is_packed; /* the packed one is there too */
} Snapshot;

struct _KontorSnapshots
{
  KontorApi *api;
  char *folder;
  GThreadPool *pool;  /* of one thread, which alone uses @made */
  GQueue made;        /* Snapshot, the newest first */
  gint waiting, stopping; /* atomic */
};

static void
free_snapshot (Snapshot *snapshot)
{
  g_autofree char *packed = g_strconcat (snapshot->path, ".gz", NULL);

  g_unlink (snapshot->path);
  g_unlink (packed);
  g_free (snapshot->path);
  g_free (snapshot->epoch);
  g_free (snapshot);
}

static void
forget_old (KontorSnapshots *snapshots, guint keep)
{
  gint64 now = g_get_monotonic_time ();

  for (GList *at = snapshots->made.tail, *before; at != NULL; at = before)
    {
      Snapshot *snapshot = at->data;

      before = at->prev;
      if (snapshots->made.length <= keep && now - snapshot->used_us < KEPT_US)
        continue;
      g_queue_delete_link (&snapshots->made, at);
      free_snapshot (snapshot);
    }
}

/* Making. */

static gboolean
note_account (KontorCall *call, KontorSnapshot *file, const KontorSyncView *view, GError **error)
{
  const char *account;
  g_autofree char *scope = g_strdup_printf ("%u", view->scope);

  return kontor_store_account_id (call->store, call->arena, view->scope >> 1, &account, error)
         && kontor_snapshot_meta (file, "account", account, error)
         && kontor_snapshot_meta (file, "scope", scope, error)
         && kontor_snapshot_meta (file, "livemode", view->scope & 1 ? "1" : "0", error);
}

static gboolean
note_history (KontorCall *call,
              KontorSnapshot *file,
              const char *epoch,
              const KontorSyncView *view,
              const KontorFeedPosition *position,
              GError **error)
{
  const char *cursor = kontor_sync_cursor_write (call->api, call->arena, epoch, view, position);
  g_autofree char *seq = g_strdup_printf ("%" G_GINT64_FORMAT, position->version);
  g_autofree char *made = g_strdup_printf ("%" G_GINT64_FORMAT, call->now);

  return kontor_snapshot_meta (file, "epoch", epoch, error)
         && kontor_snapshot_meta (file, "cursor", cursor, error)
         && kontor_snapshot_meta (file, "seq", seq, error)
         && kontor_snapshot_meta (file, "schema", G_STRINGIFY (KONTOR_SYNC_SCHEMA), error)
         && kontor_snapshot_meta (file, "made", made, error);
}

static gboolean
write_file (KontorCall *call, Snapshot *snapshot, GError **error)
{
  g_autoptr (KontorSnapshot) file = kontor_snapshot_new (snapshot->path, error);
  KontorFeedPosition position = { 0 };
  const char *epoch;

  /* Before the first row is read: that is when the transaction begins to see the database. */
  position.request = kontor_key (
      call->scope, kontor_pending_certain (call->api->pending, call->api->ids, call->now));
  if (file == NULL || !kontor_store_epoch (call->store, call->arena, &epoch, error))
    return FALSE;
  snapshot->epoch = g_strdup (epoch);
  return kontor_sync_snapshot (call->store, &snapshot->view, file, &position, error)
         && note_account (call, file, &snapshot->view, error)
         && note_history (call, file, epoch, &snapshot->view, &position, error)
         && kontor_snapshot_finish (file, error);
}

static gboolean
write_in_one_view (KontorCall *call, Snapshot *snapshot, GError **error)
{
  g_autoptr (KontorStore) store = kontor_store_open (call->api->data_dir, FALSE, error);
  gboolean written;

  if (store == NULL || !kontor_store_begin (store, error))
    return FALSE;
  call->store = store;
  written = write_file (call, snapshot, error);
  kontor_store_rollback (store);
  call->store = NULL;
  return written;
}

static Snapshot *
make (KontorSnapshots *snapshots, KontorCall *call, const KontorSyncView *view, GError **error)
{
  Snapshot *snapshot = g_new0 (Snapshot, 1);
  guint8 chance[NAME_BYTES];

  forget_old (snapshots, MAX_FILES - 1);
  randombytes_buf (chance, sizeof chance);
  sodium_bin2hex (snapshot->name, sizeof snapshot->name, chance, sizeof chance);
  snapshot->path = g_build_filename (snapshots->folder, snapshot->name, NULL);
  snapshot->view = *view;
  snapshot->view.cancel = &snapshots->stopping;
  if (g_mkdir_with_parents (snapshots->folder, 0700) != 0
      || !write_in_one_view (call, snapshot, error))
    {
      free_snapshot (snapshot);
      return NULL;
    }
  snapshot->made_us = snapshot->used_us = g_get_monotonic_time ();
  g_queue_push_head (&snapshots->made, snapshot);
  return snapshot;
}

static gboolean
pack (Snapshot *snapshot, GError **error)
{
  g_autofree char *path = g_strconcat (snapshot->path, ".gz", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (snapshot->path), to = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) in = g_file_read (from, NULL, error);
  g_autoptr (GFileOutputStream) out = NULL;
  g_autoptr (GConverter) gzip
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  g_autoptr (GInputStream) packed = NULL;

  if (in == NULL)
    return FALSE;
  out = g_file_replace (to, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error);
  if (out == NULL)
    return FALSE;
  packed = g_converter_input_stream_new (G_INPUT_STREAM (in), gzip);
  snapshot->is_packed = g_output_stream_splice (G_OUTPUT_STREAM (out), packed,
                                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                                    | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                                NULL, error)
                        >= 0;
  return snapshot->is_packed;
}

/* Sending. */

/* "gzip", perhaps with others and with weights; "gzip;q=0" is a refusal. */
static gboolean
takes_gzip (const char *accept_encoding)
{
  const char *gzip = accept_encoding != NULL ? strstr (accept_encoding, "gzip") : NULL;

  return gzip != NULL && !g_str_has_prefix (gzip, "gzip;q=0");
}

static const char *
tag_of (KontorCall *call, const Snapshot *snapshot, gboolean packed)
{
  return kontor_arena_printf (call->arena, "\"%s%s\"", snapshot->name, packed ? "-gz" : "");
}

/* "bytes=100-", "bytes=100-199", "bytes=-100". %FALSE: nothing that can be served. */
static gboolean
read_range (const char *text, gint64 size, gint64 *from, gint64 *length)
{
  const char *dash;
  gint64 first, last;
  char *end;

  if (!g_str_has_prefix (text, "bytes="))
    return FALSE;
  text += strlen ("bytes=");
  dash = strchr (text, '-');
  if (dash == NULL || strspn (text, "0123456789-") != strlen (text))
    return FALSE;
  first = g_ascii_strtoll (text, NULL, 10);
  last = dash[1] != '\0' ? g_ascii_strtoll (dash + 1, &end, 10) : G_MAXINT64;
  if (dash == text)
    {
      first = MAX (0, size - last);
      last = G_MAXINT64;
    }
  if (first >= size || last < first)
    return FALSE;
  *from = first;
  *length = MIN (last, size - 1) - first + 1;
  return TRUE;
}

static void
refuse_range (KontorCall *call, gint64 size)
{
  call->reply->status = 416;
  call->reply->headers
      = kontor_arena_printf (call->arena, "Content-Range: bytes */%" G_GINT64_FORMAT "\r\n", size);
}

static void
fill_in (KontorCall *call, const Snapshot *snapshot, gboolean packed, int fd, gint64 size)
{
  const KontorRequest *request = call->request;
  const char *tag = tag_of (call, snapshot, packed), *part = "";
  gboolean wants_part = request->range != NULL && g_strcmp0 (request->if_range, tag) == 0;
  KontorFilePart *file = kontor_arena_new0 (call->arena, KontorFilePart);

  file->fd = fd;
  file->length = size;
  call->reply->file = file;
  call->reply->status = wants_part ? 206 : 200;
  call->reply->content_type = "application/vnd.sqlite3";
  if (wants_part && !read_range (request->range, size, &file->from, &file->length))
    {
      file->length = 0;
      refuse_range (call, size);
      return;
    }
  if (wants_part)
    part = kontor_arena_printf (call->arena,
                                "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                                "/%" G_GINT64_FORMAT "\r\n",
                                file->from, file->from + file->length - 1, size);
  call->reply->headers = kontor_arena_printf (
      call->arena, "ETag: %s\r\nAccept-Ranges: bytes\r\nVary: Accept-Encoding\r\n%s%s", tag, part,
      packed ? "Content-Encoding: gzip\r\n" : "");
}

static gboolean
open_file (KontorCall *call, Snapshot *snapshot, gboolean packed, GError **error)
{
  g_autofree char *path = g_strconcat (snapshot->path, packed ? ".gz" : "", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : -1;

  if (size < 0)
    {
      if (fd >= 0)
        close (fd);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  snapshot->used_us = g_get_monotonic_time ();
  fill_in (call, snapshot, packed, fd, size);
  return TRUE;
}

/* Who goes on with a file gets that one while it is there; others a fresh one. The same key may meanwhile see more or
 * less than it did, or the server have another history: then no old file will do. */
static Snapshot *
find (KontorSnapshots *snapshots, KontorCall *call, const KontorSyncView *view)
{
  const char *tag = call->request->range != NULL ? call->request->if_range : NULL;
  gint64 now = g_get_monotonic_time ();

  for (GList *at = snapshots->made.head; at != NULL; at = at->next)
    {
      Snapshot *snapshot = at->data;

      if (snapshot->view.scope != view->scope || snapshot->view.kinds != view->kinds)
        continue;
      if (tag != NULL ? strstr (tag, snapshot->name) != NULL : now - snapshot->made_us < FRESH_US)
        return snapshot;
    }
  return NULL;
}

static void
serve (gpointer data, gpointer user_data)
{
  KontorSnapshots *snapshots = user_data;
  KontorCall *call = data;
  gboolean packed = takes_gzip (call->request->accept_encoding), done = FALSE;
  Snapshot *snapshot = NULL;
  KontorError error = { 0 };
  KontorSyncView view;

  kontor_sync_view (call, &view);
  if (!g_atomic_int_get (&snapshots->stopping))
    {
      forget_old (snapshots, MAX_FILES);
      snapshot = find (snapshots, call, &view);
      if (snapshot == NULL)
        snapshot = make (snapshots, call, &view, &call->failure);
      done = snapshot != NULL && (!packed || snapshot->is_packed || pack (snapshot, &call->failure))
             && open_file (call, snapshot, packed, &call->failure);
    }
  if (g_atomic_int_get (&snapshots->stopping) && !done)
    {
      g_clear_error (&call->failure);
      kontor_error_set (&error, KONTOR_ERROR_BUSY, NULL, NULL);
    }
  g_atomic_int_add (&snapshots->waiting, -1);
  kontor_call_finish (call, done, &error);
}

static void
hand_over (KontorCall *call)
{
  g_thread_pool_push (call->api->snapshots->pool, call, NULL);
}

/**
 * kontor_sync_snapshot_get:
 * @call: a read
 * @error: says that too many ask for one
 *
 * Returns: whether it may wait for its file
 */
gboolean
kontor_sync_snapshot_get (KontorCall *call, KontorError *error)
{
  KontorSnapshots *snapshots = call->api->snapshots;

  if (g_atomic_int_get (&snapshots->stopping))
    return kontor_error_set (error, KONTOR_ERROR_BUSY, NULL, NULL);
  if (g_atomic_int_add (&snapshots->waiting, 1) >= MAX_WAITING)
    {
      g_atomic_int_add (&snapshots->waiting, -1);
      call->reply->retry_after_s = 10;
      return kontor_error_set (error, KONTOR_ERROR_RATE_LIMIT, NULL,
                               "Too many snapshots are asked for at once.");
    }
  kontor_pending_leave (call->api->pending, &call->pending);
  call->later = hand_over;
  return TRUE;
}

/* What an earlier life of the server left behind. */
static void
clean (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

/**
 * kontor_snapshots_new:
 * @api: whose data
 *
 * Returns: (transfer full): a maker of snapshots
 */
KontorSnapshots *
kontor_snapshots_new (KontorApi *api)
{
  KontorSnapshots *snapshots = g_new0 (KontorSnapshots, 1);

  snapshots->api = api;
  snapshots->folder = g_build_filename (api->data_dir, "snapshots", NULL);
  clean (snapshots->folder);
  snapshots->pool = g_thread_pool_new (serve, snapshots, 1, FALSE, NULL);
  return snapshots;
}

/**
 * kontor_snapshots_stop:
 * @snapshots: a maker of snapshots
 *
 * Gives up the one that is being made. Who waits for one is told to ask later.
 */
void
kontor_snapshots_stop (KontorSnapshots *snapshots)
{
  g_atomic_int_set (&snapshots->stopping, TRUE);
}

/**
 * kontor_snapshots_free:
 * @snapshots: (transfer full): stopped; nobody asks any more
 */
void
kontor_snapshots_free (KontorSnapshots *snapshots)
{
  g_thread_pool_free (snapshots->pool, FALSE, TRUE);
  g_queue_clear_full (&snapshots->made, (GDestroyNotify) free_snapshot);
  g_rmdir (snapshots->folder);
  g_free (snapshots->folder);
  g_free (snapshots);
}
