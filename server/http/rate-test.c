/* rate-test.c: that a key gets what it may, no more, and is told when to come again. */
#include "server/http/rate.h"

#define START_US G_GINT64_CONSTANT (1000000000)

static guint
take_all (KontorBucket *bucket, const KontorRate *rate, gint64 now_us)
{
  guint n = 0, wait_s;

  while (n < 100000 && kontor_bucket_take (bucket, rate, now_us, &wait_s))
    n++;
  return n;
}

static void
test_a_burst_and_then_the_rate (void)
{
  const KontorRate rate = { .per_second = 25, .burst = 100 };
  KontorLimits *limits = kontor_limits_new ();
  KontorBucket *bucket = kontor_limits_bucket (limits, 1);

  g_assert_cmpuint (take_all (bucket, &rate, START_US), ==, 100);
  g_assert_cmpuint (take_all (bucket, &rate, START_US + G_USEC_PER_SEC), ==, 25);
  g_assert_cmpuint (take_all (bucket, &rate, START_US + 100 * G_USEC_PER_SEC), ==, 100);
  kontor_limits_free (limits);
}

static void
test_says_when_to_come_again (void)
{
  const KontorRate rate = { .per_second = 1, .burst = 3 };
  KontorLimits *limits = kontor_limits_new ();
  KontorBucket *bucket = kontor_limits_bucket (limits, 1);
  guint wait_s = 0;

  g_assert_cmpuint (take_all (bucket, &rate, START_US), ==, 3);
  g_assert_false (kontor_bucket_take (bucket, &rate, START_US, &wait_s));
  g_assert_cmpuint (wait_s, >=, 1);
  g_assert_true (kontor_bucket_take (bucket, &rate, START_US + wait_s * G_USEC_PER_SEC, &wait_s));
  kontor_limits_free (limits);
}

static void
test_keys_do_not_share (void)
{
  const KontorRate rate = { .per_second = 10, .burst = 10 };
  KontorLimits *limits = kontor_limits_new ();

  g_assert_cmpuint (take_all (kontor_limits_bucket (limits, 1), &rate, START_US), ==, 10);
  g_assert_cmpuint (take_all (kontor_limits_bucket (limits, 2), &rate, START_US), ==, 10);
  g_assert_cmpuint (take_all (kontor_limits_bucket (limits, 1), &rate, START_US), ==, 0);
  kontor_limits_free (limits);
}

static void
test_no_rate_is_no_limit (void)
{
  const KontorRate rate = { .per_second = 0, .burst = 1 };
  KontorLimits *limits = kontor_limits_new ();

  g_assert_cmpuint (take_all (kontor_limits_bucket (limits, 1), &rate, START_US), ==, 100000);
  kontor_limits_free (limits);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/a-burst-and-then-the-rate", test_a_burst_and_then_the_rate);
  g_test_add_func ("/rate/says-when-to-come-again", test_says_when_to_come_again);
  g_test_add_func ("/rate/keys-do-not-share", test_keys_do_not_share);
  g_test_add_func ("/rate/no-rate-is-no-limit", test_no_rate_is_no_limit);
  return g_test_run ();
}
