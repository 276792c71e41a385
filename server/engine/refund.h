/* refund.h: the rules of giving money back. */
#pragma once

#include "core/resources/charge.h"
#include "core/resources/refund.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

gboolean kontor_refund_create (KontorTx *tx,
                               const KontorValue *params,
                               KontorRefund **made,
                               KontorError *error);
gboolean kontor_refund_update (KontorTx *tx,
                               KontorRefund *refund,
                               const KontorValue *params,
                               KontorError *error);
gboolean kontor_refund_cancel (KontorTx *tx, KontorRefund *refund, KontorError *error);
/* The rail's later word: job. */
void     kontor_refund_finish (KontorTx *tx, KontorRefund *refund);

G_END_DECLS
