/* webhook-health.c: how sending to each webhook endpoint went so far, in the database. */
#include "server/store/webhook-health.h"

/* The columns, in the order of the table. */
static gint64 *
member (KontorWebhookHealthRow *row, int column)
{
  gint64 *const members[] = {
    &row->endpoint, &row->succeeded,     &row->failed,       &row->given_up,     &row->duration_us,
    &row->in_a_row, &row->failing_since, &row->last_success, &row->last_failure,
  };

  return column < (int) G_N_ELEMENTS (members) ? members[column] : NULL;
}

#define FIRST_TIME 6 /* from here on, 0 is NULL */

/**
 * kontor_store_webhook_health_get:
 * @store: a connection
 * @endpoint: an endpoint's key
 * @row: (out): how it went; all 0 when nothing was sent yet
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_webhook_health_get (KontorStore *store,
                                 gint64 endpoint,
                                 KontorWebhookHealthRow *row,
                                 GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT endpoint, succeeded, failed, given_up, duration_us, in_a_row, failing_since,"
             " last_success, last_failure FROM webhook_health WHERE endpoint = ?1");
  int result;

  *row = (KontorWebhookHealthRow){ .endpoint = endpoint };
  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, endpoint);
  result = sqlite3_step (statement);
  for (int i = 0; result == SQLITE_ROW && member (row, i) != NULL; i++)
    *member (row, i) = sqlite3_column_int64 (statement, i);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_webhook_health_put:
 * @store: a connection with an open transaction
 * @row: how it went; its deliveries given up are those since the last call
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_webhook_health_put (KontorStore *store,
                                 const KontorWebhookHealthRow *row,
                                 GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO webhook_health (endpoint, succeeded, failed, given_up, duration_us,"
             " in_a_row, failing_since, last_success, last_failure)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint) DO UPDATE SET"
             " succeeded = excluded.succeeded, failed = excluded.failed,"
             " given_up = given_up + excluded.given_up, duration_us = excluded.duration_us,"
             " in_a_row = excluded.in_a_row, failing_since = excluded.failing_since,"
             " last_success = excluded.last_success, last_failure = excluded.last_failure");
  KontorWebhookHealthRow copy = *row;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  for (int i = 0; member (&copy, i) != NULL; i++)
    if (i >= FIRST_TIME && *member (&copy, i) == 0)
      sqlite3_bind_null (statement, i + 1);
    else
      sqlite3_bind_int64 (statement, i + 1, *member (&copy, i));
  return kontor_store_run (store, statement, error);
}
