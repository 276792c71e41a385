/* list-model-test.c: a list that is mirrored by its signals alone never differs from itself. */
#include "core/console/list-model.h"

#include <glib/gstdio.h>

#include "core/console/screens/tables.h"
#include "core/id.h"
#include "core/resource.h"
#include "tests/console/replica-fixture.h"

/* Knows of the list only what its signals say. */
typedef struct
{
  KontorList *list;
  guint n, n_signals;
} Mirror;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Mirror *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->n);
  mirror->n = mirror->n - removed + added;
  mirror->n_signals++;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->n);
  g_assert_true (removed == 0 || added == 0);
  g_assert_null (g_list_model_get_item (model, mirror->n));
}

typedef struct
{
  char *dir, *file;
  sqlite3 *db;
  KontorIndex *payments;
  KontorList *list;
  Mirror mirror;
} World;

static World *
world_new (guint n)
{
  World *world = g_new0 (World, 1);

  world->dir = g_dir_make_tmp ("kontor-list-XXXXXX", NULL);
  world->file = g_build_filename (world->dir, "replica", NULL);
  world->db = kontor_sample_new (world->file, 2, n);
  world->payments = kontor_index_load (&kontor_payment_table, world->file, NULL, NULL);
  world->list = kontor_list_new (kontor_row_source_open (world->file, NULL));
  world->mirror.list = world->list;
  g_signal_connect (world->list, "items-changed", G_CALLBACK (items_changed_cb), &world->mirror);
  return world;
}

static void
world_free (World *world)
{
  g_object_unref (world->list);
  kontor_index_unref (world->payments);
  kontor_sample_close (world->db);
  g_unlink (world->file);
  g_rmdir (world->dir);
  g_free (world->file);
  g_free (world->dir);
  g_free (world);
}

static void
show (World *world, const char *line, guint column, gboolean descending)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorFindSettings settings = { KONTOR_FIXTURE_NOW, NULL, "." };
  KontorFindError error = { 0 };
  KontorFind find;
  KontorAnswer *answer;

  g_assert_true (kontor_find_parse (line, kontor_payment_fields, &settings, arena, &find, &error));
  answer = kontor_index_ask (world->payments, &find, NULL, KONTOR_INDEX_NO_COLUMN);
  kontor_list_replace (world->list, answer, kontor_answer_rows (answer, column, descending));
}

/* Each object once, at the place where it is found, and with the body it has in the file. */
static void
check_items (World *world)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < world->mirror.n; i++)
    {
      KontorItem *item = g_list_model_get_item (G_LIST_MODEL (world->list), i);
      guint position = G_MAXUINT;

      g_ptr_array_add (items, item);
      g_assert_true (g_hash_table_add (seen, (gpointer) kontor_item_id (item)));
      g_assert_cmpint (
          kontor_item_key (item), ==,
          kontor_key (KONTOR_KIND_PAYMENT_INTENT, kontor_id_tick (kontor_item_id (item))));
      g_assert_true (g_str_has_prefix (kontor_item_body (item), "{\"amount\":"));
      g_assert_cmpint (kontor_item_created (item), >, 0);
      g_assert_true (kontor_list_find (world->list, kontor_item_key (item), &position));
      g_assert_cmpuint (position, ==, i);
    }
}

static void
test_signals_tell_all_there_is_to_know (void)
{
  static const char *const lines[]
      = { "", "status:failed", "nothinglikethis", "nothinglikeit", "booking", "", "is:refunded" };
  World *world = world_new (3000);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      guint before = world->mirror.n, n_signals = world->mirror.n_signals;

      show (world, lines[i], i % 2 == 0 ? KONTOR_PAYMENT_AMOUNT : KONTOR_PAYMENT_CREATED, TRUE);
      g_assert_cmpuint (world->mirror.n, ==, kontor_answer_size (kontor_list_answer (world->list)));
      g_assert_cmpuint (world->mirror.n_signals - n_signals, ==,
                        (before > 0) + (world->mirror.n > 0));
      check_items (world);
    }
  world_free (world);
}

static void
test_marks_outlive_what_is_shown (void)
{
  World *world = world_new (200);
  gint64 first, second;
  guint position;
  g_autoptr (GArray) marked = NULL;

  show (world, "", KONTOR_PAYMENT_AMOUNT, TRUE);
  first = kontor_list_key (world->list, 0);
  second = kontor_list_key (world->list, 1);
  kontor_list_mark_range (world->list, 1, 0);
  kontor_list_mark (world->list, first, TRUE);
  show (world, "status:failed", KONTOR_PAYMENT_AMOUNT, FALSE);
  g_assert_cmpuint (kontor_list_n_marked (world->list), ==, 2);
  g_assert_true (kontor_list_is_marked (world->list, second));
  g_assert_false (kontor_list_find (world->list, 12345, &position));

  kontor_list_mark (world->list, second, FALSE);
  marked = kontor_list_marked (world->list);
  g_assert_cmpuint (marked->len, ==, 1);
  g_assert_cmpint (g_array_index (marked, gint64, 0), ==, first);
  kontor_list_mark_all (world->list);
  g_assert_cmpuint (kontor_list_n_marked (world->list), >=, world->mirror.n);
  kontor_list_unmark_all (world->list);
  g_assert_cmpuint (kontor_list_n_marked (world->list), ==, 0);
  world_free (world);
}

/* Whoever holds an item keeps it as it was; who asks again sees what the file has now. */
static void
test_what_is_gone_leaves_its_place (void)
{
  World *world = world_new (10);
  g_autoptr (KontorItem) before = NULL, after = NULL;

  show (world, "", KONTOR_INDEX_NO_COLUMN, FALSE);
  before = g_list_model_get_item (G_LIST_MODEL (world->list), 3);
  sqlite3_exec (world->db, "DELETE FROM objects", NULL, NULL, NULL);
  after = kontor_list_load (world->list, kontor_item_key (before));
  g_assert_nonnull (kontor_item_body (before));
  g_assert_null (kontor_item_body (after));
  g_assert_cmpstr (kontor_item_id (after), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world->list)), ==, 10);
  world_free (world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list/signals-tell-all-there-is-to-know",
                   test_signals_tell_all_there_is_to_know);
  g_test_add_func ("/list/marks-outlive-what-is-shown", test_marks_outlive_what_is_shown);
  g_test_add_func ("/list/what-is-gone-leaves-its-place", test_what_is_gone_leaves_its_place);
  return g_test_run ();
}
