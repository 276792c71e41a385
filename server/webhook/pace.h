/* pace.h: how fast one endpoint is sent to: fast while it answers, hardly while it does not. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint  window;    /* requests under way at most */
  gint64 in_a_row;  /* failures since the last success */
  guint  probes;    /* that failed since the breaker opened */
  gint64 probe_us;  /* the breaker is open: when the next may be tried; 0: it is closed */
  gint64 free_us;   /* when the rate allows the next */
} KontorPace;

void     kontor_pace_init    (KontorPace *pace, gint64 in_a_row);
void     kontor_pace_begun   (KontorPace *pace, gint64 per_second, gint64 now_us);
void     kontor_pace_taken   (KontorPace *pace, guint max_window);
void     kontor_pace_failed  (KontorPace *pace, gint64 now_us, guint32 chance);
/* When the next request may begin, given how many are under way: @now_us or earlier means now,
 * G_MAXINT64 when one of these has ended. */
gint64   kontor_pace_next_us (const KontorPace *pace, guint under_way);

G_END_DECLS
