/* replica-snapshot.c: a snapshot is checked and takes the place of the copy, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/replica/replica-private.h"
#include "core/sync.h"

/**
 * kontor_replica_check_whole:
 * @db: a copy's file
 *
 * Returns: whether SQLite finds nothing wrong with it
 */
gboolean
kontor_replica_check_whole (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  gboolean whole = sqlite3_prepare_v2 (db, "PRAGMA quick_check(1)", -1, &statement, NULL)
                       == SQLITE_OK
                   && sqlite3_step (statement) == SQLITE_ROW
                   && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;

  sqlite3_finalize (statement);
  return whole;
}

/* The sums that the server wrote into it, for each kind of row, against the rows. */
static gboolean
check_sums (sqlite3 *db, GError **error)
{
  g_autofree char *text = kontor_replica_read_meta (db, "digest");
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
    return kontor_replica_fail (error, "%s", _ ("The snapshot does not say what is in it"));
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
        return kontor_replica_fail (
            error, _ ("The snapshot is not what the server made: %s differ"), said->key);
    }
  return TRUE;
}

/* A copy of test mode never takes the place of one of live mode, nor of another account's. */
static gboolean
check_same (KontorReplica *replica, sqlite3 *db, GError **error)
{
  g_autofree char *was = kontor_replica_meta (replica, "account");
  g_autofree char *is = kontor_replica_read_meta (db, "account");
  g_autofree char *mode_was = kontor_replica_meta (replica, "livemode");
  g_autofree char *mode_is = kontor_replica_read_meta (db, "livemode");

  if (was == NULL || (g_strcmp0 (was, is) == 0 && g_strcmp0 (mode_was, mode_is) == 0))
    return TRUE;
  return kontor_replica_fail (error, _ ("The snapshot is of another account or mode: %s"), is);
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

  kontor_replica_close_db (replica);
  if (sync_path (snapshot) && (g_unlink (wal) == 0 || errno == ENOENT)
      && (g_unlink (shm) == 0 || errno == ENOENT) && g_rename (snapshot, replica->file) == 0
      && sync_path (replica->folder))
    return kontor_replica_open_db (replica, error);
  return kontor_replica_fail (error, _ ("The snapshot cannot be put in place: %s"),
                              g_strerror (errno));
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
    return kontor_replica_fail (error, _ ("Another program writes to %s"), replica->folder);
  good = (sqlite3_open_v2 (snapshot, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
          || kontor_replica_fail_db (db, error))
         && (kontor_replica_check_whole (db)
             || kontor_replica_fail (error, "%s", _ ("The snapshot arrived damaged")))
         && (kontor_replica_is_of_our_make (db)
             || kontor_replica_fail (error, "%s",
                                     _ ("The snapshot is of another make than this program")))
         && check_same (replica, db, error) && check_sums (db, error);
  sqlite3_close (db);
  return good && swap (replica, snapshot, error);
}
