/* request.c: the request log in the database. */
#include "server/store/request.h"

/**
 * kontor_store_request_insert:
 * @store: a connection with an open transaction
 * @row: a request that was answered
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_request_insert (KontorStore *store, const KontorRequestRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO requests (key, id, created, method, path, status, duration_us, api_key,"
             " idempotency_key, remote, api_version, params, error)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->key);
  sqlite3_bind_text (statement, 2, row->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->created);
  sqlite3_bind_text (statement, 4, row->method, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, row->path, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 6, row->status);
  sqlite3_bind_int64 (statement, 7, row->duration_us);
  if (row->api_key == 0)
    sqlite3_bind_null (statement, 8);
  else
    sqlite3_bind_int64 (statement, 8, row->api_key);
  sqlite3_bind_text (statement, 9, row->idempotency_key, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, row->remote, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 11, row->api_version, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 12, row->params, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 13, row->error, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}
