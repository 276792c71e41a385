/* webhook.c: all webhook endpoints, for those who send. */
#include "server/store/webhook.h"

#include "server/store/object.h"

static gboolean
read_keys (KontorStore *store, gint64 version, GArray *keys, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT key FROM webhook_endpoints WHERE version > ?1 ORDER BY version");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, version);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 key = sqlite3_column_int64 (statement, 0);

      g_array_append_val (keys, key);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_webhook_endpoints:
 * @store: a connection
 * @version: 0 for all of them; else those changed since that version of the log
 * @each: called for each, the one changed last at the end; also for those that are deleted
 * @data: for @each
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_webhook_endpoints (KontorStore *store,
                                gint64 version,
                                KontorEndpointFunc each,
                                gpointer data,
                                GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  if (!read_keys (store, version, keys, error))
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    {
      const KontorWebhookEndpoint *endpoint = kontor_store_object_get_by_key (
          store, arena, &kontor_webhook_endpoint_resource, g_array_index (keys, gint64, i), error);

      if (endpoint == NULL)
        return FALSE;
      each (endpoint, data);
      kontor_arena_reset (arena);
    }
  return TRUE;
}

/**
 * kontor_store_webhook_endpoint_count:
 * @store: a connection
 * @scope: whose
 * @n: (out): how many that are not deleted
 * @error: return location for a #GError
 *
 * Returns: whether they could be counted
 */
gboolean
kontor_store_webhook_endpoint_count (KontorStore *store, guint scope, guint *n, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT count(*) FROM webhook_endpoints"
                                       " WHERE key >= ?1 AND key < ?2 AND deleted = 0");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, kontor_key (scope, 0));
  sqlite3_bind_int64 (statement, 2, kontor_key (scope + 1, 0));
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *n = (guint) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return result == SQLITE_ROW ? TRUE : kontor_store_problem (store, error);
}
