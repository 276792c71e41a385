/* clock.c: the time of day, passed in, so that a test can move it. */
#include "core/clock.h"

/**
 * kontor_clock_now_us:
 * @clock: a clock
 *
 * Returns: microseconds since 1970, UTC: the machine's time, or the fixed one, plus what the
 *   clock was advanced by
 */
gint64
kontor_clock_now_us (KontorClock *clock)
{
  gint64 base = clock->fixed_us != 0 ? clock->fixed_us : g_get_real_time ();

  return base + __atomic_load_n (&clock->offset_us, __ATOMIC_RELAXED);
}

/**
 * kontor_clock_now:
 * @clock: a clock
 *
 * Returns: whole seconds since 1970, UTC
 */
gint64
kontor_clock_now (KontorClock *clock)
{
  return kontor_clock_now_us (clock) / G_USEC_PER_SEC;
}

/**
 * kontor_clock_advance:
 * @clock: a clock
 * @seconds: how far to move it; at most a thousand years either way
 *
 * Moves the clock for every thread that reads it. A fixed clock moves too and stands again.
 */
void
kontor_clock_advance (KontorClock *clock, gint64 seconds)
{
  const gint64 thousand_years = G_GINT64_CONSTANT (1000) * 366 * 24 * 3600;

  g_return_if_fail (seconds >= -thousand_years && seconds <= thousand_years);

  __atomic_fetch_add (&clock->offset_us, seconds * G_USEC_PER_SEC, __ATOMIC_RELAXED);
}
