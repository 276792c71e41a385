/* charge.c: the shape of one attempt to take money. */
#include "core/resources/charge.h"

#include <string.h>

#include "core/resources/row.h"

/* In the order of KontorChargeStatus. */
static const char *const statuses[] = { "pending", "succeeded", "failed", NULL };

static const KontorField fraud_details_fields[] = {
  { "stripe_report", KONTOR_STRING, OPTIONAL, AT (KontorFraudDetails, stripe_report),
    .doc = "What the server thinks of it." },
  { "user_report", KONTOR_STRING, OPTIONAL | NESTED | REQUIRED | CLEARABLE,
    AT (KontorFraudDetails, user_report),
    .values = (const char *const[]){ "fraudulent", "safe", NULL },
    .doc = "What the merchant thinks of it." },
  ROW_END,
};

const KontorShape kontor_fraud_details_shape
    = { "fraud_details", sizeof (KontorFraudDetails), fraud_details_fields };

static const KontorField outcome_fields[] = {
  { "advice_code", KONTOR_STRING, NULLABLE, AT (KontorOutcome, advice_code),
    .doc = "What the bank advises to do next." },
  { "network_advice_code", KONTOR_STRING, NULLABLE, AT (KontorOutcome, network_advice_code),
    .doc = "The network's own code of that advice." },
  { "network_decline_code", KONTOR_STRING, NULLABLE, AT (KontorOutcome, network_decline_code),
    .doc = "The network's own code of the decline." },
  { "network_status", KONTOR_STRING, NULLABLE, AT (KontorOutcome, network_status),
    .fixed = "approved_by_network", .doc = "Whether the network was asked and what it said." },
  { "reason", KONTOR_STRING, NULLABLE, AT (KontorOutcome, reason), .doc = "Why it came out so." },
  { "risk_level", KONTOR_STRING, OPTIONAL, AT (KontorOutcome, risk_level),
    .doc = "How risky it looked." },
  { "risk_score", KONTOR_INT, OPTIONAL, AT (KontorOutcome, risk_score),
    .doc = "The same as a number from 0 to 99." },
  { "rule", KONTOR_STRING, OPTIONAL, AT (KontorOutcome, rule), .doc = "The rule that decided." },
  { "seller_message", KONTOR_STRING, NULLABLE, AT (KontorOutcome, seller_message),
    .fixed = "Payment complete.", .doc = "What to tell the merchant, and nobody else." },
  { "type", KONTOR_STRING, 0, AT (KontorOutcome, type), .fixed = "authorized",
    .doc = "Who decided, and how." },
  ROW_END,
};

const KontorShape kontor_outcome_shape = { "outcome", sizeof (KontorOutcome), outcome_fields };

static const KontorField payment_method_details_fields[] = {
  { "card", KONTOR_OBJECT, OPTIONAL, AT (KontorPaymentMethodDetails, card),
    .shape = &kontor_charge_card_shape, .doc = "The card, as it was used." },
  { "type", KONTOR_STRING, 0, AT (KontorPaymentMethodDetails, type), .fixed = "card",
    .doc = "What was paid with." },
  ROW_END,
};

const KontorShape kontor_payment_method_details_shape = { "payment_method_details",
                                                          sizeof (KontorPaymentMethodDetails),
                                                          payment_method_details_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("charge"),
  { "amount", KONTOR_INT, CREATE | REQUIRED | COLUMN, AT (KontorCharge, amount), .min = 1,
    .max = G_MAXINT64, .doc = "What was to be taken, in the currency's smallest unit." },
  { "amount_captured", KONTOR_INT, 0, AT (KontorCharge, amount_captured),
    .doc = "What was taken." },
  { "amount_refunded", KONTOR_INT, 0, AT (KontorCharge, amount_refunded),
    .doc = "What of it was given back." },
  ROW_NULL_ID ("application", "The Connect application that made it."),
  ROW_NULL_ID ("application_fee", "The fee of a Connect platform."),
  ROW_NULL ("application_fee_amount", "What a Connect platform keeps of it."),
  { "authorization_code", KONTOR_STRING, OPTIONAL, AT (KontorCharge, authorization_code),
    .doc = "The bank's code for it." },
  { "balance_transaction", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorCharge, balance_transaction),
    .target = "balance_transaction", .doc = "What it did to the balance." },
  { "billing_details", KONTOR_OBJECT, 0, AT (KontorCharge, billing_details),
    .shape = &kontor_billing_details_shape, .doc = "Who paid." },
  { "calculated_statement_descriptor", KONTOR_STRING, NULLABLE,
    AT (KontorCharge, calculated_statement_descriptor),
    .doc = "What the customer reads on their statement." },
  { "captured", KONTOR_BOOL, 0, AT (KontorCharge, captured),
    .doc = "Whether the money was taken, rather than only reserved." },
  ROW_CREATED,
  { "currency", KONTOR_CURRENCY, CREATE | REQUIRED | COLUMN, AT (KontorCharge, currency),
    .doc = "Currency of the amounts, in lower case." },
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE | CREATE | UPDATE | LIST | COLUMN,
    AT (KontorCharge, customer), .target = "customer", .doc = "Who paid." },
  { "description", KONTOR_STRING, NULLABLE | CREATE | UPDATE | CLEARABLE,
    AT (KontorCharge, description), .max = 1000, .doc = "What it is for." },
  { "disputed", KONTOR_BOOL, 0, AT (KontorCharge, disputed),
    .doc = "Whether the customer disputes it." },
  { "failure_balance_transaction", KONTOR_ID, NULLABLE | EXPANDABLE,
    AT (KontorCharge, failure_balance_transaction), .target = "balance_transaction",
    .doc = "What a later failure did to the balance." },
  { "failure_code", KONTOR_STRING, NULLABLE, AT (KontorCharge, failure_code),
    .doc = "Code of the error, when it failed." },
  { "failure_message", KONTOR_STRING, NULLABLE, AT (KontorCharge, failure_message),
    .doc = "What to tell the customer, when it failed." },
  { "fraud_details", KONTOR_OBJECT, UPDATE, AT (KontorCharge, fraud_details),
    .shape = &kontor_fraud_details_shape, .doc = "Who thinks that it is fraud." },
  ROW_LIVEMODE,
  ROW_METADATA (KontorCharge, CREATE | UPDATE | CLEARABLE),
  ROW_NULL_ID ("on_behalf_of", "The Connect account it was made for."),
  { "outcome", KONTOR_OBJECT, NULLABLE, AT (KontorCharge, outcome), .shape = &kontor_outcome_shape,
    .doc = "What was decided, by whom and why." },
  { "paid", KONTOR_BOOL, 0, AT (KontorCharge, paid),
    .doc = "Whether it succeeded, or was authorized." },
  { "payment_intent", KONTOR_ID, NULLABLE | EXPANDABLE | LIST | COLUMN,
    AT (KontorCharge, payment_intent), .target = "payment_intent",
    .doc = "The payment it is an attempt of." },
  { "payment_method", KONTOR_STRING, NULLABLE, AT (KontorCharge, payment_method),
    .doc = "What was paid with." },
  { "payment_method_details", KONTOR_OBJECT, NULLABLE, AT (KontorCharge, payment_method_details),
    .shape = &kontor_payment_method_details_shape, .doc = "The same as it then was." },
  { "receipt_email", KONTOR_EMAIL, NULLABLE | CREATE | UPDATE | CAPTURE | CLEARABLE,
    AT (KontorCharge, receipt_email), .doc = "Where the receipt goes." },
  { "receipt_number", KONTOR_STRING, NULLABLE, AT (KontorCharge, receipt_number),
    .doc = "Number of the receipt that was sent." },
  { "receipt_url", KONTOR_STRING, NULLABLE, AT (KontorCharge, receipt_url),
    .doc = "Where the receipt can be read." },
  { "refunded", KONTOR_BOOL, 0, AT (KontorCharge, refunded), .doc = "Whether all was given back." },
  { "refunds", KONTOR_SUBLIST, OPTIONAL | WHEN_EXPANDED | EXPANDABLE, .target = "refund",
    .column = "charge", .doc = "What was given back, one by one." },
  ROW_NULL_ID ("review", "The review it waited for."),
  { "shipping", KONTOR_OBJECT, NULLABLE | CREATE | UPDATE, AT (KontorCharge, shipping),
    .shape = &kontor_shipping_shape, .doc = "Where the goods go." },
  ROW_NULL ("source", "The source of older clients."),
  ROW_NULL_ID ("source_transfer", "The Connect transfer it came from."),
  { "statement_descriptor", KONTOR_STRING, NULLABLE | CREATE | CAPTURE | CLEARABLE,
    AT (KontorCharge, statement_descriptor), .max = 22,
    .doc = "What the customer was to read on their statement." },
  { "statement_descriptor_suffix", KONTOR_STRING, NULLABLE | CREATE | CAPTURE | CLEARABLE,
    AT (KontorCharge, statement_descriptor_suffix), .max = 22,
    .doc = "What follows the merchant's name on their statement." },
  { "status", KONTOR_ENUM, COLUMN, AT (KontorCharge, status), .values = statuses,
    .doc = "How it came out." },
  ROW_NULL ("transfer_data", "Where Connect sends it."),
  { "transfer_group", KONTOR_STRING, NULLABLE | CREATE | UPDATE | CAPTURE | CLEARABLE,
    AT (KontorCharge, transfer_group), .doc = "Names payments that belong together." },

  { "acquirer_reference", KONTOR_STRING, HIDDEN, AT (KontorCharge, acquirer_reference),
    .doc = "The rail's name of it." },
  { "authorized_until", KONTOR_TIME, HIDDEN, AT (KontorCharge, authorized_until),
    .doc = "When the authorization lapses." },
  { "settles_at_once", KONTOR_BOOL, HIDDEN, AT (KontorCharge, settles_at_once),
    .doc = "Whether its money does not wait." },

  ROW_CREATED_RANGE,
  { "amount", KONTOR_INT, PARAM | CAPTURE, .min = 1, .max = G_MAXINT64,
    .doc = "How much to take; all of it when left out." },
  { "capture", KONTOR_BOOL, PARAM | CREATE, .doc = "Whether to take the money at once." },
  { "source", KONTOR_STRING, PARAM | CREATE, .doc = "What to pay with." },
  { "transfer_group", KONTOR_STRING, PARAM | LIST, .doc = "Only what belongs together so." },
  ROW_TAKEN ("application_fee", CREATE | CAPTURE, "What a Connect platform would keep of it."),
  ROW_TAKEN ("application_fee_amount",
             CREATE | CAPTURE,
             "What a Connect platform would keep of it."),
  ROW_TAKEN ("destination", CREATE, "Where Connect would send it."),
  ROW_TAKEN ("on_behalf_of", CREATE, "The Connect account it would be made for."),
  ROW_TAKEN ("radar_options", CREATE, "What is known of the customer's browser."),
  ROW_TAKEN ("transfer_data", CREATE | CAPTURE, "Where Connect would send it."),
  ROW_END,
};

/* A usual card goes over its brand's own network, and all that was asked for is authorised. */
static void
complete (gpointer object, KontorArena *arena)
{
  KontorCharge *charge = object;
  KontorChargeCard *card
      = charge->payment_method_details != NULL ? charge->payment_method_details->card : NULL;

  if (charge->billing_details == NULL)
    charge->billing_details = kontor_shape_new (&kontor_billing_details_shape, arena);
  if (card == NULL)
    return;
  if (card->network == NULL)
    card->network = card->brand;
  if (card->amount_authorized == KONTOR_NONE && charge->status == KONTOR_CHARGE_SUCCEEDED)
    card->amount_authorized = charge->amount;
}

static void
trim (gpointer copy, KontorArena *arena)
{
  KontorCharge *charge = copy;
  KontorPaymentMethodDetails *details = charge->payment_method_details;

  if (details != NULL && details->card != NULL)
    {
      KontorChargeCard *card
          = memcpy (kontor_arena_alloc (arena, sizeof *card), details->card, sizeof *card);

      details = memcpy (kontor_arena_alloc (arena, sizeof *details), details, sizeof *details);
      details->card = card;
      charge->payment_method_details = details;
      if (g_strcmp0 (card->network, card->brand) == 0)
        card->network = NULL;
      if (card->amount_authorized == charge->amount && charge->status == KONTOR_CHARGE_SUCCEEDED)
        card->amount_authorized = KONTOR_NONE;
    }
  if (kontor_billing_details_are_empty (charge->billing_details))
    charge->billing_details = NULL;
}

const KontorResource kontor_charge_resource = {
  .trim = trim,
  .complete = complete,
  .kind = KONTOR_KIND_CHARGE,
  .object = "charge",
  .table = "charges",
  .prefix = "ch",
  .shape = { "charge", sizeof (KontorCharge), fields },
  .doc = "One attempt to take money.",
};
