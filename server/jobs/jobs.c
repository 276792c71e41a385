/* jobs.c: work that outlives a request: found when it is due, done by the engine. */
#include "server/jobs/jobs.h"

#include <sys/resource.h>

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"
#include "core/resources/refund.h"
#include "server/engine/balance_transaction.h"
#include "server/engine/charge.h"
#include "server/engine/payment_intent.h"
#include "server/engine/refund.h"
#include "server/jobs/audit-seal.h"
#include "server/jobs/seal.h"
#include "server/store/job.h"
#include "server/store/posting.h"

/* How often it looks; what is due earlier is done then. */
#define LOOK_EVERY_S 1
#define MAX_JOBS 256
#define NICENESS 10

struct _KontorJobs
{
  char *data_dir;
  KontorEngine *engine;
  KontorClock *clock;
  KontorStore *reader; /* under lock */
  KontorArena *arena;  /* under lock */
  gint64 cleared;      /* under lock: the day on which old idempotency keys were dropped */
  GMutex lock;         /* one round at a time */
  GThread *thread;
  GMutex stop_lock;
  GCond stop;
  gboolean stopping; /* under stop_lock */
};

static void
expire_intent (KontorTx *tx, gint64 key)
{
  KontorPaymentIntent *intent = kontor_tx_get_by_key (tx, &kontor_payment_intent_resource, key);
  KontorError error = { 0 };

  if (intent != NULL && !kontor_payment_intent_expire (tx, intent, &error))
    g_warning ("%s: the lapsed authorisation could not be released: %s", intent->head.id,
               error.message);
}

static void
expire_charge (KontorTx *tx, gint64 key)
{
  KontorCharge *charge = kontor_tx_get_by_key (tx, &kontor_charge_resource, key);
  KontorError error = { 0 };

  if (charge != NULL && !charge->captured && !charge->refunded
      && !kontor_charge_release (tx, charge, TRUE, &error))
    g_warning ("%s: the lapsed authorisation could not be released: %s", charge->head.id,
               error.message);
}

static void
finish_refund (KontorTx *tx, gint64 key)
{
  KontorRefund *refund = kontor_tx_get_by_key (tx, &kontor_refund_resource, key);

  if (refund != NULL)
    kontor_refund_finish (tx, refund);
}

static const struct
{
  const char *kind;
  void (*run) (KontorTx *tx, gint64 object);
} kinds[] = {
  { "charge.expire", expire_charge },
  { "payment_intent.expire", expire_intent },
  { "refund.finish", finish_refund },
};

typedef struct
{
  KontorOp op;
  KontorJobRow row;
} JobOp;

/* The row goes in the same commit as its effect: done twice is impossible, and a crash before it means again. */
static void
run_job (KontorOp *op, KontorTx *tx)
{
  const JobOp *job = (const JobOp *) op;
  GError *error = NULL;
  gboolean exists = FALSE;

  if (!kontor_store_job_exists (tx->store, job->row.number, &exists, &error)
      || (exists && !kontor_store_job_delete (tx->store, job->row.number, &error)))
    {
      kontor_tx_fail (tx, error);
      return;
    }
  if (!exists)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, job->row.kind))
      kinds[i].run (tx, job->row.object);
}

static guint
run_queue (KontorJobs *jobs)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorJobRow));
  g_autoptr (GError) error = NULL;

  if (!kontor_store_job_due (jobs->reader, jobs->arena, kontor_clock_now (jobs->clock), MAX_JOBS,
                             rows, &error))
    g_warning ("The jobs cannot be read: %s", error->message);
  for (guint i = 0; i < rows->len; i++)
    {
      JobOp job = { .row = g_array_index (rows, KontorJobRow, i) };

      job.op.run = run_job;
      job.op.scope = kontor_key_scope (job.row.object);
      kontor_engine_run (jobs->engine, &job.op);
    }
  return rows->len;
}

typedef struct
{
  KontorOp op;
  KontorLedgerAccount account;
} ReleaseOp;

static void
run_release (KontorOp *op, KontorTx *tx)
{
  const ReleaseOp *release = (const ReleaseOp *) op;

  (void) kontor_release_due (tx, release->account.currency, release->account.available_on);
}

static void
release_money (KontorJobs *jobs)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (KontorLedgerAccount));
  g_autoptr (GError) error = NULL;

  if (!kontor_store_ledger_due (jobs->reader, kontor_clock_now (jobs->clock), due, &error))
    g_warning ("The pending balances cannot be read: %s", error->message);
  for (guint i = 0; i < due->len; i++)
    {
      ReleaseOp release = { .account = g_array_index (due, KontorLedgerAccount, i) };

      release.op.run = run_release;
      release.op.scope = release.account.scope;
      kontor_engine_run (jobs->engine, &release.op);
    }
}

static void
run_clear (KontorOp *op, KontorTx *tx)
{
  GError *error = NULL;

  if (!kontor_store_idempotency_clear (tx->store, tx->now, &error))
    kontor_tx_fail (tx, error);
}

static void
forget_old_keys (KontorJobs *jobs)
{
  gint64 today = kontor_clock_now (jobs->clock) / 86400;
  KontorOp op = { .run = run_clear };

  if (jobs->cleared == today)
    return;
  kontor_engine_run (jobs->engine, &op);
  jobs->cleared = today;
}

static void
seal_audit_log (KontorJobs *jobs)
{
  g_autoptr (GError) error = NULL;

  if (!kontor_audit_seal_run (jobs->engine, jobs->reader, jobs->data_dir,
                              kontor_clock_now (jobs->clock), &error))
    g_warning ("The audit log could not be sealed: %s", error->message);
}

static void
seal (KontorJobs *jobs)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (GError) error = NULL;

      if (!kontor_seal_run (jobs->engine, jobs->reader, jobs->data_dir,
                            kontor_clock_now (jobs->clock), &more, &error))
        {
          g_warning ("The journal could not be sealed: %s", error->message);
          return;
        }
    }
}

/**
 * kontor_jobs_run_due:
 * @jobs: the jobs
 *
 * Does all that is due by now, also what becomes due by doing it, and comes back when it is committed.
 */
void
kontor_jobs_run_due (KontorJobs *jobs)
{
  g_mutex_lock (&jobs->lock);
  while (run_queue (jobs) > 0)
    kontor_arena_reset (jobs->arena);
  kontor_arena_reset (jobs->arena);
  release_money (jobs);
  forget_old_keys (jobs);
  seal (jobs);
  seal_audit_log (jobs);
  g_mutex_unlock (&jobs->lock);
}

static gpointer
jobs_thread (gpointer data)
{
  KontorJobs *jobs = data;

  /* Of this thread alone: what nobody waits for gives way to requests when the machine is busy. */
  setpriority (PRIO_PROCESS, 0, NICENESS);
  g_mutex_lock (&jobs->stop_lock);
  while (!jobs->stopping)
    {
      g_mutex_unlock (&jobs->stop_lock);
      kontor_jobs_run_due (jobs);
      g_mutex_lock (&jobs->stop_lock);
      if (!jobs->stopping)
        g_cond_wait_until (&jobs->stop, &jobs->stop_lock,
                           g_get_monotonic_time () + LOOK_EVERY_S * G_TIME_SPAN_SECOND);
    }
  g_mutex_unlock (&jobs->stop_lock);
  return NULL;
}

/**
 * kontor_jobs_new:
 * @data_dir: where the database lies
 * @engine: what does the work; must outlive the jobs
 * @clock: the time; likewise
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the jobs, at work in a thread of their own
 */
KontorJobs *
kontor_jobs_new (const char *data_dir, KontorEngine *engine, KontorClock *clock, GError **error)
{
  KontorStore *reader = kontor_store_open (data_dir, FALSE, error);
  KontorJobs *jobs;

  if (reader == NULL)
    return NULL;
  jobs = g_new0 (KontorJobs, 1);
  jobs->data_dir = g_strdup (data_dir);
  jobs->engine = engine;
  jobs->clock = clock;
  jobs->reader = reader;
  jobs->arena = kontor_arena_new ();
  g_mutex_init (&jobs->lock);
  g_mutex_init (&jobs->stop_lock);
  g_cond_init (&jobs->stop);
  jobs->thread = g_thread_new ("jobs", jobs_thread, jobs);
  return jobs;
}

/**
 * kontor_jobs_free:
 * @jobs: (transfer full): the jobs; what is under way is finished first
 */
void
kontor_jobs_free (KontorJobs *jobs)
{
  g_mutex_lock (&jobs->stop_lock);
  jobs->stopping = TRUE;
  g_cond_signal (&jobs->stop);
  g_mutex_unlock (&jobs->stop_lock);
  g_thread_join (jobs->thread);
  kontor_store_close (jobs->reader);
  kontor_arena_free (jobs->arena);
  g_free (jobs->data_dir);
  g_mutex_clear (&jobs->lock);
  g_mutex_clear (&jobs->stop_lock);
  g_cond_clear (&jobs->stop);
  g_free (jobs);
}
