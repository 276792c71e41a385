/* charge.c: the rules of one attempt to take money. */
#include "server/engine/charge.h"

#include "core/currency.h"
#include "server/engine/balance_transaction.h"
#include "server/engine/customer.h"
#include "server/engine/payment_method.h"
#include "server/engine/rail.h"
#include "server/engine/settings.h"

#define DAY_S 86400

/* Stripe's bound: eight digits. */
#define LARGEST_AMOUNT 99999999

/**
 * kontor_check_amount:
 * @amount: minor units
 * @currency: a known one
 * @param: the parameter it came in
 * @error: gets amount_too_small or amount_too_large
 *
 * Returns: whether that much may be charged
 */
gboolean
kontor_check_amount (gint64 amount, const char *currency, const char *param, KontorError *error)
{
  const KontorCurrency *known = kontor_currency_find (currency);
  g_autofree char *least = NULL;

  if (amount > LARGEST_AMOUNT)
    {
      g_autofree char *most = kontor_currency_format (known, LARGEST_AMOUNT);

      return kontor_error_set (error, KONTOR_ERROR_AMOUNT_TOO_LARGE, param,
                               "Amount must be no more than %s", most);
    }
  if (amount >= known->smallest)
    return TRUE;
  least = kontor_currency_format (known, known->smallest);
  return kontor_error_set (error, KONTOR_ERROR_AMOUNT_TOO_SMALL, param,
                           "Amount must be at least %s", least);
}

static KontorPaymentMethodDetails *
method_details (KontorTx *tx, const KontorChargeAttempt *attempt, const KontorRailAnswer *answer)
{
  KontorPaymentMethodDetails *details
      = kontor_shape_new (&kontor_payment_method_details_shape, tx->arena);
  const KontorCard *card = attempt->method->card;
  KontorChargeCard *shown;

  details->type = attempt->method->type;
  if (card == NULL)
    return details;
  shown = kontor_shape_new (&kontor_charge_card_shape, tx->arena);
  details->card = shown;
  shown->brand = card->brand;
  shown->country = card->country;
  shown->exp_month = card->exp_month;
  shown->exp_year = card->exp_year;
  shown->fingerprint = card->fingerprint;
  shown->funding = card->funding;
  shown->last4 = card->last4;
  if (card->networks != NULL && !g_str_equal (card->networks->available->items[0], card->brand))
    shown->network = card->networks->available->items[0];
  shown->regulated_status = card->regulated_status;
  shown->checks = kontor_shape_new (&kontor_card_checks_shape, tx->arena);
  shown->checks->cvc_check = answer->cvc_check;
  shown->checks->address_line1_check = answer->address_line1_check;
  shown->checks->address_postal_code_check = answer->address_postal_code_check;
  if (answer->outcome != KONTOR_RAIL_APPROVED)
    return details;
  shown->authorization_code = answer->authorization_code;
  shown->network_transaction_id = answer->network_transaction;
  if (answer->authenticated)
    {
      shown->three_d_secure = kontor_shape_new (&kontor_three_d_secure_shape, tx->arena);
      shown->three_d_secure->authentication_flow = "challenge";
      shown->three_d_secure->result = "authenticated";
      shown->three_d_secure->version = "2.2.0";
    }
  if (!attempt->capture)
    shown->capture_before = tx->now + tx->settings->authorization_days * DAY_S;
  if (!attempt->capture && attempt->may_increment)
    {
      shown->incremental_authorization = kontor_shape_new (&kontor_card_feature_shape, tx->arena);
      shown->incremental_authorization->status = "available";
    }
  return details;
}

static KontorOutcome *
outcome (KontorTx *tx, const KontorRailAnswer *answer)
{
  KontorOutcome *outcome = kontor_shape_new (&kontor_outcome_shape, tx->arena);

  outcome->network_status = answer->network_status;
  outcome->reason = answer->outcome_reason;
  outcome->risk_level = answer->risk_level;
  outcome->risk_score = answer->risk_score;
  outcome->seller_message = answer->seller_message;
  outcome->type = answer->outcome_type;
  if (answer->outcome == KONTOR_RAIL_DECLINED && !g_str_equal (answer->outcome_type, "blocked"))
    {
      outcome->advice_code = answer->error == KONTOR_ERROR_CARD_DECLINED ? "try_again_later"
                                                                         : "confirm_card_data";
      outcome->network_decline_code = "01";
    }
  return outcome;
}

static void
describe (KontorTx *tx,
          const KontorChargeAttempt *attempt,
          const KontorRailAnswer *answer,
          KontorCharge *charge)
{
  charge->amount = attempt->amount;
  charge->currency = attempt->currency;
  charge->customer = attempt->customer;
  charge->description = attempt->description;
  charge->receipt_email = attempt->receipt_email;
  charge->statement_descriptor = attempt->statement_descriptor;
  charge->statement_descriptor_suffix = attempt->statement_descriptor_suffix;
  if (attempt->statement_descriptor != NULL)
    charge->calculated_statement_descriptor = attempt->statement_descriptor;
  charge->transfer_group = attempt->transfer_group;
  charge->shipping = (KontorShipping *) attempt->shipping;
  charge->metadata = (KontorMap *) attempt->metadata;
  charge->payment_intent = attempt->intent != NULL ? attempt->intent->head.id : NULL;
  charge->payment_method = attempt->method->head.id;
  charge->billing_details = attempt->method->billing_details;
  charge->payment_method_details = method_details (tx, attempt, answer);
  charge->outcome = outcome (tx, answer);
  if (!g_str_equal (answer->reference, charge->head.id))
    charge->acquirer_reference = answer->reference;
}

static void
take_money (KontorTx *tx, KontorCharge *charge, gint64 amount)
{
  KontorMovement movement = {
    .type = "charge",
    .source = &charge->head,
    .currency = charge->currency,
    .amount = amount,
    .fee = kontor_fee_for (tx->settings, charge->currency, amount),
    .available_on = charge->settles_at_once ? tx->now : kontor_available_on (tx->settings, tx->now),
    .description = charge->description,
  };

  charge->captured = TRUE;
  charge->amount_captured = amount;
  charge->balance_transaction = kontor_balance_transaction_book (tx, &movement)->head.id;
}

static void
record_approval (KontorTx *tx,
                 const KontorChargeAttempt *attempt,
                 const KontorRailAnswer *answer,
                 KontorCharge *charge)
{
  charge->status = KONTOR_CHARGE_SUCCEEDED;
  charge->paid = TRUE;
  charge->settles_at_once = answer->settles_at_once;
  if (attempt->capture)
    take_money (tx, charge, attempt->amount);
  else
    charge->authorized_until = tx->now + tx->settings->authorization_days * DAY_S;
  kontor_tx_save (tx, charge, "charge.succeeded");
}

static void
record_decline (KontorTx *tx, const KontorRailAnswer *answer, KontorCharge *charge)
{
  KontorError refusal = { 0 };

  kontor_rail_refusal (answer, &refusal);
  charge->status = KONTOR_CHARGE_FAILED;
  charge->failure_code = refusal.info->code;
  charge->failure_message = kontor_arena_strdup (tx->arena, refusal.message);
  kontor_tx_save (tx, charge, "charge.failed");
}

/**
 * kontor_charge_attempt:
 * @tx: a unit of work
 * @attempt: what to take, from what
 * @charge: (out) (nullable): the attempt's charge, saved; %NULL when the customer must act first
 * @answer: (out): what the rail said
 * @error: why it could not be asked
 *
 * A decline is an answer, with a charge to show for it, and no error here.
 *
 * Returns: whether the rail was asked
 */
gboolean
kontor_charge_attempt (KontorTx *tx,
                       const KontorChargeAttempt *attempt,
                       KontorCharge **charge,
                       KontorRailAnswer *answer,
                       KontorError *error)
{
  KontorCharge *made = kontor_tx_new (tx, &kontor_charge_resource);
  KontorRailRequest request = {
    .verb = KONTOR_RAIL_AUTHORIZE,
    .attempt = made->head.id,
    .amount = attempt->amount,
    .currency = attempt->currency,
    .method = attempt->method,
    .capture = attempt->capture,
    .off_session = attempt->off_session,
    .authenticated = attempt->authenticated,
    .challenge = attempt->challenge,
    .set_up = attempt->method->set_up,
  };

  *charge = NULL;
  if (!kontor_rail_ask (tx, &request, answer, error))
    return FALSE;
  if (answer->outcome == KONTOR_RAIL_ACTION_REQUIRED)
    return TRUE;
  describe (tx, attempt, answer, made);
  if (answer->outcome == KONTOR_RAIL_APPROVED)
    record_approval (tx, attempt, answer, made);
  else
    record_decline (tx, answer, made);
  *charge = made;
  return TRUE;
}

/**
 * kontor_charge_reference:
 * @charge: a charge
 *
 * Returns: (transfer none): the rail's name of it; a rail without names of its own uses ours
 */
const char *
kontor_charge_reference (const KontorCharge *charge)
{
  return charge->acquirer_reference != NULL ? charge->acquirer_reference : charge->head.id;
}

static gboolean
ask_about (KontorTx *tx,
           const KontorCharge *charge,
           KontorRailVerb verb,
           gint64 amount,
           KontorRailAnswer *answer,
           KontorError *error)
{
  KontorRailRequest request = {
    .verb = verb,
    .attempt = charge->head.id,
    .reference = kontor_charge_reference (charge),
    .amount = amount,
    .currency = charge->currency,
    .method = kontor_tx_get (tx, &kontor_payment_method_resource, charge->payment_method),
  };

  if (!kontor_rail_ask (tx, &request, answer, error))
    return FALSE;
  return answer->outcome != KONTOR_RAIL_DECLINED ? TRUE : kontor_rail_refusal (answer, error);
}

/**
 * kontor_charge_capture:
 * @tx: a unit of work
 * @charge: an authorised charge
 * @amount: how much of it to take; the rest is released
 * @error: why not
 *
 * Returns: whether the money was taken; then the charge is saved
 */
gboolean
kontor_charge_capture (KontorTx *tx, KontorCharge *charge, gint64 amount, KontorError *error)
{
  KontorRailAnswer answer;

  if (charge->captured)
    return kontor_error_set (error, KONTOR_ERROR_CHARGE_ALREADY_CAPTURED, NULL,
                             "Charge %s has already been captured.", charge->head.id);
  if (charge->refunded || charge->authorized_until <= tx->now)
    return kontor_error_set (error, KONTOR_ERROR_CHARGE_EXPIRED_FOR_CAPTURE, NULL, NULL);
  if (!ask_about (tx, charge, KONTOR_RAIL_CAPTURE, amount, &answer, error))
    return FALSE;
  take_money (tx, charge, amount);
  kontor_tx_end_jobs (tx, charge->head.key);
  kontor_tx_save (tx, charge, "charge.captured");
  return TRUE;
}

/**
 * kontor_charge_release:
 * @tx: a unit of work
 * @charge: an authorised charge that is not captured
 * @expired: it lapsed by itself, rather than being cancelled
 * @error: why not
 *
 * No money moved, so none is booked; the charge shows the whole amount as given back, as Stripe's does.
 *
 * Returns: whether the authorisation was given up; then the charge is saved
 */
gboolean
kontor_charge_release (KontorTx *tx, KontorCharge *charge, gboolean expired, KontorError *error)
{
  KontorRailAnswer answer;

  if (!ask_about (tx, charge, KONTOR_RAIL_VOID, charge->amount, &answer, error))
    return FALSE;
  charge->refunded = TRUE;
  charge->amount_refunded = charge->amount;
  kontor_tx_end_jobs (tx, charge->head.key);
  kontor_tx_save (tx, charge, expired ? "charge.expired" : "charge.refunded");
  return TRUE;
}

/**
 * kontor_charge_increment:
 * @tx: a unit of work
 * @charge: an authorised charge
 * @amount: the new total
 * @error: why not
 *
 * Returns: whether the authorisation was raised; then the charge is saved
 */
gboolean
kontor_charge_increment (KontorTx *tx, KontorCharge *charge, gint64 amount, KontorError *error)
{
  KontorRailAnswer answer;

  if (!ask_about (tx, charge, KONTOR_RAIL_INCREMENT, amount, &answer, error))
    return FALSE;
  charge->amount = amount;
  if (charge->payment_method_details != NULL && charge->payment_method_details->card != NULL)
    charge->payment_method_details->card->amount_authorized = amount;
  kontor_tx_save (tx, charge, "charge.updated");
  return TRUE;
}

/* An old client's source is a token, or the customer's own default. */
static KontorPaymentMethod *
source_of (KontorTx *tx,
           const KontorValue *params,
           const KontorCustomer *customer,
           KontorError *error)
{
  const char *source = kontor_params_string (params, "source");

  if (source != NULL)
    return kontor_payment_method_resolve (tx, source, "source", error);
  if (customer != NULL && customer->default_source != NULL)
    return kontor_payment_method_resolve (tx, customer->default_source, "customer", error);
  if (customer != NULL && customer->invoice_settings != NULL
      && customer->invoice_settings->default_payment_method != NULL)
    return kontor_payment_method_resolve (tx, customer->invoice_settings->default_payment_method,
                                          "customer", error);
  if (customer != NULL)
    kontor_error_set (error, KONTOR_ERROR_CARD_DECLINED, "card",
                      "Cannot charge a customer that has no active card");
  else
    kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, "source",
                      "Must provide source or customer.");
  return NULL;
}

/**
 * kontor_charge_create:
 * @tx: a unit of work
 * @params: of POST /v1/charges, checked
 * @made: (out): the charge
 * @declined: (out): the bank said no: the charge is saved and @error tells
 * @error: why not
 *
 * The way of clients from before payment intents.
 *
 * Returns: whether the money was taken or reserved
 */
gboolean
kontor_charge_create (KontorTx *tx,
                      const KontorValue *params,
                      KontorCharge **made,
                      gboolean *declined,
                      KontorError *error)
{
  KontorChargeAttempt attempt = {
    .amount = kontor_params_int (params, "amount", 0),
    .currency = kontor_params_string (params, "currency"),
    .description = kontor_params_string (params, "description"),
    .receipt_email = kontor_params_string (params, "receipt_email"),
    .statement_descriptor = kontor_params_string (params, "statement_descriptor"),
    .statement_descriptor_suffix = kontor_params_string (params, "statement_descriptor_suffix"),
    .transfer_group = kontor_params_string (params, "transfer_group"),
    .capture = kontor_params_bool (params, "capture", TRUE),
    .off_session = TRUE,
  };
  KontorCustomer *customer;
  KontorRailAnswer answer;
  KontorCharge *given = kontor_object_new (&kontor_charge_resource, tx->arena);

  *declined = FALSE;
  if (!kontor_check_amount (attempt.amount, attempt.currency, "amount", error)
      || !kontor_customer_find (tx, params, "customer", &customer, error))
    return FALSE;
  attempt.method = source_of (tx, params, customer, error);
  attempt.customer = customer != NULL ? customer->head.id : NULL;
  if (attempt.method == NULL
      || !kontor_payment_method_may_be_used (attempt.method, attempt.customer, error))
    return FALSE;
  kontor_params_apply (&kontor_charge_resource.shape, KONTOR_IN_CREATE, params, tx->arena, given);
  attempt.metadata = given->metadata;
  attempt.shipping = given->shipping;
  if (!kontor_charge_attempt (tx, &attempt, made, &answer, error))
    return FALSE;
  if (answer.outcome == KONTOR_RAIL_APPROVED)
    {
      kontor_payment_method_use_up (tx, attempt.method);
      if (!attempt.capture)
        kontor_tx_job (tx, "charge.expire", (*made)->authorized_until, (*made)->head.key);
      return TRUE;
    }
  *declined = TRUE;
  kontor_rail_refusal (&answer, error);
  g_strlcpy (error->charge, (*made)->head.id, sizeof error->charge);
  return FALSE;
}

/**
 * kontor_charge_update:
 * @tx: a unit of work
 * @charge: any charge
 * @params: of POST /v1/charges/:id, checked
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_charge_update (KontorTx *tx,
                      KontorCharge *charge,
                      const KontorValue *params,
                      KontorError *error)
{
  const char *customer = kontor_params_string (params, "customer");

  if (customer != NULL && charge->customer != NULL && !g_str_equal (charge->customer, customer))
    return kontor_error_set (error, KONTOR_ERROR_CHARGE_INVALID_PARAMETER, "customer",
                             "A charge's customer can be set only while it has none.");
  if (customer != NULL
      && kontor_tx_require (tx, &kontor_customer_resource, customer, "customer", error) == NULL)
    return FALSE;
  if (!kontor_params_metadata_fits (params, charge->metadata, error))
    return FALSE;
  if (kontor_params_apply (&kontor_charge_resource.shape, KONTOR_IN_UPDATE, params, tx->arena,
                           charge))
    kontor_tx_save (tx, charge, "charge.updated");
  return TRUE;
}

/**
 * kontor_charge_capture_alone:
 * @tx: a unit of work
 * @charge: one that was made without a payment intent
 * @params: of POST /v1/charges/:id/capture, checked
 * @error: why not
 *
 * Returns: whether the money was taken
 */
gboolean
kontor_charge_capture_alone (KontorTx *tx,
                             KontorCharge *charge,
                             const KontorValue *params,
                             KontorError *error)
{
  gint64 amount = kontor_params_int (params, "amount", charge->amount);

  if (charge->payment_intent != NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "Charge %s belongs to a PaymentIntent: capture %s instead.",
                             charge->head.id, charge->payment_intent);
  if (amount > charge->amount)
    return kontor_error_set (
        error, KONTOR_ERROR_AMOUNT_TOO_LARGE, "amount",
        "The amount to capture is more than the authorized amount of this charge.");
  return kontor_check_amount (amount, charge->currency, "amount", error)
         && kontor_charge_capture (tx, charge, amount, error);
}
