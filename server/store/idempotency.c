/* idempotency.c: what was answered to which Idempotency-Key, in the database.
 *
 * The keys are hashes, so rows land anywhere in their table. Three small tables taken in turn, a day each,
 * keep the pages in use few, and a day is forgotten by emptying a table. */
#include "server/store/idempotency.h"

#include <string.h>

#define DAY_S 86400
#define N_TABLES 3

static const char *const insert_sql[N_TABLES] = {
#define INSERT(n)                                                                                  \
  "INSERT OR REPLACE INTO idempotency_" n                                                          \
  " (key, params, created, request, status, version, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
  INSERT ("0"),
  INSERT ("1"),
  INSERT ("2"),
};
static const char *const find_sql[N_TABLES] = {
#define FIND(n)                                                                                    \
  "SELECT params, created, request, status, version, body FROM idempotency_" n " WHERE key = ?1"
  FIND ("0"),
  FIND ("1"),
  FIND ("2"),
};
static const char *const clear_sql[N_TABLES] = {
  "DELETE FROM idempotency_0",
  "DELETE FROM idempotency_1",
  "DELETE FROM idempotency_2",
};

static guint
table_of_day (gint64 day)
{
  return (guint) (day % N_TABLES);
}

/**
 * kontor_store_idempotency_insert:
 * @store: a connection with an open transaction
 * @row: the first answer to a key, or the first since an earlier use lapsed
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_idempotency_insert (KontorStore *store,
                                 const KontorIdempotencyRow *row,
                                 GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, insert_sql[table_of_day (row->created / DAY_S)]);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, row->key, sizeof row->key, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 2, row->params, sizeof row->params, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->created);
  sqlite3_bind_int64 (statement, 4, row->request);
  sqlite3_bind_int64 (statement, 5, row->status);
  if (row->version != 0)
    {
      sqlite3_bind_int64 (statement, 6, row->version);
      sqlite3_bind_null (statement, 7);
    }
  else
    {
      sqlite3_bind_null (statement, 6);
      sqlite3_bind_blob (statement, 7, row->body, (int) row->body_length, SQLITE_STATIC);
    }
  return kontor_store_run (store, statement, error);
}

static void
read_row (KontorArena *arena, sqlite3_stmt *statement, KontorIdempotencyRow *row)
{
  gsize length = (gsize) sqlite3_column_bytes (statement, 5);

  memcpy (row->params, sqlite3_column_blob (statement, 0),
          MIN (sizeof row->params, (gsize) sqlite3_column_bytes (statement, 0)));
  row->created = sqlite3_column_int64 (statement, 1);
  row->request = sqlite3_column_int64 (statement, 2);
  row->status = (guint) sqlite3_column_int (statement, 3);
  row->version = sqlite3_column_int64 (statement, 4);
  row->body = kontor_arena_strndup (arena, sqlite3_column_blob (statement, 5), length);
  row->body_length = length;
}

/**
 * kontor_store_idempotency_find:
 * @store: a connection
 * @arena: where the body is to live
 * @key: what to look for
 * @now: Unix seconds
 * @row: (out): the first use within the 24 hours before @now
 * @found: (out): whether there was one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_idempotency_find (KontorStore *store,
                               KontorArena *arena,
                               const guint8 key[16],
                               gint64 now,
                               KontorIdempotencyRow *row,
                               gboolean *found,
                               GError **error)
{
  *found = FALSE;
  for (gint64 day = now / DAY_S; day >= now / DAY_S - 1 && !*found; day--)
    {
      sqlite3_stmt *statement = kontor_store_statement (store, find_sql[table_of_day (day)]);
      int result;

      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_blob (statement, 1, key, 16, SQLITE_STATIC);
      result = sqlite3_step (statement);
      if (result == SQLITE_ROW && sqlite3_column_int64 (statement, 1) > now - DAY_S)
        {
          memcpy (row->key, key, 16);
          read_row (arena, statement, row);
          *found = TRUE;
        }
      sqlite3_reset (statement);
      if (result != SQLITE_ROW && result != SQLITE_DONE)
        return kontor_store_problem (store, error);
    }
  return TRUE;
}

/**
 * kontor_store_idempotency_clear:
 * @store: a connection with an open transaction
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * Empties the table whose turn comes tomorrow; what is in it is two days old.
 *
 * Returns: whether it is empty
 */
gboolean
kontor_store_idempotency_clear (KontorStore *store, gint64 now, GError **error)
{
  return kontor_store_run (
      store, kontor_store_statement (store, clear_sql[table_of_day (now / DAY_S + 1)]), error);
}
