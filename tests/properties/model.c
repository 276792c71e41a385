/* model.c: what a merchant would keep on paper: payments, refunds, and what they did.
 *
 * Written from docs/money.md and docs/ledger.md, not from the engine: no accounts, no jobs, no entries;
 * only a list of movements, which are pending or available by the clock alone. */
#include "tests/properties/model.h"

#include <string.h>

#define DAY_S 86400

/**
 * model_new:
 * @now: Unix seconds
 *
 * Returns: (transfer full): a model in which nothing happened yet
 */
Model *
model_new (gint64 now)
{
  Model *model = g_new0 (Model, 1);

  model->now = now;
  model->payments = g_array_new (FALSE, TRUE, sizeof (Payment));
  model->refunds = g_array_new (FALSE, TRUE, sizeof (Refund));
  model->movements = g_array_new (FALSE, TRUE, sizeof (Movement));
  return model;
}

/**
 * model_free:
 * @model: (transfer full): a model
 */
void
model_free (Model *model)
{
  g_array_unref (model->payments);
  g_array_unref (model->refunds);
  g_array_unref (model->movements);
  g_free (model);
}

static gint64
smallest (const char *currency)
{
  return strcmp (currency, "kwd") == 0 ? 1 : 50;
}

/* Half away from zero, in whole numbers. */
static gint64
fee_of (const char *currency, gint64 amount)
{
  gboolean yen = strcmp (currency, "jpy") == 0;

  return (amount * (yen ? 36 : 29) + 500) / 1000 + (yen ? 0 : 30);
}

/* Two working days later, at midnight. */
static gint64
available_on (gint64 now)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) midnight = g_date_time_new_utc (g_date_time_get_year (at),
                                                        g_date_time_get_month (at),
                                                        g_date_time_get_day_of_month (at), 0, 0, 0);
  gint64 day = g_date_time_to_unix (midnight);

  for (guint working_days = 0; working_days < 2;)
    {
      g_autoptr (GDateTime) next = g_date_time_new_from_unix_utc (day += DAY_S);

      working_days += g_date_time_get_day_of_week (next) <= 5;
    }
  return day;
}

static void
move (Model *model, const Payment *payment, gint64 amount, gint64 fee)
{
  Movement movement
      = { payment->scope, payment->currency, amount, fee, MAX (payment->available_on, model->now) };

  g_array_append_val (model->movements, movement);
}

static void
take_money (Model *model, Payment *payment, gint64 amount)
{
  payment->state = PAYMENT_TAKEN;
  payment->captured = amount;
  payment->available_on = payment->card == CARD_AT_ONCE ? model->now : available_on (model->now);
  move (model, payment, amount, fee_of (payment->currency, amount));
}

static void
reserve_or_take (Model *model, Payment *payment)
{
  if (!payment->manual)
    take_money (model, payment, payment->amount);
  else
    {
      payment->state = PAYMENT_RESERVED;
      payment->lapses = model->now + 7 * DAY_S;
    }
}

static gboolean
pay (Model *model, const Step *step, const char *id)
{
  Payment payment = step->wish;

  if (payment.amount < smallest (payment.currency) || payment.amount > 99999999)
    return FALSE;
  g_strlcpy (payment.id, id, sizeof payment.id);
  if (payment.card == CARD_DECLINES || (payment.card == CARD_ASKS && payment.bare))
    payment.state = PAYMENT_DEAD;
  else if (payment.card == CARD_ASKS)
    payment.state = PAYMENT_ACTION;
  else
    reserve_or_take (model, &payment);
  g_array_append_val (model->payments, payment);
  return TRUE;
}

static gboolean
on_payment (Model *model, const Step *step, Payment *payment)
{
  gint64 amount = step->amount != 0 ? step->amount : payment->amount;
  gboolean is_reserved = payment->state == PAYMENT_RESERVED;

  switch (step->verb)
    {
    case WORLD_FINISH:
      if (payment->state != PAYMENT_ACTION)
        return FALSE;
      reserve_or_take (model, payment);
      return TRUE;
    case WORLD_GIVE_UP:
      if (payment->state != PAYMENT_ACTION)
        return FALSE;
      payment->state = PAYMENT_DEAD;
      return TRUE;
    case WORLD_CAPTURE:
      if (!is_reserved || amount > payment->amount || amount < smallest (payment->currency))
        return FALSE;
      take_money (model, payment, amount);
      return TRUE;
    case WORLD_RAISE:
      if (!is_reserved || !payment->may_raise || amount <= payment->amount || amount > 99999999)
        return FALSE;
      payment->amount = amount;
      return TRUE;
    default:
      if (payment->state == PAYMENT_TAKEN)
        return FALSE;
      /* A declined payment can be given up as well, but once only. */
      if (payment->state == PAYMENT_DEAD && payment->lapses != 0)
        return FALSE;
      payment->state = PAYMENT_DEAD;
      payment->lapses = -1;
      return TRUE;
    }
}

static gboolean
refund (Model *model, const Step *step, const char *id)
{
  Payment *payment = &g_array_index (model->payments, Payment, step->target);
  gint64 left = payment->captured - payment->refunded;
  Refund made = { .payment = step->target, .amount = step->amount != 0 ? step->amount : left };

  if (payment->state != PAYMENT_TAKEN || left == 0 || made.amount > left)
    return FALSE;
  g_strlcpy (made.id, id, sizeof made.id);
  made.is_pending = payment->card == CARD_REFUND_PENDS;
  made.fails = payment->card == CARD_REFUND_FAILS;
  made.settles = made.is_pending || made.fails ? model->now + 10 : 0;
  payment->refunded += made.amount;
  move (model, payment, -made.amount, 0);
  g_array_append_val (model->refunds, made);
  return TRUE;
}

static void
give_back (Model *model, Refund *made)
{
  Payment *payment = &g_array_index (model->payments, Payment, made->payment);

  made->settles = 0;
  made->is_pending = FALSE;
  payment->refunded -= made->amount;
  move (model, payment, made->amount, 0);
}

static gboolean
stop_refund (Model *model, const Step *step)
{
  Refund *made = &g_array_index (model->refunds, Refund, step->target);

  if (!made->is_pending)
    return FALSE;
  give_back (model, made);
  return TRUE;
}

/**
 * model_take:
 * @model: a model
 * @step: what is asked
 * @id: what the new payment or refund is called
 *
 * Returns: whether it may be; then it has happened
 */
gboolean
model_take (Model *model, const Step *step, const char *id)
{
  if (step->verb == WORLD_PAY)
    return pay (model, step, id);
  if (step->verb == WORLD_REFUND)
    return refund (model, step, id);
  if (step->verb == WORLD_STOP_REFUND)
    return stop_refund (model, step);
  return on_payment (model, step, &g_array_index (model->payments, Payment, step->target));
}

/**
 * model_wait:
 * @model: a model
 * @seconds: how far time moves
 */
void
model_wait (Model *model, gint64 seconds)
{
  model->now += seconds;
  for (guint i = 0; i < model->payments->len; i++)
    {
      Payment *payment = &g_array_index (model->payments, Payment, i);

      if (payment->state == PAYMENT_RESERVED && payment->lapses <= model->now)
        payment->state = PAYMENT_DEAD;
    }
  for (guint i = 0; i < model->refunds->len; i++)
    {
      Refund *made = &g_array_index (model->refunds, Refund, i);

      if (made->settles == 0 || made->settles > model->now)
        continue;
      made->is_pending = FALSE;
      made->settles = 0;
      if (made->fails)
        give_back (model, made);
    }
}

/**
 * model_balance:
 * @model: a model
 * @scope: whose
 * @currency: which
 * @kind: of ledger account; the days of "pending" are taken together
 *
 * Returns: what the books should say
 */
gint64
model_balance (const Model *model, guint scope, const char *currency, const char *kind)
{
  gint64 balance = 0;

  for (guint i = 0; i < model->movements->len; i++)
    {
      const Movement *movement = &g_array_index (model->movements, Movement, i);
      gboolean is_available = movement->available_on <= model->now;

      if (movement->scope != scope || strcmp (movement->currency, currency) != 0)
        continue;
      if (strcmp (kind, "clearing") == 0)
        balance += movement->amount;
      else if (strcmp (kind, "fees") == 0)
        balance -= movement->fee;
      else if (is_available == (strcmp (kind, "available") == 0))
        balance -= movement->amount - movement->fee;
    }
  return balance;
}

/**
 * model_status:
 * @payment: one of the model's
 *
 * Returns: the status its payment intent should have; %NULL when that depends on how it came to its end
 */
const char *
model_status (const Payment *payment)
{
  static const char *const statuses[] = {
    [PAYMENT_ACTION] = "requires_action",
    [PAYMENT_RESERVED] = "requires_capture",
    [PAYMENT_TAKEN] = "succeeded",
    [PAYMENT_DEAD] = NULL,
  };

  return statuses[payment->state];
}
