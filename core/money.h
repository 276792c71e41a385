/* money.h: an amount is whole minor units of a currency; sums are checked and rounding is named. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 amount;      /* minor units */
  char   currency[4]; /* ISO 4217, lower case */
} KontorMoney;

gboolean kontor_money_add        (gint64 a, gint64 b, gint64 *sum);      /* %FALSE on overflow */
gboolean kontor_money_subtract   (gint64 a, gint64 b, gint64 *difference);
/* half away from zero */
gboolean kontor_money_take_rate  (gint64 amount, gint64 rate_ppm, gint64 *part);
gboolean kontor_money_allocate   (gint64 amount, const gint64 *weights, guint n, gint64 *parts);
gboolean kontor_money_convert    (gint64 amount,
                                  guint from_exponent,
                                  guint to_exponent,
                                  gint64 rate_e12,
                                  gint64 *converted);

G_END_DECLS
