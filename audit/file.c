/* file.c: the database under audit: opened for reading only, seen as it is at one moment. */
#include "audit/file.h"

#include <gio/gio.h>
#include <string.h>

/* The schema whose rules this program knows. */
#define SCHEMA_VERSION 6

/* Ids are a prefix and 24 letters of base 62, of which the first eight are the object's tick, counted
 * so that "zzzzzzzz" is the last one of 48 bits: 62^8 of them are named. */
#define ID_LETTERS 24
#define TICK_LETTERS 8
#define TICK_BITS 48
#define FIRST_TICK ((G_GINT64_CONSTANT (1) << TICK_BITS) - G_GINT64_CONSTANT (218340105584896))

static int
digit_of (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'Z')
    return c - 'A' + 10;
  return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
}

/* -1: not an id. */
static gint64
tick_of (const char *id)
{
  const char *letters = id != NULL ? strrchr (id, '_') : NULL;
  gint64 tick = 0;

  if (letters == NULL || strlen (++letters) != ID_LETTERS)
    return -1;
  for (guint i = 0; i < ID_LETTERS; i++)
    {
      int digit = digit_of (letters[i]);

      if (digit < 0)
        return -1;
      if (i < TICK_LETTERS)
        tick = tick * 62 + digit;
    }
  return tick + FIRST_TICK;
}

/* key_of (id, neighbour): the key that @id has in the scope of @neighbour; NULL when it is no id. */
static void
key_of_sql (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  gint64 tick = tick_of ((const char *) sqlite3_value_text (arguments[0]));
  gint64 scope = sqlite3_value_int64 (arguments[1]) >> TICK_BITS;

  if (tick < 0)
    sqlite3_result_null (context);
  else
    sqlite3_result_int64 (context, scope << TICK_BITS | tick);
}

static gboolean
fail (GError **error, const char *path, const char *why)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be read: %s", path, why);
  return FALSE;
}

/* On a medium that is read-only, nobody writes either: then SQLite may do without its lock files. */
static int
open_path (const char *path, sqlite3 **db)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *still = g_strconcat (uri, "?immutable=1", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  int result = sqlite3_open_v2 (path, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

  if (result == SQLITE_OK)
    result = sqlite3_exec (*db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
  if ((result != SQLITE_CANTOPEN && result != SQLITE_READONLY)
      || g_file_test (wal, G_FILE_TEST_EXISTS))
    return result;
  sqlite3_close (*db);
  return sqlite3_open_v2 (still, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                          NULL);
}

static gboolean
connect_file (const char *path, sqlite3 **db, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return fail (error, path, "there is no such file");
  if (open_path (path, db) != SQLITE_OK)
    return fail (error, path, sqlite3_errmsg (*db));
  sqlite3_busy_timeout (*db, 10000);
  if (sqlite3_create_function (*db, "key_of", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                               key_of_sql, NULL, NULL)
          != SQLITE_OK
      || sqlite3_exec (
             *db,
             "PRAGMA query_only = 1; PRAGMA cache_size = -65536; PRAGMA mmap_size = 2147418112",
             NULL, NULL, NULL)
             != SQLITE_OK)
    return fail (error, path, sqlite3_errmsg (*db));
  return TRUE;
}

static gboolean
check_schema (sqlite3 *db, const char *path, GError **error)
{
  sqlite3_stmt *statement;
  int version = -1;

  if (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  if (version == SCHEMA_VERSION)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s has schema %d, this program knows %d",
               path, version, SCHEMA_VERSION);
  return FALSE;
}

/**
 * audit_file_open:
 * @data_dir: the server's data directory
 * @report: where problems go; must outlive the file
 * @error: return location for a #GError
 *
 * Everything that is read afterwards is of one moment, also while a server goes on writing.
 *
 * Returns: (transfer full): the file, or %NULL when it cannot be read at all
 */
AuditFile *
audit_file_open (const char *data_dir, AuditReport *report, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "kontor.db", NULL);
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autoptr (AuditFile) file = g_new0 (AuditFile, 1);

  file->data_dir = g_strdup (data_dir);
  file->report = report;
  if (!connect_file (full, &file->db, error))
    return NULL;
  if (sqlite3_exec (file->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
    {
      fail (error, path, sqlite3_errmsg (file->db));
      return NULL;
    }
  return check_schema (file->db, path, error) ? g_steal_pointer (&file) : NULL;
}

/**
 * audit_file_close:
 * @file: (transfer full): a file
 */
void
audit_file_close (AuditFile *file)
{
  sqlite3_close_v2 (file->db);
  g_free (file->data_dir);
  g_free (file);
}

/**
 * audit_file_check_structure:
 * @file: a file
 *
 * Has SQLite check its pages, and that each index says the same as its table.
 */
void
audit_file_check_structure (AuditFile *file)
{
  sqlite3_stmt *row = audit_prepare (file, "PRAGMA integrity_check");

  while (audit_step (file, row))
    if (strcmp (audit_text (row, 0), "ok") != 0)
      audit_report_problem (file->report, "structure", "kontor.db", "%s", audit_text (row, 0));
  audit_finish (row);
}

/**
 * audit_prepare:
 * @file: a file
 * @sql: one statement
 *
 * Returns: (transfer full) (nullable): the statement; %NULL, reported, when the file has no such tables
 */
sqlite3_stmt *
audit_prepare (AuditFile *file, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (file->db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  audit_report_problem (file->report, "readable", "kontor.db", "%s", sqlite3_errmsg (file->db));
  return NULL;
}

/**
 * audit_step:
 * @file: a file
 * @statement: (nullable): what audit_prepare() gave
 *
 * Returns: whether @statement stands on a row; an error is reported and ends the rows
 */
gboolean
audit_step (AuditFile *file, sqlite3_stmt *statement)
{
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_DONE;

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    audit_report_problem (file->report, "readable", "kontor.db", "%s", sqlite3_errmsg (file->db));
  return FALSE;
}

/**
 * audit_text:
 * @statement: a statement on a row
 * @column: from 0
 *
 * Returns: (transfer none): the text, "" for NULL
 */
const char *
audit_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL ? text : "";
}

/**
 * audit_int:
 * @file: a file
 * @statement: a statement on a row
 * @column: from 0; it may be NULL
 *
 * SQLite lets a text stand where a number should, and would read “12abc” as 12.
 *
 * Returns: the integer, 0 for NULL
 */
gint64
audit_int (AuditFile *file, sqlite3_stmt *statement, int column)
{
  int type = sqlite3_column_type (statement, column);

  if (type != SQLITE_INTEGER && type != SQLITE_NULL)
    audit_report_problem (file->report, "readable", sqlite3_column_name (statement, column),
                          "“%s” stands where an integer should", audit_text (statement, column));
  return sqlite3_column_int64 (statement, column);
}

/**
 * audit_string:
 * @file: a file
 * @statement: a statement on a row
 * @column: from 0
 *
 * A blob of the same bytes looks like the text and yet is equal to none.
 *
 * Returns: (transfer none): the text; anything else is reported
 */
const char *
audit_string (AuditFile *file, sqlite3_stmt *statement, int column)
{
  if (sqlite3_column_type (statement, column) != SQLITE_TEXT)
    audit_report_problem (file->report, "readable", sqlite3_column_name (statement, column),
                          "“%s” is not a text, as it should be", audit_text (statement, column));
  return audit_text (statement, column);
}

/**
 * audit_finish:
 * @statement: (transfer full) (nullable): what audit_prepare() gave
 */
void
audit_finish (sqlite3_stmt *statement)
{
  sqlite3_finalize (statement);
}
