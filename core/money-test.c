/* money-test.c: that sums are checked, roundings are fair, and parts always make up the whole. */
#include "core/money.h"

#include <string.h>

static gint64
random_int64 (void)
{
  guint64 bits = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

  return (gint64) bits >> (g_test_rand_int () & 63);
}

static void
test_sums_that_do_not_fit_are_refused (void)
{
  gint64 result = 7;

  g_assert_true (kontor_money_add (G_MAXINT64 - 1, 1, &result));
  g_assert_cmpint (result, ==, G_MAXINT64);
  g_assert_true (kontor_money_subtract (G_MININT64 + 1, 1, &result));
  g_assert_cmpint (result, ==, G_MININT64);

  result = 7;
  g_assert_false (kontor_money_add (G_MAXINT64, 1, &result));
  g_assert_false (kontor_money_subtract (G_MININT64, 1, &result));
  g_assert_false (kontor_money_subtract (0, G_MININT64, &result));
  g_assert_cmpint (result, ==, 7);
}

static void
test_rates_round_half_away_from_zero (void)
{
  static const struct
  {
    gint64 amount, rate_ppm, part;
    const char *why;
  } cases[] = {
    { 2000, 29000, 58, "2.9 % of $20.00" },
    { 50, 29000, 1, "1.45 is nearer to 1" },
    { 1, 500000, 1, "a half goes up" },
    { -1, 500000, -1, "and a negative half goes down" },
    { 3, 500000, 2, "1.5 becomes 2" },
    { 1, 499999, 0, "less than half is cut" },
    { -1, 499999, 0, "on both sides" },
    { 5, -500000, -3, "negative rates too" },
    { 0, 29000, 0, "nothing of nothing" },
    { G_MAXINT64, 1000000, G_MAXINT64, "all of the largest" },
    { G_MININT64, 1000000, G_MININT64, "all of the smallest" },
    { G_MAXINT64, 500000, G_MAXINT64 / 2 + 1, "half of the largest" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 part = 0;

      g_test_message ("%s", cases[i].why);
      g_assert_true (kontor_money_take_rate (cases[i].amount, cases[i].rate_ppm, &part));
      g_assert_cmpint (part, ==, cases[i].part);
    }
}

static void
test_a_rate_that_does_not_fit_is_refused (void)
{
  gint64 part = 7;

  g_assert_false (kontor_money_take_rate (G_MAXINT64, 1000001, &part));
  g_assert_false (kontor_money_take_rate (G_MININT64, -1000000, &part));
  g_assert_cmpint (part, ==, 7);
}

static void
test_a_refunds_fee_mirrors_the_charges (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      gint64 amount = random_int64 () / 2, rate = g_test_rand_int_range (0, 1000001);
      gint64 part, mirrored;

      g_assert_true (kontor_money_take_rate (amount, rate, &part));
      g_assert_true (kontor_money_take_rate (-amount, rate, &mirrored));
      g_assert_cmpint (mirrored, ==, -part);
    }
}

static void
test_parts_are_allocated_by_largest_remainder (void)
{
  static const struct
  {
    gint64 amount, weights[4], parts[4];
    guint n;
  } cases[] = {
    { 100, { 1, 1, 1 }, { 34, 33, 33 }, 3 },
    { -100, { 1, 1, 1 }, { -34, -33, -33 }, 3 },
    { 101, { 1, 1, 1 }, { 34, 34, 33 }, 3 },
    { 10, { 1, 6, 3 }, { 1, 6, 3 }, 3 },
    { 10, { 15, 55, 30 }, { 2, 5, 3 }, 3 },
    { 7, { 0, 1, 0, 1 }, { 0, 4, 0, 3 }, 4 },
    { 0, { 3, 4 }, { 0, 0 }, 2 },
    { 0, { 0, 0 }, { 0, 0 }, 2 },
    { G_MAXINT64, { 1, 1 }, { G_MAXINT64 / 2 + 1, G_MAXINT64 / 2 }, 2 },
    { G_MININT64, { 5 }, { G_MININT64 }, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 parts[4] = { 0 };

      g_assert_true (kontor_money_allocate (cases[i].amount, cases[i].weights, cases[i].n, parts));
      for (guint k = 0; k < cases[i].n; k++)
        g_assert_cmpint (parts[k], ==, cases[i].parts[k]);
    }
}

static void
test_parts_always_sum_to_the_whole (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      gint64 weights[40], parts[40], amount = random_int64 ();
      guint n = (guint) g_test_rand_int_range (1, 41);
      __int128 sum = 0, total = 0;

      for (guint i = 0; i < n; i++)
        {
          weights[i] = random_int64 () / 64;
          weights[i] = weights[i] < 0 ? -weights[i] : weights[i];
          total += weights[i];
        }
      if (total == 0)
        continue;

      g_assert_true (kontor_money_allocate (amount, weights, n, parts));
      for (guint i = 0; i < n; i++)
        {
          __int128 share = (__int128) amount * weights[i] / total;
          __int128 off = parts[i] > share ? parts[i] - share : share - parts[i];

          sum += parts[i];
          g_assert_true (off <= 1);
          if (weights[i] == 0)
            g_assert_cmpint (parts[i], ==, 0);
        }
      g_assert_true (sum == amount);
    }
}

static void
test_an_allocation_that_makes_no_sense_is_refused (void)
{
  gint64 parts[2] = { 7, 7 };

  g_assert_false (kontor_money_allocate (5, (gint64[]){ 0, 0 }, 2, parts));
  g_assert_false (kontor_money_allocate (5, (gint64[]){ 2, -1 }, 2, parts));
  g_assert_false (kontor_money_allocate (5, (gint64[]){ G_MAXINT64, 1 }, 2, parts));
  g_assert_false (kontor_money_allocate (5, NULL, 0, parts));
  g_assert_true (kontor_money_allocate (0, NULL, 0, parts));
  g_assert_cmpint (parts[0], ==, 7);
}

static void
test_currencies_are_converted_with_their_exponents (void)
{
  static const struct
  {
    gint64 amount;
    guint from, to;
    gint64 rate_e12, converted;
    const char *why;
  } cases[] = {
    { 1000, 2, 2, 1100000000000, 1100, "10.00 at 1.1" },
    { 1000, 2, 0, 150250000000000, 1503, "10.00 to yen at 150.25: 1502.5" },
    { -1000, 2, 0, 150250000000000, -1503, "and back the other way" },
    { 1503, 0, 2, 6655574043, 1000, "yen to cents" },
    { 1000, 2, 3, 307000000000, 3070, "to a currency of three decimals" },
    { 3070, 3, 2, 3257328990228, 1000, "and back" },
    { 10000, 4, 2, 1000000000000, 100, "from four decimals" },
    { 1, 2, 2, 499999999999, 0, "less than half a unit" },
    { 1, 2, 2, 500000000000, 1, "half a unit" },
    { 5, 2, 2, 0, 0, "a rate of nothing" },
  };
  gint64 converted = 7;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].why);
      g_assert_true (kontor_money_convert (cases[i].amount, cases[i].from, cases[i].to,
                                           cases[i].rate_e12, &converted));
      g_assert_cmpint (converted, ==, cases[i].converted);
    }

  converted = 7;
  g_assert_false (kontor_money_convert (G_MAXINT64, 0, 4, 1000000000000, &converted));
  g_assert_false (kontor_money_convert (1, 2, 2, -1, &converted));
  g_assert_cmpint (converted, ==, 7);
}

static void
test_a_rate_of_one_changes_nothing (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      gint64 amount = random_int64 (), converted;
      guint exponent = (guint) g_test_rand_int_range (0, 5);

      g_assert_true (kontor_money_convert (amount, exponent, exponent, 1000000000000, &converted));
      g_assert_cmpint (converted, ==, amount);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/money/sums-that-do-not-fit-are-refused",
                   test_sums_that_do_not_fit_are_refused);
  g_test_add_func ("/money/rates-round-half-away-from-zero", test_rates_round_half_away_from_zero);
  g_test_add_func ("/money/a-rate-that-does-not-fit-is-refused",
                   test_a_rate_that_does_not_fit_is_refused);
  g_test_add_func ("/money/a-refunds-fee-mirrors-the-charges",
                   test_a_refunds_fee_mirrors_the_charges);
  g_test_add_func ("/money/parts-are-allocated-by-largest-remainder",
                   test_parts_are_allocated_by_largest_remainder);
  g_test_add_func ("/money/parts-always-sum-to-the-whole", test_parts_always_sum_to_the_whole);
  g_test_add_func ("/money/an-allocation-that-makes-no-sense-is-refused",
                   test_an_allocation_that_makes_no_sense_is_refused);
  g_test_add_func ("/money/currencies-are-converted-with-their-exponents",
                   test_currencies_are_converted_with_their_exponents);
  g_test_add_func ("/money/a-rate-of-one-changes-nothing", test_a_rate_of_one_changes_nothing);
  return g_test_run ();
}
