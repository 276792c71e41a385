/* balance_transaction.c: how charges and refunds move the merchant's balance. */
#include "server/engine/balance_transaction.h"

#include "core/money.h"
#include "server/engine/ledger.h"
#include "server/engine/settings.h"

#define DAY_S 86400

/**
 * kontor_fee_for:
 * @settings: with the fee schedule
 * @currency: of the charge
 * @amount: what was captured
 *
 * The first row of the schedule that fits. The part is rounded half away from zero, once a charge.
 * Source: docs/money.md, “Rounding”.
 *
 * Returns: the fee in minor units of @currency
 */
gint64
kontor_fee_for (const KontorSettings *settings, const char *currency, gint64 amount)
{
  for (guint i = 0; i < settings->n_fees; i++)
    {
      const KontorFee *fee = &settings->fees[i];
      gint64 part;

      if (fee->currency[0] != '\0' && !g_str_equal (fee->currency, currency))
        continue;
      if (!kontor_money_take_rate (amount, fee->rate_ppm, &part))
        part = 0;
      return part + fee->fixed;
    }
  return 0;
}

/* Monday is 1: the first day of 1970 was a Thursday. */
static gboolean
is_weekend (gint64 day)
{
  guint weekday = (guint) ((day + 3) % 7);

  return weekday >= 5;
}

/**
 * kontor_available_on:
 * @settings: with the delay
 * @created: Unix seconds of the charge
 *
 * Returns: the midnight (UTC) that ends the wait, counted in days on which banks work
 */
gint64
kontor_available_on (const KontorSettings *settings, gint64 created)
{
  gint64 day = created / DAY_S;

  for (gint64 left = settings->payout_delay_days; left > 0; left -= !is_weekend (day))
    day++;
  return settings->payout_delay_days > 0 ? day * DAY_S : created;
}

/* Money that is already available goes to and from “available”, the rest through the account of its day. */
static void
post (KontorTx *tx, const KontorMovement *movement, const KontorBalanceTransaction *transaction)
{
  gboolean pending = movement->available_on > tx->now;
  const KontorLine lines[] = {
    { KONTOR_LEDGER_CLEARING, 0, movement->amount },
    { pending ? KONTOR_LEDGER_PENDING : KONTOR_LEDGER_AVAILABLE,
      pending ? movement->available_on : 0, -transaction->net },
    { KONTOR_LEDGER_FEES, 0, -movement->fee },
    { NULL },
  };

  kontor_tx_post (tx, movement->type, movement->currency, transaction->head.key, lines);
}

/**
 * kontor_balance_transaction_book:
 * @tx: a unit of work
 * @movement: what moves
 *
 * Writes the balance transaction and the journal entry that belongs to it. The caller puts its id
 * into the source and saves that.
 *
 * Returns: (transfer none): the balance transaction
 */
KontorBalanceTransaction *
kontor_balance_transaction_book (KontorTx *tx, const KontorMovement *movement)
{
  KontorBalanceTransaction *transaction = kontor_tx_new (tx, &kontor_balance_transaction_resource);

  transaction->amount = movement->amount;
  transaction->fee = movement->fee;
  transaction->net = movement->amount - movement->fee;
  transaction->currency = movement->currency;
  transaction->type = movement->type;
  transaction->source = movement->source->id;
  transaction->description = movement->description;
  transaction->available_on = MAX (movement->available_on, tx->now);
  kontor_balance_transaction_resource.age (transaction, tx->now);
  kontor_tx_save (tx, transaction, NULL);
  post (tx, movement, transaction);
  return transaction;
}

/**
 * kontor_release_due:
 * @tx: a unit of work in the scope of the money
 * @currency: of the pending account
 * @available_on: its day, which has come
 *
 * Moves the whole of a day's pending account to “available”, which refunds may have turned either way.
 *
 * Returns: whether there was anything to move
 */
gboolean
kontor_release_due (KontorTx *tx, const char *currency, gint64 available_on)
{
  GError *error = NULL;
  gint64 balance = 0;

  if (!kontor_books_balance (tx->books, tx->scope, KONTOR_LEDGER_PENDING, currency, available_on,
                             &balance, &error))
    {
      kontor_tx_fail (tx, error);
      return FALSE;
    }
  if (balance == 0)
    return FALSE;
  kontor_tx_post (tx, "release", currency, 0,
                  (KontorLine[]){ { KONTOR_LEDGER_PENDING, available_on, -balance },
                                  { KONTOR_LEDGER_AVAILABLE, 0, balance },
                                  { NULL } });
  return TRUE;
}
