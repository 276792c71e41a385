/* delivery-list.c: pages of deliveries to webhook endpoints, and which they are.
 *
 * A page is read in one of three ways. Deliveries of all endpoints lie in the order of their events, so
 * a walk along the table finds them; what is not settled well has an index by endpoint and state, whose
 * entries are merged; and all deliveries of one endpoint are looked up event by event. The walks read
 * past what is not wanted: a filter by type, or by an endpoint that gets few of many events, may read far;
 * `created` bounds it. */
#include "server/store/delivery-list.h"

#include "core/id.h"
#include "core/resource.h"

#define COLUMNS                                                                                    \
  "SELECT d.event, d.endpoint, d.object, d.state, d.attempts, d.due, e.id, e.created, e.type "

#define WALK_FROM "FROM webhook_deliveries d CROSS JOIN events e ON e.key = d.event WHERE "
#define SEEK_FROM                                                                                  \
  "FROM events e CROSS JOIN webhook_deliveries d ON d.event = e.key AND d.endpoint = ?9 WHERE "

/* ?1 and ?2 are the keys that events lie between, ?8 is how many rows are wanted. */
#define EVENT_FILTERS                                                                              \
  " AND e.created BETWEEN ?3 AND ?4 AND (?5 = 0 OR (?5 >> e.type) & 1)"                            \
  " AND (?6 = 0 OR (?6 >> d.state) & 1)"

static gboolean
is_backward (const KontorDeliveryQuery *query)
{
  return query->before.event != 0;
}

/* The events that the page may show lie between these two. */
static void
key_range (const KontorDeliveryQuery *query, gint64 *above, gint64 *below)
{
  *above = kontor_key (query->scope, 0) - 1;
  *below = kontor_key (query->scope + 1, 0);
  if (query->created_min != KONTOR_NONE)
    *above = MAX (*above, kontor_key (query->scope, kontor_tick_before (query->created_min)) - 1);
  if (query->event != 0)
    {
      *above = MAX (*above, query->event - 1);
      *below = MIN (*below, query->event + 1);
    }
  /* The event of the cursor itself may have more endpoints. */
  if (query->after.event != 0)
    *below = MIN (*below, query->after.event + 1);
  if (query->before.event != 0)
    *above = MAX (*above, query->before.event - 1);
}

static void
bind_query (sqlite3_stmt *statement, const KontorDeliveryQuery *query, gint64 above, gint64 below)
{
  sqlite3_bind_int64 (statement, 1, above);
  sqlite3_bind_int64 (statement, 2, below);
  sqlite3_bind_int64 (statement, 3, query->created_min);
  sqlite3_bind_int64 (statement, 4,
                      query->created_max != KONTOR_NONE ? query->created_max : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, query->types);
  sqlite3_bind_int64 (statement, 6, query->states);
  sqlite3_bind_int64 (statement, 8, (gint64) query->limit + 1);
}

static KontorDeliveryView
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorDeliveryView){
    .event = sqlite3_column_int64 (statement, 0),
    .endpoint = sqlite3_column_int64 (statement, 1),
    .object = sqlite3_column_int64 (statement, 2),
    .state = sqlite3_column_int (statement, 3),
    .attempts = sqlite3_column_int64 (statement, 4),
    .due = sqlite3_column_int64 (statement, 5),
    .event_id = kontor_arena_strdup (arena, (const char *) sqlite3_column_text (statement, 6)),
    .event_created = sqlite3_column_int64 (statement, 7),
    .event_type = sqlite3_column_int (statement, 8),
  };
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
      KontorDeliveryView row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/* Along the table; @place is never wanted itself. */
static gboolean
walk (KontorStore *store,
      KontorArena *arena,
      const KontorDeliveryQuery *query,
      GArray *rows,
      GError **error)
{
  static const char *const sql[2] = {
    COLUMNS WALK_FROM
    "d.event > ?1 AND d.event < ?2 AND (d.event, d.endpoint) < (?9, ?10)" EVENT_FILTERS
    " ORDER BY d.event DESC, d.endpoint DESC LIMIT ?8",
    COLUMNS WALK_FROM
    "d.event > ?1 AND d.event < ?2 AND (d.event, d.endpoint) > (?9, ?10)" EVENT_FILTERS
    " ORDER BY d.event, d.endpoint LIMIT ?8",
  };
  gboolean backward = is_backward (query);
  const KontorDeliveryPlace *place = backward ? &query->before : &query->after;
  sqlite3_stmt *statement = kontor_store_statement (store, sql[backward]);
  gint64 above, below;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  key_range (query, &above, &below);
  bind_query (statement, query, above, below);
  sqlite3_bind_int64 (statement, 9, place->event != 0 ? place->event : G_MAXINT64);
  sqlite3_bind_int64 (statement, 10, place->endpoint);
  return read_rows (store, arena, statement, rows, error);
}

/* All deliveries of one endpoint, whatever became of them. */
static gboolean
seek (KontorStore *store,
      KontorArena *arena,
      const KontorDeliveryQuery *query,
      GArray *rows,
      GError **error)
{
  static const char *const sql[2] = {
    COLUMNS SEEK_FROM "e.key > ?1 AND e.key < ?2" EVENT_FILTERS " ORDER BY e.key DESC LIMIT ?8 + 1",
    COLUMNS SEEK_FROM "e.key > ?1 AND e.key < ?2" EVENT_FILTERS " ORDER BY e.key LIMIT ?8 + 1",
  };
  sqlite3_stmt *statement = kontor_store_statement (store, sql[is_backward (query)]);
  gint64 above, below;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  key_range (query, &above, &below);
  bind_query (statement, query, above, below);
  sqlite3_bind_int64 (statement, 9, query->endpoint);
  return read_rows (store, arena, statement, rows, error);
}

static int
newest_first (gconstpointer one, gconstpointer other)
{
  const KontorDeliveryView *a = one, *b = other;

  if (a->event != b->event)
    return a->event < b->event ? 1 : -1;
  return a->endpoint < b->endpoint ? 1 : a->endpoint > b->endpoint ? -1 : 0;
}

static int
oldest_first (gconstpointer one, gconstpointer other)
{
  return newest_first (other, one);
}

/* What lies on the wrong side of the cursor, among the endpoints of the cursor's own event. */
static void
drop_beyond (const KontorDeliveryQuery *query, GArray *rows)
{
  for (guint i = rows->len; i > 0; i--)
    {
      const KontorDeliveryView *row = &g_array_index (rows, KontorDeliveryView, i - 1);

      if ((row->event == query->after.event && row->endpoint >= query->after.endpoint)
          || (row->event == query->before.event && row->endpoint <= query->before.endpoint))
        g_array_remove_index (rows, i - 1);
    }
}

/* One state of one endpoint: its index has them in the order of their events. */
static gboolean
add_stream (KontorStore *store,
            KontorArena *arena,
            const KontorDeliveryQuery *query,
            gint64 endpoint,
            int state,
            GArray *rows,
            GError **error)
{
  static const char *const sql[2] = {
    COLUMNS WALK_FROM "d.state <> 2 AND d.endpoint = ?9 AND d.state = ?10 AND d.event > ?1"
                      " AND d.event < ?2" EVENT_FILTERS " ORDER BY d.event DESC LIMIT ?8 + 1",
    COLUMNS WALK_FROM "d.state <> 2 AND d.endpoint = ?9 AND d.state = ?10 AND d.event > ?1"
                      " AND d.event < ?2" EVENT_FILTERS " ORDER BY d.event LIMIT ?8 + 1",
  };
  gboolean backward = is_backward (query);
  sqlite3_stmt *statement = kontor_store_statement (store, sql[backward]);
  gint64 above, below;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  key_range (query, &above, &below);
  /* Of what is known to make a full page, only what comes before its end is still of interest. */
  if (rows->len > query->limit)
    {
      gint64 last = g_array_index (rows, KontorDeliveryView, rows->len - 1).event;

      above = backward ? above : MAX (above, last - 1);
      below = backward ? MIN (below, last + 1) : below;
    }
  bind_query (statement, query, above, below);
  sqlite3_bind_int64 (statement, 9, endpoint);
  sqlite3_bind_int (statement, 10, state);
  return read_rows (store, arena, statement, rows, error);
}

static gboolean
merge (KontorStore *store,
       KontorArena *arena,
       const KontorDeliveryQuery *query,
       GArray *rows,
       GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (query->endpoint != 0)
    g_array_append_val (keys, query->endpoint);
  else if (!kontor_store_webhook_endpoint_keys (store, query->scope, keys, error))
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    for (int state = 0; state <= KONTOR_DELIVERY_CANCELED; state++)
      {
        guint before = rows->len;

        if (((query->states >> state) & 1) == 0)
          continue;
        if (!add_stream (store, arena, query, g_array_index (keys, gint64, i), state, rows, error))
          return FALSE;
        if (rows->len == before)
          continue;
        drop_beyond (query, rows);
        g_array_sort (rows, is_backward (query) ? oldest_first : newest_first);
        g_array_set_size (rows, MIN (rows->len, query->limit + 1));
      }
  return TRUE;
}

static gboolean
read_page (KontorStore *store,
           KontorArena *arena,
           const KontorDeliveryQuery *query,
           GArray *rows,
           GError **error)
{
  guint settled_well = 1u << KONTOR_DELIVERY_SUCCEEDED;
  gboolean is_open = query->states != 0 && (query->states & settled_well) == 0;

  if (query->event == 0 && is_open)
    return merge (store, arena, query, rows, error);
  if (query->endpoint == 0)
    return walk (store, arena, query, rows, error);
  if (!seek (store, arena, query, rows, error))
    return FALSE;
  drop_beyond (query, rows);
  return TRUE;
}

static gboolean
add_last_attempt (KontorStore *store, KontorDeliveryView *view, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, created, outcome, status, duration_us FROM webhook_attempts"
             " WHERE event = ?1 AND endpoint = ?2 ORDER BY number DESC LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, view->event);
  sqlite3_bind_int64 (statement, 2, view->endpoint);
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    {
      view->last_number = sqlite3_column_int64 (statement, 0);
      view->last_created = sqlite3_column_int64 (statement, 1);
      view->last_outcome = sqlite3_column_int (statement, 2);
      view->last_status = sqlite3_column_type (statement, 3) == SQLITE_NULL
                              ? KONTOR_NONE
                              : sqlite3_column_int64 (statement, 3);
      view->last_duration_us = sqlite3_column_int64 (statement, 4);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_delivery_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorDeliveryView, the newest event first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the list could be read
 */
gboolean
kontor_store_delivery_list (KontorStore *store,
                            KontorArena *arena,
                            const KontorDeliveryQuery *query,
                            GArray *rows,
                            gboolean *has_more,
                            GError **error)
{
  if (!read_page (store, arena, query, rows, error))
    return FALSE;
  *has_more = rows->len > query->limit;
  g_array_set_size (rows, MIN (rows->len, query->limit));
  g_array_sort (rows, newest_first);
  for (guint i = 0; i < rows->len; i++)
    if (!add_last_attempt (store, &g_array_index (rows, KontorDeliveryView, i), error))
      return FALSE;
  return TRUE;
}

/**
 * kontor_store_delivery_find:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @event: key of the event
 * @endpoint: key of the endpoint, of the same scope
 * @view: (out): the delivery
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_find (KontorStore *store,
                            KontorArena *arena,
                            gint64 event,
                            gint64 endpoint,
                            KontorDeliveryView *view,
                            gboolean *found,
                            GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryView));
  KontorDeliveryQuery query = {
    .scope = kontor_key_scope (event),
    .limit = 1,
    .event = event,
    .endpoint = endpoint,
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
  };
  gboolean has_more;

  if (!kontor_store_delivery_list (store, arena, &query, rows, &has_more, error))
    return FALSE;
  *found = rows->len > 0;
  if (*found)
    *view = g_array_index (rows, KontorDeliveryView, 0);
  return TRUE;
}

/**
 * kontor_store_webhook_endpoint_keys:
 * @store: a connection
 * @scope: whose
 * @keys: gets the keys, as gint64, also of those that are deleted
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_webhook_endpoint_keys (KontorStore *store, guint scope, GArray *keys, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT key FROM webhook_endpoints WHERE key >= ?1 AND key < ?2 ORDER BY key");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, kontor_key (scope, 0));
  sqlite3_bind_int64 (statement, 2, kontor_key (scope + 1, 0));
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 key = sqlite3_column_int64 (statement, 0);

      g_array_append_val (keys, key);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
