/* screen-test.c: screens show what the replica has, and follow it, without a toolkit. */
#include "core/console/screen.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/console/screens/tables.h"
#include "core/id.h"
#include "tests/console/replica-fixture.h"

static const KontorFormat format = { ".", ",", NULL, TRUE };

typedef struct
{
  char *dir, *file;
  sqlite3 *db;
  KontorShelf *shelf;
  KontorScreen *screen;
  guint n_answers;
} World;

static void
answered_cb (KontorScreen *screen, World *world)
{
  world->n_answers++;
}

static void
settle (World *world)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (kontor_screen_is_busy (world->screen) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (kontor_screen_is_busy (world->screen));
}

static World *
world_new (const KontorScreenDeclaration *declaration, guint n)
{
  World *world = g_new0 (World, 1);

  world->dir = g_dir_make_tmp ("kontor-screen-XXXXXX", NULL);
  world->file = g_build_filename (world->dir, "replica", NULL);
  world->db = kontor_sample_new (world->file, 3, n);
  world->shelf = kontor_shelf_new (world->file);
  world->screen = kontor_screen_new (declaration, world->shelf, &format);
  g_signal_connect (world->screen, "answered", G_CALLBACK (answered_cb), world);
  return world;
}

static void
world_free (World *world)
{
  g_autoptr (GDir) dir = g_dir_open (world->dir, 0, NULL);
  const char *name;

  settle (world);
  g_object_unref (world->screen);
  g_object_unref (world->shelf);
  kontor_sample_close (world->db);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (world->dir);
  g_free (world->file);
  g_free (world->dir);
  g_free (world);
}

static guint
n_shown (World *world)
{
  return g_list_model_get_n_items (G_LIST_MODEL (kontor_screen_list (world->screen)));
}

static const KontorColumn *
column_named (World *world, const char *name)
{
  const KontorColumn *column = kontor_screen_declaration (world->screen)->columns;

  while (column->name != NULL && strcmp (column->name, name) != 0)
    column++;
  return column;
}

static char *
cell (World *world, const char *name, guint position)
{
  return kontor_screen_cell (world->screen, column_named (world, name), position);
}

static void
test_payments_are_there_newest_first (void)
{
  World *world = world_new (&kontor_payments_screen, 500);
  g_autofree char *first = NULL, *second = NULL, *name = NULL, *sums = NULL;
  g_autoptr (GPtrArray) detail = NULL, facets = NULL;
  guint sum = 0;

  settle (world);
  g_assert_cmpuint (n_shown (world), ==, 500);
  first = cell (world, "created", 0);
  second = cell (world, "created", 499);
  g_assert_cmpstr (first, >, second);
  for (const KontorColumn *column = kontor_payments_screen.columns; column->name != NULL; column++)
    g_free (kontor_screen_cell (world->screen, column, 7));
  name = kontor_screen_row_name (world->screen, 0);
  g_assert_nonnull (strstr (name, ", "));

  detail = kontor_screen_detail (world->screen);
  g_assert_cmpuint (detail->len, >, 10);
  facets = kontor_screen_facets (world->screen);
  for (guint i = 0; i < facets->len; i++)
    sum += ((KontorFacet *) facets->pdata[i])->count;
  g_assert_cmpuint (sum, ==, 500);
  sums = kontor_screen_sums (world->screen);
  g_assert_nonnull (strstr (sums, "EUR · "));
  world_free (world);
}

/* The cell says what the index was asked for. */
static void
test_cells_agree_with_the_index (void)
{
  World *world = world_new (&kontor_payments_screen, 800);
  static const char *const words[]
      = { "succeeded", "failed", "refunded", "partially_refunded", "canceled", "uncaptured" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *line = g_strdup_printf ("status:%s", words[i]);

      settle (world);
      kontor_screen_set_query (world->screen, line);
      settle (world);
      g_assert_cmpuint (n_shown (world), >, 0);
      for (guint row = 0; row < n_shown (world); row++)
        {
          g_autofree char *text = cell (world, "status", row);

          g_assert_cmpstr (text, ==, words[i]);
        }
    }
  world_free (world);
}

static void
test_the_cursor_stays_with_its_object (void)
{
  World *world = world_new (&kontor_payments_screen, 300);
  KontorList *list = kontor_screen_list (world->screen);
  gint64 key;
  g_autoptr (KontorItem) item = NULL;
  gboolean descending;

  settle (world);
  kontor_screen_set_cursor (world->screen, 40);
  key = kontor_list_key (list, 40);
  kontor_screen_sort (world->screen, column_named (world, "amount"));
  settle (world);
  g_assert_true (
      kontor_screen_sorted_by (world->screen, column_named (world, "amount"), &descending));
  g_assert_true (descending);
  g_assert_cmpint (kontor_list_key (list, kontor_screen_cursor (world->screen)), ==, key);

  kontor_screen_set_cursor (world->screen, 100000);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 299);
  item = kontor_list_load (list, key);
  g_assert_true (kontor_screen_go_to (world->screen, kontor_item_id (item)));
  g_assert_cmpint (kontor_list_key (list, kontor_screen_cursor (world->screen)), ==, key);
  g_assert_false (kontor_screen_go_to (world->screen, "pi_X3RFbTPApZ2hyinccPCCMVYB"));

  kontor_screen_set_query (world->screen, "nothinglikethis");
  settle (world);
  g_assert_cmpuint (kontor_screen_cursor (world->screen), ==, 0);
  world_free (world);
}

static void
test_a_mistake_leaves_the_list_alone (void)
{
  World *world = world_new (&kontor_payments_screen, 300);
  guint n;
  gsize start, length;

  settle (world);
  kontor_screen_set_query (world->screen, "status:failed");
  settle (world);
  n = n_shown (world);
  kontor_screen_set_query (world->screen, "status:failed is:nonsense");
  settle (world);
  g_assert_cmpuint (n_shown (world), ==, n);
  g_assert_true (kontor_screen_mistake (world->screen, &start, &length));
  g_assert_cmpuint (start, ==, 17);
  g_assert_cmpuint (length, ==, 8);
  g_assert_nonnull (kontor_screen_banner (world->screen));
  g_assert_cmpuint (kontor_screen_chips (world->screen)->n, ==, 1);
  g_assert_cmpstr (kontor_screen_query (world->screen), ==, "status:failed is:nonsense");

  kontor_screen_set_query (world->screen, "");
  settle (world);
  g_assert_false (kontor_screen_mistake (world->screen, &start, &length));
  g_assert_null (kontor_screen_banner (world->screen));
  g_assert_cmpuint (n_shown (world), ==, 300);
  world_free (world);
}

/* Letters come faster than answers: only the last one is shown. */
static void
test_late_answers_are_dropped (void)
{
  static const char *const typed[] = { "b", "be", "ber", "berg", "berge", "berger" };
  World *world = world_new (&kontor_payments_screen, 2000);
  guint before;

  settle (world);
  before = world->n_answers;
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    kontor_screen_set_query (world->screen, typed[i]);
  settle (world);
  g_assert_cmpuint (world->n_answers, ==, before + 1);
  g_assert_cmpuint (n_shown (world), >, 0);
  g_assert_cmpuint (n_shown (world), <, 2000);
  world_free (world);
}

/* What is in a window before the index is there: of the real rows the newest, and nothing that
 * would be wrong of all of them. */
static void
test_the_newest_rows_are_there_at_once (void)
{
  World *world = world_new (&kontor_payments_screen, 3000);
  KontorList *list = kontor_screen_list (world->screen);
  g_autofree char *newest = kontor_sample_id ("pi", kontor_sample_tick (2999, 1));
  g_autoptr (KontorItem) item = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (GPtrArray) facets = kontor_screen_facets (world->screen);
  g_autofree char *sums = kontor_screen_sums (world->screen);
  g_autoptr (GError) error = NULL;
  gint64 key;

  g_assert_cmpuint (n_shown (world), ==, 200);
  g_assert_cmpstr (kontor_item_id (item), ==, newest);
  g_assert_true (kontor_screen_is_partial (world->screen));
  g_assert_cmpstr (sums, ==, "");
  g_assert_cmpuint (facets->len, ==, 0);
  g_assert_null (kontor_screen_copy_list (world->screen, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);

  kontor_screen_set_cursor (world->screen, 150);
  key = kontor_list_key (list, 150);
  kontor_list_mark (list, key, TRUE);
  settle (world);
  g_assert_cmpuint (n_shown (world), ==, 3000);
  g_assert_false (kontor_screen_is_partial (world->screen));
  g_assert_cmpint (kontor_list_key (list, kontor_screen_cursor (world->screen)), ==, key);
  g_assert_true (kontor_list_is_marked (list, key));
  world_free (world);
}

/* What is typed and sorted meanwhile holds for the newest rows at once, then for all. */
static void
test_questions_do_not_wait_for_the_index (void)
{
  World *world = world_new (&kontor_payments_screen, 3000);
  guint n_partial;

  kontor_screen_set_query (world->screen, "status:failed");
  n_partial = n_shown (world);
  g_assert_cmpuint (n_partial, >, 0);
  g_assert_cmpuint (n_partial, <, 200);
  for (guint i = 0; i < n_partial; i++)
    {
      g_autofree char *status = cell (world, "status", i);

      g_assert_cmpstr (status, ==, "failed");
    }
  kontor_screen_sort (world->screen, column_named (world, "amount"));
  g_assert_cmpuint (n_shown (world), ==, n_partial);
  settle (world);
  g_assert_cmpuint (n_shown (world), >, n_partial);
  world_free (world);
}

static void
test_the_list_follows_the_replica (void)
{
  World *world = world_new (&kontor_customers_screen, 300);
  g_autofree char *id = kontor_sample_id ("cus", kontor_sample_tick (9000, 0));
  gint64 key = kontor_key (KONTOR_KIND_CUSTOMER, kontor_id_tick (id));
  g_autofree char *name = NULL;

  kontor_sample_put (world->db, KONTOR_KIND_CUSTOMER, id, KONTOR_FIXTURE_NOW,
                     "{\"name\":\"Zora Neu\"}");
  kontor_shelf_refresh (world->shelf, &key, 1); /* while it still loads */
  settle (world);
  kontor_screen_set_query (world->screen, "zora");
  settle (world);
  g_assert_cmpuint (n_shown (world), ==, 1);
  name = cell (world, "name", 0);
  g_assert_cmpstr (name, ==, "Zora Neu");

  sqlite3_exec (world->db, "DELETE FROM objects WHERE created = 1795015800", NULL, NULL, NULL);
  kontor_shelf_refresh (world->shelf, &key, 1);
  settle (world);
  g_assert_cmpuint (n_shown (world), ==, 0);
  world_free (world);
}

static guint
n_after_restart (World *world)
{
  g_object_unref (world->screen);
  g_object_unref (world->shelf);
  world->shelf = kontor_shelf_new (world->file);
  world->screen = kontor_screen_new (&kontor_customers_screen, world->shelf, &format);
  settle (world);
  return n_shown (world);
}

static gint64
put_customer (World *world, guint number, const char *cursor)
{
  g_autofree char *id = kontor_sample_id ("cus", kontor_sample_tick (number, 0));
  g_autofree char *sql
      = g_strdup_printf ("INSERT OR REPLACE INTO meta VALUES ('cursor', '%s')", cursor);

  kontor_sample_put (world->db, KONTOR_KIND_CUSTOMER, id, KONTOR_FIXTURE_NOW, "{\"name\":\"Neu\"}");
  sqlite3_exec (world->db, sql, NULL, NULL, NULL);
  return kontor_key (KONTOR_KIND_CUSTOMER, kontor_id_tick (id));
}

/* The file that is saved holds what the feed brought since it was read, and is taken only while the
 * copy is of just that state. That it is taken shows when there is nothing else to read. */
static void
test_a_saved_index_is_of_the_state_it_says (void)
{
  World *world = world_new (&kontor_customers_screen, 1000);
  gint64 key;

  settle (world);
  g_assert_cmpuint (n_shown (world), ==, 100);
  key = put_customer (world, 5000, "a page further");
  kontor_shelf_refresh (world->shelf, &key, 1);
  settle (world);
  kontor_shelf_save (world->shelf);
  put_customer (world, 5001, "another page");
  g_assert_cmpuint (n_after_restart (world), ==, 102);

  key = put_customer (world, 5002, "a third page");
  kontor_shelf_refresh (world->shelf, &key, 1);
  settle (world);
  kontor_shelf_save (world->shelf);
  sqlite3_exec (world->db, "DELETE FROM objects", NULL, NULL, NULL);
  g_assert_cmpuint (n_after_restart (world), ==, 103);
  world_free (world);
}

static void
test_marked_rows_are_summed (void)
{
  World *world = world_new (&kontor_payments_screen, 100);
  g_autofree char *amount = NULL, *sums = NULL;

  settle (world);
  kontor_list_mark (kontor_screen_list (world->screen),
                    kontor_list_key (kontor_screen_list (world->screen), 5), TRUE);
  amount = cell (world, "amount", 5);
  sums = kontor_screen_sums (world->screen);
  g_assert_cmpstr (sums, ==, amount);
  world_free (world);
}

static void
test_every_screen_is_complete (void)
{
  for (guint i = 0; kontor_screens[i] != NULL; i++)
    {
      const KontorScreenDeclaration *declaration = kontor_screens[i];
      World *world = world_new (declaration, 20);
      g_autoptr (GPtrArray) detail = NULL;

      settle (world);
      g_assert_cmpstr (kontor_screen_title (world->screen), !=, "");
      for (guint j = 0; j < i; j++)
        g_assert_cmpint (kontor_screens[j]->letter, !=, declaration->letter);
      for (const KontorFindField *field = declaration->fields; field->name != NULL; field++)
        {
          g_assert_nonnull (field->help);
          g_assert_cmpuint (field->column, <, declaration->table->n_columns);
        }
      for (const KontorColumn *column = declaration->columns; column->name != NULL; column++)
        {
          g_autofree char *text = kontor_screen_cell (world->screen, column, 0);

          g_assert_nonnull (text);
          g_assert_cmpuint (column->width, >, 0);
        }
      detail = kontor_screen_detail (world->screen);
      g_assert_cmpint (detail->len > 0, ==, n_shown (world) > 0);
      world_free (world);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/screen/the-newest-rows-are-there-at-once",
                   test_the_newest_rows_are_there_at_once);
  g_test_add_func ("/screen/questions-do-not-wait-for-the-index",
                   test_questions_do_not_wait_for_the_index);
  g_test_add_func ("/screen/payments-are-there-newest-first", test_payments_are_there_newest_first);
  g_test_add_func ("/screen/cells-agree-with-the-index", test_cells_agree_with_the_index);
  g_test_add_func ("/screen/the-cursor-stays-with-its-object",
                   test_the_cursor_stays_with_its_object);
  g_test_add_func ("/screen/a-mistake-leaves-the-list-alone", test_a_mistake_leaves_the_list_alone);
  g_test_add_func ("/screen/late-answers-are-dropped", test_late_answers_are_dropped);
  g_test_add_func ("/screen/the-list-follows-the-replica", test_the_list_follows_the_replica);
  g_test_add_func ("/screen/a-saved-index-is-of-the-state-it-says",
                   test_a_saved_index_is_of_the_state_it_says);
  g_test_add_func ("/screen/marked-rows-are-summed", test_marked_rows_are_summed);
  g_test_add_func ("/screen/every-screen-is-complete", test_every_screen_is_complete);
  return g_test_run ();
}
