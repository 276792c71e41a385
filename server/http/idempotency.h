/* idempotency.h: the same Idempotency-Key earns the same reply. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorClaims *kontor_claims_new          (void);
void          kontor_claims_free         (KontorClaims *claims);
gboolean      kontor_idempotency_claim   (KontorCall *call, KontorError *error);
void          kontor_idempotency_release (KontorCall *call);
gboolean      kontor_idempotency_replay  (KontorCall *call, KontorError *error, gboolean *replayed);
void          kontor_idempotency_record  (KontorCall *call);
void          kontor_idempotency_hash    (KontorApi         *api,
                                          KontorArena       *arena,
                                          const KontorValue *value,
                                          guint8             hash[16]);

G_END_DECLS
