/* pending.c: up to when the request log is complete.
 *
 * A request takes its tick when it comes and its row in the log when it is done: a later one may be there first. Who
 * reads the log by ticks would miss the row that comes after. So it is counted, for each second, how many requests
 * that came in it are still to be logged: what came before the first such second is certain, since a row is counted
 * out after its commit only. */
#include "server/http/pending.h"

/* More than the longest a request may take. */
#define N_SECONDS 4096

struct _KontorPending
{
  gint counts[N_SECONDS]; /* atomic */
};

/**
 * kontor_pending_new:
 *
 * Returns: (transfer full): counts of nothing, freed with g_free()
 */
KontorPending *
kontor_pending_new (void)
{
  return g_new0 (KontorPending, 1);
}

/**
 * kontor_pending_enter:
 * @pending: the counts
 * @now: Unix seconds
 *
 * Called before the request takes its tick: who sees a later tick sees this too.
 *
 * Returns: for kontor_pending_leave()
 */
gint64
kontor_pending_enter (KontorPending *pending, gint64 now)
{
  g_atomic_int_inc (&pending->counts[now % N_SECONDS]);
  return now;
}

/**
 * kontor_pending_leave:
 * @pending: the counts
 * @since: (inout): what kontor_pending_enter() gave; set to 0
 *
 * The request was logged, or will not be.
 */
void
kontor_pending_leave (KontorPending *pending, gint64 *since)
{
  if (*since != 0)
    g_atomic_int_add (&pending->counts[*since % N_SECONDS], -1);
  *since = 0;
}

/**
 * kontor_pending_certain:
 * @pending: the counts
 * @ids: where requests get their ticks
 * @now: Unix seconds
 *
 * To be asked before the database is read.
 *
 * Returns: a tick: rows of requests up to it are all in the database
 */
gint64
kontor_pending_certain (KontorPending *pending, KontorIds *ids, gint64 now)
{
  /* What comes from here on has a later tick; what has an earlier one was counted before it took it. */
  gint64 tick = kontor_ids_tick (ids);

  for (gint64 second = now - N_SECONDS + 1; second <= now; second++)
    if (g_atomic_int_get (&pending->counts[second % N_SECONDS]) != 0)
      return MIN (tick, kontor_tick_at (second) - 1);
  return tick;
}
