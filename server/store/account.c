/* account.c: the merchants on this server, in the database. */
#include "server/store/account.h"

/**
 * kontor_store_n_accounts:
 * @store: a connection
 * @n: (out): the highest number of an account; 0 when there is none yet
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_n_accounts (KontorStore *store, guint *n, GError **error)
{
  gint64 highest;

  if (!kontor_store_integer (store, "SELECT max(key >> 49) FROM accounts", &highest, error))
    return FALSE;
  *n = (guint) highest;
  return TRUE;
}

/**
 * kontor_store_account_number:
 * @store: a connection
 * @id: of an account
 * @number: (out): its number, when it is found
 * @found: (out): whether there is such an account
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_account_number (KontorStore *store,
                             const char *id,
                             guint *number,
                             gboolean *found,
                             GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT key >> 49 FROM accounts WHERE id = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_text (statement, 1, id, -1, SQLITE_STATIC);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *number = (guint) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_account_id:
 * @store: a connection
 * @arena: where the id is to live
 * @number: of an account
 * @id: (out): its id; "" when there is no such account
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_account_id (KontorStore *store,
                         KontorArena *arena,
                         guint number,
                         const char **id,
                         GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT id FROM accounts WHERE key >= ?1 << 49 AND key < (?1 + 1) << 49");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  result = sqlite3_step (statement);
  *id = result == SQLITE_ROW
            ? kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 0))
            : "";
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
