/* meta.c: what the database says about itself. */
#include "server/store/meta.h"

/**
 * kontor_store_new_epoch:
 * @store: a writable connection
 * @epoch: names the history that begins here: cursors of another one are of no use any more
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_new_epoch (KontorStore *store, const char *epoch, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "INSERT INTO meta (name, value) VALUES ('epoch', ?1)"
                                       " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_text (statement, 1, epoch, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_has_epoch:
 * @store: a connection
 * @has: (out): whether the database names its history already
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_has_epoch (KontorStore *store, gboolean *has, GError **error)
{
  gint64 n;

  if (!kontor_store_integer (store, "SELECT count(*) FROM meta WHERE name = 'epoch'", &n, error))
    return FALSE;
  *has = n > 0;
  return TRUE;
}

/**
 * kontor_store_epoch:
 * @store: a connection
 * @arena: where the name is to live
 * @epoch: (out): names the history of the database; "" when it has no name yet
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_epoch (KontorStore *store, KontorArena *arena, const char **epoch, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT value FROM meta WHERE name = 'epoch'");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  result = sqlite3_step (statement);
  *epoch = result == SQLITE_ROW
               ? kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 0))
               : "";
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
