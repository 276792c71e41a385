/* pace.c: how fast one endpoint is sent to: more while it answers, hardly anything while it does not. */
#include "server/webhook/pace.h"

#include "server/webhook/schedule.h"

#define FIRST_WINDOW 4
#define BREAK_AFTER 5
#define FIRST_PROBE_US (G_GINT64_CONSTANT (10) * G_USEC_PER_SEC)
#define LAST_PROBE_US (G_GINT64_CONSTANT (15) * 60 * G_USEC_PER_SEC)

/**
 * kontor_pace_init:
 * @pace: (out): a pace
 * @in_a_row: how many attempts have failed since the last that did not
 *
 * An endpoint that failed before the server was started again is probed at once, but only by one.
 */
void
kontor_pace_init (KontorPace *pace, gint64 in_a_row)
{
  *pace = (KontorPace){ .window = in_a_row > 0 ? 1 : FIRST_WINDOW, .in_a_row = in_a_row };
  if (in_a_row >= BREAK_AFTER)
    pace->probe_us = 1;
}

/**
 * kontor_pace_begun:
 * @pace: a pace
 * @per_second: requests that may begin in a second; 0: no limit
 * @now_us: microseconds of the clock
 */
void
kontor_pace_begun (KontorPace *pace, gint64 per_second, gint64 now_us)
{
  if (per_second > 0)
    pace->free_us = MAX (pace->free_us, now_us) + G_USEC_PER_SEC / per_second;
}

/**
 * kontor_pace_taken:
 * @pace: a pace
 * @max_window: how far it may open
 */
void
kontor_pace_taken (KontorPace *pace, guint max_window)
{
  pace->in_a_row = 0;
  pace->probes = 0;
  pace->probe_us = 0;
  pace->window = MIN (pace->window + 1, max_window);
}

/**
 * kontor_pace_failed:
 * @pace: a pace
 * @now_us: microseconds of the clock
 * @chance: any number, for jitter
 *
 * Requests that were under way together and failed together lengthen the wait but once.
 */
void
kontor_pace_failed (KontorPace *pace, gint64 now_us, guint32 chance)
{
  gint64 wait_us;

  pace->window = 1;
  if (++pace->in_a_row < BREAK_AFTER || now_us < pace->probe_us)
    return;
  wait_us = MIN (FIRST_PROBE_US << MIN (pace->probes, 10), LAST_PROBE_US);
  pace->probes++;
  pace->probe_us = now_us + kontor_jitter (wait_us, chance);
}

/**
 * kontor_pace_next_us:
 * @pace: a pace
 * @under_way: how many requests are
 *
 * Returns: when the next may begin, in microseconds of the clock; %G_MAXINT64: when one has ended
 */
gint64
kontor_pace_next_us (const KontorPace *pace, guint under_way)
{
  if (under_way >= pace->window)
    return G_MAXINT64;
  return MAX (pace->probe_us, pace->free_us);
}
