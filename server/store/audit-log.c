/* audit-log.c: who did what, in rows that are chained by their hashes.
 *
 * The byte form that is hashed is that of docs/operating/people.md, “What is kept of what was done”: changing it
 * here breaks every chain begun before. kontor-audit reads it by its own code. */
#include "server/store/audit-log.h"

#include <string.h>

#include "core/buffer.h"
#include "core/signature.h"

#define COLUMNS                                                                                    \
  "number, at, actor_kind, actor, actor_name, scope, action, object, summary, remote, request,"    \
  " outcome, previous, hash"

static void
put_int (KontorBuffer *bytes, gint64 value)
{
  guint64 big = GUINT64_TO_BE ((guint64) value);

  kontor_buffer_append (bytes, (const char *) &big, sizeof big);
}

/* Nothing is something else than an empty text. */
static void
put_text (KontorBuffer *bytes, const char *text)
{
  kontor_buffer_char (bytes, text != NULL);
  if (text == NULL)
    return;
  put_int (bytes, (gint64) strlen (text));
  kontor_buffer_puts (bytes, text);
}

/**
 * kontor_audit_hash:
 * @row: a row with all but its hash
 * @hash: (out): what its hash must be
 */
void
kontor_audit_hash (const KontorAuditRow *row, guint8 hash[32])
{
  const char *const texts[] = { row->actor_kind, row->actor,   row->actor_name,
                                row->action,     row->object,  row->summary,
                                row->remote,     row->request, row->outcome };
  g_auto (KontorBuffer) bytes = { NULL };

  kontor_buffer_char (&bytes, 'A');
  kontor_buffer_append (&bytes, (const char *) row->previous, sizeof row->previous);
  put_int (&bytes, row->number);
  put_int (&bytes, row->at);
  put_int (&bytes, row->scope);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    put_text (&bytes, texts[i]);
  kontor_hash32 (hash, NULL, bytes.data, bytes.length);
}

static void
read_hash (sqlite3_stmt *statement, int column, guint8 hash[32])
{
  int length = sqlite3_column_bytes (statement, column);

  memset (hash, 0, 32);
  if (length > 0)
    memcpy (hash, sqlite3_column_blob (statement, column), (gsize) MIN (length, 32));
}

static gboolean
find_last (KontorStore *store, KontorAuditRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  result = sqlite3_step (statement);
  row->number = 1;
  memset (row->previous, 0, sizeof row->previous);
  if (result == SQLITE_ROW)
    {
      row->number = sqlite3_column_int64 (statement, 0) + 1;
      read_hash (statement, 1, row->previous);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_audit_append:
 * @store: a connection with an open transaction
 * @row: (inout): what was done; its number and hashes are set
 * @error: return location for a #GError
 *
 * The end of the chain is read anew each time: the commands of kontord add to it beside the server.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_audit_append (KontorStore *store, KontorAuditRow *row, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "INSERT INTO audit_log (" COLUMNS
                                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  if (!find_last (store, row, error))
    return FALSE;
  kontor_audit_hash (row, row->hash);
  sqlite3_bind_int64 (statement, 1, row->number);
  sqlite3_bind_int64 (statement, 2, row->at);
  sqlite3_bind_text (statement, 3, row->actor_kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, row->actor_name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 6, row->scope);
  sqlite3_bind_text (statement, 7, row->action, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, row->object, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, row->summary, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, row->remote, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 11, row->request, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 12, row->outcome, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 13, row->previous, sizeof row->previous, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 14, row->hash, sizeof row->hash, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

static KontorAuditRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  KontorAuditRow row = {
    .number = sqlite3_column_int64 (statement, 0),
    .at = sqlite3_column_int64 (statement, 1),
    .actor_kind = text (arena, statement, 2),
    .actor = text (arena, statement, 3),
    .actor_name = text (arena, statement, 4),
    .scope = (guint) sqlite3_column_int64 (statement, 5),
    .action = text (arena, statement, 6),
    .object = text (arena, statement, 7),
    .summary = text (arena, statement, 8),
    .remote = text (arena, statement, 9),
    .request = text (arena, statement, 10),
    .outcome = text (arena, statement, 11),
  };

  read_hash (statement, 12, row.previous);
  read_hash (statement, 13, row.hash);
  return row;
}

/* A merchant's own rows, and what belongs to no merchant: of people only those who work for it. */
#define VISIBLE                                                                                    \
  "((scope >> 1 = ?1 AND (?2 < 0 OR (scope & 1) = ?2)) OR (scope = 0 AND (actor_kind <> 'user'"    \
  " OR actor IN (SELECT id FROM users JOIN memberships ON user = key WHERE account = ?1))))"

/**
 * kontor_store_audit_get:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @account: number of the merchant who asks
 * @live: 0 or 1; -1: either
 * @number: which
 * @row: (out): the row
 * @found: (out): whether there is one that @account may see
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_audit_get (KontorStore    *store,
                        KontorArena    *arena,
                        guint           account,
                        int             live,
                        gint64          number,
                        KontorAuditRow *row,
                        gboolean       *found,
                        GError        **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT " COLUMNS " FROM audit_log WHERE number = ?3 AND " VISIBLE);
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int (statement, 2, live);
  sqlite3_bind_int64 (statement, 3, number);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

#define MATCHES                                                                                    \
  "SELECT " COLUMNS " FROM audit_log WHERE " VISIBLE " AND number > ?3 AND number < ?4"            \
  " AND at >= ?5 AND at <= ?6 AND (?7 IS NULL OR actor = ?7) AND (?8 IS NULL OR object = ?8)"      \
  " AND (?9 IS NULL OR action = ?9 OR (substr (?9, -1) = '.' AND substr (action, 1, length (?9))"  \
  " = ?9)) ORDER BY number "

static void
bind_query (sqlite3_stmt *statement, const KontorAuditQuery *query)
{
  sqlite3_bind_int64 (statement, 1, query->account);
  sqlite3_bind_int (statement, 2, query->live);
  sqlite3_bind_int64 (statement, 3, query->before);
  sqlite3_bind_int64 (statement, 4, query->after != 0 ? query->after : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, query->at_min);
  sqlite3_bind_int64 (statement, 6, query->at_max != 0 ? query->at_max : G_MAXINT64);
  sqlite3_bind_text (statement, 7, query->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, query->object, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, query->action, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 10, (gint64) query->limit + 1);
}

/**
 * kontor_store_audit_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @query: which ones
 * @rows: gets #KontorAuditRow, newest first
 * @has_more: (out): whether there are more in the direction asked
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_audit_list (KontorStore            *store,
                         KontorArena            *arena,
                         const KontorAuditQuery *query,
                         GArray                 *rows,
                         gboolean               *has_more,
                         GError                **error)
{
  sqlite3_stmt *statement = query->before != 0
                                ? kontor_store_statement (store, MATCHES "ASC LIMIT ?10")
                                : kontor_store_statement (store, MATCHES "DESC LIMIT ?10");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  bind_query (statement, query);
  *has_more = FALSE;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorAuditRow row;

      *has_more = rows->len == query->limit;
      if (*has_more)
        break;
      row = read_row (arena, statement);
      if (query->before != 0)
        g_array_prepend_val (rows, row);
      else
        g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_audit_follows:
 * @store: a connection
 * @row: any row of the log
 * @follows: (out): whether the row before is there and has the hash that @row names
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_audit_follows (KontorStore          *store,
                            const KontorAuditRow *row,
                            gboolean             *follows,
                            GError              **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT hash FROM audit_log WHERE number = ?1 - 1");
  guint8 hash[32] = { 0 };
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, row->number);
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    read_hash (statement, 0, hash);
  sqlite3_reset (statement);
  *follows = (result == SQLITE_ROW) == (row->number > 1)
             && memcmp (hash, row->previous, sizeof hash) == 0;
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_audit_unsealed:
 * @store: a connection
 * @seal: (out): number and hash of the newest row, when no seal covers it yet; else its number is 0
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_audit_unsealed (KontorStore *store, KontorAuditSeal *seal, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, hash FROM audit_log WHERE number > coalesce ((SELECT max (number)"
             " FROM audit_seals), 0) ORDER BY number DESC LIMIT 1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  result = sqlite3_step (statement);
  memset (seal, 0, sizeof *seal);
  if (result == SQLITE_ROW)
    {
      seal->number = sqlite3_column_int64 (statement, 0);
      read_hash (statement, 1, seal->hash);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_audit_seal_insert:
 * @store: a writable connection
 * @seal: a signature over a row
 * @error: return location for a #GError
 *
 * It takes the place of all before: each row's hash covers the rows before it.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_audit_seal_insert (KontorStore *store, const KontorAuditSeal *seal, GError **error)
{
  sqlite3_stmt *old = kontor_store_statement (store, "DELETE FROM audit_seals");
  sqlite3_stmt *statement
      = kontor_store_statement (store, "INSERT INTO audit_seals (number, hash, signature, created)"
                                       " VALUES (?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  if (!kontor_store_run (store, old, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, seal->number);
  sqlite3_bind_blob (statement, 2, seal->hash, sizeof seal->hash, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 3, seal->signature, sizeof seal->signature, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, seal->created);
  return kontor_store_run (store, statement, error);
}
