/* wait.h: calls that wait for something to happen before they are answered. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

#define KONTOR_MAX_WAIT_S 55
/* of one API key at once */
#define KONTOR_MAX_WAITS_PER_KEY 20

KontorWaits *kontor_waits_new  (KontorApi *api);
void         kontor_waits_free (KontorWaits *waits);
/* All that wait are answered at once, and so is whoever wants to from now on. */
void         kontor_waits_stop (KontorWaits *waits);
void         kontor_waits_add  (KontorWaits *waits, KontorCall *call);

/* For a handler that found nothing: whether it may wait for something, and that it does so. It is
 * then run again on another thread, until it answers. */
gboolean     kontor_call_may_wait     (const KontorCall *call);
gboolean     kontor_call_wait         (KontorCall *call, KontorCommit what, KontorError *error);
/* The client has gone: on the thread of its connection. */
void         kontor_call_stop_waiting (KontorCall *call);

/* The parameter wait. */
#define KONTOR_WAIT_FIELD                                                                          \
  {                                                                                                \
    .name = "wait", .type = KONTOR_INT, .flags = KONTOR_PARAM_ONLY | KONTOR_IN_ANY, .min = 0,      \
    .max = KONTOR_MAX_WAIT_S,                                                                      \
    .doc = "For how many seconds to wait while there is nothing, up to 55; 0 when left out."       \
  }

G_END_DECLS
