/* news.c: which rows the last pages touched, kept in the copy for programs that only read it.
 *
 * The table is the console's own: a snapshot comes without it. */
#include "core/replica/news.h"

/* So many pages a reader may be behind before it reads everything anew. */
#define KEPT "64"

/**
 * kontor_news_write:
 * @db: a copy, in the transaction of a page
 * @keys: (element-type gint64): the rows that the page touched
 *
 * Returns: %SQLITE_OK, or why not
 */
int
kontor_news_write (sqlite3 *db, const GArray *keys)
{
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_exec (db,
                             "CREATE TABLE IF NOT EXISTS news"
                             " (page INTEGER PRIMARY KEY AUTOINCREMENT, keys BLOB NOT NULL);"
                             "DELETE FROM news WHERE page <= (SELECT max(page) FROM news) - " KEPT,
                             NULL, NULL, NULL);

  if (result != SQLITE_OK || keys->len == 0)
    return result;
  result = sqlite3_prepare_v2 (db, "INSERT INTO news (keys) VALUES (?1)", -1, &statement, NULL);
  if (result == SQLITE_OK)
    {
      sqlite3_bind_blob64 (statement, 1, keys->data, keys->len * sizeof (gint64), SQLITE_STATIC);
      sqlite3_step (statement);
    }
  return result == SQLITE_OK ? sqlite3_finalize (statement) : result;
}

/**
 * kontor_news_last:
 * @db: a copy
 *
 * Returns: the number of the last page that touched something; 0: none has since the snapshot
 */
gint64
kontor_news_last (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  gint64 last = 0;

  if (sqlite3_prepare_v2 (db, "SELECT max(page) FROM news", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    last = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return last;
}

/**
 * kontor_news_read:
 * @db: a copy
 * @last: (inout): the last page that the reader knows of
 * @keys: (element-type gint64): gets the rows that were touched since
 *
 * Returns: whether all of them are known; if not, anything may have changed
 */
gboolean
kontor_news_read (sqlite3 *db, gint64 *last, GArray *keys)
{
  sqlite3_stmt *statement = NULL;
  gint64 known = *last;
  int result = sqlite3_prepare_v2 (db, "SELECT page, keys FROM news WHERE page > ?1 ORDER BY page",
                                   -1, &statement, NULL);
  gboolean all = result == SQLITE_OK;

  sqlite3_bind_int64 (statement, 1, known);
  while (result == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 page = sqlite3_column_int64 (statement, 0);
      const void *touched = sqlite3_column_blob (statement, 1);
      guint n = (guint) sqlite3_column_bytes (statement, 1) / sizeof (gint64);

      all = all && page == *last + 1;
      *last = page;
      g_array_append_vals (keys, touched, n);
    }
  return (result != SQLITE_OK || sqlite3_finalize (statement) == SQLITE_OK) && all;
}
