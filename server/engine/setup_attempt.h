/* setup_attempt.h: the record of one try to make a payment method ready for later. */
#pragma once

#include "core/resources/payment_method.h"
#include "core/resources/setup_attempt.h"
#include "core/resources/setup_intent.h"
#include "server/engine/acquirer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* A new one of @intent with @method; the intent's latest_attempt is set, neither is saved yet. */
KontorSetupAttempt *kontor_setup_attempt_begin   (KontorTx *tx, KontorSetupIntent *intent,
                                                  const KontorPaymentMethod *method);
/* Each saves the attempt in its new state. */
void                kontor_setup_attempt_wait    (KontorTx *tx, KontorSetupAttempt *attempt);
void                kontor_setup_attempt_succeed (KontorTx *tx, KontorSetupAttempt *attempt,
                                                  const KontorPaymentMethod *method,
                                                  const KontorRailAnswer *answer);
void                kontor_setup_attempt_fail    (KontorTx *tx, KontorSetupAttempt *attempt,
                                                  KontorLastError *reason);
/* The intent went on without it: does nothing when it has ended already. */
void                kontor_setup_attempt_abandon (KontorTx *tx, const KontorSetupIntent *intent);

G_END_DECLS
