/* retry-test.c: when a call is worth sending again, and after how long. */
#include "core/client/retry.h"

#define NOW 1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */

static void
test_worthwhile (void)
{
  static const struct
  {
    const char   *what;
    KontorAttempt attempt;
    gboolean      again;
  } rows[] = {
    { "no answer", { 0 }, TRUE },
    { "a collision", { 409 }, TRUE },
    { "too many requests", { 429 }, TRUE },
    { "the server failed", { 500 }, TRUE },
    { "the server is busy", { 503 }, TRUE },
    { "a refusal", { 400 }, FALSE },
    { "a declined card", { 402 }, FALSE },
    { "a wrong key", { 401 }, FALSE },
    { "a redirect", { 302 }, FALSE },
    { "the server says no", { 500, "false" }, FALSE },
    { "the server says yes", { 400, "true" }, TRUE },
    { "a wait that is bearable", { 429, NULL, "60" }, TRUE },
    { "a wait that is not", { 429, NULL, "61" }, FALSE },
    { "a date that is near", { 503, NULL, "Tue, 14 Nov 2023 22:13:40 GMT" }, TRUE },
    { "a date that is far", { 503, NULL, "Wed, 15 Nov 2023 22:13:40 GMT" }, FALSE },
    { "a wait that makes no sense", { 503, NULL, "soon" }, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].what);
      g_assert_cmpint (kontor_retry_is_worthwhile (&rows[i].attempt, NOW), ==, rows[i].again);
    }
}

static void
test_delay (void)
{
  static const guint longest_ms[] = { 500, 1000, 2000, 4000, 8000, 8000, 8000 };
  const KontorAttempt plain = { 503 };

  for (guint nth = 1; nth <= G_N_ELEMENTS (longest_ms); nth++)
    for (guint32 chance = 0; chance < 5000; chance += 7)
      {
        guint delay = kontor_retry_delay_ms (&plain, nth, NOW, chance);

        g_assert_cmpuint (delay, >=, longest_ms[nth - 1] / 2);
        g_assert_cmpuint (delay, <=, longest_ms[nth - 1]);
      }
}

static void
test_asked_for (void)
{
  const KontorAttempt seconds = { 429, NULL, "7" }, none = { 429, NULL, "0" };
  const KontorAttempt date = { 503, NULL, "Tue, 14 Nov 2023 22:13:40 GMT" };
  const KontorAttempt past = { 503, NULL, "Tue, 14 Nov 2023 22:10:00 GMT" };

  g_assert_cmpuint (kontor_retry_delay_ms (&seconds, 1, NOW, 0), ==, 7000);
  g_assert_cmpuint (kontor_retry_delay_ms (&date, 1, NOW, 0), ==, 20000);
  g_assert_cmpuint (kontor_retry_delay_ms (&none, 1, NOW, 0), ==, 250);
  g_assert_cmpuint (kontor_retry_delay_ms (&past, 1, NOW, 0), ==, 250);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/only-what-may-go-better", test_worthwhile);
  g_test_add_func ("/retry/waits-longer-each-time", test_delay);
  g_test_add_func ("/retry/waits-as-long-as-it-is-asked", test_asked_for);
  return g_test_run ();
}
