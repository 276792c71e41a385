/* schedule.c: when a delivery that failed is tried again. */
#include "server/webhook/schedule.h"

#include <libsoup/soup.h>

#define DAY_S 86400
#define MAX_DELAY_S (30 * DAY_S)

/**
 * kontor_schedule_parse:
 * @schedule: (out): gets what @text says
 * @text: seconds, each after the attempt before, by commas
 *
 * Returns: whether it is one to thirty-two numbers between a second and thirty days
 */
gboolean
kontor_schedule_parse (KontorSchedule *schedule, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  KontorSchedule read = { 0 };

  for (char **word = words; *word != NULL; word++)
    if (read.n == KONTOR_SCHEDULE_MAX
        || !g_ascii_string_to_signed (g_strstrip (*word), 10, 1, MAX_DELAY_S,
                                      &read.delay_s[read.n++], NULL))
      return FALSE;
  if (read.n == 0)
    return FALSE;
  *schedule = read;
  return TRUE;
}

/**
 * kontor_jitter:
 * @value: how long something takes
 * @chance: any number
 *
 * Returns: @value, a tenth more or less: those who failed together do not come back together
 */
gint64
kontor_jitter (gint64 value, guint32 chance)
{
  const gint64 steps = 2001;
  gint64 permille10 = 9000 + (gint64) (chance % steps);

  return (value * permille10 + 5000) / 10000;
}

/**
 * kontor_schedule_delay_s:
 * @schedule: a schedule
 * @failures: how often it failed since it was last begun, at least 1
 * @chance: any number
 *
 * Returns: seconds until it is tried again, a tenth more or less; 0 when it is given up
 */
gint64
kontor_schedule_delay_s (const KontorSchedule *schedule, gint64 failures, guint32 chance)
{
  if (failures < 1 || failures > schedule->n)
    return 0;
  return MAX (1, kontor_jitter (schedule->delay_s[failures - 1], chance));
}

/**
 * kontor_schedule_lifetime_s:
 * @schedule: a schedule
 *
 * A delivery may wait for its endpoint: while that is disabled, or while others probe whether it works again.
 *
 * Returns: for how many seconds it may have been due: the whole schedule and a day
 */
gint64
kontor_schedule_lifetime_s (const KontorSchedule *schedule)
{
  gint64 sum = DAY_S;

  for (guint i = 0; i < schedule->n; i++)
    sum += schedule->delay_s[i];
  return sum;
}

/**
 * kontor_retry_after_s:
 * @value: (nullable): of the header Retry-After: seconds, or a date
 * @now: Unix seconds
 *
 * Returns: how long the receiver wants to be left alone, at most a day; 0 when it says nothing that makes sense
 */
gint64
kontor_retry_after_s (const char *value, gint64 now)
{
  g_autoptr (GDateTime) date = NULL;
  gint64 seconds = 0;

  if (value == NULL)
    return 0;
  if (!g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &seconds, NULL))
    {
      date = soup_date_time_new_from_http_string (value);
      seconds = date != NULL ? g_date_time_to_unix (date) - now : 0;
    }
  return CLAMP (seconds, 0, DAY_S);
}
