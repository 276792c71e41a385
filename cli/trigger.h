/* trigger.h: what to ask of a server so that an event of a type happens. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

#define KONTOR_TRIGGER_STEPS 5

typedef enum
{
  KONTOR_STEP_REFUSED = 1 << 0, /* the refusal is what makes the event: a card that declines */
  KONTOR_STEP_AFTER   = 1 << 1, /* once the event was seen, or cannot come any more */
} KontorStepFlags;

/* Paths and values may name answers of earlier steps: "${charge:id}", "${charge:refunds.url}". */
typedef struct
{
  const char     *name;   /* by which flags and later steps call it: "charge" */
  const char     *method;
  const char     *path;
  const char     *params; /* "amount=2000&currency=usd", or %NULL */
  KontorStepFlags flags;
} KontorTriggerStep;

typedef struct
{
  const char       *event;
  const char       *needs; /* what must be so for it to work, marked with N_(); or %NULL */
  KontorTriggerStep steps[KONTOR_TRIGGER_STEPS]; /* none: no server of this version produces it */
} KontorTrigger;

/* Every type that the server knows; ends with a row without event. */
extern const KontorTrigger kontor_triggers[];

/* One run of the steps. */
typedef struct _KontorTriggerRun KontorTriggerRun;

KontorTriggerRun *kontor_trigger_run_new   (KontorCli           *cli,
                                            const KontorTrigger *trigger,
                                            GError             **error);
void              kontor_trigger_run_free  (KontorTriggerRun *run);
gboolean          kontor_trigger_run_steps (KontorTriggerRun *run,
                                            gboolean          after,
                                            GError          **error);
gboolean          kontor_trigger_run_is_about (const KontorTriggerRun *run, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorTriggerRun, kontor_trigger_run_free)

G_END_DECLS
