/* world.h: a server without its front: engine, jobs, the rail of test mode, and a clock to move. */
#pragma once

#include "server/engine/engine.h"
#include "server/engine/settings.h"
#include "server/jobs/jobs.h"

G_BEGIN_DECLS

/* What can be asked of it; @id in WorldAsk names what it is asked of. */
typedef enum
{
  WORLD_PAY,         /* make and confirm a payment */
  WORLD_FINISH,      /* the customer passes the bank's challenge */
  WORLD_GIVE_UP,     /* or does not */
  WORLD_CAPTURE,
  WORLD_RAISE,       /* increment an authorisation */
  WORLD_CANCEL,
  WORLD_REFUND,
  WORLD_STOP_REFUND, /* cancel a refund */
  WORLD_CHARGE,      /* make a charge without a payment, as old clients do */
  WORLD_CAPTURE_CHARGE,
} WorldVerb;

typedef struct
{
  KontorOp    op;      /* private */
  WorldVerb   verb;
  guint       scope;
  const char *id;
  const char *form;    /* parameters as a client sends them */
  /* The answer. */
  gboolean    taken;   /* %FALSE: refused; a decline by the bank is taken */
  char        made[64]; /* id of the payment, refund or charge */
  const char *status;  /* of it */
} WorldAsk;

typedef struct
{
  KontorClock    clock;
  KontorSettings settings;
  KontorIds     *ids;
  KontorEngine  *engine;
  KontorJobs    *jobs;
  KontorStore   *reader;
  KontorArena   *arena;  /* of what the reader reads; reset by each check */
  char          *data_dir;
  gboolean       is_ours; /* the directory */
} World;

/* @data_dir %NULL: a directory of its own, which goes with the world. */
World *world_new  (const char *data_dir, gint64 now);
void   world_free (World *world);
/* No job is done any more: what comes after this is not sealed. */
void   world_rest (World *world);
/* All in the order given, as one burst: they may share a commit. */
void   world_ask  (World *world, WorldAsk *asks, guint n);
/* Moves the clock and waits for what became due. */
void   world_wait (World *world, gint64 seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

G_END_DECLS
