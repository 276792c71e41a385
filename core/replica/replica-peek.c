/* replica-peek.c: what may be asked of a copy while another thread, or program, writes to it. */
#include "core/replica/replica-private.h"
#include "core/sync.h"

/**
 * kontor_replica_look_into:
 * @file: of a copy, perhaps being written to by another thread
 *
 * While the copy is replaced there may be none for a moment.
 *
 * Returns: (transfer full) (nullable): the file, to be read only
 */
sqlite3 *
kontor_replica_look_into (const char *file)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
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
  sqlite3 *db = kontor_replica_look_into (replica->file);
  char *value = db != NULL ? kontor_replica_read_meta (db, name) : NULL;

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
  sqlite3 *db = resource != NULL ? kontor_replica_look_into (replica->file) : NULL;
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
