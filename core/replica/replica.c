/* replica.c: a console's copy of one account in one mode, in a folder of its own.
 *
 * The file holds only what the server said. It begins as a snapshot, which takes the place of the one before
 * by one rename, and grows by pages of the feed, each in one transaction with the cursor behind it: killed
 * at any moment, it is the server's state at some moment. */
#include "core/replica/replica-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/replica/news.h"
#include "core/sync.h"

#define BUSY_MS 5000

/**
 * kontor_replica_fail:
 * @error: return location for a #GIOErrorEnum
 * @format: a translated sentence with one %s
 * @what: for the %s
 *
 * Returns: %FALSE
 */
gboolean
kontor_replica_fail (GError **error, const char *format, const char *what)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, format, what);
#pragma GCC diagnostic pop
  return FALSE;
}

static GIOErrorEnum
meaning_of (int code)
{
  switch (code)
    {
    case SQLITE_FULL:
      return G_IO_ERROR_NO_SPACE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return G_IO_ERROR_INVALID_DATA;
    default:
      return G_IO_ERROR_FAILED;
    }
}

/**
 * kontor_replica_fail_db:
 * @db: what did not do as it was told
 * @error: return location for a #GIOErrorEnum; %G_IO_ERROR_INVALID_DATA: the file is damaged
 *
 * Returns: %FALSE
 */
gboolean
kontor_replica_fail_db (sqlite3 *db, GError **error)
{
  int code = db != NULL ? sqlite3_errcode (db) : SQLITE_NOMEM;

  g_set_error (error, G_IO_ERROR, meaning_of (code), _ ("The local copy cannot be used: %s"),
               sqlite3_errstr (code));
  return FALSE;
}

/**
 * kontor_replica_close_db:
 * @replica: a copy
 *
 * Lets go of the file, which may then be replaced.
 */
void
kontor_replica_close_db (KontorReplica *replica)
{
  g_clear_pointer (&replica->put, sqlite3_finalize);
  g_clear_pointer (&replica->drop, sqlite3_finalize);
  g_clear_pointer (&replica->set, sqlite3_finalize);
  g_clear_pointer (&replica->db, sqlite3_close);
}

/**
 * kontor_replica_read_meta:
 * @db: a copy's file
 * @name: "cursor", "epoch" … of core/replica/schema.sql
 *
 * Returns: (transfer full) (nullable): what it says
 */
char *
kontor_replica_read_meta (sqlite3 *db, const char *name)
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

/**
 * kontor_replica_open_db:
 * @replica: a copy that is not open
 * @error: return location for a #GIOErrorEnum
 *
 * A copy is a cache: what was not synced when the power failed is fetched again, since rows and cursor
 * are lost together.
 *
 * Returns: whether it is open
 */
gboolean
kontor_replica_open_db (KontorReplica *replica, GError **error)
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
  kontor_replica_fail_db (replica->db, error);
  kontor_replica_close_db (replica);
  return FALSE;
}

/**
 * kontor_replica_is_of_our_make:
 * @db: a copy's file
 *
 * Returns: whether this program understands it; of another make of tables or bodies a new one is fetched
 */
gboolean
kontor_replica_is_of_our_make (sqlite3 *db)
{
  g_autofree char *schema = kontor_replica_read_meta (db, "schema"),
                  *cursor = kontor_replica_read_meta (db, "cursor");

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
  if (g_file_test (replica->file, G_FILE_TEST_EXISTS) && kontor_replica_open_db (replica, NULL)
      && !kontor_replica_is_of_our_make (replica->db))
    kontor_replica_close_db (replica);
  return g_steal_pointer (&replica);
}

/**
 * kontor_replica_free:
 * @replica: (transfer full): a copy
 */
void
kontor_replica_free (KontorReplica *replica)
{
  kontor_replica_close_db (replica);
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
  return replica->db != NULL ? kontor_replica_read_meta (replica->db, name) : NULL;
}

/* ----------------------------------------------------------------------------- only reading -- */

static KontorReplicaNews
look_at_another (KontorReplica *replica)
{
  gboolean was_there = replica->db != NULL;

  kontor_replica_close_db (replica);
  if (kontor_replica_open_db (replica, NULL) && kontor_replica_is_of_our_make (replica->db))
    return KONTOR_REPLICA_REPLACED;
  kontor_replica_close_db (replica);
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

  kontor_replica_close_db (replica);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat (replica->file, names[i], NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        return kontor_replica_fail (error, _ ("The local copy cannot be deleted: %s"),
                                    g_strerror (errno));
    }
  return TRUE;
}
