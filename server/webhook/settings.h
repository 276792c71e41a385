/* settings.h: what the operator may set of how events are sent. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KONTOR_SCHEDULE_MAX 32

/* When a delivery is tried again, after each attempt that failed. */
typedef struct
{
  guint  n;
  gint64 delay_s[KONTOR_SCHEDULE_MAX];
} KontorSchedule;

typedef struct
{
  KontorSchedule schedule;
  guint          timeout_s;          /* until the answer has begun */
  guint          concurrency;        /* requests to one endpoint under way at most */
  guint          connections;        /* … and to all of them */
  gint64         disable_after_days; /* of failing without a success */
  gint64         log_days;           /* attempts are kept so long */
} KontorWebhookSettings;

G_END_DECLS
