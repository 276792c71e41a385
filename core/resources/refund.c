/* refund.c: the shape of money that is given back. */
#include "core/resources/refund.h"

#include "core/resources/row.h"

/* In the order of KontorRefundStatus. */
static const char *const statuses[]
    = { "pending", "succeeded", "failed", "canceled", "requires_action", NULL };

static const KontorField destination_card_fields[] = {
  { "reference", KONTOR_STRING, OPTIONAL, AT (KontorRefundDestinationCard, reference),
    .doc = "The number by which the customer's bank can find it." },
  { "reference_status", KONTOR_STRING, OPTIONAL, AT (KontorRefundDestinationCard, reference_status),
    .doc = "Whether that number is known yet." },
  { "reference_type", KONTOR_STRING, OPTIONAL, AT (KontorRefundDestinationCard, reference_type),
    .doc = "What kind of number it is." },
  { "type", KONTOR_STRING, 0, AT (KontorRefundDestinationCard, type),
    .doc = "Whether the payment is refunded or undone." },
  ROW_END,
};

const KontorShape kontor_refund_destination_card_shape
    = { "refund_destination_card", sizeof (KontorRefundDestinationCard), destination_card_fields };

static const KontorField destination_fields[] = {
  { "card", KONTOR_OBJECT, OPTIONAL, AT (KontorRefundDestination, card),
    .shape = &kontor_refund_destination_card_shape, .doc = "The card it goes back to." },
  { "type", KONTOR_STRING, 0, AT (KontorRefundDestination, type), .doc = "Where it goes." },
  ROW_END,
};

const KontorShape kontor_refund_destination_shape
    = { "refund_destination", sizeof (KontorRefundDestination), destination_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("refund"),
  { "amount", KONTOR_INT, COLUMN, AT (KontorRefund, amount),
    .doc = "What is given back, in the currency's smallest unit." },
  { "balance_transaction", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorRefund, balance_transaction),
    .target = "balance_transaction", .doc = "What it did to the balance." },
  { "charge", KONTOR_ID, NULLABLE | EXPANDABLE | COLUMN | LIST, AT (KontorRefund, charge),
    .target = "charge", .doc = "What is refunded." },
  ROW_CREATED,
  { "currency", KONTOR_CURRENCY, COLUMN, AT (KontorRefund, currency),
    .doc = "Currency of the amount, in lower case." },
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorRefund, customer), .target = "customer",
    .doc = "Who gets it back, when no charge is refunded." },
  ROW_NULL ("customer_account", "The account that gets it back."),
  { "description", KONTOR_STRING, OPTIONAL, AT (KontorRefund, description),
    .doc = "What it is for." },
  { "destination_details", KONTOR_OBJECT, OPTIONAL, AT (KontorRefund, destination_details),
    .shape = &kontor_refund_destination_shape, .doc = "Where it goes." },
  { "failure_balance_transaction", KONTOR_ID, OPTIONAL | EXPANDABLE,
    AT (KontorRefund, failure_balance_transaction), .target = "balance_transaction",
    .doc = "What its failure did to the balance." },
  { "failure_reason", KONTOR_STRING, OPTIONAL, AT (KontorRefund, failure_reason),
    .doc = "Why it failed." },
  { "instructions_email", KONTOR_EMAIL, OPTIONAL | CREATE, AT (KontorRefund, instructions_email),
    .doc = "Where to write when the customer must say where it goes." },
  ROW_METADATA (KontorRefund, CREATE | UPDATE | CLEARABLE),
  { "payment_intent", KONTOR_ID, NULLABLE | EXPANDABLE | COLUMN | LIST,
    AT (KontorRefund, payment_intent), .target = "payment_intent", .doc = "The payment refunded." },
  { "payment_method", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorRefund, payment_method),
    .target = "payment_method", .doc = "What it goes back to." },
  { "pending_reason", KONTOR_STRING, OPTIONAL, AT (KontorRefund, pending_reason),
    .doc = "Why it is not there yet." },
  { "reason", KONTOR_STRING, NULLABLE | CREATE, AT (KontorRefund, reason),
    .values = (const char *const[]){ "duplicate", "fraudulent", "requested_by_customer", NULL },
    .doc = "Why it is given back." },
  { "receipt_number", KONTOR_STRING, NULLABLE, AT (KontorRefund, receipt_number),
    .doc = "Number of the receipt that was sent." },
  ROW_NULL_ID ("source_transfer_reversal", "The Connect transfer it undoes."),
  { "status", KONTOR_ENUM, COLUMN, AT (KontorRefund, status), .values = statuses,
    .doc = "How far it is." },
  ROW_NULL_ID ("transfer_reversal", "The Connect transfer that is undone with it."),

  { "acquirer_reference", KONTOR_STRING, HIDDEN, AT (KontorRefund, acquirer_reference),
    .doc = "The rail's name of it." },
  { "fails_later", KONTOR_STRING, HIDDEN, AT (KontorRefund, fails_later),
    .doc = "Why the bank will send it back." },

  ROW_CREATED_RANGE,
  { "amount", KONTOR_INT, PARAM | CREATE, .min = 1, .max = G_MAXINT64,
    .doc = "How much to give back; all of it when left out." },
  { "charge", KONTOR_STRING, PARAM | CREATE, .doc = "What to refund." },
  { "currency", KONTOR_CURRENCY, PARAM | CREATE, .doc = "Currency of a customer's cash balance." },
  { "customer", KONTOR_STRING, PARAM | CREATE, .doc = "Whose cash balance to give back." },
  { "origin", KONTOR_STRING, PARAM | CREATE,
    .values = (const char *const[]){ "customer_balance", NULL }, .doc = "Where the money is." },
  { "payment_intent", KONTOR_STRING, PARAM | CREATE, .doc = "The payment to refund." },
  { "refund_application_fee", KONTOR_BOOL, PARAM | CREATE,
    .doc = "Whether a Connect platform's fee is given back too." },
  { "reverse_transfer", KONTOR_BOOL, PARAM | CREATE,
    .doc = "Whether a Connect transfer is undone too." },
  ROW_END,
};

const KontorResource kontor_refund_resource = {
  .kind = KONTOR_KIND_REFUND,
  .object = "refund",
  .table = "refunds",
  .prefix = "re",
  .shape = { "refund", sizeof (KontorRefund), fields },
  .doc = "Money that is given back.",
};
