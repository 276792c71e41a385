/* schedule.h: when a delivery that failed is tried again. */
#pragma once

#include "server/webhook/settings.h"

G_BEGIN_DECLS

/* "5, 300, 1800": seconds after the attempt before. */
gboolean kontor_schedule_parse      (KontorSchedule *schedule, const char *text);
/* After @failures failed attempts; 0: it is given up. @chance: any number, for jitter. */
gint64   kontor_schedule_delay_s    (const KontorSchedule *schedule,
                                     gint64 failures,
                                     guint32 chance);
/* What has been due for longer is not tried any more. */
gint64   kontor_schedule_lifetime_s (const KontorSchedule *schedule);
/* Retry-After of an answer, as seconds; 0: none that makes sense. */
gint64   kontor_retry_after_s       (const char *value, gint64 now);
/* @value, a tenth more or less. */
gint64   kontor_jitter              (gint64 value, guint32 chance);

G_END_DECLS
