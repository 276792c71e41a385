/* properties-test.c: random programs of payments, refunds and time, against a model on paper.
 *
 * The seed is printed first; run the program with --seed SEED to see the same again. */
#include <string.h>

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"
#include "server/store/object.h"
#include "server/store/posting.h"
#include "tests/properties/model.h"

#define MAX_BURST 6

/* Friday, 20 November 2026, 21:30 UTC: the first wait crosses a weekend. */
#define START G_GINT64_CONSTANT (1795210200)

static const guint scopes[] = { 2, 4 };
static const char *const currencies[] = { "usd", "jpy", "kwd" };
static const char *const kinds[] = { "clearing", "pending", "available", "fees" };

static const char *const cards[N_CARDS] = {
  [CARD_GOOD] = "pm_card_visa",
  [CARD_DECLINES] = "pm_card_chargeDeclined",
  [CARD_AT_ONCE] = "pm_card_bypassPending",
  [CARD_ASKS] = "pm_card_authenticationRequired",
  [CARD_REFUND_PENDS] = "pm_card_pendingRefund",
  [CARD_REFUND_FAILS] = "pm_card_refundFail",
};

static char *auditor;
static guint n_taken[WORLD_STOP_REFUND + 1], n_refused[WORLD_STOP_REFUND + 1];

static guint
below (guint n)
{
  return (guint) g_test_rand_int_range (0, (int) n);
}

/* Small and large alike, and the bounds themselves. */
static gint64
any_amount (void)
{
  static const gint64 edges[] = { 1, 49, 50, 51, 99999999, 100000000 };
  gint64 most = 1;

  if (below (8) == 0)
    return edges[below (G_N_ELEMENTS (edges))];
  for (guint digits = 1 + below (8); digits > 0; digits--)
    most *= 10;
  return 1 + g_test_rand_int_range (0, (int) most);
}

static gint64
amount_up_to (gint64 most)
{
  if (most < 1 || below (6) == 0)
    return any_amount ();
  return 1 + g_test_rand_int_range (0, (int) most);
}

static Step
payment_step (void)
{
  return (Step){
    .verb = WORLD_PAY,
    .wish = {
      .scope = scopes[below (G_N_ELEMENTS (scopes))],
      .currency = currencies[below (G_N_ELEMENTS (currencies))],
      .card = below (N_CARDS),
      .manual = below (2),
      .may_raise = below (2),
      .bare = below (4) == 0,
      .amount = any_amount (),
    },
  };
}

/* Whether the step gets anywhere with that target. */
static gboolean
is_likely (const Model *model, WorldVerb verb, guint target)
{
  const Payment *payment;

  if (verb == WORLD_STOP_REFUND)
    return g_array_index (model->refunds, Refund, target).is_pending;
  payment = &g_array_index (model->payments, Payment, target);
  if (verb == WORLD_FINISH || verb == WORLD_GIVE_UP)
    return payment->state == PAYMENT_ACTION;
  if (verb == WORLD_REFUND)
    return payment->state == PAYMENT_TAKEN && payment->refunded < payment->captured;
  return payment->state == PAYMENT_RESERVED;
}

/* Mostly one that fits, among the newest; sometimes any. */
static guint
any_target (const Model *model, WorldVerb verb, guint n)
{
  if (below (4) != 0)
    for (guint back = 1; back <= MIN (n, 60); back++)
      if (is_likely (model, verb, n - back) && below (3) != 0)
        return n - back;
  return below (n);
}

static Step
any_step (const Model *model)
{
  WorldVerb verb = below (WORLD_STOP_REFUND + 1);
  guint n = verb == WORLD_STOP_REFUND ? model->refunds->len : model->payments->len;
  Step step = { .verb = verb };
  const Payment *payment;

  if (verb == WORLD_PAY || n == 0 || below (4) == 0)
    return payment_step ();
  step.target = any_target (model, verb, n);
  if (verb == WORLD_STOP_REFUND)
    return step;
  payment = &g_array_index (model->payments, Payment, step.target);
  if (payment->bare && verb != WORLD_CAPTURE && verb != WORLD_REFUND)
    return payment_step ();
  if (verb == WORLD_RAISE)
    step.amount = payment->amount + amount_up_to (1000);
  else if (below (2) == 0)
    step.amount = amount_up_to (payment->amount);
  return step;
}

static char *
payment_form (const Payment *wish)
{
  if (wish->bare)
    return g_strdup_printf ("amount=%" G_GINT64_FORMAT "&currency=%s&source=%s%s", wish->amount,
                            wish->currency, cards[wish->card],
                            wish->manual ? "&capture=false" : "");
  return g_strdup_printf ("amount=%" G_GINT64_FORMAT "&currency=%s&payment_method=%s&confirm=true"
                          "&return_url=https://example.com/%s%s",
                          wish->amount, wish->currency, cards[wish->card],
                          wish->manual ? "&capture_method=manual" : "",
                          wish->may_raise ? "&payment_method_options[card]"
                                            "[request_incremental_authorization]=if_available"
                                          : "");
}

static char *
form_of (const Step *step, const Payment *payment)
{
  const Payment *wish = &step->wish;
  g_autofree char *amount = step->amount != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, step->amount)
                                              : NULL;

  switch (step->verb)
    {
    case WORLD_PAY:
      return payment_form (wish);
    case WORLD_CAPTURE:
      if (amount == NULL)
        return NULL;
      return g_strconcat (payment->bare ? "amount=" : "amount_to_capture=", amount, NULL);
    case WORLD_RAISE:
      return g_strconcat ("amount=", amount, NULL);
    case WORLD_REFUND:
      return g_strconcat (payment->bare ? "charge=" : "payment_intent=", payment->id,
                          amount != NULL ? "&amount=" : NULL, amount, NULL);
    default:
      return NULL;
    }
}

static void
aim (const Model *model, const Step *step, WorldAsk *ask)
{
  const Payment *payment = &step->wish;

  if (step->verb == WORLD_STOP_REFUND)
    {
      const Refund *refund = &g_array_index (model->refunds, Refund, step->target);

      ask->id = refund->id;
      payment = &g_array_index (model->payments, Payment, refund->payment);
    }
  else if (step->verb != WORLD_PAY)
    {
      payment = &g_array_index (model->payments, Payment, step->target);
      ask->id = payment->id;
    }
  ask->verb = step->verb;
  if (payment->bare && step->verb == WORLD_PAY)
    ask->verb = WORLD_CHARGE;
  else if (payment->bare && step->verb == WORLD_CAPTURE)
    ask->verb = WORLD_CAPTURE_CHARGE;
  ask->scope = payment->scope;
  ask->form = form_of (step, payment);
}

/* Some steps at once, chosen before any of them is taken: what the first did, the second must see. */
static void
burst (World *world, Model *model)
{
  guint n = 1 + below (MAX_BURST);
  Step steps[MAX_BURST];
  WorldAsk asks[MAX_BURST] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      steps[i] = any_step (model);
      aim (model, &steps[i], &asks[i]);
    }
  world_ask (world, asks, n);
  for (guint i = 0; i < n; i++)
    {
      gboolean may_be = model_take (model, &steps[i], asks[i].made);

      if (may_be != asks[i].taken)
        g_error ("verb %d on %s with “%s” was %s", steps[i].verb,
                 asks[i].id != NULL ? asks[i].id : "nothing",
                 asks[i].form != NULL ? asks[i].form : "", asks[i].taken ? "taken" : "refused");
      (may_be ? n_taken : n_refused)[steps[i].verb]++;
      g_free ((char *) asks[i].form);
    }
}

static void
compare_balances (World *world, const Model *model, guint scope, const char *kind)
{
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (KontorLedgerAccount));
  g_autoptr (GError) error = NULL;

  kontor_store_ledger_balances (world->reader, scope, kind, accounts, &error);
  g_assert_no_error (error);
  for (guint c = 0; c < G_N_ELEMENTS (currencies); c++)
    {
      gint64 balance = 0;

      for (guint i = 0; i < accounts->len; i++)
        if (g_str_equal (g_array_index (accounts, KontorLedgerAccount, i).currency, currencies[c]))
          balance = g_array_index (accounts, KontorLedgerAccount, i).balance;
      g_assert_cmpint (balance, ==, model_balance (model, scope, currencies[c], kind));
    }
}

static void
compare_charge (World *world, const Payment *payment, const char *id)
{
  g_autoptr (GError) error = NULL;
  const KontorCharge *charge = kontor_store_object_get (
      world->reader, world->arena, &kontor_charge_resource, payment->scope, id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (charge);
  g_assert_cmpint (charge->amount, ==, payment->amount);
  g_assert_cmpint (charge->amount_captured, ==, payment->captured);
  g_assert_cmpint (charge->captured, ==, payment->state == PAYMENT_TAKEN);
  if (payment->state != PAYMENT_TAKEN)
    return;
  g_assert_cmpint (charge->amount_refunded, ==, payment->refunded);
  g_assert_cmpint (charge->refunded, ==, payment->refunded == payment->captured);
}

static void
compare_payment (World *world, const Payment *payment)
{
  g_autoptr (GError) error = NULL;
  const KontorPaymentIntent *intent = kontor_store_object_get (world->reader, world->arena,
                                                               &kontor_payment_intent_resource,
                                                               payment->scope, payment->id, &error);
  const KontorField *field = kontor_shape_find (&kontor_payment_intent_resource.shape, "status");

  g_assert_no_error (error);
  g_assert_nonnull (intent);
  g_assert_cmpint (intent->amount, ==, payment->amount);
  g_assert_cmpint (intent->amount_received, ==, payment->captured);
  g_assert_cmpint (intent->amount_capturable, ==,
                   payment->state == PAYMENT_RESERVED ? payment->amount : 0);
  if (model_status (payment) != NULL)
    g_assert_cmpstr (field->values[intent->status], ==, model_status (payment));
  if (intent->latest_charge != NULL)
    compare_charge (world, payment, intent->latest_charge);
}

static void
compare_some (World *world, const Model *model)
{
  for (guint n = MIN (model->payments->len, 10); n > 0; n--)
    {
      const Payment *payment
          = &g_array_index (model->payments, Payment, below (model->payments->len));

      if (payment->bare)
        compare_charge (world, payment, payment->id);
      else
        compare_payment (world, payment);
    }
}

static void
compare (World *world, const Model *model)
{
  for (guint s = 0; s < G_N_ELEMENTS (scopes); s++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      compare_balances (world, model, scopes[s], kinds[k]);
  compare_some (world, model);
  kontor_arena_reset (world->arena);
}

static void
ask_auditor (World *world)
{
  const char *arguments[] = { auditor, world->data_dir, NULL };
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL, &status,
                &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("the auditor is not content: %s", said);
}

static void
run_program (guint n_steps)
{
  g_autoptr (World) world = world_new (NULL, START);
  g_autoptr (Model) model = model_new (START);

  for (guint i = 0; i < n_steps; i++)
    {
      static const gint64 waits[] = { 1, 9, 10, 3600, 43200, 86400, 200000, 604800 };

      if (below (4) == 0)
        {
          gint64 seconds = waits[below (G_N_ELEMENTS (waits))];

          world_wait (world, seconds);
          model_wait (model, seconds);
        }
      else
        burst (world, model);
      compare (world, model);
      if (i % 50 == 49)
        ask_auditor (world);
    }
  world_wait (world, 30 * 86400);
  model_wait (model, 30 * 86400);
  compare (world, model);
  ask_auditor (world);
}

static void
test_programs (void)
{
  for (guint i = 0; i < (g_test_slow () ? 50 : 5); i++)
    run_program (120);
  /* A program that never gets anywhere would prove nothing. */
  for (guint verb = 0; verb <= WORLD_STOP_REFUND; verb++)
    {
      g_test_message ("verb %u: %u taken, %u refused", verb, n_taken[verb], n_refused[verb]);
      g_assert_cmpuint (n_taken[verb], >, 0);
      g_assert_cmpuint (n_refused[verb], >, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  auditor = argv[1];
  g_test_add_func ("/properties/the-books-are-those-on-paper-after-every-step", test_programs);
  return g_test_run ();
}
