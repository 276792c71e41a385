/* attempt.c: each time an event was sent to a webhook endpoint, in the database. */
#include "server/store/attempt.h"

static void
bind_time (sqlite3_stmt *statement, int place, gint64 microseconds)
{
  if (microseconds < 0)
    sqlite3_bind_null (statement, place);
  else
    sqlite3_bind_int64 (statement, place, microseconds);
}

static void
bind_answer (sqlite3_stmt *statement, const KontorAttemptRow *row)
{
  if (row->status == 0)
    sqlite3_bind_null (statement, 8);
  else
    sqlite3_bind_int64 (statement, 8, row->status);
  sqlite3_bind_text (statement, 17, row->response_headers, -1, SQLITE_STATIC);
  if (row->response_body == NULL)
    sqlite3_bind_null (statement, 18);
  else
    sqlite3_bind_blob64 (statement, 18, row->response_body, row->n_response_body, SQLITE_STATIC);
}

/**
 * kontor_store_attempt_insert:
 * @store: a connection with an open transaction
 * @row: the attempt
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_attempt_insert (KontorStore *store, const KontorAttemptRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO webhook_attempts (number, scope, event, endpoint, attempt, by_hand,"
             " outcome, status, pending, created, connect_us, wait_us, duration_us, url, problem,"
             " request_headers, response_headers, response_body)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->number);
  sqlite3_bind_int64 (statement, 2, row->scope);
  sqlite3_bind_int64 (statement, 3, row->event);
  sqlite3_bind_int64 (statement, 4, row->endpoint);
  sqlite3_bind_int64 (statement, 5, row->attempt);
  sqlite3_bind_int (statement, 6, row->by_hand);
  sqlite3_bind_int (statement, 7, row->outcome);
  sqlite3_bind_int64 (statement, 9, row->pending);
  sqlite3_bind_int64 (statement, 10, row->created);
  bind_time (statement, 11, row->connect_us);
  bind_time (statement, 12, row->wait_us);
  sqlite3_bind_int64 (statement, 13, row->duration_us);
  sqlite3_bind_text (statement, 14, row->url, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 15, row->problem, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 16, row->request_headers, -1, SQLITE_STATIC);
  bind_answer (statement, row);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_attempt_forget:
 * @store: a connection with an open transaction
 * @number: a tick
 * @limit: how many at most
 * @deleted: (out): how many were from before it
 * @error: return location for a #GError
 *
 * Returns: whether they are gone
 */
gboolean
kontor_store_attempt_forget (KontorStore *store,
                             gint64 number,
                             guint limit,
                             guint *deleted,
                             GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "DELETE FROM webhook_attempts WHERE number IN"
             " (SELECT number FROM webhook_attempts WHERE number < ?1 ORDER BY number LIMIT ?2)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, limit);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  *deleted = (guint) sqlite3_changes (kontor_store_handle (store));
  return TRUE;
}
