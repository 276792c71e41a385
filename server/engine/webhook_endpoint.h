/* webhook_endpoint.h: the rules of a URL that events are sent to. */
#pragma once

#include "core/resources/webhook_endpoint.h"
#include "server/engine/tx.h"
#include "server/engine/vault.h"

G_BEGIN_DECLS

#define KONTOR_MAX_WEBHOOK_ENDPOINTS 20000 /* of one scope */

/* What parameters are called by the API's two generations, for errors. */
typedef struct
{
  const char *url, *version;
} KontorEndpointNames;

extern const KontorEndpointNames kontor_webhook_endpoint_names, kontor_event_destination_names;

KontorWebhookEndpoint *kontor_webhook_endpoint_require (KontorTx *tx,
                                                        const char *id,
                                                        KontorError *error);
/* Checks and saves a new one and makes its secret, which @endpoint shows from then on, but no
 * version of it. */
gboolean kontor_webhook_endpoint_add     (KontorTx *tx,
                                          const KontorVault *vault,
                                          KontorWebhookEndpoint *endpoint,
                                          const KontorEndpointNames *names,
                                          KontorError *error);
gboolean kontor_webhook_endpoint_save    (KontorTx *tx,
                                          KontorWebhookEndpoint *endpoint,
                                          const KontorEndpointNames *names,
                                          KontorError *error);
/* Its limits, filter and scheme of signatures, by @params. */
gboolean kontor_webhook_endpoint_tune    (KontorTx *tx,
                                          const KontorVault *vault,
                                          KontorWebhookEndpoint *endpoint,
                                          const KontorValue *params,
                                          KontorError *error);
/* @reason: "user", or why the server itself does it: "failing", "gone". It then says so in an
 * event and a notice. Nothing happens to one that is disabled already. */
void     kontor_webhook_endpoint_disable (KontorTx *tx,
                                          KontorWebhookEndpoint *endpoint,
                                          const char *reason);
void     kontor_webhook_endpoint_enable  (KontorTx *tx, KontorWebhookEndpoint *endpoint);
void     kontor_webhook_endpoint_delete  (KontorTx *tx, KontorWebhookEndpoint *endpoint);
/* New secrets from now on; the old ones sign beside them until @old_until. The new text, or %NULL
 * with @error set. */
const char *kontor_webhook_endpoint_roll (KontorTx *tx,
                                          const KontorVault *vault,
                                          KontorWebhookEndpoint *endpoint,
                                          gint64 old_until,
                                          KontorError *error);

G_END_DECLS
