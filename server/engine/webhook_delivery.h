/* webhook_delivery.h: the rules of sending an event again, or not at all. */
#pragma once

#include "core/resources/webhook_endpoint.h"
#include "server/engine/tx.h"
#include "server/store/delivery-step.h"

G_BEGIN_DECLS

/* All of these write at once, so they come last in an operation. */

/* Whatever became of it, also when it never was to be sent there. */
gboolean kontor_webhook_delivery_resend (KontorTx *tx,
                                         const KontorWebhookEndpoint *endpoint,
                                         gint64 event,
                                         KontorError *error);
/* %FALSE with @error set: it is not pending. */
gboolean kontor_webhook_delivery_cancel (KontorTx *tx,
                                         gint64 event,
                                         gint64 endpoint,
                                         KontorError *error);
/* The same for many. @n: how many; @next: where to go on, 0: all was done. */
gboolean kontor_webhook_delivery_resend_some (KontorTx *tx,
                                              const KontorWebhookEndpoint *endpoint,
                                              const KontorDeliveryStep *step,
                                              guint *n,
                                              gint64 *next,
                                              KontorError *error);
gboolean kontor_webhook_delivery_cancel_some (KontorTx *tx,
                                              const KontorDeliveryStep *step,
                                              guint *n,
                                              gint64 *next);
/* Sends the newest event of @type, or when that is %NULL one that says it is a test. */
gboolean kontor_webhook_delivery_test        (KontorTx *tx,
                                              const KontorWebhookEndpoint *endpoint,
                                              const char *type,
                                              gint64 *event,
                                              KontorError *error);

G_END_DECLS
