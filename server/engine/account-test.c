/* account-test.c: that an account is there for both its modes and changes as told. */
#include "server/engine/account.h"

#include "server/acquirers/simulator.h"
#include "server/engine/test-fixture.h"

static const KontorValue *
params (KontorFixture *fixture, const char *form)
{
  return kontor_fixture_params (fixture, &kontor_account_resource, KONTOR_IN_UPDATE, form);
}

static KontorAccount *
of (KontorFixture *fixture, guint scope)
{
  g_autoptr (GError) error = NULL;
  KontorAccount *account = kontor_account_of (fixture->store, fixture->arena, scope, &error);

  g_assert_no_error (error);
  return account;
}

static KontorAccount *
make (KontorFixture *fixture, const char *name)
{
  KontorAccount *account = kontor_account_create (kontor_fixture_begin (fixture), name);

  kontor_fixture_commit (fixture);
  return account;
}

static void
test_both_modes_share_one_account (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  const char *first = make (fixture, "Ada's Books")->head.id;
  const char *second;

  fixture->scope = 4;
  second = make (fixture, "Bob")->head.id;
  g_assert_cmpstr (of (fixture, 2)->head.id, ==, first);
  g_assert_cmpstr (of (fixture, 3)->head.id, ==, first);
  g_assert_cmpstr (of (fixture, 5)->head.id, ==, second);
  g_assert_null (of (fixture, 6));
}

static void
test_a_new_account_can_be_paid (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  const KontorAccount *account;

  make (fixture, "Ada's Books");
  account = of (fixture, 2);
  g_assert_true (account->charges_enabled);
  g_assert_true (account->payouts_enabled);
  g_assert_true (account->details_submitted);
  g_assert_cmpstr (account->country, ==, "US");
  g_assert_cmpstr (account->default_currency, ==, "usd");
  g_assert_cmpstr (account->business_profile->name, ==, "Ada's Books");
  g_assert_cmpstr (account->settings->dashboard->display_name, ==, "Ada's Books");
  g_assert_cmpstr (account->settings->payments->statement_descriptor, ==, "ADAS BOOKS");
}

static void
test_a_change_in_live_mode_is_told_there (void)
{
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  KontorError error = { 0 };
  KontorAccount *account;
  KontorTx *tx;

  make (fixture, "Ada");
  g_assert_null (of (fixture, 2)->settings->payments->statement_descriptor);
  fixture->scope = 3;
  tx = kontor_fixture_begin (fixture);
  account = kontor_tx_get_by_key (tx, &kontor_account_resource, of (fixture, 3)->head.key);
  g_assert_true (kontor_account_update (
      tx, account,
      params (fixture, "business_profile[url]=https://ada.example&email=ada@example.com"
                       "&settings[payments][statement_descriptor]=ADA BOOKS&metadata[a]=b"),
      &error));
  kontor_fixture_commit (fixture);
  g_assert_cmpstr (kontor_fixture_events (fixture), ==, "account.updated");
  account = of (fixture, 2);
  g_assert_cmpstr (account->email, ==, "ada@example.com");
  g_assert_cmpstr (account->business_profile->name, ==, "Ada");
  g_assert_cmpstr (account->business_profile->url, ==, "https://ada.example");
  g_assert_cmpstr (account->settings->payments->statement_descriptor, ==, "ADA BOOKS");
  g_assert_cmpstr (account->settings->dashboard->display_name, ==, "Ada");
  g_assert_cmpint (account->settings->payouts->schedule->delay_days, ==, 2);
}

static void
test_what_no_bank_prints_is_refused (void)
{
  static const char *const descriptors[] = { "ADA", "12345", "ADA*BOOKS", "ADA <BOOKS>", "BÜCHER" };
  g_autoptr (KontorFixture) fixture = kontor_fixture_new (kontor_simulator ());
  gint64 key = make (fixture, "Ada's Books")->head.key;

  for (guint i = 0; i < G_N_ELEMENTS (descriptors); i++)
    {
      KontorTx *tx = kontor_fixture_begin (fixture);
      KontorAccount *account = kontor_tx_get_by_key (tx, &kontor_account_resource, key);
      g_autofree char *form
          = g_strdup_printf ("settings[payments][statement_descriptor]=%s", descriptors[i]);
      KontorError error = { 0 };

      g_test_message ("%s", descriptors[i]);
      g_assert_false (kontor_account_update (tx, account, params (fixture, form), &error));
      g_assert_cmpstr (error.param, ==, "settings[payments][statement_descriptor]");
      kontor_fixture_discard (fixture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/both-modes-share-one-account", test_both_modes_share_one_account);
  g_test_add_func ("/account/a-new-account-can-be-paid", test_a_new_account_can_be_paid);
  g_test_add_func ("/account/a-change-in-live-mode-is-told-there",
                   test_a_change_in_live_mode_is_told_there);
  g_test_add_func ("/account/what-no-bank-prints-is-refused", test_what_no_bank_prints_is_refused);
  return g_test_run ();
}
