/* replica-check.c: what a copy really holds, and the rows in which it was found to be wrong. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"
#include "core/replica/replica-private.h"
#include "core/sync.h"

/* ------------------------------------------------------------------------------------ looks -- */

/**
 * kontor_replica_is_whole:
 * @file: of a copy, perhaps being written to by another thread
 *
 * Returns: whether the file is in order, as far as SQLite can tell; takes seconds for a large one
 */
gboolean
kontor_replica_is_whole (const char *file)
{
  sqlite3 *db = kontor_replica_look_into (file);
  gboolean is_whole = db != NULL && kontor_replica_check_whole (db);

  sqlite3_close (db);
  return is_whole;
}

static void
add_row (GArray *sums, sqlite3_stmt *rows)
{
  KontorReplicaSum sum
      = { .key = sqlite3_column_int64 (rows, 0), .v = sqlite3_column_int64 (rows, 2) };
  const char *id = (const char *) sqlite3_column_text (rows, 1);
  const char *body = (const char *) sqlite3_column_text (rows, 3);

  sum.digest = kontor_sync_digest (id != NULL ? id : "", sum.v, body != NULL ? body : "",
                                   (gsize) sqlite3_column_bytes (rows, 3));
  g_array_append_val (sums, sum);
}

static gboolean
read_sums (sqlite3 *db, guint kind, gint64 *seq, GArray *sums, GError **error)
{
  const gint64 first = (gint64) kind << KONTOR_TICK_BITS;
  sqlite3_stmt *rows = NULL;
  g_autofree char *newest = NULL;
  int result = sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);

  newest = kontor_replica_read_meta (db, "seq");
  *seq = newest != NULL ? g_ascii_strtoll (newest, NULL, 10) : 0;
  if (result == SQLITE_OK)
    result = sqlite3_prepare_v2 (db,
                                 "SELECT row, id, v, body FROM objects"
                                 " WHERE row BETWEEN ?1 AND ?2 ORDER BY row",
                                 -1, &rows, NULL);
  sqlite3_bind_int64 (rows, 1, first);
  sqlite3_bind_int64 (rows, 2, first | ((G_GINT64_CONSTANT (1) << KONTOR_TICK_BITS) - 1));
  while (result == SQLITE_OK && (result = sqlite3_step (rows)) == SQLITE_ROW)
    {
      add_row (sums, rows);
      result = SQLITE_OK;
    }
  sqlite3_finalize (rows);
  return result == SQLITE_DONE || kontor_replica_fail_db (db, error);
}

/**
 * kontor_replica_sums:
 * @file: of a copy, perhaps being written to by another thread
 * @kind: of row
 * @seq: (out): the newest version that the copy has heard of
 * @error: return location for a #GIOErrorEnum; %G_IO_ERROR_INVALID_DATA: the file is damaged
 *
 * Returns: (transfer full) (nullable) (element-type KontorReplicaSum): a digest of each of its rows, by
 * their keys
 */
GArray *
kontor_replica_sums (const char *file, guint kind, gint64 *seq, GError **error)
{
  sqlite3 *db = kontor_replica_look_into (file);
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (KontorReplicaSum));
  gboolean good = db != NULL ? read_sums (db, kind, seq, sums, error)
                             : kontor_replica_fail_db (NULL, error);

  sqlite3_close (db);
  return good ? g_steal_pointer (&sums) : NULL;
}

/* ------------------------------------------------------------------------------------ mends -- */

typedef struct
{
  KontorReplica *replica;
  sqlite3_stmt *get, *put, *drop;
  gint64 seq;       /* what is newer, the feed brings */
  GHashTable *seen; /* rows that the server has */
  GArray *keys;
} Mending;

static gboolean
text_is (sqlite3_stmt *row, int column, const char *text)
{
  return g_strcmp0 ((const char *) sqlite3_column_text (row, column), text) == 0;
}

static gboolean
mend_row (Mending *mending, gint64 key, const KontorValue *line, GError **error)
{
  const char *id = kontor_replica_text (line, "id");
  gint64 v = kontor_replica_number (line, "v"), created = kontor_replica_number (line, "c");
  g_auto (KontorBuffer) body = { 0 };
  gboolean same;

  kontor_json_write (&body, kontor_value_get (line, "d"));
  kontor_buffer_text (&body);
  sqlite3_bind_int64 (mending->get, 1, key);
  same = sqlite3_step (mending->get) == SQLITE_ROW && text_is (mending->get, 0, id)
         && sqlite3_column_int64 (mending->get, 1) == v
         && sqlite3_column_int64 (mending->get, 2) == created
         && text_is (mending->get, 3, body.data);
  sqlite3_reset (mending->get);
  if (same || v > mending->seq)
    return TRUE;
  sqlite3_bind_int64 (mending->put, 1, key);
  sqlite3_bind_text (mending->put, 2, id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (mending->put, 3, v);
  sqlite3_bind_int64 (mending->put, 4, created);
  sqlite3_bind_text (mending->put, 5, body.data, (int) body.length, SQLITE_STATIC);
  g_array_append_val (mending->keys, key);
  return kontor_replica_run (mending->replica, mending->put, error);
}

static gboolean
mend_line (Mending *mending, const KontorValue *line, GError **error)
{
  const char *type = kontor_replica_text (line, "t"), *id = kontor_replica_text (line, "id");
  const KontorSyncKind *kind = type != NULL ? kontor_sync_kind_find (type) : NULL;
  gint64 key = kind != NULL && id != NULL ? kontor_sync_row (kind->kind, id) : -1;

  if (key < 0 || kontor_value_get (line, "d") == NULL)
    return TRUE;
  g_hash_table_add (mending->seen, g_memdup2 (&key, sizeof key));
  return mend_row (mending, key, line, error);
}

/* The last line says how many there are; without it something was cut off. */
static gboolean
mend_page (Mending *mending, GBytes *page, GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  gsize length;
  const char *at = g_bytes_get_data (page, &length), *end = at + length, *stop;
  gint64 n = 0;

  for (; at != NULL && (stop = memchr (at, '\n', (gsize) (end - at))) != NULL; at = stop + 1)
    {
      const char *problem = NULL;
      KontorValue *line = kontor_json_parse (arena, at, (gsize) (stop - at), &problem);

      if (line == NULL || line->type != KONTOR_VALUE_OBJECT)
        break;
      if (kontor_value_get (line, "n") != NULL && kontor_replica_number (line, "n") == n)
        return TRUE;
      if (!mend_line (mending, line, error))
        return FALSE;
      n++;
      kontor_arena_reset (arena);
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       _ ("The rows to mend the copy with arrived damaged"));
  return FALSE;
}

static gboolean
drop_surplus (Mending *mending, const GArray *surplus, GError **error)
{
  for (guint i = 0; i < surplus->len; i++)
    {
      gint64 key = g_array_index (surplus, gint64, i);

      if (g_hash_table_contains (mending->seen, &key))
        continue;
      sqlite3_bind_int64 (mending->drop, 1, key);
      if (!kontor_replica_run (mending->replica, mending->drop, error))
        return FALSE;
      if (sqlite3_changes (mending->replica->db) > 0)
        g_array_append_val (mending->keys, key);
    }
  return TRUE;
}

static gboolean
mend_all (Mending *mending, const GPtrArray *pages, const GArray *surplus, GError **error)
{
  sqlite3 *db = mending->replica->db;
  g_autofree char *seq = kontor_replica_read_meta (db, "seq");

  mending->seq = seq != NULL ? g_ascii_strtoll (seq, NULL, 10) : 0;
  if (sqlite3_prepare_v2 (db, "SELECT id, v, created, body FROM objects WHERE row = ?1", -1,
                          &mending->get, NULL)
          != SQLITE_OK
      || sqlite3_prepare_v2 (db,
                             "INSERT OR REPLACE INTO objects (row, id, v, created, body)"
                             " VALUES (?1, ?2, ?3, ?4, ?5)",
                             -1, &mending->put, NULL)
             != SQLITE_OK
      || sqlite3_prepare_v2 (db, "DELETE FROM objects WHERE row = ?1", -1, &mending->drop, NULL)
             != SQLITE_OK)
    return kontor_replica_fail_db (db, error);
  for (guint i = 0; i < pages->len; i++)
    if (!mend_page (mending, pages->pdata[i], error))
      return FALSE;
  return drop_surplus (mending, surplus, error);
}

/**
 * kontor_replica_mend:
 * @replica: a copy that is ours and there
 * @pages: (element-type GBytes): rows as the server has them, as /v1/kontor/sync/rows answered
 * @surplus: (element-type gint64): rows to be deleted if they are not in @pages either
 * @keys: (element-type gint64): gets the rows that were wrong
 * @error: return location for a #GIOErrorEnum
 *
 * What is newer than what the copy has heard of is left to the feed.
 *
 * Returns: whether all of it is right now; if not, nothing was changed
 */
gboolean
kontor_replica_mend (KontorReplica *replica,
                     const GPtrArray *pages,
                     const GArray *surplus,
                     GArray *keys,
                     GError **error)
{
  Mending mending = { .replica = replica, .keys = keys };
  gboolean good;

  if (!kontor_replica_begin (replica, error))
    return FALSE;
  mending.seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  good = mend_all (&mending, pages, surplus, error);
  sqlite3_finalize (mending.get);
  sqlite3_finalize (mending.put);
  sqlite3_finalize (mending.drop);
  g_hash_table_unref (mending.seen);
  return kontor_replica_end (replica, good, keys, error);
}

/**
 * kontor_replica_note_check:
 * @replica: a copy that is ours and there
 * @at: when it was compared with the server, in Unix seconds
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether it is written down
 */
gboolean
kontor_replica_note_check (KontorReplica *replica, gint64 at, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, at);

  return kontor_replica_set_meta (replica, "checked", text, error);
}
