/* sheet.c: rows from elsewhere than the copy, laid out as the copy lays them, for the same lists.
 *
 * A sheet is a database in memory with the copy's two tables, so that what searches, sorts, shows
 * and exports the copy does so here too. */
#include "core/console/sheet.h"

#include <sqlite3.h>

#include "core/id.h"

#define BUSY_MS 2000

struct _KontorSheet
{
  sqlite3 *db;
  sqlite3_stmt *put;
  KontorShelf *shelf;
  GHashTable *keys;   /* set of gint64: the rows that were there, and those that are */
  gint64 n_writings;
};

static void
run (KontorSheet *sheet, const char *sql)
{
  char *problem = NULL;

  if (sqlite3_exec (sheet->db, sql, NULL, NULL, &problem) != SQLITE_OK)
    g_error ("a list in memory cannot be written: %s", problem);
}

/**
 * kontor_sheet_new:
 *
 * Returns: (transfer full): a sheet without rows
 */
KontorSheet *
kontor_sheet_new (void)
{
  static gint last;
  KontorSheet *sheet = g_new0 (KontorSheet, 1);
  g_autofree char *name
      = g_strdup_printf ("file:/kontor-sheet-%d?vfs=memdb", g_atomic_int_add (&last, 1));

  if (sqlite3_open_v2 (name, &sheet->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL)
      != SQLITE_OK)
    g_error ("no list in memory: %s", sqlite3_errmsg (sheet->db));
  sqlite3_busy_timeout (sheet->db, BUSY_MS);
  run (sheet, "CREATE TABLE meta (name TEXT PRIMARY KEY, value);"
              "CREATE TABLE objects (row INTEGER PRIMARY KEY, id TEXT NOT NULL,"
              " v INTEGER NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL);");
  sqlite3_prepare_v3 (sheet->db, "INSERT OR REPLACE INTO objects VALUES (?1, ?2, ?3, ?4, ?5)", -1,
                      SQLITE_PREPARE_PERSISTENT, &sheet->put, NULL);
  sheet->shelf = kontor_shelf_new (name);
  sheet->keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return sheet;
}

/**
 * kontor_sheet_free:
 * @sheet: (transfer full) (nullable): a sheet
 */
void
kontor_sheet_free (KontorSheet *sheet)
{
  if (sheet == NULL)
    return;
  sqlite3_finalize (sheet->put);
  sqlite3_close_v2 (sheet->db);
  g_object_unref (sheet->shelf);
  g_hash_table_unref (sheet->keys);
  g_free (sheet);
}

/**
 * kontor_sheet_shelf:
 * @sheet: a sheet
 *
 * Returns: (transfer none): where its rows are read from
 */
KontorShelf *
kontor_sheet_shelf (KontorSheet *sheet)
{
  return sheet->shelf;
}

/**
 * kontor_sheet_begin:
 * @sheet: a sheet
 *
 * Its rows are put anew from here on; readers see the old ones up to kontor_sheet_end().
 */
void
kontor_sheet_begin (KontorSheet *sheet)
{
  run (sheet, "BEGIN IMMEDIATE; DELETE FROM objects;");
  sheet->n_writings++;
}

/**
 * kontor_sheet_put:
 * @sheet: a sheet, between begin and end
 * @kind: what it is
 * @number: tells it from others of its kind
 * @id: what the row is called
 * @created: Unix seconds
 * @json: all that is known of it
 */
void
kontor_sheet_put (KontorSheet *sheet,
                  KontorSheetKind kind,
                  gint64 number,
                  const char *id,
                  gint64 created,
                  const char *json)
{
  gint64 key = kontor_key (kind, number & KONTOR_TICK_MASK);

  sqlite3_bind_int64 (sheet->put, 1, key);
  sqlite3_bind_text (sheet->put, 2, id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (sheet->put, 3, sheet->n_writings);
  sqlite3_bind_int64 (sheet->put, 4, created);
  sqlite3_bind_text (sheet->put, 5, json, -1, SQLITE_STATIC);
  if (sqlite3_step (sheet->put) != SQLITE_DONE)
    g_error ("a list in memory cannot be written: %s", sqlite3_errmsg (sheet->db));
  sqlite3_reset (sheet->put);
  g_hash_table_add (sheet->keys, g_memdup2 (&key, sizeof key));
}

/**
 * kontor_sheet_end:
 * @sheet: a sheet
 *
 * Lists of it follow.
 */
void
kontor_sheet_end (KontorSheet *sheet)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  run (sheet, "COMMIT");
  g_hash_table_iter_init (&iter, sheet->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (keys, key, 1);
  kontor_shelf_refresh (sheet->shelf, (const gint64 *) (gpointer) keys->data, keys->len);
}
