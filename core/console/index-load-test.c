/* index-load-test.c: a replica's rows become columns, all at once or as they change. */
#include <glib/gstdio.h>

#include "core/console/screens/tables.h"
#include "core/id.h"
#include "core/resource.h"
#include "tests/console/replica-fixture.h"

typedef struct
{
  char *dir, *file;
  sqlite3 *db;
  KontorIndex *customers, *payments;
} World;

static World
world_new (guint n)
{
  World world = { g_dir_make_tmp ("kontor-load-XXXXXX", NULL) };
  g_autoptr (KontorIndex) payments = NULL;
  GError *error = NULL;

  world.file = g_build_filename (world.dir, "replica", NULL);
  world.db = kontor_sample_new (world.file, 1, n);
  world.customers = kontor_index_load (&kontor_customer_table, world.file, NULL, &error);
  g_assert_no_error (error);
  payments = kontor_index_load (&kontor_payment_table, world.file, NULL, &error);
  g_assert_no_error (error);
  world.payments = kontor_index_with_target (payments, world.customers);
  return world;
}

static void
world_clear (World *world)
{
  kontor_index_unref (world->payments);
  kontor_index_unref (world->customers);
  kontor_sample_close (world->db);
  g_unlink (world->file);
  g_rmdir (world->dir);
  g_free (world->file);
  g_free (world->dir);
}

static guint
count (KontorIndex *index, const char *line)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorFindSettings settings = { KONTOR_FIXTURE_NOW, NULL, "." };
  KontorFindError error = { 0 };
  KontorFind find;
  g_autoptr (KontorAnswer) answer = NULL;

  g_assert_true (kontor_find_parse (line, kontor_payment_fields, &settings, arena, &find, &error));
  answer = kontor_index_ask (index, &find, NULL, KONTOR_INDEX_NO_COLUMN);
  return kontor_answer_size (answer);
}

static guint
count_by_sql (World *world, const char *where)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT count (*) FROM (SELECT p.body, p.created, c.body AS charge, u.body AS customer"
      " FROM objects p JOIN objects c ON c.id = p.body ->> '$.latest_charge'"
      " LEFT JOIN objects u ON u.id = p.body ->> '$.customer'"
      " WHERE p.row BETWEEN 6 << 48 AND (7 << 48) - 1) WHERE %s",
      where);
  sqlite3_stmt *statement = NULL;
  guint n;

  g_assert_cmpint (sqlite3_prepare_v2 (world->db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = (guint) sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static void
test_lines_find_what_sql_finds (void)
{
  static const char *const cases[][2] = {
    { "", "1" },
    { "status:failed", "charge ->> '$.status' = 'failed'" },
    { "status:canceled", "body ->> '$.status' = 'canceled'" },
    { "is:refunded", "charge ->> '$.amount_refunded' > 0" },
    { "status:refunded", "charge ->> '$.amount_refunded' = body ->> '$.amount'"
                         " AND body ->> '$.status' = 'succeeded'" },
    { "card:visa last4:42", "charge ->> '$.payment_method_details.card.brand' = 'visa' AND"
                            " charge ->> '$.payment_method_details.card.last4' LIKE '%42%'" },
    { "amount:>=100eur", "body ->> '$.amount' >= 10000 AND body ->> '$.currency' = 'eur'" },
    { "currency:kwd amount:<10", "body ->> '$.amount' < 10000 AND body ->> '$.currency' = 'kwd'" },
    { "customer:berger", "lower (customer) LIKE '%berger%'" },
    { "chloé", "customer LIKE '%Chloé%'" },
    { "created:30d", "created >= 1795015800 - 30 * 86400" },
    { "booking", "lower (body ->> '$.description') LIKE '%booking%'" },
    { "metadata:a0000017", "body ->> '$.metadata.order' = 'A0000017'" },
    { "failure:insufficient", "charge ->> '$.failure_code' = 'insufficient_funds'" },
  };
  World world = world_new (3000);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint expected = count_by_sql (&world, cases[i][1]);

      g_test_message ("%s: %u", cases[i][0], expected);
      g_assert_cmpuint (expected, >, 0);
      g_assert_cmpuint (count (world.payments, cases[i][0]), ==, expected);
    }
  world_clear (&world);
}

static void
test_changes_reach_the_rows (void)
{
  World world = world_new (50);
  g_autoptr (KontorRowSource) source = kontor_row_source_open (world.file, NULL);
  g_autofree char *intent = kontor_sample_id ("pi", kontor_sample_tick (7, 1));
  g_autofree char *charge = kontor_sample_id ("ch", kontor_sample_tick (7, 2));
  g_autofree char *fresh = kontor_sample_id ("pi", kontor_sample_tick (50, 1));
  g_autofree char *intent_body = g_strdup_printf (
      "{\"amount\":4711,\"currency\":\"eur\",\"description\":"
      "\"Um\\u00fcbersehbar \\\"x\\\"\",\"latest_charge\":\"%s\",\"status\":\"succeeded\"}",
      charge);
  g_autofree char *charge_body = g_strdup_printf (
      "{\"amount_refunded\":4711,\"payment_intent\":\"%s\",\"status\":\"succeeded\"}", intent);
  gint64 keys[] = { kontor_key (KONTOR_KIND_PAYMENT_INTENT, kontor_id_tick (intent)),
                    kontor_key (KONTOR_KIND_CHARGE, kontor_id_tick (charge)),
                    kontor_key (KONTOR_KIND_PAYMENT_INTENT, kontor_id_tick (fresh)),
                    kontor_key (KONTOR_KIND_PAYMENT_INTENT, kontor_sample_tick (9, 1)),
                    kontor_key (KONTOR_KIND_CUSTOMER, kontor_sample_tick (1, 0)) };
  g_autoptr (KontorIndex) next = NULL, last = NULL;
  guint all = kontor_index_size (world.payments);

  kontor_sample_put (world.db, KONTOR_KIND_PAYMENT_INTENT, intent, 1, intent_body);
  kontor_sample_put (world.db, KONTOR_KIND_PAYMENT_INTENT, fresh, 1, "{\"amount\":1}");
  next = kontor_index_refresh (world.payments, source, keys, 3, NULL);
  g_assert_cmpuint (kontor_index_size (next), ==, all + 1);
  g_assert_cmpuint (count (next, "description:\"umübersehbar\" amount:47.11"), ==, 1);
  g_assert_cmpuint (count (world.payments, "amount:47.11"), ==, 0);

  /* The charge alone changes, and a payment goes. */
  kontor_sample_put (world.db, KONTOR_KIND_CHARGE, charge, 1, charge_body);
  sqlite3_exec (world.db, "DELETE FROM objects WHERE id LIKE 'pi%' AND body LIKE '% 9\"%'", NULL,
                NULL, NULL);
  g_assert_cmpuint (count (next, "amount:47.11 status:refunded"), ==, 0);
  last = kontor_index_refresh (next, source, keys + 1, 4, NULL);
  g_assert_cmpuint (count (last, "amount:47.11 status:refunded"), ==, 1);
  g_assert_cmpuint (kontor_index_size (last), ==, all);
  world_clear (&world);
}

static void
test_what_is_no_replica_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  World world = world_new (3000);

  g_assert_null (kontor_index_load (&kontor_payment_table, "/nowhere/replica", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (kontor_index_load (&kontor_payment_table, world.file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  world_clear (&world);
}

static void
test_a_replica_says_what_state_it_has (void)
{
  World world = world_new (1);
  g_autoptr (KontorRowSource) source = kontor_row_source_open (world.file, NULL);
  g_autofree char *state = kontor_row_source_state (source), *same = NULL, *other = NULL;

  g_assert_nonnull (state);
  same = kontor_row_source_state (source);
  g_assert_cmpstr (same, ==, state);
  sqlite3_exec (world.db, "INSERT INTO meta VALUES ('cursor', 'behind a page')", NULL, NULL, NULL);
  other = kontor_row_source_state (source);
  g_assert_cmpstr (other, !=, state);
  sqlite3_exec (world.db, "DELETE FROM meta", NULL, NULL, NULL);
  g_assert_null (kontor_row_source_state (source));
  world_clear (&world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/index-load/lines-find-what-sql-finds", test_lines_find_what_sql_finds);
  g_test_add_func ("/index-load/changes-reach-the-rows", test_changes_reach_the_rows);
  g_test_add_func ("/index-load/what-is-no-replica-is-refused", test_what_is_no_replica_is_refused);
  g_test_add_func ("/index-load/a-replica-says-what-state-it-has",
                   test_a_replica_says_what_state_it_has);
  return g_test_run ();
}
