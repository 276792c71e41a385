/* attempt-list.c: pages of requests to webhook endpoints, and single ones.
 *
 * Attempts lie in the order they were made, those of all accounts together. So a page for an account is
 * merged from its endpoints, each of which has an index of its own, and one of those that failed. A
 * filter by an HTTP status of 2xx, or an end of the time long ago, reads past what it does not want. */
#include "server/store/attempt-list.h"

#include "core/id.h"
#include "core/resource.h"
#include "server/store/delivery-list.h"

#define COLUMNS                                                                                    \
  "SELECT a.number, a.scope, a.event, a.endpoint, a.attempt, a.by_hand, a.outcome, a.status,"      \
  " a.pending, a.created, a.connect_us, a.wait_us, a.duration_us, a.url, a.problem,"               \
  " a.request_headers, a.response_headers, a.response_body, e.id, e.type FROM webhook_attempts a "

#define EVENT " CROSS JOIN events e ON e.key = a.event WHERE "

static gint64
integer (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL
             ? KONTOR_NONE
             : sqlite3_column_int64 (statement, column);
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

static KontorAttemptView
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  KontorAttemptView view = {
    .number = sqlite3_column_int64 (statement, 0),
    .scope = (guint) sqlite3_column_int64 (statement, 1),
    .event = sqlite3_column_int64 (statement, 2),
    .endpoint = sqlite3_column_int64 (statement, 3),
    .attempt = sqlite3_column_int64 (statement, 4),
    .by_hand = sqlite3_column_int (statement, 5),
    .outcome = sqlite3_column_int (statement, 6),
    .status = integer (statement, 7),
    .pending = sqlite3_column_int64 (statement, 8),
    .created = sqlite3_column_int64 (statement, 9),
    .connect_us = integer (statement, 10),
    .wait_us = integer (statement, 11),
    .duration_us = sqlite3_column_int64 (statement, 12),
    .url = text (arena, statement, 13),
    .problem = text (arena, statement, 14),
    .request_headers = text (arena, statement, 15),
    .response_headers = text (arena, statement, 16),
    .event_id = text (arena, statement, 18),
    .event_type = sqlite3_column_int (statement, 19),
  };
  const char *body = sqlite3_column_blob (statement, 17);

  view.response_length = (gsize) sqlite3_column_bytes (statement, 17);
  view.response_body = body != NULL ? kontor_arena_strndup (arena, body, view.response_length) : "";
  return view;
}

static gboolean
read_rows (KontorStore *store,
           KontorArena *arena,
           sqlite3_stmt *statement,
           GArray *rows,
           GError **error)
{
  int result;

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorAttemptView row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/* No status of a failure is 2xx. */
static gboolean
means_failed (const KontorAttemptQuery *query)
{
  return query->outcome == KONTOR_OUTCOMES_FAILED || query->outcome > 0
         || (query->status_min != KONTOR_NONE && query->status_min >= 300)
         || (query->status_max != KONTOR_NONE && query->status_max < 200);
}

/* ?1 to ?2: numbers; ?7 and ?8: endpoint and event. */
static const char *
list_sql (const KontorAttemptQuery *query, gint64 endpoint)
{
  const char *index = query->event != 0         ? "webhook_attempts_event"
                      : means_failed (query) ? "webhook_attempts_failed"
                                             : "webhook_attempts_endpoint";
  g_autoptr (GString) sql = g_string_new (COLUMNS);

  g_string_append_printf (sql, "INDEXED BY %s" EVENT "a.number > ?1 AND a.number < ?2", index);
  if (query->event != 0)
    g_string_append (sql, " AND a.event = ?8");
  if (endpoint != 0)
    g_string_append (sql, " AND a.endpoint = ?7");
  if (means_failed (query))
    g_string_append (sql, " AND a.outcome <> 0");
  if (query->outcome >= 0)
    g_string_append (sql, " AND a.outcome = ?9");
  if (query->status_min != KONTOR_NONE || query->status_max != KONTOR_NONE)
    g_string_append (sql, " AND a.status BETWEEN ?3 AND ?4");
  if (query->created_min != KONTOR_NONE || query->created_max != KONTOR_NONE)
    g_string_append (sql, " AND a.created BETWEEN ?5 AND ?6");
  g_string_append_printf (sql, " ORDER BY a.number %s LIMIT ?10",
                          query->before != 0 ? "ASC" : "DESC");
  return g_intern_string (sql->str);
}

static gint64
or_last (gint64 bound)
{
  return bound != KONTOR_NONE ? bound : G_MAXINT64;
}

/* Of what is known to make a full page, only what comes before its end is still of interest. */
static void
bind_numbers (sqlite3_stmt *statement, const KontorAttemptQuery *query, const GArray *rows)
{
  gint64 above = query->before, below = query->after != 0 ? query->after : G_MAXINT64;

  if (query->created_min != KONTOR_NONE)
    above = MAX (above, kontor_tick_before (query->created_min));
  if (rows->len > query->limit)
    {
      gint64 last = g_array_index (rows, KontorAttemptView, rows->len - 1).number;

      above = query->before != 0 ? above : MAX (above, last);
      below = query->before != 0 ? MIN (below, last) : below;
    }
  sqlite3_bind_int64 (statement, 1, above);
  sqlite3_bind_int64 (statement, 2, below);
}

static gboolean
add_stream (KontorStore *store,
            KontorArena *arena,
            const KontorAttemptQuery *query,
            gint64 endpoint,
            GArray *rows,
            GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, list_sql (query, endpoint));

  if (statement == NULL)
    return kontor_store_problem (store, error);
  bind_numbers (statement, query, rows);
  sqlite3_bind_int64 (statement, 3, query->status_min);
  sqlite3_bind_int64 (statement, 4, or_last (query->status_max));
  sqlite3_bind_int64 (statement, 5, query->created_min);
  sqlite3_bind_int64 (statement, 6, or_last (query->created_max));
  sqlite3_bind_int64 (statement, 7, endpoint);
  sqlite3_bind_int64 (statement, 8, query->event);
  sqlite3_bind_int (statement, 9, query->outcome);
  sqlite3_bind_int64 (statement, 10, (gint64) query->limit + 1);
  return read_rows (store, arena, statement, rows, error);
}

static int
newest_first (gconstpointer one, gconstpointer other)
{
  const KontorAttemptView *a = one, *b = other;

  return a->number < b->number ? 1 : a->number > b->number ? -1 : 0;
}

static int
oldest_first (gconstpointer one, gconstpointer other)
{
  return newest_first (other, one);
}

static gboolean
merge (KontorStore *store,
       KontorArena *arena,
       const KontorAttemptQuery *query,
       GArray *rows,
       GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!kontor_store_webhook_endpoint_keys (store, query->scope, keys, error))
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    {
      guint before = rows->len;

      if (!add_stream (store, arena, query, g_array_index (keys, gint64, i), rows, error))
        return FALSE;
      if (rows->len == before)
        continue;
      g_array_sort (rows, query->before != 0 ? oldest_first : newest_first);
      g_array_set_size (rows, MIN (rows->len, query->limit + 1));
    }
  return TRUE;
}

/**
 * kontor_store_attempt_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorAttemptView, the newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_attempt_list (KontorStore *store,
                           KontorArena *arena,
                           const KontorAttemptQuery *query,
                           GArray *rows,
                           gboolean *has_more,
                           GError **error)
{
  gboolean read = query->event != 0 || query->endpoint != 0
                      ? add_stream (store, arena, query, query->endpoint, rows, error)
                      : merge (store, arena, query, rows, error);

  if (!read)
    return FALSE;
  *has_more = rows->len > query->limit;
  g_array_set_size (rows, MIN (rows->len, query->limit));
  g_array_sort (rows, newest_first);
  return TRUE;
}

/**
 * kontor_store_attempt_find:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @scope: whose
 * @number: which
 * @view: (out): the attempt
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_attempt_find (KontorStore *store,
                           KontorArena *arena,
                           guint scope,
                           gint64 number,
                           KontorAttemptView *view,
                           gboolean *found,
                           GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, COLUMNS EVENT "a.number = ?1 AND a.scope = ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, scope);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *view = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
