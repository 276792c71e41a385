/* user.c: the people who may sign in, and what they are for which merchant, in the database. */
#include "server/store/user.h"

#include <string.h>

#define COLUMNS                                                                                    \
  "key, id, email, name, password, users.created, coalesce(disabled, 0), epoch, token,"            \
  " coalesce(token_expires, 0), totp, totp_pending, totp_step"

static void
bind_time (sqlite3_stmt *statement, int at, gint64 time)
{
  if (time == 0)
    sqlite3_bind_null (statement, at);
  else
    sqlite3_bind_int64 (statement, at, time);
}

static void
bind_sealed (sqlite3_stmt *statement, int at, const KontorSealed *sealed)
{
  sqlite3_bind_blob (statement, at, sealed->bytes, (int) sealed->length, SQLITE_STATIC);
}

/* In the order in which both statements below name them. */
static void
bind_row (sqlite3_stmt *statement, const KontorUserRow *row)
{
  sqlite3_bind_int64 (statement, 1, row->key);
  sqlite3_bind_text (statement, 2, row->email, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, row->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, row->password, -1, SQLITE_STATIC);
  bind_time (statement, 5, row->disabled);
  sqlite3_bind_int64 (statement, 6, row->epoch);
  bind_sealed (statement, 7, &row->token);
  bind_time (statement, 8, row->token_expires);
  bind_sealed (statement, 9, &row->totp);
  bind_sealed (statement, 10, &row->totp_pending);
  sqlite3_bind_int64 (statement, 11, row->totp_step);
}

/**
 * kontor_store_user_insert:
 * @store: a writable connection
 * @row: somebody new
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_user_insert (KontorStore *store, const KontorUserRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO users (key, email, name, password, disabled, epoch, token,"
             " token_expires, totp, totp_pending, totp_step, id, created)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  bind_row (statement, row);
  sqlite3_bind_text (statement, 12, row->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 13, row->created);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_user_update:
 * @store: a writable connection
 * @row: somebody as they are now
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_user_update (KontorStore *store, const KontorUserRow *row, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "UPDATE users SET email = ?2, name = ?3, password = ?4, disabled = ?5, epoch = ?6,"
             " token = ?7, token_expires = ?8, totp = ?9, totp_pending = ?10, totp_step = ?11"
             " WHERE key = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  bind_row (statement, row);
  return kontor_store_run (store, statement, error);
}

static const char *
text (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const char *value = (const char *) sqlite3_column_text (statement, column);

  return value != NULL ? kontor_arena_strdup (arena, value) : NULL;
}

static KontorSealed
sealed (KontorArena *arena, sqlite3_stmt *statement, int column)
{
  const void *blob = sqlite3_column_blob (statement, column);
  gsize length = (gsize) sqlite3_column_bytes (statement, column);
  guint8 *bytes;

  if (blob == NULL)
    return (KontorSealed){ NULL, 0 };
  bytes = kontor_arena_alloc (arena, length);
  memcpy (bytes, blob, length);
  return (KontorSealed){ bytes, length };
}

static KontorUserRow
read_row (KontorArena *arena, sqlite3_stmt *statement)
{
  return (KontorUserRow){
    .key = sqlite3_column_int64 (statement, 0),
    .id = text (arena, statement, 1),
    .email = text (arena, statement, 2),
    .name = text (arena, statement, 3),
    .password = text (arena, statement, 4),
    .created = sqlite3_column_int64 (statement, 5),
    .disabled = sqlite3_column_int64 (statement, 6),
    .epoch = sqlite3_column_int64 (statement, 7),
    .token = sealed (arena, statement, 8),
    .token_expires = sqlite3_column_int64 (statement, 9),
    .totp = sealed (arena, statement, 10),
    .totp_pending = sealed (arena, statement, 11),
    .totp_step = sqlite3_column_int64 (statement, 12),
    .role = text (arena, statement, 13),
  };
}

static gboolean
read_one (KontorStore   *store,
          KontorArena   *arena,
          sqlite3_stmt  *statement,
          KontorUserRow *row,
          gboolean      *found,
          GError       **error)
{
  int result = sqlite3_step (statement);

  *found = result == SQLITE_ROW;
  if (*found)
    *row = read_row (arena, statement);
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_user_by_id:
 * @store: a connection
 * @arena: where the row is to live
 * @id: of somebody
 * @row: (out): who it is
 * @found: (out): whether there is anybody
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_user_by_id (KontorStore   *store,
                         KontorArena   *arena,
                         const char    *id,
                         KontorUserRow *row,
                         gboolean      *found,
                         GError       **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT " COLUMNS ", NULL FROM users WHERE key = ?1 AND id = ?2");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, kontor_id_tick (id));
  sqlite3_bind_text (statement, 2, id, -1, SQLITE_STATIC);
  return read_one (store, arena, statement, row, found, error);
}

/**
 * kontor_store_user_by_email:
 * @store: a connection
 * @arena: where the row is to live
 * @email: an address, lower-cased
 * @row: (out): whose it is
 * @found: (out): whether there is anybody
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_user_by_email (KontorStore   *store,
                            KontorArena   *arena,
                            const char    *email,
                            KontorUserRow *row,
                            gboolean      *found,
                            GError       **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT " COLUMNS ", NULL FROM users WHERE email = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_text (statement, 1, email, -1, SQLITE_STATIC);
  return read_one (store, arena, statement, row, found, error);
}

/**
 * kontor_store_user_by_token:
 * @store: a connection
 * @arena: where the row is to live
 * @hash: of a token that somebody sent
 * @row: (out): whom it was made for, expired or not
 * @found: (out): whether there is anybody
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_user_by_token (KontorStore   *store,
                            KontorArena   *arena,
                            const guint8   hash[32],
                            KontorUserRow *row,
                            gboolean      *found,
                            GError       **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "SELECT " COLUMNS ", NULL FROM users WHERE token = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_blob (statement, 1, hash, 32, SQLITE_STATIC);
  return read_one (store, arena, statement, row, found, error);
}

/**
 * kontor_store_user_list:
 * @store: a connection
 * @arena: where the rows are to live
 * @account: number of a merchant; 0: of whomever
 * @before: only keys below; 0: from the newest
 * @limit: how many at most
 * @rows: gets #KontorUserRow, newest first, with their role in @account
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_user_list (KontorStore *store,
                        KontorArena *arena,
                        guint        account,
                        gint64       before,
                        guint        limit,
                        GArray      *rows,
                        GError     **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT " COLUMNS ", role FROM users"
             " LEFT JOIN memberships ON user = key AND account = ?1"
             " WHERE key < ?2 AND (?1 = 0 OR role IS NOT NULL) ORDER BY key DESC LIMIT ?3");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int64 (statement, 2, before != 0 ? before : G_MAXINT64);
  sqlite3_bind_int64 (statement, 3, limit);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorUserRow row = read_row (arena, statement);

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_membership_set:
 * @store: a writable connection
 * @user: whose
 * @account: number of the merchant
 * @role: (nullable): what they are there; %NULL: nothing any more
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_membership_set (KontorStore *store,
                             gint64       user,
                             guint        account,
                             const char  *role,
                             gint64       now,
                             GError     **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, role != NULL ? "INSERT INTO memberships (user, account, role, created)"
                            " VALUES (?1, ?2, ?3, ?4)"
                            " ON CONFLICT DO UPDATE SET role = excluded.role"
                          : "DELETE FROM memberships WHERE user = ?1 AND account = ?2");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  sqlite3_bind_int64 (statement, 2, account);
  if (role != NULL)
    {
      sqlite3_bind_text (statement, 3, role, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 4, now);
    }
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_membership_list:
 * @store: a connection
 * @arena: where the rows are to live
 * @user: whose
 * @rows: gets #KontorMembershipRow, in the order in which the merchants were made
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_membership_list (KontorStore *store,
                              KontorArena *arena,
                              gint64       user,
                              GArray      *rows,
                              GError     **error)
{
  /* An account lies in its own test scope: account << 49. */
  sqlite3_stmt *statement = kontor_store_statement (
      store,
      "SELECT account, accounts.id, body ->> '$.business_profile.name', role FROM memberships"
      " JOIN accounts ON key BETWEEN account << 49 AND (account << 49) + 281474976710655"
      " JOIN versions ON seq = version WHERE user = ?1 ORDER BY account");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, user);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorMembershipRow row = {
        .account = (guint) sqlite3_column_int64 (statement, 0),
        .account_id = text (arena, statement, 1),
        .account_name = text (arena, statement, 2),
        .role = text (arena, statement, 3),
      };

      g_array_append_val (rows, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_other_owners:
 * @store: a connection
 * @account: number of a merchant
 * @user: who is not counted
 * @n: (out): how many owners there are besides, who can sign in
 * @error: return location for a #GError
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_store_other_owners (KontorStore *store,
                           guint        account,
                           gint64       user,
                           gint64      *n,
                           GError     **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT count(*) FROM memberships JOIN users ON key = user WHERE account = ?1"
             " AND role = 'owner' AND user <> ?2 AND disabled IS NULL AND password IS NOT NULL");
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_int64 (statement, 2, user);
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *n = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return result == SQLITE_ROW ? TRUE : kontor_store_problem (store, error);
}
