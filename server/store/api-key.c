/* api-key.c: the keys that let a program in, in the database. */
#include "server/store/api-key.h"

#include <string.h>

#define SELECT_KEY                                                                              \
  "SELECT number, hash, scope, type, name, hint, scopes, ip_allow, created,"                    \
  " coalesce(expires, 0), coalesce(last_used, 0) FROM api_keys WHERE "

static void
bind_time (sqlite3_stmt *statement, int at, gint64 time)
{
  if (time == 0)
    sqlite3_bind_null (statement, at);
  else
    sqlite3_bind_int64 (statement, at, time);
}

/**
 * kontor_store_api_key_insert:
 * @store: a writable connection
 * @row: (inout): a new key; its number is set
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_api_key_insert (KontorStore *store, KontorApiKeyRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO api_keys (hash, scope, type, name, hint, scopes, ip_allow, created,"
             " expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, row->hash, sizeof row->hash, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, row->scope);
  sqlite3_bind_text (statement, 3, row->type, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, row->hint, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, row->scopes, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, row->ip_allow, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 8, row->created);
  bind_time (statement, 9, row->expires);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  row->number = sqlite3_last_insert_rowid (kontor_store_handle (store));
  return TRUE;
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

static KontorApiKeyRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  KontorApiKeyRow row = {
    .number = sqlite3_column_int64 (statement, 0),
    .scope = (guint) sqlite3_column_int64 (statement, 2),
    .type = text (arena, statement, 3),
    .name = text (arena, statement, 4),
    .hint = text (arena, statement, 5),
    .scopes = text (arena, statement, 6),
    .ip_allow = text (arena, statement, 7),
    .created = sqlite3_column_int64 (statement, 8),
    .expires = sqlite3_column_int64 (statement, 9),
    .last_used = sqlite3_column_int64 (statement, 10),
  };
  gsize length = (gsize) sqlite3_column_bytes (statement, 1);

  memcpy (row.hash, sqlite3_column_blob (statement, 1), MIN (length, sizeof row.hash));
  return row;
}

static gboolean
read_one (KontorStore     *store,
          KontorArena     *arena,
          sqlite3_stmt    *statement,
          KontorApiKeyRow *row,
          gboolean        *found,
          GError         **error)
{
  int result = sqlite3_step (statement);

  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (store, error);
  return TRUE;
}

/**
 * kontor_store_api_key_find:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @hash: of the text somebody sent
 * @row: (out): the key, expired or not
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_api_key_find (KontorStore     *store,
                           KontorArena     *arena,
                           const guint8     hash[32],
                           KontorApiKeyRow *row,
                           gboolean        *found,
                           GError         **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_KEY "hash = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, hash, 32, SQLITE_STATIC);
  return read_one (store, arena, statement, row, found, error);
}

/**
 * kontor_store_api_key_get:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @scope: whose it must be
 * @number: which
 * @row: (out): the key, expired or not
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_api_key_get (KontorStore     *store,
                          KontorArena     *arena,
                          guint            scope,
                          gint64           number,
                          KontorApiKeyRow *row,
                          gboolean        *found,
                          GError         **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_KEY "number = ?1 AND scope = ?2");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, scope);
  return read_one (store, arena, statement, row, found, error);
}

/**
 * kontor_store_api_key_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @scope: whose
 * @before: only keys with a lower number; 0: from the newest
 * @limit: how many at most
 * @rows: gets #KontorApiKeyRow, newest first
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_api_key_list (KontorStore *store,
                           KontorArena *arena,
                           guint        scope,
                           gint64       before,
                           guint        limit,
                           GArray      *rows,
                           GError     **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, SELECT_KEY "scope = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, scope);
  sqlite3_bind_int64 (statement, 2, before != 0 ? before : G_MAXINT64);
  sqlite3_bind_int64 (statement, 3, limit);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorApiKeyRow row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_api_key_expire:
 * @store: a writable connection
 * @number: which key
 * @at: the second from which it is refused
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_api_key_expire (KontorStore *store, gint64 number, gint64 at, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "UPDATE api_keys SET expires = ?2 WHERE number = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, at);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_api_key_used:
 * @store: a writable connection
 * @number: which key
 * @at: Unix seconds
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_api_key_used (KontorStore *store, gint64 number, gint64 at, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "UPDATE api_keys SET last_used = ?2 WHERE number = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, at);
  return kontor_store_run (store, statement, error);
}
