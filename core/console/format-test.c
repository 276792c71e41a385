/* format-test.c: money, numbers and times read as people write them. */
#include "core/console/format.h"

static const KontorFormat plain = { ".", ",", NULL, TRUE };
static const KontorFormat german = { ",", ".", NULL, FALSE };

static void
test_money_has_its_decimals (void)
{
  static const struct
  {
    gint64 amount;
    const char *currency, *plain, *german;
  } cases[] = {
    { 0, "eur", "0.00 EUR", "0,00 EUR" },
    { 5, "eur", "0.05 EUR", "0,05 EUR" },
    { 225250, "EUR", "2,252.50 EUR", "2.252,50 EUR" },
    { -100000000, "usd", "-1,000,000.00 USD", "-1.000.000,00 USD" },
    { 1099, "jpy", "1,099 JPY", "1.099 JPY" },
    { 1099, "kwd", "1.099 KWD", "1,099 KWD" },
    { 12345, "clf", "1.2345 CLF", "1,2345 CLF" },
    { 150, NULL, "1.50", "1,50" },
    { G_MININT64, "jpy", "-9,223,372,036,854,775,808 JPY", "-9.223.372.036.854.775.808 JPY" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *a = kontor_format_money (&plain, cases[i].amount, cases[i].currency);
      g_autofree char *b = kontor_format_money (&german, cases[i].amount, cases[i].currency);

      g_assert_cmpstr (a, ==, cases[i].plain);
      g_assert_cmpstr (b, ==, cases[i].german);
    }
}

static void
check (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_numbers_are_grouped (void)
{
  check (kontor_format_number (&plain, 0), "0");
  check (kontor_format_number (&plain, 999), "999");
  check (kontor_format_number (&plain, -1000), "-1,000");
  check (kontor_format_number (&german, 1234567), "1.234.567");
  check (kontor_format_bytes (&plain, 0), "0 B");
  check (kontor_format_bytes (&plain, 999), "999 B");
  check (kontor_format_bytes (&plain, 1500), "1.5 kB");
  check (kontor_format_bytes (&german, 123000000), "123,0 MB");
}

static void
test_times_are_of_the_persons_zone (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  KontorFormat format = { ".", ",", zone, TRUE };
  gint64 now = 1795015800; /* 15:30 UTC */

  check (kontor_format_time (&format, now), "2026-11-18 16:30");
  check (kontor_format_time (&plain, now), "2026-11-18 15:30");
  check (kontor_format_time (&plain, 0), "");
  check (kontor_format_moment (&plain, now, now), "11-18 15:30");
  check (kontor_format_moment (&plain, now - 365 * 86400, now), "2025-11-18 15:30");
  check (kontor_format_moment (&plain, 0, now), "");
  check (kontor_format_age (&plain, now - 59, now), "just now");
  check (kontor_format_age (&plain, now - 60, now), "1 min ago");
  check (kontor_format_age (&plain, now - 7200, now), "2 h ago");
  check (kontor_format_age (&plain, now - 86400, now), "1 day ago");
  check (kontor_format_age (&plain, now - 3 * 86400, now), "3 days ago");
  check (kontor_format_age (&plain, now + 60, now), "2026-11-18 15:31");
  check (kontor_format_age (&plain, now - 30 * 86400, now), "2026-10-19 15:30");
}

static void
test_the_locale_is_asked_for (void)
{
  KontorFormat format;

  kontor_format_init (&format);
  check (kontor_format_money (&format, 150, "eur"), "1.50 EUR");
  g_time_zone_unref (format.zone);
}

static void
test_texts_never_break_the_screen (void)
{
  check (kontor_format_text (&plain, "a\tb\nc\x1b[0m"), "a b c [0m");
  check (kontor_format_text (&plain, "bad\xff"), "bad\xef\xbf\xbd");
  check (kontor_format_text (&plain, NULL), "");
  check (kontor_format_text (&german, "Café Zürich"), "Cafe Zurich");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/money-has-its-decimals", test_money_has_its_decimals);
  g_test_add_func ("/format/numbers-are-grouped", test_numbers_are_grouped);
  g_test_add_func ("/format/times-are-of-the-persons-zone", test_times_are_of_the_persons_zone);
  g_test_add_func ("/format/the-locale-is-asked-for", test_the_locale_is_asked_for);
  g_test_add_func ("/format/texts-never-break-the-screen", test_texts_never_break_the_screen);
  return g_test_run ();
}
