/* job.c: work that outlives a request, in the database. */
#include "server/store/job.h"

/**
 * kontor_store_job_insert:
 * @store: a connection with an open transaction
 * @row: the job; its number is given by the database
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_job_insert (KontorStore *store, const KontorJobRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO jobs (run_at, kind, object, attempts) VALUES (?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->run_at);
  sqlite3_bind_text (statement, 2, row->kind, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->object);
  sqlite3_bind_int64 (statement, 4, row->attempts);
  return kontor_store_run (store, statement, error);
}

static gboolean
run_with_number (KontorStore *store, const char *sql, gint64 number, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, sql);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_job_delete:
 * @store: a connection with an open transaction
 * @number: a job that is done
 * @error: return location for a #GError
 *
 * Returns: whether it is gone
 */
gboolean
kontor_store_job_delete (KontorStore *store, gint64 number, GError **error)
{
  return run_with_number (store, "DELETE FROM jobs WHERE number = ?1", number, error);
}

/**
 * kontor_store_job_delete_of:
 * @store: a connection with an open transaction
 * @object: key of an object about which nothing is to be done any more
 * @error: return location for a #GError
 *
 * Returns: whether its jobs are gone
 */
gboolean
kontor_store_job_delete_of (KontorStore *store, gint64 object, GError **error)
{
  return run_with_number (store, "DELETE FROM jobs WHERE object = ?1", object, error);
}

/**
 * kontor_store_job_exists:
 * @store: a connection
 * @number: a job seen earlier
 * @exists: (out): whether it is still to be done
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_job_exists (KontorStore *store, gint64 number, gboolean *exists, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, "SELECT 1 FROM jobs WHERE number = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  result = sqlite3_step (statement);
  *exists = result == SQLITE_ROW;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_job_due:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @now: Unix seconds
 * @limit: how many at most
 * @rows: gets #KontorJobRow, the longest due first
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_job_due (KontorStore *store,
                      KontorArena *arena,
                      gint64 now,
                      guint limit,
                      GArray *rows,
                      GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, run_at, kind, object, attempts FROM jobs WHERE run_at <= ?1"
             " ORDER BY run_at, number LIMIT ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, now);
  sqlite3_bind_int64 (statement, 2, limit);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorJobRow row = {
        .number = sqlite3_column_int64 (statement, 0),
        .run_at = sqlite3_column_int64 (statement, 1),
        .kind = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 2)),
        .object = sqlite3_column_int64 (statement, 3),
        .attempts = sqlite3_column_int64 (statement, 4),
      };

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
