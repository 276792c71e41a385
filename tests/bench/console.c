/* console.c: how fast the consoles' index answers, beside a bare scan of the same replica. */
#include <glib/gstdio.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>

#include "core/console/screens/tables.h"
#include "core/sync.h"
#include "tests/console/replica-fixture.h"

#define ROUNDS 5

static gint64
now_us (void)
{
  return g_get_monotonic_time ();
}

static gdouble
ms (gint64 from)
{
  return (gdouble) (now_us () - from) / 1000;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gdouble left = *(const gdouble *) a, right = *(const gdouble *) b;

  return (left > right) - (left < right);
}

static gdouble
middle (gdouble *times)
{
  qsort (times, ROUNDS, sizeof *times, compare);
  return times[ROUNDS / 2];
}

static void
print (const char *what, gdouble value, const char *unit, const char *budget)
{
  g_print ("%-52s %10.1f %-3s %s\n", what, value, unit, budget);
}

static gdouble
sql_ms (sqlite3 *db, const char *sql)
{
  gdouble times[ROUNDS];
  sqlite3_stmt *statement = NULL;

  sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 from = now_us ();

      while (sqlite3_step (statement) == SQLITE_ROW)
        ;
      sqlite3_reset (statement);
      times[i] = ms (from);
    }
  sqlite3_finalize (statement);
  return middle (times);
}

static KontorAnswer *
ask (KontorIndex *index, const char *line, KontorArena *arena, const KontorAnswer *wider)
{
  const KontorFindSettings settings = { KONTOR_FIXTURE_NOW, NULL, "." };
  KontorFindError error = { 0 };
  KontorFind find;

  if (!kontor_find_parse (line, kontor_payment_fields, &settings, arena, &find, &error))
    g_error ("%s: %s", line, error.message);
  return kontor_index_ask (index, &find, wider, KONTOR_INDEX_NO_COLUMN);
}

static void
measure_line (KontorIndex *index, const char *line, guint sort, const char *budget)
{
  gdouble times[ROUNDS];
  guint n = 0;
  g_autofree char *what = NULL;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      gint64 from = now_us ();
      g_autoptr (KontorAnswer) answer = ask (index, line, arena, NULL);
      g_autoptr (GArray) rows = kontor_answer_rows (answer, sort, TRUE);

      times[i] = ms (from);
      n = rows->len;
    }
  what = g_strdup_printf ("“%s” (%u)", line, n);
  print (what, middle (times), "ms", budget);
}

static void
measure_orders (KontorIndex *index)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (KontorAnswer) all = ask (index, "", arena, NULL);

  for (guint column = 0; column < kontor_index_table (index)->n_columns; column++)
    {
      g_autofree char *what
          = g_strdup_printf ("first order by %s", kontor_index_table (index)->columns[column].name);
      gint64 from = now_us ();
      g_autoptr (GArray) rows = NULL;

      if (kontor_index_table (index)->columns[column].kind == KONTOR_INDEX_TEXT)
        continue;
      rows = kontor_answer_rows (all, column, FALSE);
      print (what, ms (from), "ms", "");
    }
}

static void
measure_typing (KontorIndex *index)
{
  static const char *const typed[] = { "b", "be", "ber", "berg", "berge", "berger" };
  g_autoptr (KontorAnswer) last = NULL;
  g_autoptr (KontorArena) arena = kontor_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gint64 from = now_us ();
      KontorAnswer *answer = ask (index, typed[i], arena, last);
      g_autoptr (GArray) rows = kontor_answer_rows (answer, KONTOR_PAYMENT_CREATED, TRUE);
      g_autofree char *what = g_strdup_printf ("typing “%s” (%u)", typed[i], rows->len);

      print (what, ms (from), "ms", "budget 60");
      g_clear_pointer (&last, kontor_answer_unref);
      last = answer;
    }
  kontor_answer_unref (g_steal_pointer (&last));
}

static void
measure_patch (KontorIndex *index, const char *replica)
{
  g_autoptr (KontorRowSource) source = kontor_row_source_open (replica, NULL);
  gint64 keys[1000];
  gdouble times[ROUNDS];

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    keys[i] = kontor_index_key (index, (guint) ((guint64) i * kontor_index_size (index) / 1000));
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 from = now_us ();
      KontorIndex *next = kontor_index_refresh (index, source, keys, G_N_ELEMENTS (keys), NULL);

      times[i] = ms (from);
      kontor_index_unref (next);
    }
  print ("1,000 changes all over it", middle (times), "ms", "budget 150");
}

static void
measure_file (KontorIndex *index, const char *file)
{
  gint64 from = now_us ();
  gdouble times[ROUNDS];
  GStatBuf status;

  if (!kontor_index_save (index, file, "fixture", NULL))
    g_error ("the index could not be saved");
  print ("save to a file", ms (from), "ms", "");
  g_stat (file, &status);
  print ("the file", (gdouble) status.st_size / 1048576, "MiB", "");
  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (KontorIndex) mapped = NULL;

      from = now_us ();
      mapped = kontor_index_map (&kontor_payment_table, file, "fixture", NULL);
      if (mapped == NULL)
        g_error ("the index could not be mapped");
      times[i] = ms (from);
    }
  print ("map it again", middle (times), "ms", "budget 150");
}

/* A folder that is named keeps the copy, as a console finds it. */
int
main (int argc, char *argv[])
{
  guint n = argc > 1 ? (guint) atoi (argv[1]) : 1000000;
  g_autofree char *dir = argc > 2 ? g_strdup (argv[2])
                                  : g_dir_make_tmp ("kontor-bench-XXXXXX", NULL);
  g_autofree char *replica = g_build_filename (dir, "replica.db", NULL);
  g_autofree char *file = g_build_filename (dir, "payments.index", NULL);
  gint64 from = now_us ();
  sqlite3 *db = kontor_sample_new (replica, 1, n);
  g_autoptr (KontorIndex) customers = NULL, payments = NULL, bare = NULL;

  setlocale (LC_ALL, "");
  sqlite3_exec (db,
                "INSERT INTO meta VALUES ('schema', " G_STRINGIFY (
                    KONTOR_SYNC_SCHEMA) "),"
                                        " ('cursor', 'none'), ('scope', 2), ('account', "
                                        "'acct_bench'), ('livemode', 0)",
                NULL, NULL, NULL);
  print ("making the replica", ms (from), "ms", "");
  from = now_us ();
  customers = kontor_index_load (&kontor_customer_table, replica, NULL, NULL);
  print ("load customers", ms (from), "ms", "");
  from = now_us ();
  bare = kontor_index_load (&kontor_payment_table, replica, NULL, NULL);
  print ("load payments", ms (from), "ms", "budget 2500");
  payments = kontor_index_with_target (bare, customers);
  malloc_trim (0);
  print ("bare SQLite: every body", sql_ms (db, "SELECT sum (length (body)) FROM objects"), "ms",
         "");
  print ("bare SQLite: LIKE '%berger%'",
         sql_ms (db, "SELECT count (*) FROM objects WHERE body LIKE '%berger%'"), "ms", "");

  measure_line (payments, "", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "status:failed", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "status:failed amount:>100 -card:visa created:90d",
                KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "o", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "or", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "berger", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "4242", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_line (payments, "anna booking is:refunded", KONTOR_INDEX_NO_COLUMN, "budget 60");
  measure_orders (payments);
  measure_line (payments, "status:succeeded", KONTOR_PAYMENT_AMOUNT, "budget 60");
  measure_line (payments, "anna", KONTOR_PAYMENT_CUSTOMER, "budget 60");
  measure_typing (payments);
  measure_patch (payments, replica);
  measure_file (bare, file);
  print ("memory: rows, orders, customers",
         (gdouble) (kontor_index_memory (payments) + kontor_index_memory (customers)) / 1e6, "MB",
         "budget 90");

  kontor_sample_close (db);
  g_unlink (file);
  if (argc > 2)
    return 0;
  g_unlink (replica);
  g_rmdir (dir);
  return 0;
}
