/* customer-test.c: that customers are made, changed and deleted, and that their default is theirs. */
#include "server/engine/customer.h"

#include "server/acquirers/simulator.h"
#include "server/engine/payment_method.h"
#include "server/engine/test-fixture.h"

static const KontorValue *
params (KontorFixture *fixture, guint32 operation, const char *form)
{
  return kontor_fixture_params (fixture, &kontor_customer_resource, operation, form);
}

static KontorCustomer *
make (KontorFixture *fixture, const char *form)
{
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorCustomer *customer = NULL;
  KontorError error = { 0 };

  if (!kontor_customer_create (tx, params (fixture, KONTOR_IN_CREATE, form), &customer, &error))
    g_error ("%s: %s", form, error.message);
  kontor_fixture_commit (fixture);
  return customer;
}

static KontorCustomer *
get (KontorTx *tx, const KontorCustomer *customer)
{
  return kontor_tx_get (tx, &kontor_customer_resource, customer->head.id);
}

static void
test_a_customer_has_defaults (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *customer
      = make (fixture, "email=ada@example.com&address[city]=London&metadata[order]=6735");

  customer = get (kontor_fixture_begin (fixture), customer);
  g_assert_cmpstr (customer->email, ==, "ada@example.com");
  g_assert_cmpstr (customer->address->city, ==, "London");
  g_assert_cmpint (customer->balance, ==, 0);
  g_assert_cmpint (customer->next_invoice_sequence, ==, 1);
  g_assert_cmpint (customer->delinquent, ==, FALSE);
  g_assert_cmpstr (customer->tax_exempt, ==, "none");
  g_assert_true (g_regex_match_simple ("^[0-9A-Z]{8}$", customer->invoice_prefix, 0, 0));
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "customer.created");
}

static void
test_a_method_can_come_along (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *modern = make (fixture, "payment_method=pm_card_visa");
  KontorCustomer *old = make (fixture, "source=tok_mastercard");
  KontorTx *tx = kontor_fixture_begin (fixture);
  const KontorPaymentMethod *method;

  modern = get (tx, modern);
  old = get (tx, old);
  g_assert_null (modern->default_source);
  method = kontor_tx_get (tx, &kontor_payment_method_resource, old->default_source);
  g_assert_cmpstr (method->customer, ==, old->head.id);
  g_assert_cmpstr (method->card->brand, ==, "mastercard");
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (
      kontor_fixture_events (fixture), ==,
      "customer.created payment_method.attached customer.created payment_method.attached");
}

static void
test_a_refused_card_makes_no_customer (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorCustomer *customer;
  KontorError error = { 0 };

  g_assert_false (kontor_customer_create (
      tx, params (fixture, KONTOR_IN_CREATE, "source=tok_chargeDeclined"), &customer, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_CARD_DECLINED);
  kontor_fixture_discard (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "");
}

static void
test_the_default_method_is_their_own (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *ada = make (fixture, "name=Ada"), *bob = make (fixture, "name=Bob");
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorPaymentMethod *method = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);
  g_autofree char *form
      = g_strdup_printf ("invoice_settings[default_payment_method]=%s", method->head.id);

  g_assert_false (
      kontor_customer_update (tx, get (tx, ada), params (fixture, KONTOR_IN_UPDATE, form), &error));
  g_assert_true (kontor_payment_method_attach (tx, method, get (tx, ada), TRUE, &error));
  g_assert_false (
      kontor_customer_update (tx, get (tx, bob), params (fixture, KONTOR_IN_UPDATE, form), &error));
  g_assert_cmpstr (error.param, ==, "invoice_settings[default_payment_method]");
  g_assert_true (
      kontor_customer_update (tx, get (tx, ada), params (fixture, KONTOR_IN_UPDATE, form), &error));
  g_assert_cmpstr (get (tx, ada)->invoice_settings->default_payment_method, ==, method->head.id);
  kontor_fixture_commit (fixture);
}

static void
test_a_change_is_told_once_and_nothing_is_told_when_nothing_changes (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *customer = make (fixture, "name=Ada&metadata[a]=1&metadata[b]=2");
  KontorError error = { 0 };
  KontorTx *tx = kontor_fixture_begin (fixture);

  customer = get (tx, customer);
  g_assert_true (kontor_customer_update (tx, customer,
                                         params (fixture, KONTOR_IN_UPDATE, "name=Ada"), &error));
  g_assert_true (kontor_customer_update (
      tx, customer, params (fixture, KONTOR_IN_UPDATE, "metadata[a]=&metadata[c]=3&phone=1"),
      &error));
  g_assert_cmpuint (customer->metadata->n, ==, 2);
  g_assert_cmpstr (customer->phone, ==, "1");
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "customer.created customer.updated");
}

static void
test_metadata_has_an_end (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  g_autoptr (GString) form = g_string_new ("name=Ada");
  KontorCustomer *customer;
  KontorError error = { 0 };
  KontorTx *tx;

  for (guint i = 0; i < 49; i++)
    g_string_append_printf (form, "&metadata[k%u]=v", i);
  customer = make (fixture, form->str);
  tx = kontor_fixture_begin (fixture);
  customer = get (tx, customer);
  g_assert_false (kontor_customer_update (
      tx, customer, params (fixture, KONTOR_IN_UPDATE, "metadata[a]=1&metadata[b]=2"), &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_METADATA_INVALID);
  g_assert_true (
      kontor_customer_update (tx, customer,
                              params (fixture, KONTOR_IN_UPDATE,
                                      "metadata[a]=1&metadata[b]=2&metadata[k1]=&metadata[k2]=w"),
                              &error));
  g_assert_cmpuint (customer->metadata->n, ==, 50);
  kontor_fixture_commit (fixture);
}

static void
test_a_deleted_customer_is_nobody_and_keeps_no_method (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *customer = make (fixture, "source=tok_visa");
  const char *source = customer->default_source;
  KontorError error = { 0 };
  KontorTx *tx = kontor_fixture_begin (fixture);

  kontor_customer_delete (tx, get (tx, customer));
  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  g_assert_true (get (tx, customer)->deleted);
  g_assert_null (kontor_customer_require (tx, customer->head.id, NULL, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_RESOURCE_MISSING);
  g_assert_null (
      ((KontorPaymentMethod *) kontor_tx_get (tx, &kontor_payment_method_resource, source))
          ->customer);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (
      kontor_fixture_events (fixture), ==,
      "customer.created payment_method.attached payment_method.detached customer.deleted");
}

static void
test_many_methods_go_with_their_customer (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorCustomer *customer = make (fixture, "name=Ada");
  const char *ids[230];
  KontorError error = { 0 };
  KontorTx *tx = kontor_fixture_begin (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      KontorPaymentMethod *method
          = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);

      g_assert_true (kontor_payment_method_attach (tx, method, get (tx, customer), FALSE, &error));
      ids[i] = method->head.id;
    }
  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  kontor_customer_delete (tx, get (tx, customer));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (
        ((KontorPaymentMethod *) kontor_tx_get (tx, &kontor_payment_method_resource, ids[i]))
            ->customer);
  kontor_fixture_commit (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/customer/a-customer-has-defaults", test_a_customer_has_defaults);
  g_test_add_func ("/customer/a-method-can-come-along", test_a_method_can_come_along);
  g_test_add_func ("/customer/a-refused-card-makes-no-customer",
                   test_a_refused_card_makes_no_customer);
  g_test_add_func ("/customer/the-default-method-is-their-own",
                   test_the_default_method_is_their_own);
  g_test_add_func ("/customer/a-change-is-told-once-and-nothing-is-told-when-nothing-changes",
                   test_a_change_is_told_once_and_nothing_is_told_when_nothing_changes);
  g_test_add_func ("/customer/metadata-has-an-end", test_metadata_has_an_end);
  g_test_add_func ("/customer/a-deleted-customer-is-nobody-and-keeps-no-method",
                   test_a_deleted_customer_is_nobody_and_keeps_no_method);
  g_test_add_func ("/customer/many-methods-go-with-their-customer",
                   test_many_methods_go_with_their_customer);
  return g_test_run ();
}
