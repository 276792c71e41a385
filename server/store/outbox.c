/* outbox.c: events that are still to be handed to webhook endpoints, in the database. */
#include "server/store/outbox.h"

#include "core/id.h"

/**
 * kontor_store_outbox_insert:
 * @store: a connection with an open transaction
 * @number: higher than of any row that was ever seen while this process runs
 * @event: key of an event of the same transaction
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_outbox_insert (KontorStore *store, gint64 number, gint64 event, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO webhook_outbox (number, event) VALUES (?1, ?2)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, event);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_outbox_after:
 * @store: a connection
 * @number: the last row that is known already, or 0
 * @limit: how many rows at most
 * @rows: gets #KontorOutboxRow, in the order of commit
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_outbox_after (KontorStore *store,
                           gint64 number,
                           guint limit,
                           GArray *rows,
                           GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, event FROM webhook_outbox WHERE number > ?1 ORDER BY number LIMIT ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, limit);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorOutboxRow row
          = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1) };

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_outbox_delete:
 * @store: a connection with an open transaction
 * @first: of the rows that were handed over
 * @last: likewise
 * @error: return location for a #GError
 *
 * Returns: whether they are gone
 */
gboolean
kontor_store_outbox_delete (KontorStore *store, gint64 first, gint64 last, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "DELETE FROM webhook_outbox WHERE number BETWEEN ?1 AND ?2");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, first);
  sqlite3_bind_int64 (statement, 2, last);
  return kontor_store_run (store, statement, error);
}

/* The first row from @number on; number 0: there is none. */
static gboolean
row_from (KontorStore *store, gint64 number, KontorOutboxRow *row, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorOutboxRow));

  if (!kontor_store_outbox_after (store, number - 1, 1, rows, error))
    return FALSE;
  *row = rows->len > 0 ? g_array_index (rows, KontorOutboxRow, 0) : (KontorOutboxRow){ 0 };
  return TRUE;
}

static gint64
tick_of (const KontorOutboxRow *row)
{
  return row->event & KONTOR_TICK_MASK;
}

/**
 * kontor_store_outbox_first:
 * @store: a connection
 * @tick: (out): of the oldest event in the outbox; more than any tick when it is empty
 * @error: return location for a #GError
 *
 * Events of any scope that are older have been handed over.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_outbox_first (KontorStore *store, gint64 *tick, GError **error)
{
  KontorOutboxRow row;

  if (!row_from (store, 1, &row, error))
    return FALSE;
  *tick = row.number != 0 ? tick_of (&row) : KONTOR_TICK_MASK + 1;
  return TRUE;
}

/**
 * kontor_store_outbox_has:
 * @store: a connection
 * @event: key of an event
 * @has: (out): whether it is still in the outbox
 * @error: return location for a #GError
 *
 * Rows rise with their number, and so do the ticks of their events, since both follow the order of commits: so it
 * is looked for by halves.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_outbox_has (KontorStore *store, gint64 event, gboolean *has, GError **error)
{
  gint64 tick = event & KONTOR_TICK_MASK, low = 1, high;
  KontorOutboxRow row;

  *has = FALSE;
  if (!kontor_store_integer (store, "SELECT max(number) FROM webhook_outbox", &high, error))
    return FALSE;
  while (low <= high)
    {
      gint64 middle = low + (high - low) / 2;

      if (!row_from (store, middle, &row, error))
        return FALSE;
      if (row.event == event)
        {
          *has = TRUE;
          return TRUE;
        }
      if (row.number == 0 || tick_of (&row) > tick)
        high = middle - 1;
      else
        low = row.number + 1;
    }
  return TRUE;
}
