/* webhook-secret.c: what webhook payloads are signed with, sealed, in the database. */
#include "server/store/webhook-secret.h"

#include <string.h>

/**
 * kontor_store_webhook_secret_insert:
 * @store: a writable connection
 * @row: (inout): a new secret; its number is set
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_webhook_secret_insert (KontorStore *store, KontorWebhookSecretRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO webhook_secrets (endpoint, kind, sealed, created, expires)"
             " VALUES (?1, ?2, ?3, ?4, nullif(?5, 0))");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->endpoint);
  sqlite3_bind_int64 (statement, 2, row->kind);
  sqlite3_bind_blob (statement, 3, row->sealed, (int) row->length, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, row->created);
  sqlite3_bind_int64 (statement, 5, row->expires);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  row->number = sqlite3_last_insert_rowid (kontor_store_handle (store));
  return TRUE;
}

/**
 * kontor_store_webhook_secrets_expire:
 * @store: a writable connection
 * @endpoint: key of an endpoint
 * @kind: of which kind; 0 is any
 * @at: the second from which what signs for it now no longer does; what was to end earlier still does
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_webhook_secrets_expire (KontorStore *store,
                                     gint64 endpoint,
                                     KontorSecretKind kind,
                                     gint64 at,
                                     GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "UPDATE webhook_secrets SET expires = ?2 WHERE endpoint = ?1"
             " AND (expires IS NULL OR expires > ?2) AND (?3 = 0 OR kind = ?3)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, endpoint);
  sqlite3_bind_int64 (statement, 2, at);
  sqlite3_bind_int64 (statement, 3, kind);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_webhook_secrets_forget:
 * @store: a writable connection
 * @endpoint: key of an endpoint
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * A secret that signs no more is of no use to anybody but a thief.
 *
 * Returns: whether what had expired is gone
 */
gboolean
kontor_store_webhook_secrets_forget (KontorStore *store,
                                     gint64 endpoint,
                                     gint64 now,
                                     GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "DELETE FROM webhook_secrets WHERE endpoint = ?1 AND expires <= ?2");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, endpoint);
  sqlite3_bind_int64 (statement, 2, now);
  return kontor_store_run (store, statement, error);
}

static KontorWebhookSecretRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  gsize length = (gsize) sqlite3_column_bytes (statement, 3);
  guint8 *sealed = kontor_arena_alloc (arena, length + 1);

  if (length > 0)
    memcpy (sealed, sqlite3_column_blob (statement, 3), length);
  return (KontorWebhookSecretRow){
    .number = sqlite3_column_int64 (statement, 0),
    .endpoint = sqlite3_column_int64 (statement, 1),
    .kind = (KontorSecretKind) sqlite3_column_int (statement, 2),
    .sealed = sealed,
    .length = length,
    .created = sqlite3_column_int64 (statement, 4),
    .expires = sqlite3_column_int64 (statement, 5),
  };
}

/**
 * kontor_store_webhook_secrets:
 * @store: a connection
 * @arena: where what is sealed is to live
 * @endpoint: key of an endpoint
 * @now: Unix seconds
 * @rows: gets #KontorWebhookSecretRow, newest first
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_webhook_secrets (KontorStore *store,
                              KontorArena *arena,
                              gint64 endpoint,
                              gint64 now,
                              GArray *rows,
                              GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, endpoint, kind, sealed, created, coalesce(expires, 0)"
             " FROM webhook_secrets WHERE endpoint = ?1 AND (expires IS NULL OR expires > ?2)"
             " ORDER BY number DESC");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, endpoint);
  sqlite3_bind_int64 (statement, 2, now);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorWebhookSecretRow row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
