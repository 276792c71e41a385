/* delivery.c: events on their way to webhook endpoints, in the database.
 *
 * The deliveries of one endpoint about one object are a line, in the order of their events. Of what is open in it,
 * the first is ready and the rest is held: so they are tried one after the other. Whoever opens or settles
 * a delivery does it by the functions below, which keep that true. */
#include "server/store/delivery.h"

/* The partial indexes are found only by a term that says what they say. */
#define LINE " endpoint = ?1 AND object = ?2 AND state < 2"

static sqlite3_stmt *
bind2 (KontorStore *store, const char *sql, gint64 first, gint64 second)
{
  sqlite3_stmt *statement = kontor_store_statement (store, sql);

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, first);
      sqlite3_bind_int64 (statement, 2, second);
    }
  return statement;
}

static gboolean
finish (KontorStore *store, sqlite3_stmt *statement, int result, GError **error)
{
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static KontorDeliveryRow
read_row (sqlite3_stmt *statement)
{
  return (KontorDeliveryRow){
    .event = sqlite3_column_int64 (statement, 0),
    .endpoint = sqlite3_column_int64 (statement, 1),
    .object = sqlite3_column_int64 (statement, 2),
    .state = (KontorDeliveryState) sqlite3_column_int (statement, 3),
    .attempts = sqlite3_column_int64 (statement, 4),
    .round = sqlite3_column_int64 (statement, 5),
    .due = sqlite3_column_int64 (statement, 6),
  };
}

/**
 * kontor_store_delivery_get:
 * @store: a connection
 * @event: which event
 * @endpoint: for which endpoint
 * @row: (out): the delivery
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_get (KontorStore *store,
                           gint64 event,
                           gint64 endpoint,
                           KontorDeliveryRow *row,
                           gboolean *found,
                           GError **error)
{
  sqlite3_stmt *statement = bind2 (store,
                                   "SELECT event, endpoint, object, state, attempts, round, due"
                                   " FROM webhook_deliveries WHERE event = ?1 AND endpoint = ?2",
                                   event, endpoint);
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (statement);
  return finish (store, statement, result, error);
}

static gboolean
put (KontorStore *store, const KontorDeliveryRow *row, GError **error)
{
  sqlite3_stmt *statement = bind2 (
      store,
      "INSERT OR REPLACE INTO webhook_deliveries"
      " (event, endpoint, object, state, attempts, round, due) VALUES (?, ?, ?, ?, ?, ?, ?)",
      row->event, row->endpoint);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 3, row->object);
  sqlite3_bind_int (statement, 4, row->state);
  sqlite3_bind_int64 (statement, 5, row->attempts);
  sqlite3_bind_int64 (statement, 6, row->round);
  sqlite3_bind_int64 (statement, 7, row->due);
  return kontor_store_run (store, statement, error);
}

/* The first open one of a line after the event @after; event 0: there is none. */
static gboolean
next_in_line (KontorStore *store,
              gint64 endpoint,
              gint64 object,
              gint64 after,
              KontorDeliveryRow *row,
              GError **error)
{
  sqlite3_stmt *statement
      = bind2 (store,
               "SELECT event, endpoint, object, state, attempts, round, due FROM webhook_deliveries"
               " WHERE" LINE " AND event > ?3 ORDER BY event LIMIT 1",
               endpoint, object);
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 3, after);
  result = sqlite3_step (statement);
  *row = result == SQLITE_ROW ? read_row (statement) : (KontorDeliveryRow){ 0 };
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_open:
 * @store: a connection with an open transaction
 * @row: a delivery that is to be tried; gets its state
 * @error: return location for a #GError
 *
 * Makes it, or writes over the one there is. It is ready at its due time, or held when an earlier one of its
 * line is open; a later one that was ready is held from now on.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_delivery_open (KontorStore *store, KontorDeliveryRow *row, GError **error)
{
  KontorDeliveryRow other;

  if (!next_in_line (store, row->endpoint, row->object, 0, &other, error))
    return FALSE;
  row->state = other.event != 0 && other.event < row->event ? KONTOR_DELIVERY_HELD
                                                            : KONTOR_DELIVERY_READY;
  if (!put (store, row, error))
    return FALSE;
  if (row->state == KONTOR_DELIVERY_HELD || other.event == 0)
    return TRUE;
  if (other.event == row->event
      && !next_in_line (store, row->endpoint, row->object, row->event, &other, error))
    return FALSE;
  if (other.event == 0 || other.state == KONTOR_DELIVERY_HELD)
    return TRUE;
  other.state = KONTOR_DELIVERY_HELD;
  return put (store, &other, error);
}

/**
 * kontor_store_delivery_settle:
 * @store: a connection with an open transaction
 * @row: a delivery, with the state that it ends in
 * @promoted: (out): whether the next of its line became ready
 * @error: return location for a #GError
 *
 * What becomes ready is due since it was opened: so one that nobody could take for days is known for what it is.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_delivery_settle (KontorStore *store,
                              const KontorDeliveryRow *row,
                              gboolean *promoted,
                              GError **error)
{
  KontorDeliveryRow head;

  *promoted = FALSE;
  if (!put (store, row, error)
      || !next_in_line (store, row->endpoint, row->object, 0, &head, error))
    return FALSE;
  if (head.event == 0 || head.state == KONTOR_DELIVERY_READY)
    return TRUE;
  head.state = KONTOR_DELIVERY_READY;
  *promoted = TRUE;
  return put (store, &head, error);
}

/**
 * kontor_store_delivery_ready:
 * @store: a connection
 * @endpoint: for which endpoint
 * @limit: how many at most
 * @rows: gets #KontorDeliveryRow, the longest due first, and then what comes due later
 * @error: return location for a #GError
 *
 * Only the first of each line is given, whatever state it and the others are in.
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_delivery_ready (KontorStore *store,
                             gint64 endpoint,
                             guint limit,
                             GArray *rows,
                             GError **error)
{
  sqlite3_stmt *statement = bind2 (
      store,
      "SELECT event, endpoint, object, state, attempts, round, due"
      " FROM webhook_deliveries AS d INDEXED BY webhook_deliveries_due"
      " WHERE endpoint = ?1 AND state = 0 AND NOT EXISTS"
      " (SELECT 1 FROM webhook_deliveries AS e INDEXED BY webhook_deliveries_line"
      " WHERE e.endpoint = ?1 AND e.object = d.object AND e.state < 2 AND e.event < d.event)"
      " ORDER BY due, event LIMIT ?2",
      endpoint, limit);
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorDeliveryRow row = read_row (statement);

      g_array_append_val (rows, row);
    }
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_next_endpoint:
 * @store: a connection
 * @after: an endpoint's key, or 0
 * @endpoint: (out): the first endpoint after it for which something is ready; 0: there is none
 * @due: (out): when that is due
 * @error: return location for a #GError
 *
 * One step through the index for each endpoint, however many deliveries it has.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_next_endpoint (KontorStore *store,
                                     gint64 after,
                                     gint64 *endpoint,
                                     gint64 *due,
                                     GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT endpoint, due FROM webhook_deliveries INDEXED BY webhook_deliveries_due"
             " WHERE state = 0 AND endpoint > ?1 ORDER BY endpoint, due LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, after);
  result = sqlite3_step (statement);
  *endpoint = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  *due = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 1) : 0;
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_line_open:
 * @store: a connection
 * @endpoint: an endpoint
 * @object: key of an object
 * @open: (out): whether something about it is still to be delivered there
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_line_open (KontorStore *store,
                                 gint64 endpoint,
                                 gint64 object,
                                 gboolean *open,
                                 GError **error)
{
  KontorDeliveryRow head;

  if (!next_in_line (store, endpoint, object, 0, &head, error))
    return FALSE;
  *open = head.event != 0;
  return TRUE;
}

/**
 * kontor_store_delivery_pending:
 * @store: a connection
 * @event: an event
 * @pending: (out): for how many endpoints it is still open
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_pending (KontorStore *store, gint64 event, gint64 *pending, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT count(*) FROM webhook_deliveries WHERE event = ?1 AND state < 2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, event);
  result = sqlite3_step (statement);
  *pending = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_count_open:
 * @store: a connection
 * @endpoint: an endpoint
 * @n: (out): how many events are still to be sent to it
 * @error: return location for a #GError
 *
 * Walks an index over what is open for it: some tens of milliseconds for a million.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_delivery_count_open (KontorStore *store, gint64 endpoint, gint64 *n, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT count(*) FROM webhook_deliveries INDEXED BY webhook_deliveries_line"
             " WHERE endpoint = ?1 AND state < 2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, endpoint);
  result = sqlite3_step (statement);
  *n = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_cancel_some:
 * @store: a connection with an open transaction
 * @endpoint: to which nothing more is to be sent
 * @now: Unix seconds
 * @limit: how many at most
 * @canceled: (out): how many there were
 * @error: return location for a #GError
 *
 * Takes whole lines from their first on; asked again until there are none, it leaves nothing open.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_delivery_cancel_some (KontorStore *store,
                                   gint64 endpoint,
                                   gint64 now,
                                   guint limit,
                                   guint *canceled,
                                   GError **error)
{
  sqlite3_stmt *statement
      = bind2 (store,
               "UPDATE webhook_deliveries SET state = 4, due = ?2 WHERE endpoint = ?1 AND event IN"
               " (SELECT event FROM webhook_deliveries INDEXED BY webhook_deliveries_line"
               " WHERE endpoint = ?1 AND state < 2 ORDER BY object, event LIMIT ?3) AND state < 2",
               endpoint, now);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 3, limit);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  *canceled = (guint) sqlite3_changes (kontor_store_handle (store));
  return TRUE;
}

/* The key of the event with which a step of at most @limit rows ends; 0: nothing is left up to @until. */
static gboolean
end_of_step (KontorStore *store,
             gint64 from,
             gint64 until,
             guint limit,
             gint64 *end,
             GError **error)
{
  sqlite3_stmt *statement = bind2 (store,
                                   "SELECT max(event) FROM (SELECT event FROM webhook_deliveries"
                                   " WHERE event BETWEEN ?1 AND ?2 ORDER BY event LIMIT ?3)",
                                   from, until);
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 3, limit);
  result = sqlite3_step (statement);
  *end = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return finish (store, statement, result, error);
}

/**
 * kontor_store_delivery_forget:
 * @store: a connection with an open transaction
 * @event: (inout): key of an event: where to begin, and then where to go on; 0: nothing is left
 * @until: key of the last event that may go
 * @settled: Unix seconds: what was settled later stays
 * @limit: how many rows to look at, or one event's when that has more
 * @error: return location for a #GError
 *
 * Takes one small step in the deletion of what nobody will look at any more.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_delivery_forget (KontorStore *store,
                              gint64 *event,
                              gint64 until,
                              gint64 settled,
                              guint limit,
                              GError **error)
{
  sqlite3_stmt *statement;
  gint64 end;

  if (!end_of_step (store, *event, until, limit, &end, error))
    return FALSE;
  if (end == 0)
    {
      *event = 0;
      return TRUE;
    }
  statement = bind2 (store,
                     "DELETE FROM webhook_deliveries WHERE event BETWEEN ?1 AND ?2 AND state >= 2"
                     " AND due < ?3",
                     *event, end);
  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 3, settled);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  *event = end + 1;
  return TRUE;
}
