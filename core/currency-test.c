/* currency-test.c: that the table is sorted and sensible, and amounts are written with its exponents. */
#include "core/currency.h"

static void
test_every_row_is_sensible_and_found (void)
{
  guint n;
  const KontorCurrency *all = kontor_currencies (&n);

  g_assert_cmpuint (n, >, 150);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *upper = g_ascii_strup (all[i].code, -1);

      g_test_message ("%s", all[i].code);
      g_assert_true (g_regex_match_simple ("^[a-z]{3}$", all[i].code, 0, 0));
      g_assert_cmpuint (all[i].exponent, <=, 4);
      g_assert_cmpint (all[i].smallest, >=, 1);
      g_assert_true (g_utf8_validate (all[i].name, -1, NULL) && all[i].name[0] != '\0');
      if (i > 0)
        g_assert_cmpstr (all[i - 1].code, <, all[i].code);
      g_assert_true (kontor_currency_find (all[i].code) == &all[i]);
      g_assert_true (kontor_currency_find (upper) == &all[i]);
    }
}

static void
test_other_texts_are_no_currency (void)
{
  static const char *const others[]
      = { NULL, "", "us", "usdx", "xxx", "zzz", "aaa", "\xff\xff\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (kontor_currency_find (others[i]));
}

static void
test_exponents_and_smallest_charges_are_those_of_the_wire (void)
{
  static const struct
  {
    const char *code;
    guint exponent;
    gint32 smallest;
  } cases[] = {
    { "usd", 2, 50 }, { "eur", 2, 50 }, { "gbp", 2, 30 },    { "jpy", 0, 50 }, { "kwd", 3, 1 },
    { "clf", 4, 1 },  { "ugx", 2, 1 },  { "huf", 2, 17500 }, { "mga", 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KontorCurrency *currency = kontor_currency_find (cases[i].code);

      g_assert_nonnull (currency);
      g_assert_cmpuint (currency->exponent, ==, cases[i].exponent);
      g_assert_cmpint (currency->smallest, ==, cases[i].smallest);
    }
}

static void
test_amounts_are_written_with_their_exponent (void)
{
  static const struct
  {
    const char *code;
    gint64 amount;
    const char *text;
  } cases[] = {
    { "usd", 2000, "20.00 USD" },
    { "usd", 5, "0.05 USD" },
    { "usd", -5, "-0.05 USD" },
    { "jpy", 500, "500 JPY" },
    { "kwd", 1099, "1.099 KWD" },
    { "clf", -12345, "-1.2345 CLF" },
    { "eur", G_MININT64, "-92233720368547758.08 EUR" },
    { "eur", 0, "0.00 EUR" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = kontor_currency_format (kontor_currency_find (cases[i].code), cases[i].amount);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/currency/every-row-is-sensible-and-found",
                   test_every_row_is_sensible_and_found);
  g_test_add_func ("/currency/other-texts-are-no-currency", test_other_texts_are_no_currency);
  g_test_add_func ("/currency/exponents-and-smallest-charges-are-those-of-the-wire",
                   test_exponents_and_smallest_charges_are_those_of_the_wire);
  g_test_add_func ("/currency/amounts-are-written-with-their-exponent",
                   test_amounts_are_written_with_their_exponent);
  return g_test_run ();
}
