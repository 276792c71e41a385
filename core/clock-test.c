/* clock-test.c: that a clock tells the machine's time until a test moves it. */
#include "core/clock.h"

static void
test_a_plain_clock_tells_the_machines_time (void)
{
  KontorClock clock = { 0 };
  gint64 before = g_get_real_time ();
  gint64 now = kontor_clock_now_us (&clock);

  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, g_get_real_time ());
}

static void
test_advancing_moves_it_by_seconds (void)
{
  KontorClock clock = { .fixed_us = G_GINT64_CONSTANT (1700000000999999) };

  g_assert_cmpint (kontor_clock_now (&clock), ==, 1700000000);
  kontor_clock_advance (&clock, 86400);
  g_assert_cmpint (kontor_clock_now (&clock), ==, 1700086400);
  g_assert_cmpint (kontor_clock_now_us (&clock), ==, G_GINT64_CONSTANT (1700086400999999));
  kontor_clock_advance (&clock, -86400);
  g_assert_cmpint (kontor_clock_now (&clock), ==, 1700000000);
}

static gpointer
advance_often (gpointer clock)
{
  for (guint i = 0; i < 10000; i++)
    kontor_clock_advance (clock, 1);
  return NULL;
}

static void
test_threads_may_advance_it_together (void)
{
  KontorClock clock = { .fixed_us = G_USEC_PER_SEC };
  GThread *other = g_thread_new ("clock", advance_often, &clock);

  advance_often (&clock);
  g_thread_join (other);
  g_assert_cmpint (kontor_clock_now (&clock), ==, 20001);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/a-plain-clock-tells-the-machines-time",
                   test_a_plain_clock_tells_the_machines_time);
  g_test_add_func ("/clock/advancing-moves-it-by-seconds", test_advancing_moves_it_by_seconds);
  g_test_add_func ("/clock/threads-may-advance-it-together", test_threads_may_advance_it_together);
  return g_test_run ();
}
