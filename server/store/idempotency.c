/* idempotency.c: what was answered to which Idempotency-Key, in the database.
 *
 * The keys are hashes: put straight into a table sorted by key each would touch a page of its own,
 * and at a million rows cost ten times what an appended row costs. So a new row is appended to one
 * of two small tables, with an index in memory. When that is full the other takes its turn, and the
 * full one's rows move in the order of their keys, a few with each new row, into the sorted table
 * of their day. Three of these are taken in turn, and a day is forgotten by emptying a table. */
#include "server/store/idempotency.h"

#include <string.h>

#include "server/store/idempotency-index.h"

#define DAY_S    86400
#define N_TABLES 3

/* Three quarters of a power of two: the index is just full. */
#define FRESH_ROWS 98304
/* More than one, so that a full table is moved before the other one is full. */
#define MOVED_PER_INSERT 2

/* A day's table is asked only for keys of which it holds one with the same first bits. */
#define SEEN_BITS 24

/* What the writer's connection knows of the two small tables; made again from them when the
 * database was set back. */
typedef struct
{
  KontorIdempotencyIndex index[2];
  guint current;  /* where new rows go */
  gint64 next;    /* number of the next new row, in whichever table */
  GArray *leaving; /* KontorIdempotencySlot: the other table's rows, to be moved; %NULL: none */
  guint moved;    /* so many of them are in their day's table */
  guint rollbacks; /* kontor_store_rollbacks() when this was true */
  gboolean knows[N_TABLES]; /* a day's table was empty at first: @seen tells all of it */
  guint8 *seen[N_TABLES];   /* a bit for each start of a key; %NULL: all zero */
} Fresh;

#define COLUMNS "key, params, created, request, status, version, body"
#define DAY_TABLES(X, ...)                                                                         \
  {                                                                                                \
    X ("0", __VA_ARGS__), X ("1", __VA_ARGS__), X ("2", __VA_ARGS__)                               \
  }

static const char *const insert_sql[] = {
#define INSERT(f)                                                                                  \
  "INSERT INTO idempotency_fresh_" f " (number, " COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
  INSERT ("0"),
  INSERT ("1"),
};
static const char *const scan_sql[] = {
#define SCAN(f) "SELECT number, key FROM idempotency_fresh_" f
  SCAN ("0"),
  SCAN ("1"),
};
static const char *const find_fresh_sql[] = {
#define FIND_FRESH(f) "SELECT " COLUMNS " FROM idempotency_fresh_" f " WHERE number = ?1"
  FIND_FRESH ("0"),
  FIND_FRESH ("1"),
};
static const char *const empty_sql[] = {
#define EMPTY(f) "DELETE FROM idempotency_fresh_" f
  EMPTY ("0"),
  EMPTY ("1"),
};
static const char *const forget_sql[] = {
#define FORGET(f) EMPTY (f) " WHERE created <= ?1"
  FORGET ("0"),
  FORGET ("1"),
};
static const char *const move_sql[][N_TABLES] = {
#define MOVE(n, f) \
  "INSERT OR REPLACE INTO idempotency_" n " (" COLUMNS ") SELECT " COLUMNS                         \
  " FROM idempotency_fresh_" f " WHERE number = ?1 AND created / 86400 = ?2"
  DAY_TABLES (MOVE, "0"),
  DAY_TABLES (MOVE, "1"),
};
static const char *const find_sql[N_TABLES] = {
#define FIND(n) "SELECT " COLUMNS " FROM idempotency_" n " WHERE key = ?1"
  FIND ("0"),
  FIND ("1"),
  FIND ("2"),
};
static const char *const any_sql[N_TABLES] = {
#define ANY(n) "SELECT EXISTS (SELECT 1 FROM idempotency_" n ")"
  ANY ("0"),
  ANY ("1"),
  ANY ("2"),
};
static const char *const clear_sql[N_TABLES] = {
  "DELETE FROM idempotency_0",
  "DELETE FROM idempotency_1",
  "DELETE FROM idempotency_2",
};

static guint
table_of_day (gint64 day)
{
  return (guint) (day % N_TABLES);
}

static gboolean
may_hold (const Fresh *fresh, guint table, guint64 start)
{
  gsize bit = start >> (64 - SEEN_BITS);

  if (!fresh->knows[table])
    return TRUE;
  return fresh->seen[table] != NULL && (fresh->seen[table][bit / 8] >> (bit % 8) & 1) != 0;
}

static void
note_seen (Fresh *fresh, guint table, guint64 start)
{
  gsize bit = start >> (64 - SEEN_BITS);

  if (!fresh->knows[table])
    return;
  if (fresh->seen[table] == NULL)
    fresh->seen[table] = g_malloc0 ((1 << SEEN_BITS) / 8);
  fresh->seen[table][bit / 8] |= (guint8) (1 << bit % 8);
}

static void
fresh_reset (Fresh *fresh)
{
  for (guint i = 0; i < 2; i++)
    kontor_idempotency_index_clear (&fresh->index[i]);
  for (guint i = 0; i < N_TABLES; i++)
    g_clear_pointer (&fresh->seen[i], g_free);
  g_clear_pointer (&fresh->leaving, g_array_unref);
}

static void
fresh_free (gpointer data)
{
  fresh_reset (data);
  g_free (data);
}

static gboolean
scan (KontorStore *store,
      KontorIdempotencyIndex *index,
      const char *sql,
      gint64 *last,
      GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (store, sql);
  int result = SQLITE_ERROR;

  while (statement != NULL && (result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      *last = sqlite3_column_int64 (statement, 0);
      kontor_idempotency_index_put (index, sqlite3_column_blob (statement, 1), *last);
    }
  if (statement != NULL)
    sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static void
start_moving (Fresh *fresh, guint from)
{
  fresh->leaving = kontor_idempotency_index_sorted (&fresh->index[from]);
  fresh->moved = 0;
  fresh->current = 1 - from;
}

/* A move that was under way when the server stopped begins again, over what is there already. */
static gboolean
load_fresh (KontorStore *store, Fresh *fresh, GError **error)
{
  gint64 last[2] = { 0, 0 };

  fresh_reset (fresh);
  for (guint i = 0; i < 2; i++)
    if (!scan (store, &fresh->index[i], scan_sql[i], &last[i], error))
      return FALSE;
  for (guint i = 0; i < N_TABLES; i++)
    {
      gint64 any;

      if (!kontor_store_integer (store, any_sql[i], &any, error))
        return FALSE;
      fresh->knows[i] = !any;
    }
  fresh->current = last[1] > last[0];
  fresh->next = MAX (last[0], last[1]) + 1;
  fresh->rollbacks = kontor_store_rollbacks (store);
  if (MIN (last[0], last[1]) > 0)
    start_moving (fresh, 1 - fresh->current);
  return TRUE;
}

static Fresh *
get_fresh (KontorStore *store, GError **error)
{
  Fresh *fresh = kontor_store_attached (store);

  if (fresh != NULL && fresh->rollbacks == kontor_store_rollbacks (store))
    return fresh;
  if (fresh == NULL)
    {
      fresh = g_new0 (Fresh, 1);
      kontor_store_attach (store, fresh, fresh_free);
    }
  if (load_fresh (store, fresh, error))
    return fresh;
  kontor_store_attach (store, NULL, NULL);
  return NULL;
}

/* To the table of its day: today's or yesterday's, for an older one has lapsed. */
static gboolean
move_row (KontorStore *store,
          Fresh *fresh,
          const KontorIdempotencySlot *slot,
          gint64 today,
          GError **error)
{
  for (gint64 day = today; day >= today - 1; day--)
    {
      guint table = table_of_day (day);
      sqlite3_stmt *statement = kontor_store_statement (store, move_sql[1 - fresh->current][table]);

      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_int64 (statement, 1, slot->row);
      sqlite3_bind_int64 (statement, 2, day);
      if (!kontor_store_run (store, statement, error))
        return FALSE;
      if (sqlite3_changes (kontor_store_handle (store)) == 0)
        continue;
      note_seen (fresh, table, slot->start);
      break;
    }
  return TRUE;
}

static gboolean
move_some (KontorStore *store, Fresh *fresh, gint64 today, GError **error)
{
  guint from = 1 - fresh->current;

  for (guint i = 0; i < MOVED_PER_INSERT && fresh->moved < fresh->leaving->len; i++)
    if (!move_row (store, fresh,
                   &g_array_index (fresh->leaving, KontorIdempotencySlot, fresh->moved++), today,
                   error))
      return FALSE;
  if (fresh->moved < fresh->leaving->len)
    return TRUE;
  g_clear_pointer (&fresh->leaving, g_array_unref);
  kontor_idempotency_index_clear (&fresh->index[from]);
  return kontor_store_run (store, kontor_store_statement (store, empty_sql[from]), error);
}

/**
 * kontor_store_idempotency_insert:
 * @store: a connection with an open transaction
 * @row: the first answer to a key, or the first since an earlier use lapsed
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_idempotency_insert (KontorStore *store,
                                 const KontorIdempotencyRow *row,
                                 GError **error)
{
  Fresh *fresh = get_fresh (store, error);
  sqlite3_stmt *statement;

  if (fresh == NULL)
    return FALSE;
  if (fresh->leaving == NULL && fresh->index[fresh->current].n >= FRESH_ROWS)
    start_moving (fresh, fresh->current);
  statement = kontor_store_statement (store, insert_sql[fresh->current]);
  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, fresh->next);
  sqlite3_bind_blob (statement, 2, row->key, sizeof row->key, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 3, row->params, sizeof row->params, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, row->created);
  sqlite3_bind_int64 (statement, 5, row->request);
  sqlite3_bind_int64 (statement, 6, row->status);
  if (row->version != 0)
    {
      sqlite3_bind_int64 (statement, 7, row->version);
      sqlite3_bind_null (statement, 8);
    }
  else
    {
      sqlite3_bind_null (statement, 7);
      sqlite3_bind_blob (statement, 8, row->body, (int) row->body_length, SQLITE_STATIC);
    }
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  kontor_idempotency_index_put (&fresh->index[fresh->current], row->key, fresh->next++);
  return fresh->leaving == NULL || move_some (store, fresh, row->created / DAY_S, error);
}

static void
read_row (KontorArena *arena, sqlite3_stmt *statement, KontorIdempotencyRow *row)
{
  gsize length = (gsize) sqlite3_column_bytes (statement, 6);

  memcpy (row->params, sqlite3_column_blob (statement, 1),
          MIN (sizeof row->params, (gsize) sqlite3_column_bytes (statement, 1)));
  row->created = sqlite3_column_int64 (statement, 2);
  row->request = sqlite3_column_int64 (statement, 3);
  row->status = (guint) sqlite3_column_int (statement, 4);
  row->version = sqlite3_column_int64 (statement, 5);
  row->body = kontor_arena_strndup (arena, sqlite3_column_blob (statement, 6), length);
  row->body_length = length;
}

/* Whether the bound @statement yields an answer to @key that has not lapsed. */
static gboolean
take_row (KontorStore          *store,
          KontorArena          *arena,
          sqlite3_stmt         *statement,
          const guint8          key[16],
          gint64                now,
          KontorIdempotencyRow *row,
          gboolean             *found,
          GError              **error)
{
  int result = sqlite3_step (statement);

  *found = result == SQLITE_ROW && sqlite3_column_bytes (statement, 0) == 16
           && memcmp (sqlite3_column_blob (statement, 0), key, 16) == 0
           && sqlite3_column_int64 (statement, 2) > now - DAY_S;
  if (*found)
    {
      memcpy (row->key, key, 16);
      read_row (arena, statement, row);
    }
  sqlite3_reset (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static gboolean
find_fresh (KontorStore          *store,
            Fresh                *fresh,
            KontorArena          *arena,
            const guint8          key[16],
            gint64                now,
            KontorIdempotencyRow *row,
            gboolean             *found,
            GError              **error)
{
  for (guint i = 0; i < 2 && !*found; i++)
    {
      guint table = i == 0 ? fresh->current : 1 - fresh->current;
      gint64 number = kontor_idempotency_index_get (&fresh->index[table], key);
      sqlite3_stmt *statement;

      if (number == 0)
        continue;
      statement = kontor_store_statement (store, find_fresh_sql[table]);
      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_int64 (statement, 1, number);
      if (!take_row (store, arena, statement, key, now, row, found, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * kontor_store_idempotency_find:
 * @store: the writer's connection
 * @arena: where the body is to live
 * @key: the hashed key
 * @now: Unix seconds
 * @row: (out): the answer, when there is one
 * @found: (out): whether there was one
 * @error: return location for a #GError
 *
 * Looks for a use of @key in the 24 hours before @now.
 *
 * Returns: whether the database could be asked
 */
gboolean
kontor_store_idempotency_find (KontorStore          *store,
                               KontorArena          *arena,
                               const guint8          key[16],
                               gint64                now,
                               KontorIdempotencyRow *row,
                               gboolean             *found,
                               GError              **error)
{
  Fresh *fresh = get_fresh (store, error);

  *found = FALSE;
  if (fresh == NULL || !find_fresh (store, fresh, arena, key, now, row, found, error))
    return FALSE;
  for (gint64 day = now / DAY_S; day >= now / DAY_S - 1 && !*found; day--)
    {
      sqlite3_stmt *statement;

      if (!may_hold (fresh, table_of_day (day), kontor_idempotency_start (key)))
        continue;
      statement = kontor_store_statement (store, find_sql[table_of_day (day)]);
      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_blob (statement, 1, key, 16, SQLITE_STATIC);
      if (!take_row (store, arena, statement, key, now, row, found, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * kontor_store_idempotency_clear:
 * @store: the writer's connection, with an open transaction
 * @now: Unix seconds
 * @error: return location for a #GError
 *
 * Forgets what has lapsed, and empties the table whose turn comes tomorrow: it holds the day before
 * yesterday.
 *
 * Returns: whether it was done
 */
gboolean
kontor_store_idempotency_clear (KontorStore *store, gint64 now, GError **error)
{
  guint tomorrow = table_of_day (now / DAY_S + 1);
  Fresh *fresh = get_fresh (store, error);

  if (fresh == NULL)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      sqlite3_stmt *statement = kontor_store_statement (store, forget_sql[i]);

      if (statement == NULL)
        return kontor_store_problem (store, error);
      sqlite3_bind_int64 (statement, 1, now - DAY_S);
      if (!kontor_store_run (store, statement, error))
        return FALSE;
    }
  fresh->knows[tomorrow] = TRUE;
  g_clear_pointer (&fresh->seen[tomorrow], g_free);
  return kontor_store_run (store, kontor_store_statement (store, clear_sql[tomorrow]), error);
}
