/* idempotency-test.c: an answer is found for a day, wherever its row lies by then. */
#include "server/store/idempotency.h"

#include <glib/gstdio.h>
#include <string.h>

#define DAY_S   86400
#define TODAY   (G_GINT64_CONSTANT (20000) * DAY_S + 3600)
/* More than the two small tables hold, so that rows lie in all tables and a move is under way. */
#define MANY    120000

typedef struct
{
  char        *directory;
  KontorStore *store;
  KontorArena *arena;
} Fixture;

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = kontor_store_open (fixture->directory, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (kontor_store_migrate (fixture->store, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kontor-idempotency-XXXXXX", NULL);
  fixture->arena = kontor_arena_new ();
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "kontor.db", "kontor.db-wal", "kontor.db-shm" };

  kontor_store_close (fixture->store);
  kontor_arena_free (fixture->arena);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
}

/* Spreads numbers over the whole range of keys, as a hash would. */
static void
key_of (guint64 number, guint8 key[16])
{
  guint64 words[2] = { (number + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15), number };

  memcpy (key, words, 16);
}

static void
insert (Fixture *fixture, guint64 number, gint64 created)
{
  g_autoptr (GError) error = NULL;
  KontorIdempotencyRow row = {
    .created = created, .request = (gint64) number, .status = 200, .version = (gint64) number + 1
  };

  key_of (number, row.key);
  g_assert_true (kontor_store_idempotency_insert (fixture->store, &row, &error));
  g_assert_no_error (error);
}

static gboolean
is_found (Fixture *fixture, guint64 number, gint64 now)
{
  g_autoptr (GError) error = NULL;
  KontorIdempotencyRow row;
  guint8 key[16];
  gboolean found;

  key_of (number, key);
  g_assert_true (kontor_store_idempotency_find (fixture->store, fixture->arena, key, now, &row,
                                                &found, &error));
  g_assert_no_error (error);
  if (found)
    g_assert_cmpint (row.request, ==, (gint64) number);
  return found;
}

static void
begin (Fixture *fixture)
{
  g_assert_true (kontor_store_begin (fixture->store, NULL));
}

static void
commit (Fixture *fixture)
{
  g_assert_true (kontor_store_commit (fixture->store, NULL));
}

static void
assert_all_found (Fixture *fixture, guint64 n, gint64 now)
{
  for (guint64 i = 0; i < n; i++)
    g_assert_true (is_found (fixture, i, now));
  g_assert_false (is_found (fixture, n, now));
}

static void
test_body (Fixture *fixture, gconstpointer data)
{
  KontorIdempotencyRow row
      = { .created = TODAY, .status = 402, .body = "{\"error\":1}", .body_length = 11 };
  KontorIdempotencyRow got;
  gboolean found;

  key_of (7, row.key);
  key_of (8, row.params);
  begin (fixture);
  g_assert_true (kontor_store_idempotency_insert (fixture->store, &row, NULL));
  commit (fixture);
  g_assert_true (kontor_store_idempotency_find (fixture->store, fixture->arena, row.key, TODAY,
                                                &got, &found, NULL));
  g_assert_true (found);
  g_assert_cmpmem (got.params, 16, row.params, 16);
  g_assert_cmpmem (got.body, got.body_length, row.body, row.body_length);
  g_assert_cmpuint (got.status, ==, 402);
  g_assert_cmpint (got.version, ==, 0);
}

static void
test_lapse (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  insert (fixture, 1, TODAY);
  commit (fixture);
  g_assert_true (is_found (fixture, 1, TODAY + DAY_S - 1));
  g_assert_false (is_found (fixture, 1, TODAY + DAY_S));
  begin (fixture);
  insert (fixture, 1, TODAY + DAY_S);
  g_assert_true (kontor_store_idempotency_clear (fixture->store, TODAY + DAY_S, NULL));
  commit (fixture);
  g_assert_true (is_found (fixture, 1, TODAY + DAY_S));
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  for (guint64 i = 0; i < MANY; i++)
    insert (fixture, i, TODAY);
  commit (fixture);
  assert_all_found (fixture, MANY, TODAY + 60);
  kontor_store_close (fixture->store);
  open_store (fixture);
  assert_all_found (fixture, MANY, TODAY + 60);
  begin (fixture);
  for (guint64 i = MANY; i < MANY * 2; i++)
    insert (fixture, i, TODAY + DAY_S / 2);
  commit (fixture);
  assert_all_found (fixture, MANY * 2, TODAY + DAY_S / 2);
}

static void
test_rollback (Fixture *fixture, gconstpointer data)
{
  guint64 n = 0;

  /* Taken back again and again, also in the middle of a move and just after a table was emptied. */
  for (guint round = 0; round < 30; round++)
    {
      begin (fixture);
      for (guint64 i = 0; i < 5000; i++)
        insert (fixture, n + i, TODAY);
      kontor_store_rollback (fixture->store);
      g_assert_false (is_found (fixture, n, TODAY));
      begin (fixture);
      for (guint64 i = 0; i < 5000; i++)
        insert (fixture, n++, TODAY);
      commit (fixture);
    }
  assert_all_found (fixture, n, TODAY);
}

static void
test_midnight (Fixture *fixture, gconstpointer data)
{
  gint64 midnight = TODAY / DAY_S * DAY_S + DAY_S;

  begin (fixture);
  for (guint64 i = 0; i < MANY; i++)
    insert (fixture, i, midnight - 1000 + (gint64) (i / 60));
  commit (fixture);
  assert_all_found (fixture, MANY, midnight + 1000);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/store/idempotency/keeps-an-answer-as-it-was", test_body },
    { "/store/idempotency/forgets-after-a-day", test_lapse },
    { "/store/idempotency/finds-each-of-many-also-after-a-restart", test_many },
    { "/store/idempotency/forgets-what-was-taken-back-and-nothing-else", test_rollback },
    { "/store/idempotency/finds-both-sides-of-midnight", test_midnight },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
