/* next-action.h: what payment and setup intents show alike: the customer's next step, and what
 * went wrong last. */
#pragma once

#include "core/resources/common.h"
#include "core/resources/payment_method.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

KontorNextAction *kontor_next_action_new (KontorTx *tx,
                                          const char *intent,
                                          const char *client_secret,
                                          const char *return_url);
/* As Stripe's last_payment_error and last_setup_error. @method may be %NULL. */
KontorLastError  *kontor_last_error_new  (KontorTx *tx,
                                          const KontorError *error,
                                          const KontorPaymentMethod *method);

G_END_DECLS
