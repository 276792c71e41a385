/* schedule-test.c: when what failed is tried again, and how fast an endpoint is sent to. */
#include "server/webhook/pace.h"
#include "server/webhook/schedule.h"

#define SECOND G_USEC_PER_SEC
#define NOON G_GINT64_CONSTANT (1795435200)

static void
test_only_sensible_schedules_are_taken (void)
{
  const struct
  {
    const char *text;
    guint n; /* 0: refused */
  } rows[] = {
    { "5, 300, 1800", 3 },
    { "1", 1 },
    { "1,1,2", 3 },
    { "", 0 },
    { "0", 0 },
    { "5,,6", 0 },
    { "five", 0 },
    { "-1", 0 },
    { "5 300", 0 },
    { "1.5", 0 },
    { "2592000", 1 },
    { "2592001", 0 },
    { "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KontorSchedule schedule = { 0 };

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (kontor_schedule_parse (&schedule, rows[i].text), ==, rows[i].n > 0);
      g_assert_cmpuint (schedule.n, ==, rows[i].n);
    }
}

static void
test_delays_follow_the_schedule (void)
{
  KontorSchedule schedule;

  g_assert_true (kontor_schedule_parse (&schedule, "5, 300, 72000"));
  for (guint32 chance = 0; chance < 5000; chance += 7)
    {
      gint64 first = kontor_schedule_delay_s (&schedule, 1, chance);
      gint64 last = kontor_schedule_delay_s (&schedule, 3, chance);

      g_assert_cmpint (first, >=, 4);
      g_assert_cmpint (first, <=, 6);
      g_assert_cmpint (last, >=, 64800);
      g_assert_cmpint (last, <=, 79200);
    }
  g_assert_cmpint (kontor_schedule_delay_s (&schedule, 4, 0), ==, 0);
  g_assert_cmpint (kontor_schedule_lifetime_s (&schedule), ==, 5 + 300 + 72000 + 86400);
  g_assert_true (kontor_schedule_parse (&schedule, "1"));
  g_assert_cmpint (kontor_schedule_delay_s (&schedule, 1, 0), ==, 1);
}

static void
test_receivers_may_ask_for_rest (void)
{
  const struct
  {
    const char *value;
    gint64 seconds;
  } rows[] = {
    { NULL, 0 },
    { "120", 120 },
    { "0", 0 },
    { "86401", 86400 },
    { "99999999999999999999", 0 },
    { "-5", 0 },
    { "soon", 0 },
    { "Mon, 23 Nov 2026 12:01:00 GMT", 60 },
    { "Mon, 23 Nov 2026 11:00:00 GMT", 0 },
    { "Wed, 23 Nov 2033 11:00:00 GMT", 86400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (kontor_retry_after_s (rows[i].value, NOON), ==, rows[i].seconds);
}

static void
test_the_window_opens_with_success (void)
{
  KontorPace pace;

  kontor_pace_init (&pace, 0);
  g_assert_cmpint (kontor_pace_next_us (&pace, 3), <=, SECOND);
  g_assert_cmpint (kontor_pace_next_us (&pace, 4), ==, G_MAXINT64);
  for (guint i = 0; i < 100; i++)
    kontor_pace_taken (&pace, 16);
  g_assert_cmpuint (pace.window, ==, 16);
  kontor_pace_failed (&pace, SECOND, 0);
  g_assert_cmpuint (pace.window, ==, 1);
}

static void
test_the_breaker_opens_and_closes (void)
{
  KontorPace pace;
  gint64 now = 1000 * (gint64) SECOND, wait = 10;

  kontor_pace_init (&pace, 0);
  for (guint i = 0; i < 4; i++)
    kontor_pace_failed (&pace, now, 1000);
  g_assert_cmpint (kontor_pace_next_us (&pace, 0), <=, now);
  kontor_pace_failed (&pace, now, 1000);
  for (guint probe = 0; probe < 12; probe++)
    {
      g_assert_cmpint (kontor_pace_next_us (&pace, 0), ==, now + wait * SECOND);
      /* Others that were under way change nothing. */
      kontor_pace_failed (&pace, now, 1000);
      g_assert_cmpint (kontor_pace_next_us (&pace, 0), ==, now + wait * SECOND);
      now += wait * SECOND;
      kontor_pace_failed (&pace, now, 1000);
      wait = MIN (wait * 2, 900);
    }
  g_assert_cmpint (kontor_pace_next_us (&pace, 1), ==, G_MAXINT64);
  kontor_pace_taken (&pace, 16);
  g_assert_cmpint (kontor_pace_next_us (&pace, 0), <=, now);
}

static void
test_a_rate_spaces_requests (void)
{
  gint64 now = 1000 * (gint64) SECOND;
  KontorPace pace;

  kontor_pace_init (&pace, 0);
  kontor_pace_begun (&pace, 4, now);
  g_assert_cmpint (kontor_pace_next_us (&pace, 0), ==, now + SECOND / 4);
  kontor_pace_begun (&pace, 4, now + 10 * SECOND);
  g_assert_cmpint (kontor_pace_next_us (&pace, 0), ==, now + 10 * SECOND + SECOND / 4);
  kontor_pace_begun (&pace, 0, now);
  g_assert_cmpint (kontor_pace_next_us (&pace, 0), ==, now + 10 * SECOND + SECOND / 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/only-sensible-ones-are-taken",
                   test_only_sensible_schedules_are_taken);
  g_test_add_func ("/schedule/delays-follow-it", test_delays_follow_the_schedule);
  g_test_add_func ("/schedule/receivers-may-ask-for-rest", test_receivers_may_ask_for_rest);
  g_test_add_func ("/pace/the-window-opens-with-success", test_the_window_opens_with_success);
  g_test_add_func ("/pace/the-breaker-opens-and-closes", test_the_breaker_opens_and_closes);
  g_test_add_func ("/pace/a-rate-spaces-requests", test_a_rate_spaces_requests);
  return g_test_run ();
}
