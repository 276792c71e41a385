/* intent.h: what payment and setup intents have in common: the parameters and the methods they
 * take. */
#pragma once

#include "core/resources/common.h"
#include "core/resources/payment_method.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* Lists of names end with %NULL. */
gboolean kontor_intent_check_offered (const KontorValue *params, const char *const *not_offered,
                                      KontorError *error);
gboolean kontor_intent_check_create  (const KontorValue *params, const char *const *with_confirm,
                                      KontorError *error);

void     kontor_intent_choose_types  (KontorTx *tx, KontorStrings **types,
                                      KontorAutomaticPaymentMethods **automatic);
gboolean kontor_intent_check_method  (const KontorStrings *types, const KontorPaymentMethod *method,
                                      KontorErrorCode code, KontorError *error);
/* Of request_three_d_secure, which may be %NULL. */
gboolean kontor_intent_wants_challenge (const char *word);

/* What proves that somebody acts for the customer of the intent @id. */
const char *kontor_intent_client_secret (KontorTx *tx, const char *id);

G_END_DECLS
