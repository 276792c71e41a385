/* notice.c: what the people of an account should know and nobody asked for, in the database. */
#include "server/store/notice.h"

/* Copies read notices in this order: rising with each commit, over all scopes. */
#define NEXT_CHANGE "(SELECT coalesce(max(change), 0) + 1 FROM notices)"

/**
 * kontor_store_notice_insert:
 * @store: a writable connection
 * @row: a new notice, without number
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_notice_insert (KontorStore *store, const KontorNoticeRow *row, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "INSERT INTO notices (scope, created, kind, object, message,"
                                       " change) VALUES (?1, ?2, ?3, ?4, ?5, " NEXT_CHANGE ")");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->scope);
  sqlite3_bind_int64 (statement, 2, row->created);
  sqlite3_bind_text (statement, 3, row->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->object, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, row->message, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

#define SELECT_NOTICE                                                                              \
  "SELECT number, scope, created, kind, object, message, coalesce(dismissed, 0) FROM notices "     \
  "WHERE "

static KontorNoticeRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorNoticeRow){
    .number = sqlite3_column_int64 (statement, 0),
    .scope = (guint) sqlite3_column_int64 (statement, 1),
    .created = sqlite3_column_int64 (statement, 2),
    .kind = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 3)),
    .object = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 4)),
    .message = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 5)),
    .dismissed = sqlite3_column_int64 (statement, 6),
  };
}

/**
 * kontor_store_notice_get:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @scope: whose
 * @number: which
 * @row: (out): the notice
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_notice_get (KontorStore *store,
                         KontorArena *arena,
                         guint scope,
                         gint64 number,
                         KontorNoticeRow *row,
                         gboolean *found,
                         GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, SELECT_NOTICE "number = ?1 AND scope = ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, scope);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

#define MATCHES                                                                                    \
  "scope = ?1 AND number > ?2 AND number < ?3 AND created BETWEEN ?4 AND ?5"                       \
  " AND (?6 < 0 OR (dismissed IS NOT NULL) = ?6) ORDER BY number "

/**
 * kontor_store_notice_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorNoticeRow, the newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_notice_list (KontorStore *store,
                          KontorArena *arena,
                          const KontorNoticeQuery *query,
                          GArray *rows,
                          gboolean *has_more,
                          GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, query->before != 0 ? SELECT_NOTICE MATCHES "ASC LIMIT ?7"
                                                          : SELECT_NOTICE MATCHES "DESC LIMIT ?7");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, query->scope);
  sqlite3_bind_int64 (statement, 2, query->before);
  sqlite3_bind_int64 (statement, 3, query->after != 0 ? query->after : G_MAXINT64);
  sqlite3_bind_int64 (statement, 4, query->created_min);
  sqlite3_bind_int64 (statement, 5,
                      query->created_max != G_MININT64 ? query->created_max : G_MAXINT64);
  sqlite3_bind_int (statement, 6, query->dismissed);
  sqlite3_bind_int64 (statement, 7, (gint64) query->limit + 1);
  *has_more = FALSE;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorNoticeRow row = read_row (arena, statement);

      *has_more = rows->len == query->limit;
      if (*has_more)
        break;
      if (query->before != 0)
        g_array_prepend_val (rows, row);
      else
        g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_notice_dismiss:
 * @store: a connection with an open transaction
 * @number: which
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * Notes that somebody has read it; who was the first stays.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_notice_dismiss (KontorStore *store, gint64 number, gint64 now, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "UPDATE notices SET dismissed = ?2, change = " NEXT_CHANGE
                                       " WHERE number = ?1 AND dismissed IS NULL");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, now);
  return kontor_store_run (store, statement, error);
}
