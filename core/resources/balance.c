/* balance.c: the shape of what a merchant has with us. */
#include "core/resources/balance.h"

#include "core/resources/row.h"

static const KontorField source_types_fields[] = {
  { "card", KONTOR_INT, 0, AT (KontorSourceTypes, card), .doc = "What was paid with cards." },
  ROW_END,
};

const KontorShape kontor_source_types_shape
    = { "source_types", sizeof (KontorSourceTypes), source_types_fields };

static const KontorField amount_fields[] = {
  { "amount", KONTOR_INT, 0, AT (KontorBalanceAmount, amount),
    .doc = "How much, in the currency's smallest unit." },
  { "currency", KONTOR_CURRENCY, 0, AT (KontorBalanceAmount, currency), .doc = "The currency." },
  { "source_types", KONTOR_OBJECT, OPTIONAL, AT (KontorBalanceAmount, source_types),
    .shape = &kontor_source_types_shape, .doc = "The same, by what was paid with." },
  ROW_END,
};

const KontorShape kontor_balance_amount_shape
    = { "balance_amount", sizeof (KontorBalanceAmount), amount_fields };

static const KontorField fields[] = {
  ROW_OBJECT ("balance"),
  { "available", KONTOR_OBJECTS, 0, AT (KontorBalance, available),
    .shape = &kontor_balance_amount_shape, .doc = "What can be paid out." },
  ROW_LIVEMODE,
  { "pending", KONTOR_OBJECTS, 0, AT (KontorBalance, pending),
    .shape = &kontor_balance_amount_shape, .doc = "What has to wait." },
  ROW_END,
};

const KontorResource kontor_balance_resource = {
  .kind = KONTOR_KIND_BALANCE,
  .object = "balance",
  .shape = { "balance", sizeof (KontorBalance), fields },
  .doc = "What a merchant has with us, in each currency.",
};
