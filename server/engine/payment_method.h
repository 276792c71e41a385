/* payment_method.h: the rules of how a customer can pay: cards first, the table open for others. */
#pragma once

#include "core/resources/customer.h"
#include "core/resources/payment_method.h"
#include "server/engine/acquirer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* A new one from checked parameters as in POST /v1/payment_methods and payment_method_data; saved,
 * no event. @prefix names the parameter they came in ("payment_method_data") or is %NULL. */
KontorPaymentMethod *kontor_payment_method_create (KontorTx *tx, const KontorValue *params,
                                                   const char *prefix, KontorError *error);
/* @id names one of this scope, or in test mode a rail's card ("pm_card_visa", or "tok_visa" for old
 * clients), of which a new one is made and saved. */
KontorPaymentMethod *kontor_payment_method_resolve (KontorTx *tx, const char *id, const char *param,
                                                    KontorError *error);
/* The one that `payment_method`, `payment_method_data` or an old client's `source` means; *@method
 * stays %NULL when there is none of them. */
gboolean kontor_payment_method_find (KontorTx *tx, const KontorValue *params, const char *customer,
                                     KontorPaymentMethod **method, KontorError *error);

/* Saves it with the customer, event payment_method.attached. Does nothing when it is theirs;
 * refuses when it is another's. @verify: have the rail look at it first (a card that declines
 * cannot be attached). */
gboolean kontor_payment_method_attach (KontorTx *tx, KontorPaymentMethod *method,
                                       KontorCustomer *customer, gboolean verify,
                                       KontorError *error);
gboolean kontor_payment_method_detach (KontorTx *tx, KontorPaymentMethod *method,
                                       KontorError *error);
gboolean kontor_payment_method_update (KontorTx *tx, KontorPaymentMethod *method,
                                       const KontorValue *params, KontorError *error);

/* Whether it may be used for @customer (id or %NULL); else an error as Stripe gives it when the
 * method belongs to somebody else. */
gboolean kontor_payment_method_may_be_used (const KontorPaymentMethod *method, const char *customer,
                                            KontorError *error);
/* It paid: without a customer, that was its only time. */
void     kontor_payment_method_use_up      (KontorTx *tx, KontorPaymentMethod *method);
/* Keeps what a rail found out about the security code and the address; the caller saves it. */
void     kontor_payment_method_note_checks (KontorTx *tx, KontorPaymentMethod *method,
                                            const KontorRailAnswer *answer);

G_END_DECLS
