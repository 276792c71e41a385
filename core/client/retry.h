/* retry.h: when a call is worth sending again, and after how long. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What became of one attempt. */
typedef struct
{
  guint       status;       /* HTTP; 0: no whole answer came */
  const char *should_retry; /* the server's own word on it: "true", "false" or %NULL */
  const char *retry_after;  /* seconds or a date, or %NULL */
} KontorAttempt;

#define KONTOR_RETRY_LONGEST_S 60 /* a server that asks for more is not waited for */

gint64   kontor_retry_asked_for_s   (const char *retry_after, gint64 now);
gboolean kontor_retry_is_worthwhile (const KontorAttempt *attempt, gint64 now);
guint    kontor_retry_delay_ms      (const KontorAttempt *attempt,
                                     guint                nth,
                                     gint64               now,
                                     guint32              chance);

G_END_DECLS
