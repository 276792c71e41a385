/* money.c: sums that are checked, and roundings that have a name. */
#include "core/money.h"

#define PARTS_PER_MILLION 1000000
#define RATE_EXPONENT 12 /* an exchange rate is a whole number of 10^-12 */
#define MAX_EXPONENT 8

typedef __int128 Wide;

/* A share of an allocation that was cut off, and where it belongs. */
typedef struct
{
  gint64 remainder;
  guint position;
} Cut;

static gboolean
narrow (Wide value, gint64 *result)
{
  if (value > G_MAXINT64 || value < G_MININT64)
    return FALSE;
  *result = (gint64) value;
  return TRUE;
}

static Wide
divide_half_away_from_zero (Wide dividend, Wide divisor)
{
  Wide quotient = dividend / divisor;
  Wide rest = dividend % divisor;

  /* Compared with what is missing, as twice the rest may not fit. */
  if (dividend >= 0)
    return rest >= divisor - rest ? quotient + 1 : quotient;
  return -rest >= divisor + rest ? quotient - 1 : quotient;
}

static int
compare_cuts (gconstpointer a, gconstpointer b, gpointer data)
{
  const Cut *cut_a = a, *cut_b = b;

  if (cut_a->remainder != cut_b->remainder)
    return cut_a->remainder > cut_b->remainder ? -1 : 1;
  return cut_a->position < cut_b->position ? -1 : 1;
}

/**
 * kontor_money_add:
 * @a: minor units
 * @b: minor units of the same currency
 * @sum: (out): @a + @b
 *
 * Returns: %FALSE when the sum does not fit; then @sum is not touched
 */
gboolean
kontor_money_add (gint64 a, gint64 b, gint64 *sum)
{
  gint64 result;

  if (__builtin_add_overflow (a, b, &result))
    return FALSE;
  *sum = result;
  return TRUE;
}

/**
 * kontor_money_subtract:
 * @a: minor units
 * @b: minor units of the same currency
 * @difference: (out): @a - @b
 *
 * Returns: %FALSE when the difference does not fit; then @difference is not touched
 */
gboolean
kontor_money_subtract (gint64 a, gint64 b, gint64 *difference)
{
  gint64 result;

  if (__builtin_sub_overflow (a, b, &result))
    return FALSE;
  *difference = result;
  return TRUE;
}

/**
 * kontor_money_take_rate:
 * @amount: minor units, of either sign
 * @rate_ppm: parts per million; more than a million is more than the whole
 * @part: (out): @amount × @rate_ppm / 1,000,000, rounded half away from zero
 *
 * Half away from zero treats a refund as the mirror of its charge: the fee of -a is the negative
 * of the fee of a.
 *
 * Returns: %FALSE when the part does not fit; then @part is not touched
 */
gboolean
kontor_money_take_rate (gint64 amount, gint64 rate_ppm, gint64 *part)
{
  return narrow (divide_half_away_from_zero ((Wide) amount * rate_ppm, PARTS_PER_MILLION), part);
}

/**
 * kontor_money_allocate:
 * @amount: minor units to hand out, of either sign
 * @weights: (array length=n): how much each takes, none negative
 * @n: how many take part
 * @parts: (out) (array length=n): what each gets; may be @weights itself
 *
 * Each gets its exact share cut to a whole unit, and the units left over go, one each, to those
 * whose cut was the largest; the earlier of equals goes first. So the parts always sum to @amount
 * and no part is a whole unit away from its share.
 *
 * Returns: %FALSE when a weight is negative, their sum does not fit, or all are zero although
 *   there is something to hand out; then @parts is not touched
 */
gboolean
kontor_money_allocate (gint64 amount, const gint64 *weights, guint n, gint64 *parts)
{
  g_autofree Cut *cuts = NULL;
  guint64 magnitude = amount < 0 ? -(guint64) amount : (guint64) amount;
  guint64 left = magnitude;
  gint64 total = 0;

  for (guint i = 0; i < n; i++)
    if (weights[i] < 0 || !kontor_money_add (total, weights[i], &total))
      return FALSE;
  if (total == 0)
    {
      for (guint i = 0; i < n && amount == 0; i++)
        parts[i] = 0;
      return amount == 0;
    }

  cuts = g_new (Cut, n);
  for (guint i = 0; i < n; i++)
    {
      unsigned __int128 share = (unsigned __int128) magnitude * (guint64) weights[i];
      guint64 whole = (guint64) (share / (guint64) total);

      cuts[i] = (Cut){ (gint64) (share % (guint64) total), i };
      left -= whole;
      parts[i] = amount < 0 ? (gint64) -whole : (gint64) whole;
    }

  g_qsort_with_data (cuts, (gint) n, sizeof (Cut), compare_cuts, NULL);
  for (guint i = 0; i < left; i++)
    parts[cuts[i].position] += amount < 0 ? -1 : 1;
  return TRUE;
}

/**
 * kontor_money_convert:
 * @amount: minor units of the one currency
 * @from_exponent: its exponent, at most 8
 * @to_exponent: the exponent of the other, at most 8
 * @rate_e12: what one whole unit of the one costs in whole units of the other, times 10^12
 * @converted: (out): minor units of the other, rounded half away from zero
 *
 * Returns: %FALSE when the result does not fit or the rate is negative; then @converted is not
 *   touched
 */
gboolean
kontor_money_convert (gint64 amount,
                      guint from_exponent,
                      guint to_exponent,
                      gint64 rate_e12,
                      gint64 *converted)
{
  Wide divisor = 1;

  g_return_val_if_fail (from_exponent <= MAX_EXPONENT && to_exponent <= MAX_EXPONENT, FALSE);

  if (rate_e12 < 0)
    return FALSE;
  for (guint i = 0; i < RATE_EXPONENT + from_exponent - to_exponent; i++)
    divisor *= 10;
  return narrow (divide_half_away_from_zero ((Wide) amount * rate_e12, divisor), converted);
}
