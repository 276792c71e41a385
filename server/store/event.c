/* event.c: what happened, in the database. */
#include "server/store/event.h"

#define SELECT_EVENT                                                                               \
  "SELECT e.key, e.id, e.created, e.type, e.version, coalesce(e.request, 0), r.id,"                \
  " r.idempotency_key FROM events e LEFT JOIN requests r ON r.key = e.request WHERE "

/**
 * kontor_store_event_insert:
 * @store: a connection with an open transaction
 * @row: the event
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_event_insert (KontorStore *store, const KontorEventRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store,
      "INSERT INTO events (key, id, created, type, version, request) VALUES (?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->key);
  sqlite3_bind_text (statement, 2, row->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->created);
  sqlite3_bind_int (statement, 4, row->type);
  sqlite3_bind_int64 (statement, 5, row->version);
  if (row->request == 0)
    sqlite3_bind_null (statement, 6);
  else
    sqlite3_bind_int64 (statement, 6, row->request);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_event_type:
 * @store: a writable connection
 * @number: of the type, for ever
 * @name: "charge.succeeded"
 * @error: return location for a #GError
 *
 * Keeps the table that lets a person read events in plain SQL.
 *
 * Returns: whether the row is there
 */
gboolean
kontor_store_event_type (KontorStore *store, int number, const char *name, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store,
      "INSERT INTO event_types (number, name) VALUES (?, ?) ON CONFLICT (number) DO NOTHING");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int (statement, 1, number);
  sqlite3_bind_text (statement, 2, name, -1, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

static KontorEventRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorEventRow){
    .key = sqlite3_column_int64 (statement, 0),
    .id = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 1)),
    .created = sqlite3_column_int64 (statement, 2),
    .type = sqlite3_column_int (statement, 3),
    .version = sqlite3_column_int64 (statement, 4),
    .request = sqlite3_column_int64 (statement, 5),
    .request_id = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 6)),
    .idempotency_key
    = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 7)),
  };
}

/**
 * kontor_store_event_get:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @key: which
 * @row: (out): the event
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_event_get (KontorStore *store,
                        KontorArena *arena,
                        gint64 key,
                        KontorEventRow *row,
                        gboolean *found,
                        GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_EVENT "e.key = ?1");
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

/**
 * kontor_store_event_newest:
 * @store: a connection
 * @scope: whose
 * @key: (out): of its newest event, 0 when it has none
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_event_newest (KontorStore *store, guint scope, gint64 *key, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT key FROM events WHERE key > ?1 AND key < ?2 ORDER BY key DESC LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, (gint64) scope << 48);
  sqlite3_bind_int64 (statement, 2, (gint64) (scope + 1) << 48);
  result = sqlite3_step (statement);
  *key = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_event_newest_of:
 * @store: a connection
 * @scope: whose
 * @type: number of a type
 * @look: how many events to look at at most
 * @key: (out): of the newest of that type, 0 when there is none among them
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_event_newest_of (KontorStore *store,
                              guint scope,
                              int type,
                              guint look,
                              gint64 *key,
                              GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT key FROM (SELECT key, type FROM events WHERE key > ?1 AND key < ?2"
             " ORDER BY key DESC LIMIT ?3) WHERE type = ?4 LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, (gint64) scope << 48);
  sqlite3_bind_int64 (statement, 2, (gint64) (scope + 1) << 48);
  sqlite3_bind_int64 (statement, 3, look);
  sqlite3_bind_int (statement, 4, type);
  result = sqlite3_step (statement);
  *key = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static const char *
list_sql (const KontorEventQuery *query)
{
  g_autoptr (GString) sql = g_string_new (SELECT_EVENT "e.key > ?1 AND e.key < ?2");

  if (query->created_min != G_MININT64 || query->created_max != G_MININT64)
    g_string_append (sql, " AND e.created BETWEEN ?3 AND ?4");
  /* One text whatever the types are: statements are kept for ever. */
  if (query->types != 0)
    g_string_append (sql, " AND (?6 >> e.type) & 1");
  g_string_append_printf (sql, " ORDER BY e.key %s LIMIT ?5", query->before != 0 ? "ASC" : "DESC");
  return g_intern_string (sql->str);
}

/**
 * kontor_store_event_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorEventRow, newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_event_list (KontorStore *store,
                         KontorArena *arena,
                         const KontorEventQuery *query,
                         GArray *rows,
                         gboolean *has_more,
                         GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, list_sql (query));
  gint64 lowest = ((gint64) query->scope << 48) - 1, highest = (gint64) (query->scope + 1) << 48;
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, query->before != 0 ? MAX (lowest, query->before) : lowest);
  sqlite3_bind_int64 (statement, 2, query->after != 0 ? MIN (highest, query->after) : highest);
  sqlite3_bind_int64 (statement, 3, query->created_min);
  sqlite3_bind_int64 (statement, 4,
                      query->created_max != G_MININT64 ? query->created_max : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, (gint64) query->limit + 1);
  if (query->types != 0)
    sqlite3_bind_int64 (statement, 6, query->types);
  *has_more = FALSE;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorEventRow row;

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
