/* jobs.h: work that outlives a request: found when it is due, done by the engine. */
#pragma once

#include "server/engine/engine.h"

G_BEGIN_DECLS

typedef struct _KontorJobs KontorJobs;

KontorJobs *kontor_jobs_new     (const char *data_dir,
                                 KontorEngine *engine,
                                 KontorClock *clock,
                                 GError **error);
void        kontor_jobs_free    (KontorJobs *jobs);
/* all that is due now; waits for it; any thread but the engine's */
void        kontor_jobs_run_due (KontorJobs *jobs);

G_END_DECLS
