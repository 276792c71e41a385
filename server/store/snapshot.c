/* snapshot.c: a replica's file, written row after row.
 *
 * Nobody else has the file open and a broken one is thrown away: so it is written without a journal, without a sync
 * and in one transaction. */
#include "server/store/snapshot.h"

#include <glib/gstdio.h>

#include "kontor-replica-schema.h"

struct _KontorSnapshot
{
  sqlite3 *db;
  sqlite3_stmt *insert, *meta;
};

static gboolean
problem (KontorSnapshot *snapshot, GError **error)
{
  int code = sqlite3_errcode (snapshot->db) & 0xff;

  g_set_error (error, KONTOR_STORE_ERROR,
               code == SQLITE_FULL ? KONTOR_STORE_ERROR_FULL : KONTOR_STORE_ERROR_FAILED,
               "a snapshot cannot be written: %s", sqlite3_errmsg (snapshot->db));
  return FALSE;
}

static gboolean
prepare (KontorSnapshot *snapshot, const char *sql, sqlite3_stmt **statement, GError **error)
{
  return sqlite3_prepare_v3 (snapshot->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL)
                 == SQLITE_OK
             ? TRUE
             : problem (snapshot, error);
}

/**
 * kontor_snapshot_new:
 * @path: where it is to lie; there is nothing yet
 * @error: return location for a #GError
 *
 * Returns: (transfer full): an empty replica, open for rows, or %NULL
 */
KontorSnapshot *
kontor_snapshot_new (const char *path, GError **error)
{
  g_autoptr (KontorSnapshot) snapshot = g_new0 (KontorSnapshot, 1);

  if (sqlite3_open_v2 (path, &snapshot->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)
          != SQLITE_OK
      || g_chmod (path, 0600) != 0
      || sqlite3_exec (snapshot->db,
                       "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2000",
                       NULL, NULL, NULL)
             != SQLITE_OK
      || sqlite3_exec (snapshot->db, kontor_replica_schema, NULL, NULL, NULL) != SQLITE_OK
      || sqlite3_exec (snapshot->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    {
      problem (snapshot, error);
      return NULL;
    }
  if (!prepare (snapshot,
                "INSERT INTO objects (row, id, v, created, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                &snapshot->insert, error)
      || !prepare (snapshot, "INSERT INTO meta (name, value) VALUES (?1, ?2)", &snapshot->meta,
                   error))
    return NULL;
  return g_steal_pointer (&snapshot);
}

static gboolean
run (KontorSnapshot *snapshot, sqlite3_stmt *statement, GError **error)
{
  gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    problem (snapshot, error);
  sqlite3_reset (statement);
  return done;
}

/**
 * kontor_snapshot_add:
 * @snapshot: a replica
 * @row: what to add; rows are added fastest in their order
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_snapshot_add (KontorSnapshot *snapshot, const KontorFeedRow *row, GError **error)
{
  sqlite3_stmt *insert = snapshot->insert;

  sqlite3_bind_int64 (insert, 1, kontor_key (row->kind->kind, row->number));
  sqlite3_bind_text (insert, 2, row->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 3, row->version);
  sqlite3_bind_int64 (insert, 4, row->created);
  sqlite3_bind_text (insert, 5, row->body, (int) row->length, SQLITE_STATIC);
  return run (snapshot, insert, error);
}

/**
 * kontor_snapshot_meta:
 * @snapshot: a replica
 * @name: what is said about it
 * @value: as text
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_snapshot_meta (KontorSnapshot *snapshot, const char *name, const char *value, GError **error)
{
  sqlite3_bind_text (snapshot->meta, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (snapshot->meta, 2, value, -1, SQLITE_STATIC);
  return run (snapshot, snapshot->meta, error);
}

/**
 * kontor_snapshot_finish:
 * @snapshot: a replica with all its rows
 * @error: return location for a #GError
 *
 * Returns: whether the file is complete
 */
gboolean
kontor_snapshot_finish (KontorSnapshot *snapshot, GError **error)
{
  return sqlite3_exec (snapshot->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
             ? TRUE
             : problem (snapshot, error);
}

/**
 * kontor_snapshot_free:
 * @snapshot: (transfer full) (nullable): a replica, complete or not
 */
void
kontor_snapshot_free (KontorSnapshot *snapshot)
{
  if (snapshot == NULL)
    return;
  sqlite3_finalize (snapshot->insert);
  sqlite3_finalize (snapshot->meta);
  sqlite3_close_v2 (snapshot->db);
  g_free (snapshot);
}
