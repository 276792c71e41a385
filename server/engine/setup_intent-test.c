/* setup_intent-test.c: that a setup goes through its states as documented, card by card. */
#include "server/engine/setup_intent.h"

#include "core/resources/customer.h"
#include "core/resources/payment_method.h"
#include "core/resources/setup_attempt.h"
#include "server/acquirers/simulator.h"
#include "server/engine/customer.h"
#include "server/engine/test-fixture.h"

static const KontorValue *
params (KontorFixture *fixture, guint32 operation, const char *form)
{
  return kontor_fixture_params (fixture, &kontor_setup_intent_resource, operation, form);
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

static KontorSetupIntent *
make (KontorFixture *fixture, KontorTx *tx, const char *form)
{
  KontorSetupIntent *intent = NULL;
  KontorError error = { 0 };
  gboolean keep;

  if (!kontor_setup_intent_create (tx, params (fixture, KONTOR_IN_CREATE, form), &intent, &keep,
                                   &error)
      && !keep)
    g_error ("%s: %s", form, error.message);
  return intent;
}

static gboolean
confirm (KontorFixture *fixture,
         KontorTx *tx,
         KontorSetupIntent *intent,
         const char *form,
         gboolean *keep,
         KontorError *error)
{
  return kontor_setup_intent_confirm (tx, intent, params (fixture, KONTOR_IN_CONFIRM, form), keep,
                                      error);
}

static const KontorSetupAttempt *
latest (KontorTx *tx, const KontorSetupIntent *intent)
{
  return kontor_tx_get (tx, &kontor_setup_attempt_resource, intent->latest_attempt);
}

static void
test_without_a_method_it_waits_for_one (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const KontorSetupIntent *intent = make (fixture, tx, "");

  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD);
  g_assert_cmpstr (intent->usage, ==, "off_session");
  g_assert_null (intent->payment_method_types);
  g_assert_true (intent->automatic_payment_methods->enabled);
  g_assert_true (g_str_has_prefix (intent->client_secret, intent->head.id));
  g_assert_null (intent->latest_attempt);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "setup_intent.created");
}

static void
test_a_good_card_is_kept_with_its_customer (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorCustomer *customer = make_customer (fixture, tx);
  g_autofree char *form
      = g_strdup_printf ("customer=%s&payment_method=pm_card_visa&confirm=true", customer->head.id);
  const KontorSetupIntent *intent = make (fixture, tx, form);
  const KontorPaymentMethod *method
      = kontor_tx_get (tx, &kontor_payment_method_resource, intent->payment_method);

  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_SUCCEEDED);
  g_assert_cmpstr (method->customer, ==, customer->head.id);
  g_assert_true (method->set_up);
  g_assert_cmpstr (method->card->checks->cvc_check, ==, "pass");
  g_assert_cmpstr (latest (tx, intent)->status, ==, "succeeded");
  g_assert_cmpstr (latest (tx, intent)->payment_method_details->card->last4, ==, "4242");
  g_assert_cmpstr (latest (tx, intent)->payment_method_details->card->checks->cvc_check, ==,
                   "pass");
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (
      kontor_fixture_events (fixture), ==,
      "customer.created setup_intent.created payment_method.attached setup_intent.succeeded");
}

static void
test_on_session_use_is_not_set_up_for_absence (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const KontorSetupIntent *intent
      = make (fixture, tx, "usage=on_session&payment_method=pm_card_visa&confirm=true");
  const KontorPaymentMethod *method
      = kontor_tx_get (tx, &kontor_payment_method_resource, intent->payment_method);

  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_SUCCEEDED);
  g_assert_false (method->set_up);
  g_assert_null (method->customer);
  kontor_fixture_commit (fixture);
}

static void
test_a_refused_card_leaves_its_reason (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *intent = make (fixture, tx, "");
  KontorError error = { 0 };
  gboolean keep;

  g_assert_false (confirm (fixture, tx, intent,
                           "payment_method=pm_card_chargeDeclinedInsufficientFunds", &keep,
                           &error));
  g_assert_true (keep);
  g_assert_cmpint (error.info->status, ==, 402);
  g_assert_true (error.setup_intent == intent);
  kontor_fixture_commit (fixture);

  tx = kontor_fixture_begin (fixture);
  intent = kontor_tx_get (tx, &kontor_setup_intent_resource, intent->head.id);
  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD);
  g_assert_null (intent->payment_method);
  g_assert_cmpstr (intent->last_setup_error->code, ==, "card_declined");
  g_assert_cmpstr (intent->last_setup_error->decline_code, ==, "insufficient_funds");
  g_assert_cmpstr (latest (tx, intent)->status, ==, "failed");
  g_assert_cmpstr (latest (tx, intent)->setup_error->decline_code, ==, "insufficient_funds");
  g_assert_true (confirm (fixture, tx, intent, "payment_method=pm_card_visa", &keep, &error));
  g_assert_null (intent->last_setup_error);
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "setup_intent.created setup_intent.setup_failed setup_intent.succeeded");
}

/* Each card as the bank behind it behaves at a setup with the customer present. */
static const struct
{
  const char *card;
  KontorSetupIntentStatus status;
} cards[] = {
  { "pm_card_visa", KONTOR_SETUP_INTENT_SUCCEEDED },
  { "pm_card_chargeCustomerFail", KONTOR_SETUP_INTENT_SUCCEEDED },
  { "pm_card_chargeDeclined", KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD },
  { "pm_card_chargeDeclinedExpiredCard", KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD },
  { "pm_card_authenticationRequired", KONTOR_SETUP_INTENT_REQUIRES_ACTION },
  { "pm_card_authenticationRequiredOnSetup", KONTOR_SETUP_INTENT_REQUIRES_ACTION },
  { "pm_card_authenticationRequiredSetupForOffSession", KONTOR_SETUP_INTENT_REQUIRES_ACTION },
  { "pm_card_threeDSecureOptional", KONTOR_SETUP_INTENT_SUCCEEDED },
};

static void
test_each_card_takes_its_own_way (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());

  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      KontorTx *tx = kontor_fixture_begin (fixture);
      KontorSetupIntent *intent = make (fixture, tx, "");
      g_autofree char *form = g_strdup_printf ("payment_method=%s", cards[i].card);
      KontorError error = { 0 };
      gboolean keep;

      g_test_message ("%s", cards[i].card);
      (void) confirm (fixture, tx, intent, form, &keep, &error);
      g_assert_cmpint (intent->status, ==, cards[i].status);
      kontor_fixture_commit (fixture);
    }
}

static KontorSetupIntent *
challenged (KontorFixture *fixture, KontorTx *tx, const char *more)
{
  g_autofree char *form = g_strconcat (
      "payment_method=pm_card_authenticationRequiredOnSetup&confirm=true", more, NULL);
  KontorSetupIntent *intent = make (fixture, tx, form);

  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_ACTION);
  g_assert_cmpstr (latest (tx, intent)->status, ==, "requires_action");
  return intent;
}

static void
test_the_challenge_is_where_the_next_action_says (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const KontorSetupIntent *sdk = challenged (fixture, tx, "");
  const KontorSetupIntent *browser
      = challenged (fixture, tx, "&return_url=https://shop.example/done");
  g_autofree char *url
      = g_strdup_printf ("http://127.0.0.1:8420/v1/kontor/authenticate/2/%s?client_secret=%s",
                         browser->head.id, browser->client_secret);

  g_assert_cmpstr (sdk->next_action->type, ==, "use_stripe_sdk");
  g_assert_cmpstr (browser->next_action->type, ==, "redirect_to_url");
  g_assert_cmpstr (browser->next_action->redirect_to_url->url, ==, url);
  g_assert_cmpstr (browser->next_action->redirect_to_url->return_url, ==,
                   "https://shop.example/done");
  kontor_fixture_commit (fixture);
}

static void
test_a_passed_challenge_completes_the_setup (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *intent = challenged (fixture, tx, "");
  KontorError error = { 0 };
  const char *attempt = intent->latest_attempt;

  kontor_fixture_commit (fixture);
  tx = kontor_fixture_begin (fixture);
  intent = kontor_tx_get (tx, &kontor_setup_intent_resource, intent->head.id);
  g_assert_true (kontor_setup_intent_finish_action (tx, intent, TRUE, &error));
  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_SUCCEEDED);
  g_assert_null (intent->next_action);
  g_assert_cmpstr (intent->latest_attempt, ==, attempt);
  g_assert_cmpstr (latest (tx, intent)->status, ==, "succeeded");
  g_assert_cmpstr (latest (tx, intent)->payment_method_details->card->three_d_secure->result, ==,
                   "authenticated");
  g_assert_false (kontor_setup_intent_finish_action (tx, intent, TRUE, &error));
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "setup_intent.created setup_intent.requires_action setup_intent.succeeded");
}

static void
test_a_failed_challenge_asks_for_another_method (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *intent = challenged (fixture, tx, "");
  KontorError error = { 0 };

  g_assert_true (kontor_setup_intent_finish_action (tx, intent, FALSE, &error));
  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD);
  g_assert_cmpstr (intent->last_setup_error->code, ==, "setup_intent_authentication_failure");
  g_assert_cmpstr (latest (tx, intent)->status, ==, "failed");
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==,
                   "setup_intent.created setup_intent.requires_action setup_intent.setup_failed");
}

static void
test_a_merchant_may_want_a_challenge (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const KontorSetupIntent *intent
      = make (fixture, tx,
              "payment_method=pm_card_threeDSecureOptional&confirm=true"
              "&payment_method_options[card][request_three_d_secure]=any");

  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_ACTION);
  kontor_fixture_commit (fixture);
}

static void
test_a_new_method_abandons_the_challenge (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *intent = challenged (fixture, tx, "");
  const KontorSetupAttempt *first = latest (tx, intent);
  KontorError error = { 0 };
  gboolean keep;

  g_assert_true (kontor_setup_intent_update (
      tx, intent, params (fixture, KONTOR_IN_UPDATE, "payment_method=pm_card_visa"), &error));
  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_REQUIRES_CONFIRMATION);
  g_assert_null (intent->next_action);
  g_assert_cmpstr (first->status, ==, "abandoned");
  g_assert_true (confirm (fixture, tx, intent, "", &keep, &error));
  g_assert_cmpint (intent->status, ==, KONTOR_SETUP_INTENT_SUCCEEDED);
  g_assert_cmpstr (intent->latest_attempt, !=, first->head.id);
  kontor_fixture_commit (fixture);
}

static void
test_what_has_ended_stays_as_it_is (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *done = make (fixture, tx, "payment_method=pm_card_visa&confirm=true");
  KontorSetupIntent *gone = make (fixture, tx, "");
  KontorError error = { 0 };
  gboolean keep;

  g_assert_true (kontor_setup_intent_cancel (
      tx, gone, params (fixture, KONTOR_IN_CANCEL, "cancellation_reason=duplicate"), &error));
  g_assert_cmpint (gone->status, ==, KONTOR_SETUP_INTENT_CANCELED);
  g_assert_cmpstr (gone->cancellation_reason, ==, "duplicate");
  g_assert_false (
      kontor_setup_intent_cancel (tx, done, params (fixture, KONTOR_IN_CANCEL, ""), &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE);
  g_assert_true (error.setup_intent == done);
  g_assert_false (confirm (fixture, tx, done, "", &keep, &error));
  g_assert_false (confirm (fixture, tx, gone, "payment_method=pm_card_visa", &keep, &error));
  g_assert_false (kontor_setup_intent_update (
      tx, done, params (fixture, KONTOR_IN_UPDATE, "payment_method=pm_card_visa"), &error));
  g_assert_true (kontor_setup_intent_update (
      tx, done, params (fixture, KONTOR_IN_UPDATE, "metadata[a]=b"), &error));
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (
      kontor_fixture_events (fixture), ==,
      "setup_intent.created setup_intent.succeeded setup_intent.created setup_intent.canceled");
}

static const struct
{
  const char *what, *form, *param;
} refusals[] = {
  { "nobody", "customer=cus_nobody", "customer" },
  { "no such method", "payment_method=pm_nothing", "payment_method" },
  { "two methods",
    "payment_method=pm_card_visa&payment_method_data[type]=card&payment_method_data[card][token]="
    "tok_visa",
    "payment_method_data" },
  { "a card that cannot be",
    "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424241"
    "&payment_method_data[card][exp_month]=1&payment_method_data[card][exp_year]=2030",
    "number" },
  { "a card without a date",
    "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242",
    "payment_method_data[card][exp_month]" },
  { "types twice", "payment_method_types[]=card&automatic_payment_methods[enabled]=true",
    "payment_method_types" },
  { "a way back without a way there", "return_url=https://shop.example", "return_url" },
  { "somebody else's account", "on_behalf_of=acct_1", "on_behalf_of" },
  { "a method of another type", "payment_method_types[]=sepa_debit&payment_method=pm_card_visa",
    "payment_method" },
};

static void
test_what_cannot_be_is_refused (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      KontorTx *tx = kontor_fixture_begin (fixture);
      KontorSetupIntent *intent;
      KontorError error = { 0 };
      gboolean keep;

      g_test_message ("%s", refusals[i].what);
      g_assert_false (kontor_setup_intent_create (
          tx, params (fixture, KONTOR_IN_CREATE, refusals[i].form), &intent, &keep, &error));
      g_assert_false (keep);
      g_assert_cmpstr (error.param, ==, refusals[i].param);
      kontor_fixture_discard (fixture);
    }
}

static void
test_confirming_needs_a_method (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  KontorSetupIntent *intent = make (fixture, tx, "");
  KontorError error = { 0 };
  gboolean keep;

  g_assert_false (confirm (fixture, tx, intent, "", &keep, &error));
  g_assert_false (keep);
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE);
  kontor_fixture_discard (fixture);
}

static void
test_another_customers_method_is_refused (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  g_autofree char *hers = g_strdup_printf ("customer=%s&payment_method=pm_card_visa&confirm=true",
                                           make_customer (fixture, tx)->head.id);
  const KontorSetupIntent *first = make (fixture, tx, hers);
  g_autofree char *his = g_strdup_printf (
      "customer=%s&payment_method=%s", make_customer (fixture, tx)->head.id, first->payment_method);
  KontorSetupIntent *second;
  KontorError error = { 0 };
  gboolean keep;

  g_assert_false (kontor_setup_intent_create (tx, params (fixture, KONTOR_IN_CREATE, his), &second,
                                              &keep, &error));
  g_assert_cmpstr (error.param, ==, "payment_method");
  kontor_fixture_commit (fixture);
}

static void
test_a_new_customer_does_not_come_into_anothers_method (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorTx *tx = kontor_fixture_begin (fixture);
  const char *ada = make_customer (fixture, tx)->head.id;
  const char *bob = make_customer (fixture, tx)->head.id;
  g_autofree char *hers
      = g_strdup_printf ("customer=%s&payment_method=pm_card_visa&confirm=true", ada);
  g_autofree char *again = g_strdup_printf ("customer=%s&payment_method=%s", ada,
                                            make (fixture, tx, hers)->payment_method);
  KontorSetupIntent *intent = make (fixture, tx, again);
  g_autofree char *his = g_strdup_printf ("customer=%s", bob);
  g_autofree char *his_own = g_strdup_printf ("customer=%s&payment_method=pm_card_visa", bob);
  KontorError error = { 0 };

  g_assert_false (
      kontor_setup_intent_update (tx, intent, params (fixture, KONTOR_IN_UPDATE, his), &error));
  g_assert_cmpstr (intent->customer, ==, ada);
  g_assert_true (
      kontor_setup_intent_update (tx, intent, params (fixture, KONTOR_IN_UPDATE, his_own), &error));
  g_assert_cmpstr (intent->customer, ==, bob);
  kontor_fixture_commit (fixture);
}

static void
test_live_mode_without_a_rail_confirms_nothing (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorError error = { 0 };
  KontorSetupIntent *intent;
  KontorPaymentMethod *method;
  gboolean keep;
  KontorTx *tx;

  fixture->scope = 3;
  tx = kontor_fixture_begin (fixture);
  intent = make (fixture, tx, "");
  method = kontor_tx_new (tx, &kontor_payment_method_resource);
  method->type = "card";
  kontor_tx_save (tx, method, NULL);
  intent->payment_method = method->head.id;
  g_assert_false (confirm (fixture, tx, intent, "", &keep, &error));
  g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_RAIL_MISSING);
  g_assert_false (keep);
  kontor_fixture_discard (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setup-intent/without-a-method-it-waits-for-one",
                   test_without_a_method_it_waits_for_one);
  g_test_add_func ("/setup-intent/a-good-card-is-kept-with-its-customer",
                   test_a_good_card_is_kept_with_its_customer);
  g_test_add_func ("/setup-intent/on-session-use-is-not-set-up-for-absence",
                   test_on_session_use_is_not_set_up_for_absence);
  g_test_add_func ("/setup-intent/a-refused-card-leaves-its-reason",
                   test_a_refused_card_leaves_its_reason);
  g_test_add_func ("/setup-intent/each-card-takes-its-own-way", test_each_card_takes_its_own_way);
  g_test_add_func ("/setup-intent/the-challenge-is-where-the-next-action-says",
                   test_the_challenge_is_where_the_next_action_says);
  g_test_add_func ("/setup-intent/a-passed-challenge-completes-the-setup",
                   test_a_passed_challenge_completes_the_setup);
  g_test_add_func ("/setup-intent/a-failed-challenge-asks-for-another-method",
                   test_a_failed_challenge_asks_for_another_method);
  g_test_add_func ("/setup-intent/a-merchant-may-want-a-challenge",
                   test_a_merchant_may_want_a_challenge);
  g_test_add_func ("/setup-intent/a-new-method-abandons-the-challenge",
                   test_a_new_method_abandons_the_challenge);
  g_test_add_func ("/setup-intent/what-has-ended-stays-as-it-is",
                   test_what_has_ended_stays_as_it_is);
  g_test_add_func ("/setup-intent/what-cannot-be-is-refused", test_what_cannot_be_is_refused);
  g_test_add_func ("/setup-intent/confirming-needs-a-method", test_confirming_needs_a_method);
  g_test_add_func ("/setup-intent/another-customers-method-is-refused",
                   test_another_customers_method_is_refused);
  g_test_add_func ("/setup-intent/a-new-customer-does-not-come-into-anothers-method",
                   test_a_new_customer_does_not_come_into_anothers_method);
  g_test_add_func ("/setup-intent/live-mode-without-a-rail-confirms-nothing",
                   test_live_mode_without_a_rail_confirms_nothing);
  return g_test_run ();
}
