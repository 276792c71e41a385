/* tx-test.c: that a unit of work leaves all it saved, once, or nothing. */
#include "server/engine/tx.h"

#include "core/resources/customer.h"
#include "server/acquirers/simulator.h"
#include "server/engine/test-fixture.h"
#include "server/store/object.h"

static gint64
n_versions (KontorFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gint64 n = -1;

  kontor_store_integer (fixture->store, "SELECT count(*) FROM versions", &n, &error);
  g_assert_no_error (error);
  return n;
}

static KontorCustomer *
make (KontorTx *tx, const char *name, const char *event_type)
{
  KontorCustomer *customer = kontor_tx_new (tx, &kontor_customer_resource);

  customer->name = name;
  kontor_tx_save (tx, customer, event_type);
  return customer;
}

static void
test_what_nobody_saw_is_kept_once (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorCustomer *customer = make (tx, "A", NULL);

  customer->name = "B";
  kontor_tx_save (tx, customer, NULL);
  make (tx, "C", NULL);
  customer->name = "D";
  kontor_tx_save (tx, customer, "customer.created");
  kontor_fixture_commit (fixture);
  g_assert_cmpint (n_versions (fixture), ==, 2);
  tx = kontor_fixture_begin (fixture);
  customer = kontor_tx_get (tx, &kontor_customer_resource, customer->head.id);
  g_assert_cmpstr (customer->name, ==, "D");
  kontor_fixture_commit (fixture);
}

static void
test_what_an_event_tells_of_stays_as_it_was (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorCustomer *customer = make (tx, "A", "customer.created");
  gint64 first = customer->head.version, prev;
  g_autoptr (GError) error = NULL;

  customer->name = "B";
  kontor_tx_save (tx, customer, "customer.updated");
  kontor_fixture_commit (fixture);
  g_assert_cmpint (n_versions (fixture), ==, 2);
  customer = kontor_store_object_at_version (fixture->store, fixture->arena, first, &prev, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (customer->name, ==, "A");
  g_assert_cmpint (prev, ==, 0);
}

static void
test_what_an_earlier_unit_of_work_saved_is_never_written_over (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *customer = make (kontor_fixture_begin (fixture), "A", NULL);
  KontorTx *tx;

  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  customer = kontor_tx_get (tx, &kontor_customer_resource, customer->head.id);
  customer->name = "B";
  kontor_tx_save (tx, customer, NULL);
  kontor_fixture_commit (fixture);
  g_assert_cmpint (n_versions (fixture), ==, 2);
}

static void
test_what_is_discarded_was_never_there (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const char *id = make (tx, "A", "customer.created")->head.id;

  kontor_fixture_discard (fixture);
  g_assert_cmpint (n_versions (fixture), ==, 0);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "");
  tx = kontor_fixture_begin (fixture);
  g_assert_null (kontor_tx_get (tx, &kontor_customer_resource, id));
  kontor_fixture_commit (fixture);
}

static void
test_another_scope_sees_nothing (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  const char *id = make (kontor_fixture_begin (fixture), "A", NULL)->head.id;
  KontorError error = { 0 };

  kontor_fixture_commit (fixture);
  fixture->scope = 4;
  g_assert_null (kontor_tx_require (kontor_fixture_begin (fixture), &kontor_customer_resource, id,
                                    "customer", &error));
  g_assert_cmpint (error.info->status, ==, 400);
  g_assert_true (g_str_has_suffix (error.message, "'"));
  kontor_fixture_commit (fixture);
}

static void
test_the_other_mode_is_pointed_to (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  const char *id = make (kontor_fixture_begin (fixture), "A", NULL)->head.id;
  g_autofree char *message
      = g_strdup_printf ("No such customer: '%s'; a similar object exists in test mode, but a live"
                         " mode key was used to make this request.",
                         id);
  KontorError error = { 0 };

  kontor_fixture_commit (fixture);
  fixture->scope = 3;
  g_assert_null (kontor_tx_require (kontor_fixture_begin (fixture), &kontor_customer_resource, id,
                                    NULL, &error));
  g_assert_cmpint (error.info->status, ==, 404);
  g_assert_cmpstr (error.message, ==, message);
  kontor_fixture_commit (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tx/what-nobody-saw-is-kept-once", test_what_nobody_saw_is_kept_once);
  g_test_add_func ("/tx/what-an-event-tells-of-stays-as-it-was",
                   test_what_an_event_tells_of_stays_as_it_was);
  g_test_add_func ("/tx/what-an-earlier-unit-of-work-saved-is-never-written-over",
                   test_what_an_earlier_unit_of_work_saved_is_never_written_over);
  g_test_add_func ("/tx/what-is-discarded-was-never-there", test_what_is_discarded_was_never_there);
  g_test_add_func ("/tx/another-scope-sees-nothing", test_another_scope_sees_nothing);
  g_test_add_func ("/tx/the-other-mode-is-pointed-to", test_the_other_mode_is_pointed_to);
  return g_test_run ();
}
