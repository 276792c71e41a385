/* notice.c: what the people of an account should know and nobody asked for, in the database. */
#include "server/store/notice.h"

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
      = kontor_store_statement (store, "INSERT INTO notices (scope, created, kind, object, message)"
                                       " VALUES (?1, ?2, ?3, ?4, ?5)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->scope);
  sqlite3_bind_int64 (statement, 2, row->created);
  sqlite3_bind_text (statement, 3, row->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->object, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, row->message, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}
