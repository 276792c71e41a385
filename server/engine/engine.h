/* engine.h: the one writer: takes operations in order, commits them in batches, then answers. */
#pragma once

#include "server/engine/tx.h"

G_BEGIN_DECLS

typedef struct _KontorEngine KontorEngine;
typedef struct _KontorOp     KontorOp;

struct _KontorOp
{
  KontorOp *next;
  /* On the engine's thread, inside the open transaction. Leaves its writes in @tx or calls kontor_tx_discard(). */
  void    (*run)  (KontorOp *op, KontorTx *tx);
  /* On the engine's thread, after the commit (@committed) or after it failed and nothing of the batch was kept. */
  void    (*done) (KontorOp *op, gboolean committed);
  KontorArena *arena;   /* lives until done() */
  guint    scope;
  gint64   request;
};

KontorEngine *kontor_engine_new       (const char *data_dir, KontorClock *clock, KontorIds *ids, const KontorSettings *settings, GError **error);
void          kontor_engine_submit    (KontorEngine *engine, KontorOp *op);
void          kontor_engine_run       (KontorEngine *engine, KontorOp *op); /* waits for it: jobs, tests and tools */
void          kontor_engine_free      (KontorEngine *engine);               /* finishes what it took on, then stops */
guint         kontor_engine_backlog   (KontorEngine *engine);               /* operations waiting; any thread */
void          kontor_tx_discard       (KontorTx *tx);                       /* drop all writes made so far in this operation */

/* Further rows that travel with an operation whether or not it was discarded. */
typedef struct
{
  guint8  key[16], params[16];
  guint   status;
  gint64  version;               /* 0: @body holds the reply */
  const void *body;
  gsize   body_length;
} KontorIdempotencyRecord;

typedef struct
{
  gint64      key;
  const char *id, *method, *path, *idempotency_key, *remote, *api_version, *params, *error;
  guint       status;
  gint64      duration_us, api_key;
} KontorRequestRecord;

void     kontor_tx_record_idempotency (KontorTx *tx, const KontorIdempotencyRecord *record);
void     kontor_tx_record_request     (KontorTx *tx, const KontorRequestRecord *record);
/* Looks for an earlier use of @key; @found->params tells whether it was the same request. */
gboolean kontor_tx_find_idempotency   (KontorTx *tx, const guint8 key[16], KontorIdempotencyRecord *found, gint64 *request);

G_END_DECLS
