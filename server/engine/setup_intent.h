/* setup_intent.h: the rules of making a payment method ready for payments to come. */
#pragma once

#include "core/resources/setup_intent.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* Each takes checked parameters of its route. %FALSE: refused, @error says why; *@keep says that
 * the bank refused, and then the writes are to be kept. */
gboolean kontor_setup_intent_create  (KontorTx *tx, const KontorValue *params,
                                      KontorSetupIntent **made, gboolean *keep, KontorError *error);
gboolean kontor_setup_intent_update  (KontorTx *tx, KontorSetupIntent *intent,
                                      const KontorValue *params, KontorError *error);
gboolean kontor_setup_intent_confirm (KontorTx *tx, KontorSetupIntent *intent,
                                      const KontorValue *params, gboolean *keep,
                                      KontorError *error);
gboolean kontor_setup_intent_cancel  (KontorTx *tx, KontorSetupIntent *intent,
                                      const KontorValue *params, KontorError *error);

/* The customer came back from the challenge. */
gboolean kontor_setup_intent_finish_action (KontorTx *tx, KontorSetupIntent *intent,
                                            gboolean succeeded, KontorError *error);

G_END_DECLS
