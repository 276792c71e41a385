/* op.c: what consoles asked to be done, and what became of it, in the database. */
#include "server/store/op.h"

#include <string.h>

/* How many old ones go with each new one: more than one, so that there are never more than fit in. */
#define FORGOTTEN "4"

static gboolean
forget (KontorStore *store, gint64 oldest, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "DELETE FROM ops WHERE number IN (SELECT number FROM ops WHERE number < ?1"
             " ORDER BY number LIMIT " FORGOTTEN ")");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, oldest);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_op_insert:
 * @store: a connection with an open transaction
 * @row: an operation that was decided
 * @oldest: a tick: what was decided before it may go
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_op_insert (KontorStore *store, const KontorOpRow *row, gint64 oldest, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO ops (number, scope, id, client, n, actor, action, object, hash, state,"
             " status, result, made, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->number);
  sqlite3_bind_int64 (statement, 2, row->scope);
  sqlite3_bind_text (statement, 3, row->id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->client, -1, SQLITE_STATIC);
  if (row->n >= 0)
    sqlite3_bind_int64 (statement, 5, row->n);
  else
    sqlite3_bind_null (statement, 5);
  sqlite3_bind_text (statement, 6, row->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, row->action, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, row->object, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 9, row->hash, sizeof row->hash, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, row->state, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 11, row->status);
  sqlite3_bind_text (statement, 12, row->result, (int) row->length, SQLITE_STATIC);
  if (row->made != 0)
    sqlite3_bind_int64 (statement, 13, row->made);
  else
    sqlite3_bind_null (statement, 13);
  sqlite3_bind_int64 (statement, 14, row->created);
  return kontor_store_run (store, statement, error) && forget (store, oldest, error);
}

#define SELECT_OP                                                                               \
  "SELECT number, scope, id, client, coalesce(n, -1), actor, action, object, hash, state,"      \
  " status, result, coalesce(made, 0), created FROM ops WHERE "

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

static KontorOpRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  KontorOpRow row = {
    .number = sqlite3_column_int64 (statement, 0),
    .scope = (guint) sqlite3_column_int64 (statement, 1),
    .id = text (arena, statement, 2),
    .client = text (arena, statement, 3),
    .n = sqlite3_column_int64 (statement, 4),
    .actor = text (arena, statement, 5),
    .action = text (arena, statement, 6),
    .object = text (arena, statement, 7),
    .state = text (arena, statement, 9),
    .status = (guint) sqlite3_column_int (statement, 10),
    .result = text (arena, statement, 11),
    .length = (gsize) sqlite3_column_bytes (statement, 11),
    .made = sqlite3_column_int64 (statement, 12),
    .created = sqlite3_column_int64 (statement, 13),
  };

  if (sqlite3_column_bytes (statement, 8) == sizeof row.hash)
    memcpy (row.hash, sqlite3_column_blob (statement, 8), sizeof row.hash);
  return row;
}

/**
 * kontor_store_op_find:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @scope: whose it is
 * @id: its name
 * @row: (out): what became of it
 * @found: (out): whether it was ever decided
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_op_find (KontorStore *store,
                      KontorArena *arena,
                      guint scope,
                      const char *id,
                      KontorOpRow *row,
                      gboolean *found,
                      GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_OP "scope = ?1 AND id = ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, scope);
  sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_op_after:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @scope: whose they are
 * @client: of which console
 * @number: after which one
 * @limit: how many at most
 * @rows: gets #KontorOpRow, the oldest first
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_op_after (KontorStore *store,
                       KontorArena *arena,
                       guint scope,
                       const char *client,
                       gint64 number,
                       guint limit,
                       GArray *rows,
                       GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, SELECT_OP "scope = ?1 AND client = ?2 AND number > ?3 ORDER BY number LIMIT ?4");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, scope);
  sqlite3_bind_text (statement, 2, client, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, number);
  sqlite3_bind_int64 (statement, 4, limit);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorOpRow row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
