/* tx-private.h: what tx.c and engine.c share: how a unit of work becomes rows. */
#pragma once

#include "server/engine/tx.h"

G_BEGIN_DECLS

void     kontor_tx_init    (KontorTx *tx,
                            KontorStore *store,
                            KontorIds *ids,
                            KontorBooks *books,
                           KontorOutbox *outbox,
                            const KontorSettings *settings);
void     kontor_tx_clear   (KontorTx *tx);
/* after a rollback: where the version log ends */
gboolean kontor_tx_reload  (KontorTx *tx, GError **error);
void     kontor_tx_start   (KontorTx *tx,
                            KontorArena *arena,
                            guint scope,
                            gint64 request,
                            gint64 now);
gboolean kontor_tx_flush   (KontorTx *tx, GError **error);     /* write it all */

G_END_DECLS
