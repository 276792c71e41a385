/* session.c: who has signed in, and who failed to, in the database. */
#include "server/store/session.h"

#include <string.h>

#define FORGET_S 86400

/**
 * kontor_store_session_insert:
 * @store: a writable connection
 * @row: (inout): a new session; its number is set
 * @error: return location for a #GError
 *
 * Sessions of the same user that ended a quarter of a year ago go.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_session_insert (KontorStore *store, KontorSessionRow *row, GError **error)
{
  sqlite3_stmt *old = kontor_store_statement (
      store, "DELETE FROM sessions WHERE user = ?1 AND expires < ?2 - 90 * 86400");
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO sessions (hash, user, epoch, created, last_used, expires, remote, agent)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

  if (old == NULL || statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (old, 1, row->user);
  sqlite3_bind_int64 (old, 2, row->created);
  sqlite3_bind_blob (statement, 1, row->hash, sizeof row->hash, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, row->user);
  sqlite3_bind_int64 (statement, 3, row->epoch);
  sqlite3_bind_int64 (statement, 4, row->created);
  sqlite3_bind_int64 (statement, 5, row->last_used);
  sqlite3_bind_int64 (statement, 6, row->expires);
  sqlite3_bind_text (statement, 7, row->remote, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, row->agent, -1, SQLITE_STATIC);
  if (!kontor_store_run (store, old, error) || !kontor_store_run (store, statement, error))
    return FALSE;
  row->number = sqlite3_last_insert_rowid (kontor_store_handle (store));
  return TRUE;
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

#define SELECT_SESSION                                                                             \
  "SELECT number, user, sessions.epoch, sessions.created, last_used, expires, remote, agent,"      \
  " users.id, email, name, disabled IS NOT NULL OR users.epoch <> sessions.epoch"                  \
  " FROM sessions JOIN users ON key = user WHERE "

static KontorSessionRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorSessionRow){
    .number = sqlite3_column_int64 (statement, 0),
    .user = sqlite3_column_int64 (statement, 1),
    .epoch = sqlite3_column_int64 (statement, 2),
    .created = sqlite3_column_int64 (statement, 3),
    .last_used = sqlite3_column_int64 (statement, 4),
    .expires = sqlite3_column_int64 (statement, 5),
    .remote = text (arena, statement, 6),
    .agent = text (arena, statement, 7),
    .user_id = text (arena, statement, 8),
    .user_email = text (arena, statement, 9),
    .user_name = text (arena, statement, 10),
    .is_over = sqlite3_column_int (statement, 11),
  };
}

/**
 * kontor_store_session_find:
 * @store: a connection
 * @arena: where the row's strings are to live
 * @hash: of a token that somebody sent
 * @row: (out): the session, ended or not
 * @found: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_session_find (KontorStore      *store,
                           KontorArena      *arena,
                           const guint8      hash[32],
                           KontorSessionRow *row,
                           gboolean         *found,
                           GError          **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, SELECT_SESSION "hash = ?1");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, hash, 32, SQLITE_STATIC);
  result = sqlite3_step (statement);
  *found = result == SQLITE_ROW;
  if (*found)
    {
      *row = read_row (arena, statement);
      memcpy (row->hash, hash, sizeof row->hash);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_session_list:
 * @store: a connection
 * @arena: where the rows' strings are to live
 * @user: whose
 * @now: Unix seconds
 * @rows: gets #KontorSessionRow, newest first: those that have not ended
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_session_list (KontorStore *store,
                           KontorArena *arena,
                           gint64       user,
                           gint64       now,
                           GArray      *rows,
                           GError     **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, SELECT_SESSION "user = ?1 AND expires > ?2 AND disabled IS NULL"
                            " AND users.epoch = sessions.epoch ORDER BY number DESC LIMIT 1000");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  sqlite3_bind_int64 (statement, 2, now);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorSessionRow row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static gboolean
set_time (KontorStore *store, const char *sql, gint64 number, gint64 at, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, sql);

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, at);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_session_end:
 * @store: a writable connection
 * @number: which session
 * @at: the second from which it is refused
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_session_end (KontorStore *store, gint64 number, gint64 at, GError **error)
{
  return set_time (store, "UPDATE sessions SET expires = ?2 WHERE number = ?1", number, at, error);
}

/**
 * kontor_store_session_used:
 * @store: a writable connection
 * @number: which session
 * @at: Unix seconds
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_session_used (KontorStore *store, gint64 number, gint64 at, GError **error)
{
  return set_time (store, "UPDATE sessions SET last_used = ?2 WHERE number = ?1", number, at,
                   error);
}

/**
 * kontor_store_failures:
 * @store: a connection
 * @email: keyed hash of an address
 * @now: Unix seconds
 * @failed: (out): how often it failed in a row
 * @last: (out): when last
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_failures (KontorStore  *store,
                       const guint8  email[16],
                       gint64        now,
                       gint64       *failed,
                       gint64       *last,
                       GError      **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT failed, last FROM sign_in_failures WHERE email = ?1 AND last > ?2");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, email, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, now - FORGET_S);
  result = sqlite3_step (statement);
  *failed = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  *last = result == SQLITE_ROW ? sqlite3_column_int64 (statement, 1) : 0;
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_failure_add:
 * @store: a writable connection
 * @email: keyed hash of the address
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * What is older than a day goes at the same time.
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_failure_add (KontorStore *store, const guint8 email[16], gint64 now, GError **error)
{
  sqlite3_stmt *old
      = kontor_store_statement (store, "DELETE FROM sign_in_failures WHERE last <= ?1");
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO sign_in_failures (email, failed, last) VALUES (?1, 1, ?2)"
             " ON CONFLICT DO UPDATE SET failed = failed + 1, last = ?2");

  if (old == NULL || statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (old, 1, now - FORGET_S);
  sqlite3_bind_blob (statement, 1, email, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, now);
  return kontor_store_run (store, old, error) && kontor_store_run (store, statement, error);
}

/**
 * kontor_store_failures_clear:
 * @store: a writable connection
 * @email: keyed hash of the address
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_failures_clear (KontorStore *store, const guint8 email[16], GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "DELETE FROM sign_in_failures WHERE email = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, email, 16, SQLITE_STATIC);
  return kontor_store_run (store, statement, error);
}
