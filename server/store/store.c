/* store.c: one connection to the database: statements, transactions, migrations. */
#include "server/store/store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "kontor-migrations.h"

struct _KontorStore
{
  sqlite3 *db;
  GHashTable *statements; /* SQL text by address → sqlite3_stmt */
  guint       rollbacks;
  gpointer    attached;
  GDestroyNotify free_attached;
};

G_DEFINE_QUARK (kontor - store - error - quark, kontor_store_error)

/* A writer waits this long for another process (a key being made, a backup) before it gives up. */
#define BUSY_TIMEOUT_MS 10000

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

static KontorStoreError
error_code (int result)
{
  switch (result & 0xff)
    {
    case SQLITE_FULL:
      return KONTOR_STORE_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return KONTOR_STORE_ERROR_CORRUPT;
    default:
      return KONTOR_STORE_ERROR_FAILED;
    }
}

/**
 * kontor_store_problem:
 * @store: a connection on which a call just failed
 * @error: return location for a #GError of #KONTOR_STORE_ERROR
 *
 * Returns: always %FALSE, so that a check can end in one line
 */
gboolean
kontor_store_problem (KontorStore *store, GError **error)
{
  g_set_error (error, KONTOR_STORE_ERROR, error_code (sqlite3_extended_errcode (store->db)), "%s",
               sqlite3_errmsg (store->db));
  return FALSE;
}

static gboolean
execute (KontorStore *store, const char *sql, GError **error)
{
  if (sqlite3_exec (store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return kontor_store_problem (store, error);
}

static gboolean
make_directory (const char *data_dir, GError **error)
{
  if (g_mkdir_with_parents (data_dir, 0700) == 0)
    return TRUE;
  g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
               "The data directory %s cannot be made: %s", data_dir, g_strerror (errno));
  return FALSE;
}

/**
 * kontor_store_open:
 * @data_dir: the directory that holds kontor.db
 * @writable: whether this connection may write; then the directory and an empty database are made
 *   when they are missing
 * @error: return location for a #GError
 *
 * A writable connection commits durably (WAL, synchronous=FULL). One thread may use it at a time.
 *
 * Returns: (transfer full): the connection, or %NULL
 */
KontorStore *
kontor_store_open (const char *data_dir, gboolean writable, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "kontor.db", NULL);
  int flags = SQLITE_OPEN_NOMUTEX
              | (writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  g_autoptr (KontorStore) store = NULL;
  int result;

  if (writable && !make_directory (data_dir, error))
    return NULL;
  store = g_new0 (KontorStore, 1);
  store->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  result = sqlite3_open_v2 (path, &store->db, flags, NULL);
  if (result != SQLITE_OK)
    {
      g_set_error (error, KONTOR_STORE_ERROR, error_code (result), "%s cannot be opened: %s", path,
                   store->db != NULL ? sqlite3_errmsg (store->db) : sqlite3_errstr (result));
      return NULL;
    }
  if (writable)
    (void) g_chmod (path, 0600);
  sqlite3_busy_timeout (store->db, BUSY_TIMEOUT_MS);
  if (!execute (store, "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF", error)
      || !execute (store, writable ? "PRAGMA cache_size = -12000" : "PRAGMA cache_size = -4000",
                   error))
    return NULL;
  if (writable
      && !execute (store,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA wal_autocheckpoint = 0",
                   error))
    return NULL;
  return g_steal_pointer (&store);
}

/**
 * kontor_store_close:
 * @store: (transfer full) (nullable): a connection
 */
void
kontor_store_close (KontorStore *store)
{
  if (store == NULL)
    return;
  kontor_store_attach (store, NULL, NULL);
  g_hash_table_unref (store->statements);
  sqlite3_close_v2 (store->db);
  g_free (store);
}

/**
 * kontor_store_attach:
 * @store: a connection
 * @data: (nullable): what a file of this layer keeps in memory about the rows it writes over @store
 * @free_data: (nullable): frees it, with the connection or when another takes its place
 */
void
kontor_store_attach (KontorStore *store, gpointer data, GDestroyNotify free_data)
{
  if (store->free_attached != NULL)
    store->free_attached (store->attached);
  store->attached = data;
  store->free_attached = free_data;
}

/**
 * kontor_store_attached:
 * @store: a connection
 *
 * Returns: (transfer none) (nullable): what was attached last
 */
gpointer
kontor_store_attached (KontorStore *store)
{
  return store->attached;
}

/**
 * kontor_store_rollbacks:
 * @store: a connection
 *
 * Returns: how often a transaction was taken back: what is kept in memory about its rows is wrong then
 */
guint
kontor_store_rollbacks (KontorStore *store)
{
  return store->rollbacks;
}

/**
 * kontor_store_handle:
 * @store: a connection
 *
 * Returns: (transfer none): SQLite's own handle, for what only it can do
 */
sqlite3 *
kontor_store_handle (KontorStore *store)
{
  return store->db;
}

static gboolean
migrate_once (KontorStore *store, guint version, GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", version);

  return execute (store, kontor_migrations[version - 1].sql, error) && execute (store, mark, error);
}

/**
 * kontor_store_migrate:
 * @store: a writable connection
 * @error: return location for a #GError; %KONTOR_STORE_ERROR_NEWER when a newer Kontor wrote the file
 *
 * Brings the schema to the newest version, each migration in a transaction of its own. Two
 * processes may do this at the same time: the second finds the work done.
 *
 * Returns: %TRUE when the schema is the newest
 */
gboolean
kontor_store_migrate (KontorStore *store, GError **error)
{
  for (;;)
    {
      gint64 version;

      if (!kontor_store_begin (store, error))
        return FALSE;
      if (!kontor_store_integer (store, "PRAGMA user_version", &version, error))
        goto fail;
      if (version > kontor_n_migrations)
        {
          g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_NEWER,
                       "The database has schema %" G_GINT64_FORMAT
                       ", this program knows %u: start a newer kontord",
                       version, kontor_n_migrations);
          goto fail;
        }
      if (version == kontor_n_migrations)
        {
          kontor_store_rollback (store);
          return TRUE;
        }
      if (!migrate_once (store, (guint) version + 1, error) || !kontor_store_commit (store, error))
        goto fail;
    }

fail:
  kontor_store_rollback (store);
  return FALSE;
}

/**
 * kontor_store_statement:
 * @store: a connection
 * @sql: one statement, in memory that outlives @store: found again by its address
 *
 * Returns: (transfer none) (nullable): the statement, reset and unbound; %NULL on an error
 */
sqlite3_stmt *
kontor_store_statement (KontorStore *store, const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (store->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      return statement;
    }
  if (sqlite3_prepare_v3 (store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    return NULL;
  g_hash_table_insert (store->statements, (gpointer) sql, statement);
  return statement;
}

/**
 * kontor_store_run:
 * @store: a connection
 * @statement: (nullable): what kontor_store_statement() gave, bound
 * @error: return location for a #GError
 *
 * Returns: whether the statement ran to its end
 */
gboolean
kontor_store_run (KontorStore *store, sqlite3_stmt *statement, GError **error)
{
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  do
    result = sqlite3_step (statement);
  while (result == SQLITE_ROW);
  if (result != SQLITE_DONE)
    {
      kontor_store_problem (store, error);
      sqlite3_reset (statement);
      return FALSE;
    }
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * kontor_store_integer:
 * @store: a connection
 * @sql: a statement without parameters, as for kontor_store_statement()
 * @value: (out): the first column of the first row; 0 when there is none
 * @error: return location for a #GError
 *
 * Returns: whether the statement could be run
 */
gboolean
kontor_store_integer (KontorStore *store, const char *sql, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, sql);
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_ERROR;

  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (store, error);
  *value = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/**
 * kontor_store_begin:
 * @store: a connection; a writable one takes the write lock at once
 * @error: return location for a #GError
 *
 * Returns: whether a transaction is open
 */
gboolean
kontor_store_begin (KontorStore *store, GError **error)
{
  const char *sql = sqlite3_db_readonly (store->db, "main") ? "BEGIN" : "BEGIN IMMEDIATE";

  return kontor_store_run (store, kontor_store_statement (store, sql), error);
}

/**
 * kontor_store_commit:
 * @store: a connection with an open transaction
 * @error: return location for a #GError
 *
 * Returns: whether all of it is on disk; if not, the transaction is still open and must be rolled back
 */
gboolean
kontor_store_commit (KontorStore *store, GError **error)
{
  return kontor_store_run (store, kontor_store_statement (store, "COMMIT"), error);
}

/**
 * kontor_store_rollback:
 * @store: a connection; nothing happens when no transaction is open
 */
void
kontor_store_rollback (KontorStore *store)
{
  store->rollbacks++;
  if (!sqlite3_get_autocommit (store->db))
    sqlite3_exec (store->db, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * kontor_store_backup:
 * @store: a connection
 * @file: where the copy goes; replaced when it exists
 * @error: return location for a #GError
 *
 * Copies the database as it is at one moment, also while others write.
 *
 * Returns: whether the copy is whole
 */
gboolean
kontor_store_backup (KontorStore *store, const char *file, GError **error)
{
  sqlite3 *copy = NULL;
  sqlite3_backup *backup = NULL;
  int result;

  result = sqlite3_open_v2 (file, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (result == SQLITE_OK)
    {
      (void) g_chmod (file, 0600);
      backup = sqlite3_backup_init (copy, "main", store->db, "main");
    }
  if (backup != NULL)
    {
      sqlite3_backup_step (backup, -1);
      sqlite3_backup_finish (backup);
    }
  result = sqlite3_errcode (copy);
  if (result != SQLITE_OK)
    g_set_error (error, KONTOR_STORE_ERROR, error_code (result), "%s: %s", file,
                 sqlite3_errmsg (copy));
  sqlite3_close (copy);
  return result == SQLITE_OK;
}
