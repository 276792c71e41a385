/* payment_method-test.c: that cards are looked at as a bank would, and belong to one customer at most. */
#include "server/engine/payment_method.h"

#include <string.h>

#include "server/acquirers/simulator.h"
#include "server/engine/customer.h"
#include "server/engine/payment_intent.h"
#include "server/engine/test-fixture.h"

static KontorPaymentMethod *
make (KontorFixture *fixture, KontorTx *tx, const char *form, KontorError *error)
{
  return kontor_payment_method_create (
      tx, kontor_fixture_params (fixture, &kontor_payment_method_resource, KONTOR_IN_CREATE, form),
      NULL, error);
}

static KontorCustomer *
make_customer (KontorFixture *fixture, KontorTx *tx)
{
  KontorCustomer *customer = NULL;
  KontorError error = { 0 };

  g_assert_true (kontor_customer_create (
      tx, kontor_fixture_params (fixture, &kontor_customer_resource, KONTOR_IN_CREATE, "name=Ada"),
      &customer, &error));
  return customer;
}

static void
test_a_card_is_known_by_its_last_digits (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  const KontorPaymentMethod *method = make (
      fixture, tx,
      "type=card&card[number]=4000 0582-6000 0005&card[exp_month]=4&card[exp_year]=31&card[cvc]=314"
      "&billing_details[address][postal_code]=E1",
      &error);

  g_assert_nonnull (method);
  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  method = kontor_tx_get (tx, &kontor_payment_method_resource, method->head.id);
  g_assert_cmpstr (method->type, ==, "card");
  g_assert_cmpstr (method->card->last4, ==, "0005");
  g_assert_cmpstr (method->card->brand, ==, "visa");
  g_assert_cmpstr (method->card->funding, ==, "debit");
  g_assert_cmpstr (method->card->country, ==, "GB");
  g_assert_cmpint (method->card->exp_month, ==, 4);
  g_assert_cmpint (method->card->exp_year, ==, 2031);
  g_assert_cmpstr (method->card->checks->cvc_check, ==, "unchecked");
  g_assert_cmpstr (method->card->checks->address_postal_code_check, ==, "unchecked");
  g_assert_null (method->card->checks->address_line1_check);
  g_assert_cmpuint (strlen (method->card->fingerprint), ==, 16);
  g_assert_true (method->cvc_given);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "");
}

static void
test_the_number_is_kept_nowhere (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  g_autofree char *path = g_build_filename (fixture->data_dir, "kontor.db-wal", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_nonnull (make (
      fixture, tx, "type=card&card[number]=5555555555554444&card[exp_month]=1&card[exp_year]=2030",
      &error));
  kontor_fixture_commit (fixture);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_nonnull (memmem (bytes, length, "mastercard", strlen ("mastercard")));
  g_assert_null (memmem (bytes, length, "5555555555554444", 16));
}

static void
test_a_fingerprint_tells_numbers_apart (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  const char *typed
      = make (fixture, tx,
              "type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2030",
              &error)
            ->card->fingerprint;
  const char *named
      = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error)->card->fingerprint;
  const char *other
      = kontor_payment_method_resolve (tx, "pm_card_visa_debit", NULL, &error)->card->fingerprint;
  const char *elsewhere;

  kontor_fixture_commit (fixture);
  fixture->scope = 4;
  tx = kontor_fixture_begin (fixture);
  elsewhere = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error)->card->fingerprint;
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (typed, ==, named);
  g_assert_cmpstr (typed, !=, other);
  g_assert_cmpstr (typed, !=, elsewhere);
}

static const struct
{
  const char *what, *card;
  KontorErrorCode code;
  const char *param;
} bad_cards[] = {
  { "a digit is wrong", "[number]=4242424242424241", KONTOR_ERROR_INCORRECT_NUMBER, "number" },
  { "two digits changed places", "[number]=2424242424242424", KONTOR_ERROR_INCORRECT_NUMBER,
    "number" },
  { "letters", "[number]=4242abcd42424242", KONTOR_ERROR_INVALID_NUMBER, "number" },
  { "too short", "[number]=42424242424", KONTOR_ERROR_INVALID_NUMBER, "number" },
  { "too long", "[number]=42424242424242424242", KONTOR_ERROR_INVALID_NUMBER, "number" },
  { "a real card in test mode", "[number]=4111111111111111", KONTOR_ERROR_CARD_DECLINED, "number" },
  { "no number", "[cvc]=123", KONTOR_ERROR_PARAMETER_MISSING, "card[number]" },
  { "month 0", "[number]=4242424242424242&card[exp_month]=0", KONTOR_ERROR_INVALID_EXPIRY_MONTH,
    "exp_month" },
  { "month 13", "[number]=4242424242424242&card[exp_month]=13", KONTOR_ERROR_INVALID_EXPIRY_MONTH,
    "exp_month" },
  { "last year", "[number]=4242424242424242&card[exp_year]=2025", KONTOR_ERROR_INVALID_EXPIRY_YEAR,
    "exp_year" },
  { "last year in two digits", "[number]=4242424242424242&card[exp_year]=25",
    KONTOR_ERROR_INVALID_EXPIRY_YEAR, "exp_year" },
  { "in a lifetime", "[number]=4242424242424242&card[exp_year]=2077",
    KONTOR_ERROR_INVALID_EXPIRY_YEAR, "exp_year" },
  { "last month", "[number]=4242424242424242&card[exp_month]=10&card[exp_year]=2026",
    KONTOR_ERROR_INVALID_EXPIRY_MONTH, "exp_month" },
  { "two digits of security", "[number]=4242424242424242&card[cvc]=99", KONTOR_ERROR_INVALID_CVC,
    "cvc" },
  { "five digits of security", "[number]=4242424242424242&card[cvc]=12345",
    KONTOR_ERROR_INVALID_CVC, "cvc" },
  { "letters of security", "[number]=4242424242424242&card[cvc]=12x", KONTOR_ERROR_INVALID_CVC,
    "cvc" },
  { "no such token", "[token]=tok_nonsense", KONTOR_ERROR_RESOURCE_MISSING_PARAM, "card[token]" },
};

static void
test_a_card_that_cannot_be_is_refused (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());

  for (guint i = 0; i < G_N_ELEMENTS (bad_cards); i++)
    {
      KontorTx *tx = kontor_fixture_begin (fixture);
      KontorError error = { 0 };
      g_autofree char *form
          = g_strdup_printf ("type=card&card%s%s%s", bad_cards[i].card,
                             strstr (bad_cards[i].card, "exp_month") ? "" : "&card[exp_month]=12",
                             strstr (bad_cards[i].card, "exp_year") ? "" : "&card[exp_year]=2030");

      g_test_message ("%s", bad_cards[i].what);
      g_assert_null (make (fixture, tx, form, &error));
      g_assert_cmpint (error.info->number, ==, bad_cards[i].code);
      g_assert_cmpstr (error.param, ==, bad_cards[i].param);
      kontor_fixture_discard (fixture);
    }
}

static void
test_a_card_is_good_until_its_month_ends (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorError error = { 0 };
  const char *form
      = "type=card&card[number]=4242424242424242&card[exp_month]=11&card[exp_year]=2026";

  kontor_clock_advance (&fixture->clock, 7 * 86400); /* 30 November */
  g_assert_nonnull (make (fixture, kontor_fixture_begin (fixture), form, &error));
  kontor_fixture_commit (fixture);
  kontor_clock_advance (&fixture->clock, 86400);
  g_assert_null (make (fixture, kontor_fixture_begin (fixture), form, &error));
  kontor_fixture_discard (fixture);
}

static void
test_a_real_card_in_test_mode_says_why (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };

  g_assert_null (make (
      fixture, tx, "type=card&card[number]=4111111111111111&card[exp_month]=1&card[exp_year]=2030",
      &error));
  g_assert_cmpstr (error.info->type, ==, "card_error");
  g_assert_cmpstr (error.decline_code, ==, "test_mode_live_card");
  kontor_fixture_discard (fixture);
}

static void
test_live_mode_takes_no_number_and_no_test_card (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorError error = { 0 };
  KontorTx *tx;

  fixture->scope = 3;
  tx = kontor_fixture_begin (fixture);
  g_assert_null (make (
      fixture, tx, "type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2030",
      &error));
  g_assert_cmpstr (error.param, ==, "card[number]");
  g_assert_null (kontor_payment_method_resolve (tx, "pm_card_visa", "payment_method", &error));
  g_assert_cmpstr (error.message, ==, "No such PaymentMethod: 'pm_card_visa'");
  kontor_fixture_discard (fixture);
}

static void
test_every_test_card_can_be_named (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  const KontorRailCard *card;

  for (guint i = 0; (card = kontor_simulator_card (i)) != NULL; i++)
    {
      KontorTx *tx = kontor_fixture_begin (fixture);
      g_autofree char *name = g_strconcat ("pm_card_", card->name, NULL);
      KontorError error = { 0 };
      const KontorPaymentMethod *method = kontor_payment_method_resolve (tx, name, NULL, &error);

      g_test_message ("%s", name);
      g_assert_nonnull (method);
      g_assert_cmpstr (method->card->brand, ==, card->brand);
      g_assert_true (g_str_has_suffix (card->number, method->card->last4));
      kontor_fixture_commit (fixture);
    }
}

static void
test_a_token_becomes_a_card (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  const KontorPaymentMethod *method = make (fixture, tx, "type=card&card[token]=tok_amex", &error);

  g_assert_cmpstr (method->card->display_brand, ==, "american_express");
  g_assert_cmpint (method->card->exp_year, ==, 2027);
  kontor_fixture_commit (fixture);
}

static void
test_what_is_not_on_offer_is_said_so (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };

  g_assert_null (make (fixture, tx, "type=sepa_debit", &error));
  g_assert_cmpstr (error.param, ==, "type");
  g_assert_null (make (fixture, tx, "type=card", &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_PARAMETER_MISSING);
  g_assert_cmpstr (error.param, ==, "card");
  kontor_fixture_discard (fixture);
}

static void
test_attaching_asks_the_bank (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorCustomer *customer = make_customer (fixture, tx);
  KontorPaymentMethod *good = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);
  KontorPaymentMethod *bad
      = kontor_payment_method_resolve (tx, "pm_card_chargeDeclined", NULL, &error);
  KontorPaymentMethod *later
      = kontor_payment_method_resolve (tx, "pm_card_authenticationRequired", NULL, &error);

  g_assert_true (kontor_payment_method_attach (tx, good, customer, TRUE, &error));
  g_assert_cmpstr (good->customer, ==, customer->head.id);
  g_assert_cmpstr (good->card->checks->cvc_check, ==, "pass");
  g_assert_true (kontor_payment_method_attach (tx, later, customer, TRUE, &error));
  g_assert_false (kontor_payment_method_attach (tx, bad, customer, TRUE, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_CARD_DECLINED);
  g_assert_cmpstr (error.decline_code, ==, "generic_decline");
  g_assert_null (bad->customer);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "customer.created payment_method.attached payment_method.attached");
}

static void
test_a_method_belongs_to_one_customer (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorCustomer *one = make_customer (fixture, tx);
  KontorCustomer *other = make_customer (fixture, tx);
  KontorPaymentMethod *method = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);

  g_assert_true (kontor_payment_method_may_be_used (method, NULL, &error));
  g_assert_true (kontor_payment_method_may_be_used (method, one->head.id, &error));
  g_assert_true (kontor_payment_method_attach (tx, method, one, TRUE, &error));
  g_assert_true (kontor_payment_method_attach (tx, method, one, TRUE, &error));
  g_assert_false (kontor_payment_method_attach (tx, method, other, TRUE, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_PAYMENT_METHOD_UNEXPECTED_STATE);
  g_assert_true (kontor_payment_method_may_be_used (method, one->head.id, &error));
  g_assert_false (kontor_payment_method_may_be_used (method, other->head.id, &error));
  g_assert_false (kontor_payment_method_may_be_used (method, NULL, &error));
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "customer.created customer.created payment_method.attached");
}

static void
test_detaching_is_for_good (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorCustomer *customer = make_customer (fixture, tx);
  KontorPaymentMethod *method = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);

  g_assert_false (kontor_payment_method_detach (tx, method, &error));
  g_assert_true (kontor_payment_method_attach (tx, method, customer, TRUE, &error));
  customer->invoice_settings->default_payment_method = method->head.id;
  kontor_tx_save (tx, customer, NULL);
  kontor_fixture_commit (fixture);

  tx = kontor_fixture_begin (fixture);
  method = kontor_tx_get (tx, &kontor_payment_method_resource, method->head.id);
  customer = kontor_tx_get (tx, &kontor_customer_resource, customer->head.id);
  g_assert_cmpstr (customer->invoice_settings->default_payment_method, ==, method->head.id);
  g_assert_true (kontor_payment_method_detach (tx, method, &error));
  g_assert_null (method->customer);
  g_assert_null (customer->invoice_settings->default_payment_method);
  kontor_fixture_commit (fixture);

  tx = kontor_fixture_begin (fixture);
  method = kontor_tx_get (tx, &kontor_payment_method_resource, method->head.id);
  customer = kontor_tx_get (tx, &kontor_customer_resource, customer->head.id);
  g_assert_false (kontor_payment_method_may_be_used (method, NULL, &error));
  g_assert_false (kontor_payment_method_attach (tx, method, customer, TRUE, &error));
  kontor_fixture_discard (fixture);
  g_assert_cmpstr (
      kontor_fixture_events (fixture), ==,
      "customer.created payment_method.attached payment_method.detached customer.updated");
}

static KontorPaymentIntent *
pay (KontorFixture *fixture, KontorTx *tx, const char *form, KontorError *error)
{
  g_autofree char *whole = g_strconcat ("amount=1000&currency=usd&confirm=true&", form, NULL);
  const KontorValue *params
      = kontor_fixture_params (fixture, &kontor_payment_intent_resource, KONTOR_IN_CREATE, whole);
  KontorPaymentIntent *intent = NULL;
  gboolean keep;

  return kontor_payment_intent_create (tx, params, &intent, &keep, error) ? intent : NULL;
}

static void
test_what_belongs_to_nobody_pays_once (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorCustomer *customer = make_customer (fixture, tx);
  g_autofree char *kept = g_strdup_printf (
      "payment_method=pm_card_visa&setup_future_usage=on_session&customer=%s", customer->head.id);
  const char *once = pay (fixture, tx, "payment_method=pm_card_visa", &error)->payment_method;
  const char *often = pay (fixture, tx, kept, &error)->payment_method;
  g_autofree char *once_again = g_strdup_printf ("payment_method=%s", once);
  g_autofree char *often_again
      = g_strdup_printf ("payment_method=%s&customer=%s", often, customer->head.id);

  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  g_assert_nonnull (pay (fixture, tx, often_again, &error));
  g_assert_null (pay (fixture, tx, once_again, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_PAYMENT_METHOD_UNEXPECTED_STATE);
  g_assert_false (kontor_payment_method_attach (
      tx, kontor_tx_get (tx, &kontor_payment_method_resource, once),
      kontor_tx_get (tx, &kontor_customer_resource, customer->head.id), TRUE, &error));
  kontor_fixture_commit (fixture);
}

static void
test_a_refused_payment_uses_nothing_up (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  const KontorPaymentMethod *method
      = kontor_payment_method_resolve (tx, "pm_card_chargeCustomerFail", NULL, &error);
  g_autofree char *form = g_strdup_printf ("payment_method=%s", method->head.id);

  g_assert_null (pay (fixture, tx, form, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_CARD_DECLINED);
  g_assert_false (method->spent);
  kontor_fixture_commit (fixture);
}

static void
test_only_what_a_customer_has_can_be_changed (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorError error = { 0 };
  KontorCustomer *customer = make_customer (fixture, tx);
  KontorPaymentMethod *method = kontor_payment_method_resolve (tx, "pm_card_visa", NULL, &error);
  const KontorValue *params = kontor_fixture_params (
      fixture, &kontor_payment_method_resource, KONTOR_IN_UPDATE,
      "card[exp_year]=31&card[exp_month]=2&billing_details[name]=Ada&metadata[a]=b");
  const KontorValue *past = kontor_fixture_params (fixture, &kontor_payment_method_resource,
                                                   KONTOR_IN_UPDATE, "card[exp_year]=2020");

  g_assert_false (kontor_payment_method_update (tx, method, params, &error));
  g_assert_true (kontor_payment_method_attach (tx, method, customer, TRUE, &error));
  g_assert_true (kontor_payment_method_update (tx, method, params, &error));
  g_assert_cmpint (method->card->exp_year, ==, 2031);
  g_assert_cmpint (method->card->exp_month, ==, 2);
  g_assert_cmpstr (method->card->last4, ==, "4242");
  g_assert_cmpstr (method->billing_details->name, ==, "Ada");
  g_assert_cmpuint (method->metadata->n, ==, 1);
  g_assert_false (kontor_payment_method_update (tx, method, past, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_INVALID_EXPIRY_YEAR);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "customer.created payment_method.attached payment_method.updated");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payment-method/a-card-is-known-by-its-last-digits",
                   test_a_card_is_known_by_its_last_digits);
  g_test_add_func ("/payment-method/the-number-is-kept-nowhere", test_the_number_is_kept_nowhere);
  g_test_add_func ("/payment-method/a-fingerprint-tells-numbers-apart",
                   test_a_fingerprint_tells_numbers_apart);
  g_test_add_func ("/payment-method/a-card-that-cannot-be-is-refused",
                   test_a_card_that_cannot_be_is_refused);
  g_test_add_func ("/payment-method/a-card-is-good-until-its-month-ends",
                   test_a_card_is_good_until_its_month_ends);
  g_test_add_func ("/payment-method/a-real-card-in-test-mode-says-why",
                   test_a_real_card_in_test_mode_says_why);
  g_test_add_func ("/payment-method/live-mode-takes-no-number-and-no-test-card",
                   test_live_mode_takes_no_number_and_no_test_card);
  g_test_add_func ("/payment-method/every-test-card-can-be-named",
                   test_every_test_card_can_be_named);
  g_test_add_func ("/payment-method/a-token-becomes-a-card", test_a_token_becomes_a_card);
  g_test_add_func ("/payment-method/what-is-not-on-offer-is-said-so",
                   test_what_is_not_on_offer_is_said_so);
  g_test_add_func ("/payment-method/attaching-asks-the-bank", test_attaching_asks_the_bank);
  g_test_add_func ("/payment-method/a-method-belongs-to-one-customer",
                   test_a_method_belongs_to_one_customer);
  g_test_add_func ("/payment-method/detaching-is-for-good", test_detaching_is_for_good);
  g_test_add_func ("/payment-method/what-belongs-to-nobody-pays-once",
                   test_what_belongs_to_nobody_pays_once);
  g_test_add_func ("/payment-method/a-refused-payment-uses-nothing-up",
                   test_a_refused_payment_uses_nothing_up);
  g_test_add_func ("/payment-method/only-what-a-customer-has-can-be-changed",
                   test_only_what_a_customer_has_can_be_changed);
  return g_test_run ();
}
