/* row-source.c: reads objects out of a replica's file. */
#include "core/console/row-source.h"

#include <sqlite3.h>

#include "core/id.h"

#define MAP_SIZE "1073741824"
#define BUSY_MS 2000

struct _KontorRowSource
{
  sqlite3 *db;
  sqlite3_stmt *get, *each, *first, *last, *newest, *meta;
  GString *id, *body; /* of the object read last */
};

static gboolean
fail (KontorRowSource *source, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the replica cannot be read: %s",
               source->db != NULL ? sqlite3_errmsg (source->db) : "no memory");
  return FALSE;
}

static sqlite3_stmt *
prepare (KontorRowSource *source, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  sqlite3_prepare_v3 (source->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  return statement;
}

/**
 * kontor_row_source_open:
 * @file: a replica
 * @error: return location for a #GError
 *
 * Opens it for reading alone: another thread or program may write to it meanwhile.
 *
 * Returns: (transfer full): the source, or %NULL with a #GIOErrorEnum
 */
KontorRowSource *
kontor_row_source_open (const char *file, GError **error)
{
  g_autoptr (KontorRowSource) source = g_new0 (KontorRowSource, 1);

  if (sqlite3_open_v2 (file, &source->db,
                       SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL)
      != SQLITE_OK)
    {
      fail (source, error);
      return NULL;
    }
  source->id = g_string_new (NULL);
  source->body = g_string_new (NULL);
  sqlite3_busy_timeout (source->db, BUSY_MS);
  sqlite3_exec (source->db, "PRAGMA mmap_size=" MAP_SIZE, NULL, NULL, NULL);
  source->get = prepare (source, "SELECT row, id, v, created, body FROM objects WHERE row = ?1");
  source->each = prepare (source, "SELECT row, NULL, v, created, body FROM objects"
                                  " WHERE row BETWEEN ?1 AND ?2 ORDER BY row");
  source->first = prepare (source, "SELECT min (row) FROM objects WHERE row BETWEEN ?1 AND ?2");
  source->last = prepare (source, "SELECT max (row) FROM objects WHERE row BETWEEN ?1 AND ?2");
  source->newest = prepare (source, "SELECT row FROM objects WHERE row BETWEEN ?1 AND ?2"
                                    " ORDER BY row DESC LIMIT ?3");
  source->meta = prepare (source, "SELECT value FROM meta WHERE name = ?1");
  if (source->get == NULL || source->each == NULL || source->first == NULL || source->last == NULL
      || source->newest == NULL || source->meta == NULL)
    {
      fail (source, error);
      return NULL;
    }
  return g_steal_pointer (&source);
}

/**
 * kontor_row_source_close:
 * @source: (transfer full) (nullable): a source
 */
void
kontor_row_source_close (KontorRowSource *source)
{
  if (source == NULL)
    return;
  sqlite3_finalize (source->get);
  sqlite3_finalize (source->each);
  sqlite3_finalize (source->first);
  sqlite3_finalize (source->last);
  sqlite3_finalize (source->newest);
  sqlite3_finalize (source->meta);
  sqlite3_close_v2 (source->db);
  if (source->id != NULL)
    g_string_free (source->id, TRUE);
  if (source->body != NULL)
    g_string_free (source->body, TRUE);
  g_free (source);
}

static const char *
read_meta (KontorRowSource *source, const char *name)
{
  sqlite3_reset (source->meta);
  sqlite3_bind_text (source->meta, 1, name, -1, SQLITE_STATIC);
  return sqlite3_step (source->meta) == SQLITE_ROW
             ? (const char *) sqlite3_column_text (source->meta, 0)
             : NULL;
}

/**
 * kontor_row_source_state:
 * @source: a source
 *
 * The cursor moves with every page of the feed, in the same transaction; the newest version that a
 * snapshot says it has does not.
 *
 * Returns: (transfer full) (nullable): a text that is another one whenever the replica has other
 * rows; %NULL when it says nothing of itself
 */
char *
kontor_row_source_state (KontorRowSource *source)
{
  static const char *const names[] = { "epoch", "seq", "cursor" };
  g_autoptr (GString) state = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = read_meta (source, names[i]);

      g_string_append_printf (state, "%s\n", value != NULL ? value : "");
    }
  sqlite3_reset (source->meta);
  return *state->str == '\n' ? NULL
                             : g_compute_checksum_for_string (G_CHECKSUM_SHA256, state->str, -1);
}

static gboolean
read_end (sqlite3_stmt *statement, guint kind, gint64 *key)
{
  gboolean found;

  sqlite3_bind_int64 (statement, 1, kontor_key (kind, 0));
  sqlite3_bind_int64 (statement, 2, kontor_key (kind, KONTOR_TICK_MASK));
  found = sqlite3_step (statement) == SQLITE_ROW
          && sqlite3_column_type (statement, 0) == SQLITE_INTEGER;
  if (found)
    *key = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return found;
}

/**
 * kontor_row_source_range:
 * @source: a source
 * @kind: a kind of objects
 * @first: (out): the key of its first object
 * @last: (out): the key of its last one
 *
 * Returns: whether there are any
 */
gboolean
kontor_row_source_range (KontorRowSource *source, guint kind, gint64 *first, gint64 *last)
{
  return read_end (source->first, kind, first) && read_end (source->last, kind, last);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/**
 * kontor_row_source_newest:
 * @source: a source
 * @kind: a kind of objects
 * @n: how many at most
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type gint64): the keys of the newest objects, oldest first, or
 * %NULL with a #GIOErrorEnum
 */
GArray *
kontor_row_source_newest (KontorRowSource *source, guint kind, guint n, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  int status;

  sqlite3_bind_int64 (source->newest, 1, kontor_key (kind, 0));
  sqlite3_bind_int64 (source->newest, 2, kontor_key (kind, KONTOR_TICK_MASK));
  sqlite3_bind_int64 (source->newest, 3, n);
  while ((status = sqlite3_step (source->newest)) == SQLITE_ROW)
    {
      gint64 key = sqlite3_column_int64 (source->newest, 0);

      g_array_append_val (keys, key);
    }
  if (status != SQLITE_DONE)
    fail (source, error);
  sqlite3_reset (source->newest);
  g_array_sort (keys, compare_keys);
  return status == SQLITE_DONE ? g_steal_pointer (&keys) : NULL;
}

static void
read_row (sqlite3_stmt *statement, KontorRow *row)
{
  row->key = sqlite3_column_int64 (statement, 0);
  row->id = (const char *) sqlite3_column_text (statement, 1);
  row->version = sqlite3_column_int64 (statement, 2);
  row->created = sqlite3_column_int64 (statement, 3);
  row->body = (const char *) sqlite3_column_text (statement, 4);
  row->length = (gsize) sqlite3_column_bytes (statement, 4);
  if (row->body == NULL)
    row->body = "";
}

/**
 * kontor_row_source_each:
 * @source: a source
 * @first: the first key
 * @last: the last key
 * @func: (scope call): called for each object between them, in the order of their keys
 * @data: for @func
 * @error: return location for a #GError
 *
 * All rows are of one moment.
 *
 * Returns: whether the rows could be read; also when @func stopped it
 */
gboolean
kontor_row_source_each (KontorRowSource *source,
                        gint64 first,
                        gint64 last,
                        KontorRowFunc func,
                        gpointer data,
                        GError **error)
{
  KontorRow row;
  int status;

  sqlite3_bind_int64 (source->each, 1, first);
  sqlite3_bind_int64 (source->each, 2, last);
  while ((status = sqlite3_step (source->each)) == SQLITE_ROW)
    {
      read_row (source->each, &row);
      if (!func (&row, data))
        break;
    }
  if (status != SQLITE_ROW && status != SQLITE_DONE)
    fail (source, error);
  sqlite3_reset (source->each);
  return status == SQLITE_ROW || status == SQLITE_DONE;
}

/**
 * kontor_row_source_get:
 * @source: a source
 * @key: of the object
 * @row: (out): the object; its texts hold until @source reads the next one
 * @error: return location for a #GError
 *
 * Returns: %TRUE, or %FALSE when there is none: without an error, or with one when the replica
 * cannot be read
 */
gboolean
kontor_row_source_get (KontorRowSource *source, gint64 key, KontorRow *row, GError **error)
{
  int status;

  sqlite3_bind_int64 (source->get, 1, key);
  status = sqlite3_step (source->get);
  if (status == SQLITE_ROW)
    {
      /* A copy, so that no read stays open: it would hold back the writer's checkpoints. */
      read_row (source->get, row);
      g_string_assign (source->id, row->id != NULL ? row->id : "");
      g_string_truncate (source->body, 0);
      g_string_append_len (source->body, row->body, (gssize) row->length);
      row->id = source->id->str;
      row->body = source->body->str;
    }
  else if (status != SQLITE_DONE)
    fail (source, error);
  sqlite3_reset (source->get);
  return status == SQLITE_ROW;
}
