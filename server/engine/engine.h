/* engine.h: the one writer: takes operations in order, commits them in batches, then answers. */
#pragma once

#include "server/engine/tx.h"
#include "server/store/idempotency.h"
#include "server/store/request.h"

G_BEGIN_DECLS

typedef struct _KontorEngine KontorEngine;
typedef struct _KontorOp     KontorOp;

struct _KontorOp
{
  KontorOp *next;
  /* On the engine's thread, inside the open transaction. Leaves its writes in @tx or calls
   * kontor_tx_discard(). */
  void    (*run)  (KontorOp *op, KontorTx *tx);
  /* On the engine's thread, after the commit (@committed) or after it failed and nothing of the
   * batch was kept. */
  void    (*done) (KontorOp *op, gboolean committed);
  KontorArena *arena;   /* lives until done() */
  guint    scope;
  gint64   request;
};

KontorEngine *kontor_engine_new       (const char *data_dir,
                                       KontorClock *clock,
                                       KontorIds *ids,
                                       const KontorSettings *settings,
                                       GError **error);
void          kontor_engine_submit    (KontorEngine *engine, KontorOp *op);
/* waits for it: jobs, tests and tools */
void          kontor_engine_run       (KontorEngine *engine, KontorOp *op);
/* finishes what it took on, then stops */
void          kontor_engine_free      (KontorEngine *engine);
/* What a commit means to those who send and wait for events. */
typedef enum
{
  KONTOR_COMMIT_EVENTS  = 1 << 0, /* events were added that no endpoint wants */
  KONTOR_COMMIT_OUTBOX  = 1 << 1, /* … that some endpoint may want */
  KONTOR_COMMIT_WEBHOOKS = 1 << 2, /* endpoints, secrets or deliveries were changed by somebody */
  KONTOR_COMMIT_REQUESTS = 1 << 3, /* requests were logged */
  KONTOR_COMMIT_ANY     = 1 << 4, /* always: something was written, perhaps */
} KontorCommit;

/* Called on the engine's thread after each commit; must not wait. There is room for a few. */
typedef void (*KontorWatch) (gpointer data, KontorCommit what);

void          kontor_engine_watch     (KontorEngine *engine, KontorWatch watch, gpointer data);
void          kontor_engine_unwatch   (KontorEngine *engine, gpointer data);
/* operations waiting; any thread */
guint         kontor_engine_backlog   (KontorEngine *engine);
/* drop all writes made so far in this operation */
void          kontor_tx_discard       (KontorTx *tx);

/* Rows that travel with an operation whether or not its writes were discarded. Strings live in
 * the operation's arena. */
void     kontor_tx_record_idempotency (KontorTx *tx, const KontorIdempotencyRow *row);
void     kontor_tx_record_request     (KontorTx *tx, const KontorRequestRow *row);

/* Figures for /metrics; any thread. */
typedef struct
{
  guint64 operations, batches, failed_batches, entries, versions;
  gint64  commit_us;   /* spent in commits altogether */
  gint64  wal_bytes;
} KontorEngineFigures;

void kontor_engine_figures (KontorEngine *engine, KontorEngineFigures *figures);

G_END_DECLS
