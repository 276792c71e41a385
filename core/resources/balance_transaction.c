/* balance_transaction.c: the shape of one change of the merchant's balance. */
#include "core/resources/balance_transaction.h"

#include "core/resources/row.h"

/* In the order of KontorBalanceTransactionStatus. */
static const char *const statuses[] = { "pending", "available", NULL };

static const KontorField fee_detail_fields[] = {
  { "amount", KONTOR_INT, 0, AT (KontorFeeDetail, amount),
    .doc = "The fee, in the currency's smallest unit." },
  ROW_NULL ("application", "The Connect application that earned it."),
  { "currency", KONTOR_CURRENCY, 0, AT (KontorFeeDetail, currency), .doc = "Currency of the fee." },
  { "description", KONTOR_STRING, NULLABLE, AT (KontorFeeDetail, description),
    .doc = "What it is for." },
  { "type", KONTOR_STRING, 0, AT (KontorFeeDetail, type), .doc = "Who earned it." },
  ROW_END,
};

const KontorShape kontor_fee_detail_shape
    = { "fee_detail", sizeof (KontorFeeDetail), fee_detail_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("balance_transaction"),
  { "amount", KONTOR_INT, COLUMN, AT (KontorBalanceTransaction, amount),
    .doc = "What moved, before fees; negative when it left." },
  { "available_on", KONTOR_TIME, COLUMN, AT (KontorBalanceTransaction, available_on),
    .doc = "When it can be paid out." },
  { "balance_type", KONTOR_FIXED, 0, .fixed = "\"payments\"", .doc = "The balance that changed." },
  ROW_CREATED,
  { "currency", KONTOR_CURRENCY, COLUMN | LIST, AT (KontorBalanceTransaction, currency),
    .doc = "Currency of the amounts, in lower case." },
  { "description", KONTOR_STRING, NULLABLE, AT (KontorBalanceTransaction, description),
    .doc = "What it is for." },
  ROW_NULL ("exchange_rate", "The rate, when the currency was changed."),
  { "fee", KONTOR_INT, COLUMN, AT (KontorBalanceTransaction, fee), .doc = "What it cost." },
  { "fee_details", KONTOR_OBJECTS, 0, AT (KontorBalanceTransaction, fee_details),
    .shape = &kontor_fee_detail_shape, .doc = "What the fee is made of." },
  { "net", KONTOR_INT, COLUMN, AT (KontorBalanceTransaction, net),
    .doc = "What the balance changed by." },
  { "reporting_category", KONTOR_STRING, 0, AT (KontorBalanceTransaction, reporting_category),
    .doc = "What reports count it as." },
  { "source", KONTOR_ID, NULLABLE | EXPANDABLE | COLUMN | LIST,
    AT (KontorBalanceTransaction, source), .target = "charge|refund", .doc = "What it books." },
  { "status", KONTOR_ENUM, 0, AT (KontorBalanceTransaction, status), .values = statuses,
    .doc = "Whether it can be paid out yet." },
  { "type", KONTOR_STRING, COLUMN | LIST, AT (KontorBalanceTransaction, type),
    .doc = "What kind of movement it is." },

  ROW_CREATED_RANGE,
  ROW_TAKEN ("payout", LIST, "Only what went out with this payout."),
  ROW_END,
};

/* The fee has one part, and reports count by type. */
static void
complete (gpointer object, KontorArena *arena)
{
  KontorBalanceTransaction *transaction = object;
  KontorItems *items = kontor_arena_new0 (arena, KontorItems);

  transaction->reporting_category = transaction->type;
  transaction->fee_details = items;
  if (transaction->fee != 0)
    {
      KontorFeeDetail *detail = kontor_shape_new (&kontor_fee_detail_shape, arena);

      detail->amount = transaction->fee;
      detail->currency = transaction->currency;
      detail->description = "Kontor processing fees";
      detail->type = "stripe_fee";
      items->n = 1;
      items->items = kontor_arena_new0_n (arena, gpointer, 1);
      items->items[0] = detail;
    }
}

static void
trim (gpointer copy, KontorArena *arena)
{
  KontorBalanceTransaction *transaction = copy;

  transaction->reporting_category = NULL;
  transaction->fee_details = NULL;
}

/* Whether it is available follows from the time and is never written down. */
static void
age (gpointer object, gint64 now)
{
  KontorBalanceTransaction *transaction = object;

  transaction->status = transaction->available_on <= now ? KONTOR_BALANCE_TRANSACTION_AVAILABLE
                                                         : KONTOR_BALANCE_TRANSACTION_PENDING;
}

const KontorResource kontor_balance_transaction_resource = {
  .trim = trim,
  .age = age,
  .complete = complete,
  .kind = KONTOR_KIND_BALANCE_TRANSACTION,
  .object = "balance_transaction",
  .table = "balance_transactions",
  .prefix = "txn",
  .shape = { "balance_transaction", sizeof (KontorBalanceTransaction), fields },
  .doc = "One change of the merchant's balance.",
};
