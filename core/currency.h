/* currency.h: what is known of each currency: its exponent and its smallest charge. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char   code[4];       /* ISO 4217, lower case */
  guint8 exponent;      /* minor units are 10^-exponent */
  gint32 smallest;      /* smallest charge in minor units */
  const char *name;     /* English */
} KontorCurrency;

const KontorCurrency *kontor_currency_find (const char *code); /* any case; %NULL when unknown */
const KontorCurrency *kontor_currencies    (guint *n);
/* "$20.00"-like: "20.00 USD" */
char *kontor_currency_format (const KontorCurrency *currency, gint64 amount);

G_END_DECLS
