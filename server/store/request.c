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
             " idempotency_key, remote, api_version, params, error, user)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

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
  sqlite3_bind_text (statement, 14, row->user, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_request_id:
 * @store: a connection
 * @arena: where the id is to live
 * @key: of a request
 * @id: (out) (nullable): its id, %NULL when it was not logged
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_request_id (KontorStore *store,
                         KontorArena *arena,
                         gint64 key,
                         const char **id,
                         GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT id FROM requests WHERE key = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, key);
  result = sqlite3_step (statement);
  *id = result == SQLITE_ROW
            ? kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 0))
            : NULL;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

#define SELECT_REQUEST                                                                          \
  "SELECT key, id, created, method, path, status, duration_us, coalesce(api_key, 0),"           \
  " idempotency_key, remote, api_version, params, error, user FROM requests WHERE "

static KontorRequestRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorRequestRow){
    .key = sqlite3_column_int64 (statement, 0),
    .id = text (arena, statement, 1),
    .created = sqlite3_column_int64 (statement, 2),
    .method = text (arena, statement, 3),
    .path = text (arena, statement, 4),
    .status = (guint) sqlite3_column_int (statement, 5),
    .duration_us = sqlite3_column_int64 (statement, 6),
    .api_key = sqlite3_column_int64 (statement, 7),
    .idempotency_key = text (arena, statement, 8),
    .remote = text (arena, statement, 9),
    .api_version = text (arena, statement, 10),
    .params = text (arena, statement, 11),
    .error = text (arena, statement, 12),
    .user = text (arena, statement, 13),
  };
}

/**
 * kontor_store_request_get:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @key: which
 * @row: (out): the request
 * @found: (out): whether it was logged
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_request_get (KontorStore      *store,
                          KontorArena      *arena,
                          gint64            key,
                          KontorRequestRow *row,
                          gboolean         *found,
                          GError          **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_REQUEST "key = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, key);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static void
bind_query (sqlite3_stmt *statement, const KontorRequestQuery *query)
{
  gint64 above = ((gint64) query->scope << 48) - 1, below = ((gint64) query->scope + 1) << 48;

  sqlite3_bind_int64 (statement, 1, query->before != 0 ? MAX (above, query->before) : above);
  sqlite3_bind_int64 (statement, 2, query->after != 0 ? MIN (below, query->after) : below);
  sqlite3_bind_int64 (statement, 3, query->created_min);
  sqlite3_bind_int64 (statement, 4,
                      query->created_max != G_MININT64 ? query->created_max : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, query->status_min);
  sqlite3_bind_int64 (statement, 6, query->status_max != 0 ? query->status_max : G_MAXINT64);
  if (query->api_key != 0)
    sqlite3_bind_int64 (statement, 7, query->api_key);
  else
    sqlite3_bind_null (statement, 7);
  sqlite3_bind_text (statement, 8, query->method, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, query->path, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 10, (gint64) query->limit + 1);
  sqlite3_bind_text (statement, 11, query->user, -1, SQLITE_STATIC);
}

#define MATCHES                                                                                 \
  "key > ?1 AND key < ?2 AND created >= ?3 AND created <= ?4 AND status >= ?5 AND status <= ?6" \
  " AND (?7 IS NULL OR api_key = ?7) AND (?8 IS NULL OR method = ?8)"                           \
  " AND (?9 IS NULL OR path = ?9) AND (?11 IS NULL OR user = ?11) ORDER BY key "

/**
 * kontor_store_request_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorRequestRow, newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_request_list (KontorStore              *store,
                           KontorArena              *arena,
                           const KontorRequestQuery *query,
                           GArray                   *rows,
                           gboolean                 *has_more,
                           GError                  **error)
{
  sqlite3_stmt *statement
      = query->before != 0
            ? kontor_store_statement (store, SELECT_REQUEST MATCHES "ASC LIMIT ?10")
            : kontor_store_statement (store, SELECT_REQUEST MATCHES "DESC LIMIT ?10");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  bind_query (statement, query);
  *has_more = FALSE;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorRequestRow row;

      if (rows->len == query->limit)
        {
          *has_more = TRUE;
          break;
        }
      row = read_row (arena, statement);
      if (query->before != 0)
        g_array_prepend_val (rows, row);
      else
        g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
