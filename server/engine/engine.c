/* engine.c: the one writer: takes operations in order, commits them in batches, then answers. */
#include "server/engine/engine.h"

#include <string.h>

#include "server/engine/event.h"
#include "server/engine/ledger.h"
#include "server/engine/outbox.h"
#include "server/engine/tx-private.h"
#include "server/store/event.h"

/* What is queued is drained, up to this many a commit. Waiting to fill a batch was measured to lose. */
#define MAX_BATCH 512

/* In pages of 4 KB. From the first on, a second connection copies the log back beside the writer;
 * at the second the writer itself finishes that, so that the log has a bound. */
#define CHECKPOINT_PAGES 4096
#define BOUND_PAGES 16384

#define MAX_WATCHERS 4

struct _KontorEngine
{
  KontorStore *store;
  KontorStore *checkpointer; /* used by its own thread only */
  KontorClock *clock;
  KontorBooks *books;
  KontorOutbox *outbox;
  KontorTx tx;
  KontorArena *arena; /* of operations that bring none */
  GThread *thread, *checkpoint_thread;

  struct
  {
    KontorWatch watch;
    gpointer data;
  } watchers[MAX_WATCHERS]; /* under lock */

  GMutex lock;
  GCond wake, wake_checkpoint;
  KontorOp *first, *last; /* under lock */
  guint waiting;          /* under lock */
  gboolean stopping, stop_checkpoint, want_checkpoint;
  gint wal_pages;              /* atomic; after the last commit */
  gint behind;                 /* atomic: what the checkpointer left to the writer to finish */
  KontorEngineFigures figures; /* under lock */
};

static int
wal_cb (void *data, sqlite3 *db, const char *name, int pages)
{
  KontorEngine *engine = data;

  g_atomic_int_set (&engine->wal_pages, pages);
  return SQLITE_OK;
}

/* Beside the writer: copies what it can without making anybody wait. */
static gpointer
checkpoint_thread (gpointer data)
{
  KontorEngine *engine = data;

  g_mutex_lock (&engine->lock);
  for (;;)
    {
      while (!engine->want_checkpoint && !engine->stop_checkpoint)
        g_cond_wait (&engine->wake_checkpoint, &engine->lock);
      if (engine->stop_checkpoint)
        break;
      g_mutex_unlock (&engine->lock);
      sqlite3_wal_checkpoint_v2 (kontor_store_handle (engine->checkpointer), NULL,
                                 SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
      g_atomic_int_set (&engine->behind, 1);
      g_mutex_lock (&engine->lock);
      engine->want_checkpoint = FALSE;
    }
  g_mutex_unlock (&engine->lock);
  return NULL;
}

/* When the checkpointer is done, only the commits made meanwhile are left: the writer copies those, and
 * the log begins anew. When it cannot keep up, the writer does all of it rather than let the log grow. */
static void
keep_log_short (KontorEngine *engine)
{
  int pages = g_atomic_int_get (&engine->wal_pages);

  if (pages < CHECKPOINT_PAGES)
    return;
  if (pages >= BOUND_PAGES || g_atomic_int_compare_and_exchange (&engine->behind, 1, 0))
    {
      sqlite3_wal_checkpoint_v2 (kontor_store_handle (engine->store), NULL,
                                 SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
      return;
    }
  g_mutex_lock (&engine->lock);
  engine->want_checkpoint = TRUE;
  g_cond_signal (&engine->wake_checkpoint);
  g_mutex_unlock (&engine->lock);
}

/* Fewer than all when the engine stops in between: it never does while something waits. */
static KontorOp *
take_batch (KontorEngine *engine, guint *n)
{
  KontorOp *batch, *end;

  g_mutex_lock (&engine->lock);
  while (engine->first == NULL && !engine->stopping)
    g_cond_wait (&engine->wake, &engine->lock);
  batch = end = engine->first;
  for (*n = batch != NULL; end != NULL && end->next != NULL && *n < MAX_BATCH; (*n)++)
    end = end->next;
  if (batch != NULL)
    {
      engine->first = end->next;
      if (engine->first == NULL)
        engine->last = NULL;
      end->next = NULL;
      engine->waiting -= *n;
    }
  g_mutex_unlock (&engine->lock);
  return batch;
}

static gboolean
run_batch (KontorEngine *engine, KontorOp *batch, GError **error)
{
  gint64 now = kontor_clock_now (engine->clock);

  if (!kontor_store_begin (engine->store, error))
    return FALSE;
  for (KontorOp *op = batch; op != NULL; op = op->next)
    {
      kontor_tx_start (&engine->tx, op->arena != NULL ? op->arena : engine->arena, op->scope,
                       op->request, now);
      op->run (op, &engine->tx);
      if (!kontor_tx_flush (&engine->tx, error))
        return FALSE;
    }
  return kontor_books_flush (engine->books, error) && kontor_store_commit (engine->store, error);
}

static void
undo_batch (KontorEngine *engine, const GError *problem)
{
  g_autoptr (GError) error = NULL;

  g_warning ("A batch was not committed: %s", problem->message);
  kontor_store_rollback (engine->store);
  if (!kontor_books_reload (engine->books, &error) || !kontor_tx_reload (&engine->tx, &error))
    g_error ("The database cannot be read any more: %s", error->message);
}

static void
count_batch (KontorEngine *engine, guint n, gboolean committed, gint64 took_us)
{
  g_mutex_lock (&engine->lock);
  engine->figures.operations += n;
  engine->figures.batches++;
  engine->figures.failed_batches += !committed;
  engine->figures.commit_us += took_us;
  engine->figures.versions = (guint64) kontor_tx_n_versions (&engine->tx);
  g_mutex_unlock (&engine->lock);
}

/* The lock is held, so that nobody who unwatched is called afterwards. */
static void
tell_watchers (KontorEngine *engine)
{
  KontorCommit news = kontor_outbox_take_news (engine->outbox) | KONTOR_COMMIT_ANY;

  g_mutex_lock (&engine->lock);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    if (engine->watchers[i].watch != NULL)
      engine->watchers[i].watch (engine->watchers[i].data, news);
  g_mutex_unlock (&engine->lock);
}

static gpointer
engine_thread (gpointer data)
{
  KontorEngine *engine = data;
  KontorOp *batch;
  guint n;

  while ((batch = take_batch (engine, &n)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      gint64 started = g_get_monotonic_time ();
      gboolean committed = run_batch (engine, batch, &error);

      if (!committed)
        undo_batch (engine, error);
      tell_watchers (engine);
      count_batch (engine, n, committed, g_get_monotonic_time () - started);
      while (batch != NULL)
        {
          KontorOp *op = batch;

          batch = op->next;
          op->done (op, committed);
        }
      kontor_arena_reset (engine->arena);
      keep_log_short (engine);
    }
  return NULL;
}

/* Ticks go on where the database ends, also when the machine's clock was set back. The margin is for what took
 * a tick and left no row. */
#define TICK_MARGIN 50000

/* The last tick of a table whose keys begin with a scope: one step for each scope. */
#define LAST_OF(table)                                                                             \
  "(WITH RECURSIVE last (key) AS (SELECT max(key) FROM " table " UNION ALL"                        \
  " SELECT (SELECT max(t.key) FROM " table " t WHERE t.key < (last.key >> 48) << 48)"              \
  " FROM last WHERE last.key IS NOT NULL) SELECT coalesce(max(key & 281474976710655), 0)"          \
  " FROM last)"

static gboolean
skip_used_ticks (KontorEngine *engine, KontorIds *ids, GError **error)
{
  gint64 last;

  if (!kontor_store_integer (
          engine->store,
          "SELECT max(coalesce((SELECT max(object & 281474976710655) FROM"
          " (SELECT object FROM versions ORDER BY seq DESC LIMIT 1000)), 0)," LAST_OF (
              "events") "," LAST_OF ("requests") ","
                                                 " coalesce((SELECT max(number) FROM "
                                                 "webhook_attempts), 0))",
          &last, error))
    return FALSE;
  if (last > 0)
    kontor_ids_skip_to (ids, last + TICK_MARGIN);
  return TRUE;
}

static gboolean
name_event_types (KontorStore *store, GError **error)
{
  gint64 known;

  if (!kontor_store_integer (store, "SELECT count(*) FROM event_types", &known, error))
    return FALSE;
  if (known == kontor_n_events ())
    return TRUE;
  if (!kontor_store_begin (store, error))
    return FALSE;
  for (guint i = 1; i <= kontor_n_events (); i++)
    if (!kontor_store_event_type (store, (int) i, kontor_event_name ((int) i), error))
      {
        kontor_store_rollback (store);
        return FALSE;
      }
  return kontor_store_commit (store, error);
}

/* A server that was killed may have written commits that it had not synced. They are found again, and
 * an answer from them is a promise: so they are synced, as copying the log back does, before any. */
static gboolean
sync_what_was_left (KontorStore *store, GError **error)
{
  int result = sqlite3_wal_checkpoint_v2 (kontor_store_handle (store), NULL,
                                          SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  return result == SQLITE_OK || result == SQLITE_BUSY ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_engine_new:
 * @data_dir: where the database lies; made or migrated when needed
 * @clock: the time; must outlive the engine
 * @ids: where ids come from; likewise. It is moved past every id in the database
 * @settings: the operator's; likewise
 * @error: return location for a #GError
 *
 * Returns: (transfer full): an engine that runs, or %NULL
 */
KontorEngine *
kontor_engine_new (const char *data_dir,
                   KontorClock *clock,
                   KontorIds *ids,
                   const KontorSettings *settings,
                   GError **error)
{
  KontorEngine *engine = g_new0 (KontorEngine, 1);

  g_mutex_init (&engine->lock);
  g_cond_init (&engine->wake);
  g_cond_init (&engine->wake_checkpoint);
  engine->clock = clock;
  engine->arena = kontor_arena_new ();
  engine->store = kontor_store_open (data_dir, TRUE, error);
  if (engine->store == NULL || !kontor_store_migrate (engine->store, error)
      || !sync_what_was_left (engine->store, error))
    goto fail;
  engine->checkpointer = kontor_store_open (data_dir, TRUE, error);
  engine->books = kontor_books_new (engine->store, error);
  if (engine->checkpointer == NULL || engine->books == NULL)
    goto fail;
  engine->outbox = kontor_outbox_new (engine->store, error);
  if (engine->outbox == NULL)
    goto fail;
  kontor_tx_init (&engine->tx, engine->store, ids, engine->books, engine->outbox, settings);
  if (!kontor_tx_reload (&engine->tx, error) || !skip_used_ticks (engine, ids, error)
      || !name_event_types (engine->store, error))
    goto fail;
  sqlite3_wal_hook (kontor_store_handle (engine->store), wal_cb, engine);
  engine->checkpoint_thread = g_thread_new ("checkpoint", checkpoint_thread, engine);
  engine->thread = g_thread_new ("engine", engine_thread, engine);
  return engine;

fail:
  kontor_engine_free (engine);
  return NULL;
}

/**
 * kontor_engine_submit:
 * @engine: the engine
 * @op: (transfer full): what to do; comes back through its done()
 *
 * From any thread; never waits.
 */
void
kontor_engine_submit (KontorEngine *engine, KontorOp *op)
{
  gboolean was_idle;

  op->next = NULL;
  g_mutex_lock (&engine->lock);
  was_idle = engine->first == NULL;
  if (engine->last != NULL)
    engine->last->next = op;
  else
    engine->first = op;
  engine->last = op;
  engine->waiting++;
  if (was_idle)
    g_cond_signal (&engine->wake);
  g_mutex_unlock (&engine->lock);
}

typedef struct
{
  KontorOp op;
  KontorOp *inner;
  GMutex lock;
  GCond finished;
  gboolean done;
} Waiting;

static void
waiting_run (KontorOp *op, KontorTx *tx)
{
  Waiting *waiting = (Waiting *) op;

  waiting->inner->run (waiting->inner, tx);
}

static void
waiting_done (KontorOp *op, gboolean committed)
{
  Waiting *waiting = (Waiting *) op;

  if (waiting->inner->done != NULL)
    waiting->inner->done (waiting->inner, committed);
  g_mutex_lock (&waiting->lock);
  waiting->done = TRUE;
  g_cond_signal (&waiting->finished);
  g_mutex_unlock (&waiting->lock);
}

/**
 * kontor_engine_run:
 * @engine: the engine
 * @op: what to do; its done() may be %NULL
 *
 * As kontor_engine_submit(), and waits until it is done. Not on the engine's own thread.
 */
void
kontor_engine_run (KontorEngine *engine, KontorOp *op)
{
  Waiting waiting = {
    .op = { .run = waiting_run,
            .done = waiting_done,
            .arena = op->arena,
            .scope = op->scope,
            .request = op->request },
    .inner = op,
  };

  g_mutex_init (&waiting.lock);
  g_cond_init (&waiting.finished);
  kontor_engine_submit (engine, &waiting.op);
  g_mutex_lock (&waiting.lock);
  while (!waiting.done)
    g_cond_wait (&waiting.finished, &waiting.lock);
  g_mutex_unlock (&waiting.lock);
  g_mutex_clear (&waiting.lock);
  g_cond_clear (&waiting.finished);
}

/**
 * kontor_engine_watch:
 * @engine: the engine
 * @watch: called on the engine's thread after commits; it must not wait, nor call the engine
 * @data: for @watch; names it for kontor_engine_unwatch()
 */
void
kontor_engine_watch (KontorEngine *engine, KontorWatch watch, gpointer data)
{
  guint i = 0;

  g_mutex_lock (&engine->lock);
  while (i < MAX_WATCHERS && engine->watchers[i].watch != NULL)
    i++;
  g_assert (i < MAX_WATCHERS);
  engine->watchers[i].watch = watch;
  engine->watchers[i].data = data;
  g_mutex_unlock (&engine->lock);
}

/**
 * kontor_engine_unwatch:
 * @engine: the engine
 * @data: what kontor_engine_watch() was given; afterwards nothing is called with it
 */
void
kontor_engine_unwatch (KontorEngine *engine, gpointer data)
{
  g_mutex_lock (&engine->lock);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    if (engine->watchers[i].watch != NULL && engine->watchers[i].data == data)
      engine->watchers[i].watch = NULL;
  g_mutex_unlock (&engine->lock);
}

/**
 * kontor_engine_backlog:
 * @engine: the engine
 *
 * Returns: how many operations wait; from any thread
 */
guint
kontor_engine_backlog (KontorEngine *engine)
{
  guint waiting;

  g_mutex_lock (&engine->lock);
  waiting = engine->waiting;
  g_mutex_unlock (&engine->lock);
  return waiting;
}

/**
 * kontor_engine_figures:
 * @engine: the engine
 * @figures: (out): what it did since it started
 */
void
kontor_engine_figures (KontorEngine *engine, KontorEngineFigures *figures)
{
  g_mutex_lock (&engine->lock);
  *figures = engine->figures;
  g_mutex_unlock (&engine->lock);
  figures->wal_bytes = (gint64) g_atomic_int_get (&engine->wal_pages) * 4096;
}

static void
stop_threads (KontorEngine *engine)
{
  g_mutex_lock (&engine->lock);
  engine->stopping = TRUE;
  g_cond_signal (&engine->wake);
  g_mutex_unlock (&engine->lock);
  if (engine->thread != NULL)
    g_thread_join (engine->thread);
  g_mutex_lock (&engine->lock);
  engine->stop_checkpoint = TRUE;
  g_cond_signal (&engine->wake_checkpoint);
  g_mutex_unlock (&engine->lock);
  if (engine->checkpoint_thread != NULL)
    g_thread_join (engine->checkpoint_thread);
}

/**
 * kontor_engine_free:
 * @engine: (transfer full): the engine
 *
 * Finishes what it took on, folds the log into the database and stops.
 */
void
kontor_engine_free (KontorEngine *engine)
{
  stop_threads (engine);
  kontor_store_close (engine->checkpointer);
  if (engine->tx.writes != NULL)
    kontor_tx_clear (&engine->tx);
  g_clear_pointer (&engine->books, kontor_books_free);
  g_clear_pointer (&engine->outbox, kontor_outbox_free);
  if (engine->thread != NULL)
    sqlite3_wal_checkpoint_v2 (kontor_store_handle (engine->store), NULL,
                               SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  kontor_store_close (engine->store);
  kontor_arena_free (engine->arena);
  g_mutex_clear (&engine->lock);
  g_cond_clear (&engine->wake);
  g_cond_clear (&engine->wake_checkpoint);
  g_free (engine);
}
