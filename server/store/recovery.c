/* recovery.c: codes for somebody who has lost the second factor, in the database. */
#include "server/store/recovery.h"

/**
 * kontor_store_recovery_replace:
 * @store: a writable connection
 * @user: whose
 * @hashes: keyed hashes of the codes
 * @n: how many
 * @error: return location for a #GError
 *
 * Returns: whether these are all there are now
 */
gboolean
kontor_store_recovery_replace (KontorStore  *store,
                               gint64        user,
                               const guint8 (*hashes)[32],
                               guint         n,
                               GError      **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "DELETE FROM recovery_codes WHERE user = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      statement = kontor_store_statement (
          store, "INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)");
      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_int64 (statement, 1, user);
      sqlite3_bind_blob (statement, 2, hashes[i], 32, SQLITE_STATIC);
      if (!kontor_store_run (store, statement, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * kontor_store_recovery_use:
 * @store: a writable connection
 * @user: whose
 * @hash: keyed hash of what was sent
 * @now: Unix seconds
 * @used: (out): whether it was one of theirs that was still good; it is no more
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read and written
 */
gboolean
kontor_store_recovery_use (KontorStore  *store,
                           gint64        user,
                           const guint8  hash[32],
                           gint64        now,
                           gboolean     *used,
                           GError      **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "UPDATE recovery_codes SET used = ?3 WHERE user = ?1 AND hash = ?2 AND used IS NULL");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  sqlite3_bind_blob (statement, 2, hash, 32, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, now);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  *used = sqlite3_changes (kontor_store_handle (store)) > 0;
  return TRUE;
}

/**
 * kontor_store_recovery_left:
 * @store: a connection
 * @user: whose
 * @n: (out): how many codes are still good
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_recovery_left (KontorStore *store, gint64 user, gint64 *n, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT count(*) FROM recovery_codes WHERE user = ?1 AND used IS NULL");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *n = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return result == SQLITE_ROW ? TRUE : kontor_store_problem (store, error);
}
