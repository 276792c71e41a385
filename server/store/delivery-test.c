/* delivery-test.c: that the deliveries of one object to one endpoint are made one after the other. */
#include "server/store/delivery.h"

#include <glib/gstdio.h>

#define ENDPOINT 7
#define OTHER 8
#define OBJECT 100

typedef struct
{
  char *folder;
  KontorStore *store;
} World;

static void
open_world (World *world)
{
  g_autoptr (GError) error = NULL;

  world->folder = g_dir_make_tmp ("kontor-delivery-XXXXXX", &error);
  g_assert_no_error (error);
  world->store = kontor_store_open (world->folder, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (kontor_store_migrate (world->store, &error));
  g_assert_true (kontor_store_begin (world->store, &error));
}

static void
close_world (World *world)
{
  kontor_store_rollback (world->store);
  kontor_store_close (world->store);
  for (guint i = 0; i < 3; i++)
    {
      const char *const names[] = { "kontor.db", "kontor.db-wal", "kontor.db-shm" };
      g_autofree char *path = g_build_filename (world->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (world->folder);
  g_free (world->folder);
}

static KontorDeliveryState
state_of (World *world, gint64 endpoint, gint64 event)
{
  KontorDeliveryRow row;
  gboolean found;

  g_assert_true (kontor_store_delivery_get (world->store, event, endpoint, &row, &found, NULL));
  g_assert_true (found);
  return row.state;
}

static void
open_one (World *world, gint64 endpoint, gint64 object, gint64 event, gint64 due)
{
  KontorDeliveryRow row = { .event = event, .endpoint = endpoint, .object = object, .due = due };

  g_assert_true (kontor_store_delivery_open (world->store, &row, NULL));
  g_assert_cmpint (row.state, ==, state_of (world, endpoint, event));
}

static gboolean
settle (World *world, gint64 endpoint, gint64 object, gint64 event, KontorDeliveryState state)
{
  KontorDeliveryRow row
      = { .event = event, .endpoint = endpoint, .object = object, .state = state, .due = 1000 };
  gboolean promoted;

  g_assert_true (kontor_store_delivery_settle (world->store, &row, &promoted, NULL));
  return promoted;
}

static void
assert_ready (World *world, gint64 endpoint, const char *expected)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryRow));
  g_autoptr (GString) events = g_string_new (NULL);

  g_assert_true (kontor_store_delivery_ready (world->store, endpoint, 100, rows, NULL));
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (events, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (rows, KontorDeliveryRow, i).event);
  g_assert_cmpstr (events->str, ==, expected);
}

static void
test_the_first_of_a_line_is_ready (void)
{
  World world;

  open_world (&world);
  open_one (&world, ENDPOINT, OBJECT, 1, 50);
  open_one (&world, ENDPOINT, OBJECT, 2, 51);
  open_one (&world, ENDPOINT, OBJECT, 3, 52);
  open_one (&world, ENDPOINT, OBJECT + 1, 4, 40);
  open_one (&world, OTHER, OBJECT, 1, 50);
  assert_ready (&world, ENDPOINT, "4 1");
  assert_ready (&world, OTHER, "1");
  g_assert_cmpint (state_of (&world, ENDPOINT, 2), ==, KONTOR_DELIVERY_HELD);

  g_assert_true (settle (&world, ENDPOINT, OBJECT, 1, KONTOR_DELIVERY_SUCCEEDED));
  assert_ready (&world, ENDPOINT, "4 2");
  g_assert_true (settle (&world, ENDPOINT, OBJECT, 2, KONTOR_DELIVERY_FAILED));
  g_assert_false (settle (&world, ENDPOINT, OBJECT, 3, KONTOR_DELIVERY_CANCELED));
  assert_ready (&world, ENDPOINT, "4");
  close_world (&world);
}

static void
test_trying_again_keeps_the_place (void)
{
  World world;

  open_world (&world);
  open_one (&world, ENDPOINT, OBJECT, 1, 50);
  open_one (&world, ENDPOINT, OBJECT, 2, 51);
  open_one (&world, ENDPOINT, OBJECT, 1, 900);
  assert_ready (&world, ENDPOINT, "1");
  g_assert_cmpint (state_of (&world, ENDPOINT, 2), ==, KONTOR_DELIVERY_HELD);
  close_world (&world);
}

static void
test_what_is_sent_again_goes_first (void)
{
  World world;

  open_world (&world);
  g_assert_false (settle (&world, ENDPOINT, OBJECT, 1, KONTOR_DELIVERY_FAILED));
  open_one (&world, ENDPOINT, OBJECT, 2, 51);
  open_one (&world, ENDPOINT, OBJECT, 3, 51);
  open_one (&world, ENDPOINT, OBJECT, 1, 60);
  assert_ready (&world, ENDPOINT, "1");
  g_assert_cmpint (state_of (&world, ENDPOINT, 2), ==, KONTOR_DELIVERY_HELD);
  g_assert_true (settle (&world, ENDPOINT, OBJECT, 1, KONTOR_DELIVERY_SUCCEEDED));
  assert_ready (&world, ENDPOINT, "2");
  close_world (&world);
}

static void
test_endpoints_are_found_without_their_rows (void)
{
  gint64 endpoint = 0, due = 0;
  World world;

  open_world (&world);
  for (gint64 event = 1; event <= 50; event++)
    open_one (&world, ENDPOINT, OBJECT + event, event, 1000 - event);
  open_one (&world, OTHER, OBJECT, 60, 5);
  g_assert_true (kontor_store_delivery_next_endpoint (world.store, 0, &endpoint, &due, NULL));
  g_assert_cmpint (endpoint, ==, ENDPOINT);
  g_assert_cmpint (due, ==, 950);
  g_assert_true (
      kontor_store_delivery_next_endpoint (world.store, endpoint, &endpoint, &due, NULL));
  g_assert_cmpint (endpoint, ==, OTHER);
  g_assert_true (
      kontor_store_delivery_next_endpoint (world.store, endpoint, &endpoint, &due, NULL));
  g_assert_cmpint (endpoint, ==, 0);
  close_world (&world);
}

static void
test_all_that_is_open_can_be_canceled (void)
{
  guint canceled = 0, all = 0;
  World world;

  open_world (&world);
  for (gint64 event = 1; event <= 50; event++)
    open_one (&world, ENDPOINT, OBJECT + event % 7, event, 10);
  open_one (&world, OTHER, OBJECT, 1, 10);
  do
    {
      g_assert_true (
          kontor_store_delivery_cancel_some (world.store, ENDPOINT, 99, 8, &canceled, NULL));
      g_assert_cmpuint (canceled, <=, 8);
      all += canceled;
    }
  while (canceled > 0);
  g_assert_cmpuint (all, ==, 50);
  assert_ready (&world, ENDPOINT, "");
  assert_ready (&world, OTHER, "1");
  close_world (&world);
}

static void
test_what_is_open_is_not_forgotten (void)
{
  gint64 event = 0, rows = 0;
  World world;

  open_world (&world);
  for (gint64 i = 1; i <= 30; i++)
    (void) settle (&world, ENDPOINT, OBJECT, i, KONTOR_DELIVERY_SUCCEEDED);
  open_one (&world, ENDPOINT, OBJECT, 31, 10);
  event = 1;
  do
    g_assert_true (kontor_store_delivery_forget (world.store, &event, 40, 1001, 4, NULL));
  while (event != 0);
  g_assert_true (
      kontor_store_integer (world.store, "SELECT count(*) FROM webhook_deliveries", &rows, NULL));
  g_assert_cmpint (rows, ==, 1);
  close_world (&world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/the-first-of-a-line-is-ready", test_the_first_of_a_line_is_ready);
  g_test_add_func ("/delivery/trying-again-keeps-the-place", test_trying_again_keeps_the_place);
  g_test_add_func ("/delivery/what-is-sent-again-goes-first", test_what_is_sent_again_goes_first);
  g_test_add_func ("/delivery/endpoints-are-found-without-their-rows",
                   test_endpoints_are_found_without_their_rows);
  g_test_add_func ("/delivery/all-that-is-open-can-be-canceled",
                   test_all_that_is_open_can_be_canceled);
  g_test_add_func ("/delivery/what-is-open-is-not-forgotten", test_what_is_open_is_not_forgotten);
  return g_test_run ();
}
