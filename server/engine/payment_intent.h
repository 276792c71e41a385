/* payment_intent.h: the rules of collecting a payment, from the wish to the money. */
#pragma once

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* Each takes checked parameters of its route. %FALSE: refused, @error says why; after a decline
 * (type card_error) the writes are to be kept, which *@keep says. */
gboolean kontor_payment_intent_create    (KontorTx *tx,
                                          const KontorValue *params,
                                          KontorPaymentIntent **made,
                                          gboolean *keep,
                                          KontorError *error);
gboolean kontor_payment_intent_update    (KontorTx *tx,
                                          KontorPaymentIntent *intent,
                                          const KontorValue *params,
                                          KontorError *error);
gboolean kontor_payment_intent_confirm   (KontorTx *tx,
                                          KontorPaymentIntent *intent,
                                          const KontorValue *params,
                                          gboolean *keep,
                                          KontorError *error);
gboolean kontor_payment_intent_capture   (KontorTx *tx,
                                          KontorPaymentIntent *intent,
                                          const KontorValue *params,
                                          KontorError *error);
gboolean kontor_payment_intent_cancel    (KontorTx *tx,
                                          KontorPaymentIntent *intent,
                                          const KontorValue *params,
                                          KontorError *error);
gboolean kontor_payment_intent_increment (KontorTx *tx,
                                          KontorPaymentIntent *intent,
                                          const KontorValue *params,
                                          KontorError *error);

/* The customer came back from the challenge. */
gboolean kontor_payment_intent_finish_action (KontorTx *tx,
                                              KontorPaymentIntent *intent,
                                              gboolean succeeded,
                                              KontorError *error);
/* The authorisation lapsed: job. */
gboolean kontor_payment_intent_expire        (KontorTx *tx,
                                              KontorPaymentIntent *intent,
                                              KontorError *error);

G_END_DECLS
