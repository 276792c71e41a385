/* balance_transaction.h: how charges and refunds move the merchant's balance. */
#pragma once

#include "core/resources/balance_transaction.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* One movement of the merchant's balance, to be booked. */
typedef struct
{
  const char *type;          /* "charge", "refund", "refund_failure" */
  const KontorObject *source;
  const char *currency;
  gint64      amount;        /* gross; negative when money leaves the merchant */
  gint64      fee;
  gint64      available_on;  /* Unix seconds: from when it counts as available */
  const char *description;
} KontorMovement;

KontorBalanceTransaction *kontor_balance_transaction_book    (KontorTx *tx,
                                                              const KontorMovement *movement);

gint64   kontor_fee_for       (const KontorSettings *settings, const char *currency, gint64 amount);
gint64   kontor_available_on  (const KontorSettings *settings, gint64 created);
/* job: pending → available */
gboolean kontor_release_due   (KontorTx *tx, const char *currency, gint64 available_on);

G_END_DECLS
