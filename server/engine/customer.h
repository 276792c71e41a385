/* customer.h: the rules of whom a merchant takes money from. */
#pragma once

#include "core/resources/customer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* The one that parameter @param of @params names: *@customer stays %NULL when it names none. A
 * deleted one counts as missing. */
gboolean        kontor_customer_find    (KontorTx *tx, const KontorValue *params, const char *param,
                                         KontorCustomer **customer, KontorError *error);
KontorCustomer *kontor_customer_require (KontorTx *tx, const char *id, const char *param,
                                         KontorError *error);

/* Each takes checked parameters of its route. */
gboolean        kontor_customer_create  (KontorTx *tx, const KontorValue *params,
                                         KontorCustomer **made, KontorError *error);
gboolean        kontor_customer_update  (KontorTx *tx, KontorCustomer *customer,
                                         const KontorValue *params, KontorError *error);
void            kontor_customer_delete  (KontorTx *tx, KontorCustomer *customer);

G_END_DECLS
