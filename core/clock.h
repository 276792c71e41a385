/* clock.h: the time of day, passed in, so that a test can move it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 offset_us; /* atomic; how far ahead of the machine's own clock */
  gint64 fixed_us;  /* when not 0: the clock stands here */
} KontorClock;

gint64 kontor_clock_now_us  (KontorClock *clock); /* microseconds since 1970, UTC */
gint64 kontor_clock_now     (KontorClock *clock); /* seconds */
void   kontor_clock_advance (KontorClock *clock, gint64 seconds);

G_END_DECLS
