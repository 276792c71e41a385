/* block.c: the seal in the database: signed blocks, and the rows they are made of. */
#include "server/store/block.h"

#include <string.h>

#include "core/resource.h"

static gboolean
read_bytes (sqlite3_stmt *statement, int column, guint8 *bytes, int length)
{
  if (sqlite3_column_bytes (statement, column) != length)
    return FALSE;
  memcpy (bytes, sqlite3_column_blob (statement, column), (gsize) length);
  return TRUE;
}

/* The row that @statement gives; all zero when it gives none. */
static gboolean
read_block (KontorStore *store, sqlite3_stmt *statement, KontorBlock *block, GError **error)
{
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_ERROR;
  gboolean whole = TRUE;

  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (store, error);
  memset (block, 0, sizeof *block);
  if (result == SQLITE_ROW)
    {
      block->number = sqlite3_column_int64 (statement, 0);
      block->last_entry = sqlite3_column_int64 (statement, 1);
      block->last_version = sqlite3_column_int64 (statement, 2);
      block->created = sqlite3_column_int64 (statement, 3);
      whole = read_bytes (statement, 4, block->root, sizeof block->root)
              && read_bytes (statement, 5, block->previous, sizeof block->previous)
              && read_bytes (statement, 6, block->signature, sizeof block->signature);
    }
  sqlite3_reset (statement);
  if (!whole)
    g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                 "block %" G_GINT64_FORMAT " is not whole", block->number);
  return whole;
}

/**
 * kontor_store_block_last:
 * @store: a connection
 * @block: (out caller-allocates): the newest block; all zero when nothing was sealed yet
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_block_last (KontorStore *store, KontorBlock *block, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, last_entry, last_version, created, root, previous, signature"
             " FROM blocks ORDER BY number DESC LIMIT 1");

  return read_block (store, statement, block, error);
}

static gboolean
get_block (KontorStore *store, gint64 number, KontorBlock *block, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, last_entry, last_version, created, root, previous, signature"
             " FROM blocks WHERE number = ?1");

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, number);
  return read_block (store, statement, block, error);
}

/**
 * kontor_store_block_of:
 * @store: a connection
 * @entry: the number of an entry
 * @block: (out caller-allocates): the block that it is in; all zero when it is not sealed yet
 * @error: return location for a #GError
 *
 * Blocks are numbered without a gap and their last entries rise, so the right one is found by
 * halving.
 *
 * Returns: whether it could be read
 */
gboolean
kontor_store_block_of (KontorStore *store, gint64 entry, KontorBlock *block, GError **error)
{
  gint64 low = 1, high;

  if (!kontor_store_block_last (store, block, error))
    return FALSE;
  if (block->last_entry < entry)
    {
      memset (block, 0, sizeof *block);
      return TRUE;
    }
  for (high = block->number; low < high;)
    {
      gint64 middle = (low + high) / 2;

      if (!get_block (store, middle, block, error))
        return FALSE;
      if (block->last_entry >= entry)
        high = middle;
      else
        low = middle + 1;
    }
  return get_block (store, low, block, error);
}

/**
 * kontor_store_entry_is_there:
 * @store: a connection
 * @entry: the number of an entry
 * @scope: whose it has to be
 * @found: (out): whether it is there
 * @error: return location for a #GError
 *
 * Returns: whether that could be read
 */
gboolean
kontor_store_entry_is_there (KontorStore *store,
                             gint64 entry,
                             guint scope,
                             gboolean *found,
                             GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT 1 FROM entries WHERE number = ?1 AND scope = ?2");
  int result = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, entry);
      sqlite3_bind_int64 (statement, 2, scope);
      result = sqlite3_step (statement);
      sqlite3_reset (statement);
    }
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return kontor_store_problem (store, error);
  *found = result == SQLITE_ROW;
  return TRUE;
}

/**
 * kontor_store_block_insert:
 * @store: a connection with an open transaction
 * @block: a signed block with the next number
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_block_insert (KontorStore *store, const KontorBlock *block, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store,
      "INSERT INTO blocks (number, last_entry, last_version, created, root, previous, signature)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, block->number);
  sqlite3_bind_int64 (statement, 2, block->last_entry);
  sqlite3_bind_int64 (statement, 3, block->last_version);
  sqlite3_bind_int64 (statement, 4, block->created);
  sqlite3_bind_blob (statement, 5, block->root, sizeof block->root, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 6, block->previous, sizeof block->previous, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 7, block->signature, sizeof block->signature, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

static const char *
text_of (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL ? text : "";
}

/**
 * kontor_store_block_lines:
 * @store: a connection
 * @after: the last entry that is not wanted
 * @last: the last entry that is
 * @func: (scope call): called for each posting, and once for an entry that has none
 * @data: for @func
 * @error: return location for a #GError
 *
 * Returns: whether all of them could be read
 */
gboolean
kontor_store_block_lines (KontorStore *store,
                          gint64 after,
                          gint64 last,
                          KontorBlockLineFunc func,
                          gpointer data,
                          GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT e.number, e.scope, e.kind, e.source, e.created, p.number, a.scope, a.kind,"
             " a.currency, a.available_on, p.amount"
             " FROM entries e"
             " LEFT JOIN postings p ON p.number BETWEEN e.number << 6 AND e.number << 6 | 63"
             " LEFT JOIN ledger_accounts a ON a.number = p.account"
             " WHERE e.number > ?1 AND e.number <= ?2 ORDER BY e.number, p.number");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, last);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorBlockLine line = {
        .entry = sqlite3_column_int64 (statement, 0),
        .scope = sqlite3_column_int64 (statement, 1),
        .kind = text_of (statement, 2),
        .source = sqlite3_column_int64 (statement, 3),
        .created = sqlite3_column_int64 (statement, 4),
        .posting = sqlite3_column_int64 (statement, 5),
        .account_scope = sqlite3_column_int64 (statement, 6),
        .account_kind = text_of (statement, 7),
        .currency = text_of (statement, 8),
        .available_on = sqlite3_column_int64 (statement, 9),
        .amount = sqlite3_column_int64 (statement, 10),
      };

      func (&line, data);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/* Made once: a statement is found again by the address of its text. */
static const char *
born_sql (gint64 kind)
{
  static gsize made;
  static const char *sql[KONTOR_N_KINDS];

  if (g_once_init_enter (&made))
    {
      for (guint i = 0; i < KONTOR_N_KINDS; i++)
        if (kontor_resources[i] != NULL && kontor_resources[i]->table != NULL)
          sql[i] = g_strdup_printf ("SELECT id, created FROM %s WHERE key = ?1",
                                    kontor_resources[i]->table);
      g_once_init_leave (&made, 1);
    }
  return kind > 0 && kind < KONTOR_N_KINDS ? sql[kind] : NULL;
}

/* An object's id and birth stand in its noun's row alone: its first version vouches for them.
 * @version borrows from @row, which is to be reset when the version was used. */
static gboolean
find_birth (KontorStore *store, KontorBlockVersion *version, sqlite3_stmt **row, GError **error)
{
  const char *sql = born_sql (version->kind);

  *row = sql != NULL ? kontor_store_statement (store, sql) : NULL;
  if (sql == NULL)
    {
      g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                   "version %" G_GINT64_FORMAT " is of no kind that is stored", version->seq);
      return FALSE;
    }
  if (*row == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (*row, 1, version->object);
  if (sqlite3_step (*row) == SQLITE_ROW)
    {
      version->id = text_of (*row, 0);
      version->born = sqlite3_column_int64 (*row, 1);
      return TRUE;
    }
  sqlite3_reset (*row);
  g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
               "version %" G_GINT64_FORMAT " is of an object that is not there", version->seq);
  return FALSE;
}

static gboolean
give_version (KontorStore *store,
              sqlite3_stmt *statement,
              KontorBlockVersionFunc func,
              gpointer data,
              GError **error)
{
  KontorBlockVersion version = {
    .seq = sqlite3_column_int64 (statement, 0),
    .kind = sqlite3_column_int64 (statement, 1),
    .object = sqlite3_column_int64 (statement, 2),
    .prev = sqlite3_column_int64 (statement, 3),
    .body = text_of (statement, 4),
    .length = (gsize) sqlite3_column_bytes (statement, 4),
  };
  sqlite3_stmt *row = NULL;

  if (version.prev == 0 && !find_birth (store, &version, &row, error))
    return FALSE;
  func (&version, data);
  if (row != NULL)
    sqlite3_reset (row);
  return TRUE;
}

/**
 * kontor_store_block_versions:
 * @store: a connection
 * @after: the last version that is not wanted
 * @last: the last version that is
 * @func: (scope call): called for each version
 * @data: for @func
 * @error: return location for a #GError
 *
 * Returns: whether all of them could be read
 */
gboolean
kontor_store_block_versions (KontorStore *store,
                             gint64 after,
                             gint64 last,
                             KontorBlockVersionFunc func,
                             gpointer data,
                             GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT seq, kind, object, prev, body FROM versions"
                                       " WHERE seq > ?1 AND seq <= ?2 ORDER BY seq");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, last);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    if (!give_version (store, statement, func, data, error))
      {
        sqlite3_reset (statement);
        return FALSE;
      }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}
