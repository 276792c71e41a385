/* delivery-step.c: deliveries of one webhook endpoint, the oldest event first, a small step at a time.
 *
 * A step looks at a bounded number of rows, whatever it finds among them: it runs between payments. */
#include "server/store/delivery-step.h"

#include "core/id.h"
#include "core/resource.h"

/* So many rows are looked at of each state. */
#define LOOK 1000

/* An hour: the clock may have been set back a little. */
#define SLACK_S 3600

typedef struct
{
  KontorDeliveryRow row;
  gint64 created;
  int type;
} Candidate;

/* The partial index is found only by a term that says what it says. */
static const char open_sql[]
    = "SELECT d.event, d.object, d.state, d.attempts, d.round, d.due, e.created, e.type FROM"
      " (SELECT * FROM webhook_deliveries WHERE state <> 2 AND endpoint = ?1 AND state = ?4"
      " AND event > ?2 ORDER BY event LIMIT ?5) d CROSS JOIN events e ON e.key = d.event"
      " ORDER BY d.event";

/* Those that succeeded have no index by endpoint: the events are walked along. */
static const char any_sql[]
    = "SELECT e.key, d.object, coalesce(d.state, -1), d.attempts, d.round, d.due, e.created, e.type"
      " FROM (SELECT key, created, type FROM events WHERE key > ?2 AND key < ?3"
      " ORDER BY key LIMIT ?5) e LEFT JOIN webhook_deliveries d ON d.event = e.key"
      " AND d.endpoint = ?1 ORDER BY e.key";

/* @state %KONTOR_DELIVERY_SUCCEEDED: any, or none. @horizon: up to where all are known. */
static gboolean
look (KontorStore *store,
      const KontorDeliveryStep *step,
      int state,
      gint64 after,
      GArray *candidates,
      gint64 *horizon,
      GError **error)
{
  gboolean any = state == KONTOR_DELIVERY_SUCCEEDED;
  sqlite3_stmt *statement = kontor_store_statement (store, any ? any_sql : open_sql);
  Candidate candidate = { .row.endpoint = step->endpoint };
  guint n = 0;
  int result;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, step->endpoint);
  sqlite3_bind_int64 (statement, 2, after);
  sqlite3_bind_int64 (statement, 3, kontor_key (kontor_key_scope (step->endpoint) + 1, 0));
  sqlite3_bind_int (statement, 4, state);
  sqlite3_bind_int (statement, 5, LOOK);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      candidate.row.event = sqlite3_column_int64 (statement, 0);
      candidate.row.object = sqlite3_column_int64 (statement, 1);
      candidate.row.state = sqlite3_column_int (statement, 2);
      candidate.row.attempts = sqlite3_column_int64 (statement, 3);
      candidate.row.round = sqlite3_column_int64 (statement, 4);
      candidate.row.due = sqlite3_column_int64 (statement, 5);
      candidate.created = sqlite3_column_int64 (statement, 6);
      candidate.type = sqlite3_column_int (statement, 7);
      g_array_append_val (candidates, candidate);
      n++;
    }
  if (n == LOOK)
    *horizon = MIN (*horizon, candidate.row.event);
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

static int
oldest_first (gconstpointer one, gconstpointer other)
{
  gint64 a = ((const Candidate *) one)->row.event, b = ((const Candidate *) other)->row.event;

  return a < b ? -1 : a > b;
}

static gboolean
fits (const KontorDeliveryStep *step, const Candidate *candidate)
{
  return (int) candidate->row.state >= 0 && ((step->states >> candidate->row.state) & 1)
         && (step->types == 0 || ((step->types >> candidate->type) & 1))
         && (step->created_min == KONTOR_NONE || candidate->created >= step->created_min)
         && (step->created_max == KONTOR_NONE || candidate->created <= step->created_max);
}

static gint64
choose (const KontorDeliveryStep *step, const GArray *candidates, gint64 horizon, GArray *rows)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->row.event > horizon)
        break;
      if (step->created_max != KONTOR_NONE && candidate->created > step->created_max + SLACK_S)
        return 0;
      if (!fits (step, candidate))
        continue;
      if (rows->len == step->limit)
        return g_array_index (rows, KontorDeliveryRow, rows->len - 1).event;
      g_array_append_val (rows, candidate->row);
    }
  return horizon != G_MAXINT64 ? horizon : 0;
}

/**
 * kontor_store_delivery_step:
 * @store: a connection
 * @step: what is wanted
 * @rows: gets #KontorDeliveryRow, the oldest event first
 * @next: (out): #KontorDeliveryStep.after of the next step, 0 when this was the last
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_delivery_step (KontorStore              *store,
                            const KontorDeliveryStep *step,
                            GArray                   *rows,
                            gint64                   *next,
                            GError                  **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint scope = kontor_key_scope (step->endpoint);
  gint64 after = MAX (step->after, kontor_key (scope, 0)), horizon = G_MAXINT64;
  guint any = 1u << KONTOR_DELIVERY_SUCCEEDED;

  if (step->created_min != KONTOR_NONE)
    after = MAX (after, kontor_key (scope, kontor_tick_before (step->created_min)));
  for (int state = 0; state <= KONTOR_DELIVERY_CANCELED; state++)
    if ((step->states & any) != 0 ? state == KONTOR_DELIVERY_SUCCEEDED
                                  : ((step->states >> state) & 1) != 0)
      if (!look (store, step, state, after, candidates, &horizon, error))
        return FALSE;
  g_array_sort (candidates, oldest_first);
  *next = choose (step, candidates, horizon, rows);
  return TRUE;
}
