/* refund.c: the rules of giving money back. */
#include "server/engine/refund.h"

#include "core/currency.h"
#include "core/resources/payment_intent.h"
#include "server/engine/balance_transaction.h"
#include "server/engine/charge.h"
#include "server/engine/rail.h"

/* The charge that the parameters name, directly or by its payment intent. */
static KontorCharge *
find_charge (KontorTx *tx, const KontorValue *params, KontorError *error)
{
  const char *id = kontor_params_string (params, "charge");
  const char *intent_id = kontor_params_string (params, "payment_intent");
  const KontorPaymentIntent *intent;

  if (id != NULL && intent_id == NULL)
    return kontor_tx_require (tx, &kontor_charge_resource, id, "charge", error);
  if (intent_id == NULL)
    {
      kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, NULL,
                        "One of the following params should be provided for this request: "
                        "payment_intent or charge.");
      return NULL;
    }
  intent
      = kontor_tx_require (tx, &kontor_payment_intent_resource, intent_id, "payment_intent", error);
  if (intent == NULL)
    return NULL;
  if (intent->latest_charge == NULL || intent->status != KONTOR_PAYMENT_INTENT_SUCCEEDED)
    {
      kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "payment_intent",
                        "This PaymentIntent (%s) does not have a successful charge to refund.",
                        intent_id);
      return NULL;
    }
  if (id != NULL && !g_str_equal (id, intent->latest_charge))
    {
      kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "charge",
                        "Charge %s does not belong to PaymentIntent %s.", id, intent_id);
      return NULL;
    }
  return kontor_tx_get (tx, &kontor_charge_resource, intent->latest_charge);
}

static gboolean
check_amount (const KontorCharge *charge, gint64 amount, KontorError *error)
{
  const KontorCurrency *currency = kontor_currency_find (charge->currency);
  gint64 left = charge->amount_captured - charge->amount_refunded;
  g_autofree char *wanted = NULL;
  g_autofree char *rest = NULL;

  if (charge->status != KONTOR_CHARGE_SUCCEEDED || !charge->captured)
    return kontor_error_set (
        error, KONTOR_ERROR_CHARGE_NOT_REFUNDABLE, "charge",
        "Charge %s has no captured money to give back: cancel its PaymentIntent instead.",
        charge->head.id);
  if (left == 0)
    return kontor_error_set (error, KONTOR_ERROR_CHARGE_ALREADY_REFUNDED, "charge",
                             "Charge %s has already been refunded.", charge->head.id);
  if (amount <= 0)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_INVALID_INTEGER, "amount",
                             "Refund amount must be greater than zero.");
  if (amount <= left)
    return TRUE;
  wanted = kontor_currency_format (currency, amount);
  rest = kontor_currency_format (currency, left);
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "amount",
                           "Refund amount (%s) is greater than unrefunded amount on charge (%s)",
                           wanted, rest);
}

static KontorBalanceTransaction *
book (KontorTx *tx,
      const KontorRefund *refund,
      const KontorCharge *charge,
      const char *type,
      gint64 amount)
{
  const KontorBalanceTransaction *taken
      = kontor_tx_get (tx, &kontor_balance_transaction_resource, charge->balance_transaction);
  KontorMovement movement = {
    .type = type,
    .source = &refund->head,
    .currency = refund->currency,
    .amount = amount,
    /* What is still pending is taken from the day it would have come on. */
    .available_on = taken != NULL ? taken->available_on : tx->now,
    .description = amount < 0 ? "Refund of a charge" : "Refund that did not arrive",
  };

  return kontor_balance_transaction_book (tx, &movement);
}

static void
count_refund (KontorTx *tx, KontorCharge *charge, gint64 amount, const char *event_type)
{
  charge->amount_refunded += amount;
  charge->refunded = charge->amount_refunded == charge->amount_captured;
  kontor_tx_save (tx, charge, event_type);
}

static KontorRefundDestination *
destination (KontorTx *tx, const KontorCharge *charge, gboolean pending)
{
  KontorRefundDestination *details = kontor_shape_new (&kontor_refund_destination_shape, tx->arena);

  details->type = "card";
  details->card = kontor_shape_new (&kontor_refund_destination_card_shape, tx->arena);
  details->card->type = "refund";
  details->card->reference_status = "pending";
  details->card->reference_type = "acquirer_reference_number";
  return details;
}

/**
 * kontor_refund_create:
 * @tx: a unit of work
 * @params: of POST /v1/refunds, checked
 * @made: (out): the refund
 * @error: why not
 *
 * Stops at what was charged: what earlier refunds gave back is counted.
 *
 * Returns: whether the money is on its way
 */
gboolean
kontor_refund_create (KontorTx *tx,
                      const KontorValue *params,
                      KontorRefund **made,
                      KontorError *error)
{
  KontorCharge *charge = find_charge (tx, params, error);
  KontorRailRequest request;
  KontorRailAnswer answer;
  KontorRefund *refund;
  gint64 amount;

  if (charge == NULL)
    return FALSE;
  amount = kontor_params_int (params, "amount", charge->amount_captured - charge->amount_refunded);
  if (!check_amount (charge, amount, error))
    return FALSE;
  refund = kontor_tx_new (tx, &kontor_refund_resource);
  request = (KontorRailRequest){
    .verb = KONTOR_RAIL_REFUND,
    .attempt = refund->head.id,
    .reference = kontor_charge_reference (charge),
    .amount = amount,
    .currency = charge->currency,
    .method = kontor_tx_get (tx, &kontor_payment_method_resource, charge->payment_method),
  };
  if (!kontor_rail_ask (tx, &request, &answer, error))
    return FALSE;
  if (answer.outcome == KONTOR_RAIL_DECLINED)
    return kontor_rail_refusal (&answer, error);

  kontor_params_apply (&kontor_refund_resource.shape, KONTOR_IN_CREATE, params, tx->arena, refund);
  refund->amount = amount;
  refund->currency = charge->currency;
  refund->charge = charge->head.id;
  refund->payment_intent = charge->payment_intent;
  refund->status = answer.outcome == KONTOR_RAIL_PENDING ? KONTOR_REFUND_PENDING
                                                         : KONTOR_REFUND_SUCCEEDED;
  refund->pending_reason = answer.outcome == KONTOR_RAIL_PENDING ? "processing" : NULL;
  refund->destination_details = destination (tx, charge, answer.outcome == KONTOR_RAIL_PENDING);
  refund->acquirer_reference = answer.reference;
  refund->fails_later = answer.fails_later ? answer.failure_reason : NULL;
  refund->balance_transaction = book (tx, refund, charge, "refund", -amount)->head.id;
  kontor_tx_save (tx, refund, "refund.created");
  count_refund (tx, charge, amount, "charge.refunded");
  if (answer.outcome == KONTOR_RAIL_PENDING || answer.fails_later)
    kontor_tx_job (tx, "refund.finish", answer.pending_until, refund->head.key);
  *made = refund;
  return TRUE;
}

/**
 * kontor_refund_update:
 * @tx: a unit of work
 * @refund: any refund
 * @params: of POST /v1/refunds/:id, checked
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_refund_update (KontorTx *tx,
                      KontorRefund *refund,
                      const KontorValue *params,
                      KontorError *error)
{
  if (!kontor_params_metadata_fits (params, refund->metadata, error))
    return FALSE;
  if (kontor_params_apply (&kontor_refund_resource.shape, KONTOR_IN_UPDATE, params, tx->arena,
                           refund))
    {
      kontor_tx_save (tx, refund, "refund.updated");
      kontor_tx_event (tx, refund, "charge.refund.updated");
    }
  return TRUE;
}

/* The money did not go: it is the merchant's again. */
static void
give_back (KontorTx *tx, KontorRefund *refund)
{
  KontorCharge *charge = kontor_tx_get (tx, &kontor_charge_resource, refund->charge);

  refund->failure_balance_transaction
      = book (tx, refund, charge, "refund_failure", refund->amount)->head.id;
  refund->pending_reason = NULL;
  refund->fails_later = NULL;
  count_refund (tx, charge, -refund->amount, NULL);
}

/**
 * kontor_refund_cancel:
 * @tx: a unit of work
 * @refund: one that is still on its way
 * @error: why not
 *
 * Returns: whether it was stopped
 */
gboolean
kontor_refund_cancel (KontorTx *tx, KontorRefund *refund, KontorError *error)
{
  if (refund->status != KONTOR_REFUND_PENDING && refund->status != KONTOR_REFUND_REQUIRES_ACTION)
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, NULL,
        "Refund %s cannot be canceled: only one that is pending or requires action can be.",
        refund->head.id);
  refund->status = KONTOR_REFUND_CANCELED;
  give_back (tx, refund);
  kontor_tx_end_jobs (tx, refund->head.key);
  kontor_tx_save (tx, refund, "refund.updated");
  kontor_tx_event (tx, refund, "charge.refund.updated");
  return TRUE;
}

/**
 * kontor_refund_finish:
 * @tx: a unit of work
 * @refund: one the rail had not yet spoken its last word on
 */
void
kontor_refund_finish (KontorTx *tx, KontorRefund *refund)
{
  if (refund->fails_later != NULL && refund->status != KONTOR_REFUND_CANCELED)
    {
      refund->status = KONTOR_REFUND_FAILED;
      refund->failure_reason = refund->fails_later;
      give_back (tx, refund);
      kontor_tx_save (tx, refund, "refund.failed");
    }
  else if (refund->status == KONTOR_REFUND_PENDING)
    {
      refund->status = KONTOR_REFUND_SUCCEEDED;
      refund->pending_reason = NULL;
      kontor_tx_save (tx, refund, "refund.updated");
    }
  else
    return;
  kontor_tx_event (tx, refund, "charge.refund.updated");
}
