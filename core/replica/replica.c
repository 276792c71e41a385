/* replica.c: a console's copy of one account in one mode, in a folder of its own.
 *
 * The file holds only what the server said. It begins as a snapshot, which takes the place of the one before
 * by one rename, and grows by pages of the feed, each in one transaction with the cursor behind it: killed
 * at any moment, it is the server's state at some moment. */
#include "core/replica/replica.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/json.h"
#include "core/replica/news.h"
#include "core/sync.h"

#define BUSY_MS 5000

struct _KontorReplica
{
  char *folder, *file;
  int lock;    /* -1: another program has it */
  sqlite3 *db; /* %NULL: there is no copy */
  sqlite3_stmt *put, *drop, *set;
  /* What a program that only reads has seen: the file, SQLite's count of others' writes, the last page. */
  guint64 device, inode;
  gint64 data_version, page;
};

static gboolean
fail (GError **error, const char *format, const char *what)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, format, what);
#pragma GCC diagnostic pop
  return FALSE;
}

static gboolean
fail_db (sqlite3 *db, GError **error)
{
  int code = db != NULL ? sqlite3_errcode (db) : SQLITE_NOMEM;

  g_set_error (error, G_IO_ERROR, code == SQLITE_FULL ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               _ ("The local copy cannot be used: %s"), sqlite3_errstr (code));
  return FALSE;
}

static void
close_db (KontorReplica *replica)
{
  g_clear_pointer (&replica->put, sqlite3_finalize);
  g_clear_pointer (&replica->drop, sqlite3_finalize);
  g_clear_pointer (&replica->set, sqlite3_finalize);
  g_clear_pointer (&replica->db, sqlite3_close);
}

static char *
read_meta (sqlite3 *db, const char *name)
{
  sqlite3_stmt *statement = NULL;
  char *value = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT value FROM meta WHERE name = ?1", -1, &statement, NULL)
      == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        value = g_strdup ((const char *) sqlite3_column_text (statement, 0));
    }
  sqlite3_finalize (statement);
  return value;
}

static gboolean
prepare (KontorReplica *replica, const char *sql, sqlite3_stmt **statement)
{
  return sqlite3_prepare_v3 (replica->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL)
         == SQLITE_OK;
}

static gint64
data_version (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  gint64 version = 0;

  if (sqlite3_prepare_v2 (db, "PRAGMA data_version", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return version;
}

/* Before it is opened: taken for an older file it is only looked at once more. */
static gboolean
note_file (KontorReplica *replica)
{
  GStatBuf now;
  gboolean same;

  if (g_stat (replica->file, &now) != 0)
    now = (GStatBuf){ 0 };
  same = replica->device == now.st_dev && replica->inode == now.st_ino;
  replica->device = now.st_dev;
  replica->inode = now.st_ino;
  return same;
}

/* A copy is a cache: what was not synced when the power failed is fetched again, since rows and cursor
 * are lost together. */
static gboolean
open_db (KontorReplica *replica, GError **error)
{
  note_file (replica);
  if (sqlite3_open_v2 (replica->file, &replica->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
      && sqlite3_busy_timeout (replica->db, BUSY_MS) == SQLITE_OK
      && sqlite3_exec (replica->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", NULL,
                       NULL, NULL)
             == SQLITE_OK
      && prepare (replica,
                  "INSERT INTO objects (row, id, v, created, body) VALUES (?1, ?2, ?3, ?4, ?5)"
                  " ON CONFLICT (row) DO UPDATE SET id = excluded.id, v = excluded.v,"
                  " created = excluded.created, body = excluded.body WHERE excluded.v >= v",
                  &replica->put)
      && prepare (replica, "DELETE FROM objects WHERE row = ?1 AND v <= ?2", &replica->drop)
      && prepare (replica,
                  "INSERT INTO meta (name, value) VALUES (?1, ?2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  &replica->set))
    {
      replica->data_version = data_version (replica->db);
      replica->page = kontor_news_last (replica->db);
      return TRUE;
    }
  fail_db (replica->db, error);
  close_db (replica);
  return FALSE;
}

/* Of another make of tables or bodies a new one is fetched. */
static gboolean
is_of_our_make (sqlite3 *db)
{
  g_autofree char *schema = read_meta (db, "schema"), *cursor = read_meta (db, "cursor");

  return schema != NULL && cursor != NULL
         && g_ascii_strtoll (schema, NULL, 10) == KONTOR_SYNC_SCHEMA;
}

static int
take_lock (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

/**
 * kontor_replica_open:
 * @folder: where the copy lies; made when it is missing
 * @error: return location for a #GIOErrorEnum
 *
 * A copy that is broken or of another make counts as none.
 *
 * Returns: (transfer full) (nullable): the copy, perhaps still without data
 */
KontorReplica *
kontor_replica_open (const char *folder, GError **error)
{
  g_autoptr (KontorReplica) replica = g_new0 (KontorReplica, 1);

  replica->folder = g_strdup (folder);
  replica->file = g_build_filename (folder, "replica.db", NULL);
  replica->lock = -1;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }
  replica->lock = take_lock (folder);
  if (g_file_test (replica->file, G_FILE_TEST_EXISTS) && open_db (replica, NULL)
      && !is_of_our_make (replica->db))
    close_db (replica);
  return g_steal_pointer (&replica);
}

/**
 * kontor_replica_free:
 * @replica: (transfer full): a copy
 */
void
kontor_replica_free (KontorReplica *replica)
{
  close_db (replica);
  if (replica->lock >= 0)
    close (replica->lock);
  g_free (replica->folder);
  g_free (replica->file);
  g_free (replica);
}

/**
 * kontor_replica_is_ours:
 * @replica: a copy
 *
 * Returns: whether this program may write to it; else another one does
 */
gboolean
kontor_replica_is_ours (const KontorReplica *replica)
{
  return replica->lock >= 0;
}

/**
 * kontor_replica_folder:
 * @replica: a copy
 *
 * Returns: (transfer none): where it lies, with what belongs to it
 */
const char *
kontor_replica_folder (const KontorReplica *replica)
{
  return replica->folder;
}

/**
 * kontor_replica_file:
 * @replica: a copy
 *
 * Returns: (transfer none): the file, for those who read it
 */
const char *
kontor_replica_file (const KontorReplica *replica)
{
  return replica->file;
}

/**
 * kontor_replica_is_there:
 * @replica: a copy
 *
 * Returns: whether there are data that this program understands
 */
gboolean
kontor_replica_is_there (const KontorReplica *replica)
{
  return replica->db != NULL;
}

/**
 * kontor_replica_meta:
 * @replica: a copy
 * @name: "cursor", "epoch" … of core/replica/schema.sql
 *
 * Returns: (transfer full) (nullable): what it says
 */
char *
kontor_replica_meta (KontorReplica *replica, const char *name)
{
  return replica->db != NULL ? read_meta (replica->db, name) : NULL;
}

/* While the copy is replaced there may be none for a moment. */
static sqlite3 *
look_into (const KontorReplica *replica)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (replica->file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
    return db;
  sqlite3_close (db);
  return NULL;
}

/**
 * kontor_replica_peek:
 * @replica: a copy, perhaps being written to by another thread
 * @name: as for kontor_replica_meta()
 *
 * Returns: (transfer full) (nullable): what it says
 */
char *
kontor_replica_peek (const KontorReplica *replica, const char *name)
{
  sqlite3 *db = look_into (replica);
  char *value = db != NULL ? read_meta (db, name) : NULL;

  sqlite3_close (db);
  return value;
}

/**
 * kontor_replica_version:
 * @replica: a copy, perhaps being written to by another thread
 * @id: of an object
 *
 * Returns: the version that the copy has of it; 0: it has none
 */
gint64
kontor_replica_version (const KontorReplica *replica, const char *id)
{
  const KontorResource *resource = kontor_resource_by_prefix (id);
  sqlite3 *db = resource != NULL ? look_into (replica) : NULL;
  sqlite3_stmt *statement = NULL;
  gint64 version = 0;

  if (db != NULL
      && sqlite3_prepare_v2 (db, "SELECT v FROM objects WHERE row = ?1 AND id = ?2", -1, &statement,
                             NULL)
             == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, kontor_sync_row (resource->kind, id));
      sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        version = sqlite3_column_int64 (statement, 0);
    }
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return version;
}

/* -------------------------------------------------------------------------------- snapshots -- */

static gboolean
check_whole (sqlite3 *db, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean whole = sqlite3_prepare_v2 (db, "PRAGMA quick_check(1)", -1, &statement, NULL)
                       == SQLITE_OK
                   && sqlite3_step (statement) == SQLITE_ROW
                   && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;

  sqlite3_finalize (statement);
  return whole || fail (error, "%s", _ ("The snapshot arrived damaged"));
}

/* The sums that the server wrote into it, for each kind of row, against the rows. */
static gboolean
check_sums (sqlite3 *db, GError **error)
{
  g_autofree char *text = read_meta (db, "digest");
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  guint64 sums[128] = { 0 };
  guint counts[128] = { 0 };
  const char *problem = NULL;
  sqlite3_stmt *rows = NULL;
  KontorValue *digest = text != NULL ? kontor_json_parse (arena, text, strlen (text), &problem)
                                     : NULL;

  if (digest == NULL
      || sqlite3_prepare_v2 (db, "SELECT row, id, v, body FROM objects", -1, &rows, NULL)
             != SQLITE_OK)
    return fail (error, "%s", _ ("The snapshot does not say what is in it"));
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      guint kind = (guint) (sqlite3_column_int64 (rows, 0) >> KONTOR_TICK_BITS) & 127;

      counts[kind]++;
      sums[kind] += kontor_sync_digest (
          (const char *) sqlite3_column_text (rows, 1), sqlite3_column_int64 (rows, 2),
          (const char *) sqlite3_column_text (rows, 3), (gsize) sqlite3_column_bytes (rows, 3));
    }
  sqlite3_finalize (rows);
  for (const KontorValue *said = digest->first; said != NULL; said = said->next)
    {
      const KontorSyncKind *kind = kontor_sync_kind_find (said->key);

      if (kind == NULL || said->n_children != 2)
        continue;
      if (counts[kind->kind] != g_ascii_strtoull (said->first->text, NULL, 10)
          || sums[kind->kind] != g_ascii_strtoull (said->first->next->text, NULL, 16))
        return fail (error, _ ("The snapshot is not what the server made: %s differ"), said->key);
    }
  return TRUE;
}

/* A copy of test mode never takes the place of one of live mode, nor of another account's. */
static gboolean
check_same (KontorReplica *replica, sqlite3 *db, GError **error)
{
  g_autofree char *was = kontor_replica_meta (replica, "account");
  g_autofree char *is = read_meta (db, "account");
  g_autofree char *mode_was = kontor_replica_meta (replica, "livemode");
  g_autofree char *mode_is = read_meta (db, "livemode");

  if (was == NULL || (g_strcmp0 (was, is) == 0 && g_strcmp0 (mode_was, mode_is) == 0))
    return TRUE;
  return fail (error, _ ("The snapshot is of another account or mode: %s"), is);
}

static gboolean
sync_path (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

/* What the old file's log holds must not be taken for the new one's. */
static gboolean
swap (KontorReplica *replica, const char *snapshot, GError **error)
{
  g_autofree char *wal = g_strconcat (replica->file, "-wal", NULL);
  g_autofree char *shm = g_strconcat (replica->file, "-shm", NULL);

  close_db (replica);
  if (sync_path (snapshot) && (g_unlink (wal) == 0 || errno == ENOENT)
      && (g_unlink (shm) == 0 || errno == ENOENT) && g_rename (snapshot, replica->file) == 0
      && sync_path (replica->folder))
    return open_db (replica, error);
  return fail (error, _ ("The snapshot cannot be put in place: %s"), g_strerror (errno));
}

/**
 * kontor_replica_install:
 * @replica: a copy that is ours
 * @snapshot: a file in the copy's folder; moved
 * @error: return location for a #GIOErrorEnum
 *
 * Checks that the file is whole, is what the server made, and is of the same account and mode.
 *
 * Returns: whether it is the copy now; if not, the old one is as it was
 */
gboolean
kontor_replica_install (KontorReplica *replica, const char *snapshot, GError **error)
{
  sqlite3 *db = NULL;
  gboolean good;

  if (!kontor_replica_is_ours (replica))
    return fail (error, _ ("Another program writes to %s"), replica->folder);
  good = (sqlite3_open_v2 (snapshot, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
          || fail_db (db, error))
         && check_whole (db, error)
         && (is_of_our_make (db)
             || fail (error, "%s", _ ("The snapshot is of another make than this program")))
         && check_same (replica, db, error) && check_sums (db, error);
  sqlite3_close (db);
  return good && swap (replica, snapshot, error);
}

/* ------------------------------------------------------------------------------------ pages -- */

static gboolean
run (KontorReplica *replica, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  sqlite3_reset (statement);
  return result == SQLITE_DONE || fail_db (replica->db, error);
}

static const char *
text_of (const KontorValue *line, const char *name)
{
  const KontorValue *value = kontor_value_get (line, name);

  return value != NULL ? value->text : NULL;
}

static gint64
number_of (const KontorValue *line, const char *name)
{
  const char *text = text_of (line, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
apply_line (KontorReplica *replica, const KontorValue *line, GArray *keys, GError **error)
{
  const char *type = text_of (line, "t"), *id = text_of (line, "id");
  const KontorSyncKind *kind = type != NULL ? kontor_sync_kind_find (type) : NULL;
  gint64 key = kind != NULL && id != NULL ? kontor_sync_row (kind->kind, id) : -1;
  const KontorValue *body = kontor_value_get (line, "d");
  gboolean gone = g_strcmp0 (text_of (line, "gone"), "true") == 0;
  sqlite3_stmt *statement = gone ? replica->drop : replica->put;
  g_auto (KontorBuffer) json = { 0 };

  /* A kind that came later than this program: when it is replaced, so is the copy. */
  if (key < 0 || (!gone && body == NULL))
    return TRUE;
  sqlite3_bind_int64 (statement, 1, key);
  if (gone)
    sqlite3_bind_int64 (statement, 2, number_of (line, "v"));
  else
    {
      kontor_json_write (&json, body);
      sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, number_of (line, "v"));
      sqlite3_bind_int64 (statement, 4, number_of (line, "c"));
      sqlite3_bind_text (statement, 5, json.data, (int) json.length, SQLITE_STATIC);
    }
  g_array_append_val (keys, key);
  return run (replica, statement, error);
}

static gboolean
set_meta (KontorReplica *replica, const char *name, const char *value, GError **error)
{
  sqlite3_bind_text (replica->set, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (replica->set, 2, value, -1, SQLITE_STATIC);
  return run (replica, replica->set, error);
}

/* The last line says where the feed goes on. A page without it was cut off, wherever that was. */
static gboolean
apply_lines (KontorReplica *replica,
             const char *page,
             gsize length,
             GArray *keys,
             gboolean *more,
             GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *at = page, *end = page + length, *stop;

  /* of an empty one there is not even a beginning */
  for (; at != NULL && (stop = memchr (at, '\n', (gsize) (end - at))) != NULL; at = stop + 1)
    {
      const char *problem = NULL, *cursor;
      KontorValue *line = kontor_json_parse (arena, at, (gsize) (stop - at), &problem);

      if (line == NULL || line->type != KONTOR_VALUE_OBJECT)
        return fail (error, _ ("A page of changes arrived damaged: %s"),
                     problem != NULL ? problem : "");
      cursor = text_of (line, "cursor");
      if (cursor != NULL)
        {
          *more = g_strcmp0 (text_of (line, "more"), "true") == 0;
          return set_meta (replica, "cursor", cursor, error)
                 && set_meta (replica, "at", text_of (line, "at"), error);
        }
      if (!apply_line (replica, line, keys, error))
        return FALSE;
      kontor_arena_reset (arena);
    }
  return fail (error, "%s", _ ("A page of changes was cut off"));
}

/**
 * kontor_replica_apply:
 * @replica: a copy that is ours and there
 * @page: what the feed answered
 * @length: of @page
 * @keys: gets the rows that changed, as gint64
 * @more: (out): whether the feed has more by now
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether all of it was applied; if not, nothing was
 */
gboolean
kontor_replica_apply (KontorReplica *replica,
                      const char *page,
                      gsize length,
                      GArray *keys,
                      gboolean *more,
                      GError **error)
{
  if (replica->db == NULL || !kontor_replica_is_ours (replica))
    return fail (error, _ ("There is no copy of ours in %s"), replica->folder);
  if (sqlite3_exec (replica->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    return fail_db (replica->db, error);
  if (apply_lines (replica, page, length, keys, more, error)
      && (kontor_news_write (replica->db, keys) == SQLITE_OK || fail_db (replica->db, error))
      && (sqlite3_exec (replica->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
          || fail_db (replica->db, error)))
    return TRUE;
  sqlite3_exec (replica->db, "ROLLBACK", NULL, NULL, NULL);
  g_array_set_size (keys, 0);
  return FALSE;
}

/* ----------------------------------------------------------------------------- only reading -- */

static KontorReplicaNews
look_at_another (KontorReplica *replica)
{
  gboolean was_there = replica->db != NULL;

  close_db (replica);
  if (open_db (replica, NULL) && is_of_our_make (replica->db))
    return KONTOR_REPLICA_REPLACED;
  close_db (replica);
  return was_there ? KONTOR_REPLICA_REPLACED : KONTOR_REPLICA_SAME;
}

/**
 * kontor_replica_look:
 * @replica: a copy that another program writes to
 * @keys: (element-type gint64): gets the rows that changed or are gone
 *
 * Costs a look at the file's name and at a number when there is nothing new.
 *
 * Returns: what became of the copy since it was last looked at
 */
KontorReplicaNews
kontor_replica_look (KontorReplica *replica, GArray *keys)
{
  gint64 version;

  if (!note_file (replica) || replica->db == NULL)
    return look_at_another (replica);
  version = data_version (replica->db);
  if (version == replica->data_version)
    return KONTOR_REPLICA_SAME;
  replica->data_version = version;
  if (!kontor_news_read (replica->db, &replica->page, keys))
    return KONTOR_REPLICA_REPLACED;
  return keys->len > 0 ? KONTOR_REPLICA_CHANGED : KONTOR_REPLICA_HEARD;
}

/**
 * kontor_replica_take_over:
 * @replica: a copy
 *
 * Takes the place of the program that wrote to it, if that has ended. The copy is to be looked at once more then.
 *
 * Returns: whether this program may write to it now
 */
gboolean
kontor_replica_take_over (KontorReplica *replica)
{
  if (replica->lock < 0)
    replica->lock = take_lock (replica->folder);
  return replica->lock >= 0;
}

/**
 * kontor_replica_wipe:
 * @replica: a copy that is ours
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether nothing is left of it
 */
gboolean
kontor_replica_wipe (KontorReplica *replica, GError **error)
{
  static const char *const names[] = { "", "-wal", "-shm" };

  close_db (replica);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat (replica->file, names[i], NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        return fail (error, _ ("The local copy cannot be deleted: %s"), g_strerror (errno));
    }
  return TRUE;
}
