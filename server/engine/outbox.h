/* outbox.h: which events are kept for webhook endpoints, beside the change they tell of. */
#pragma once

#include "core/resources/webhook_endpoint.h"
#include "server/engine/tx.h"
#include "server/store/event.h"

G_BEGIN_DECLS

KontorOutbox *kontor_outbox_new  (KontorStore *store, GError **error);
void          kontor_outbox_free (KontorOutbox *outbox);

/* A row, if an endpoint of @scope may want @event. */
gboolean      kontor_outbox_add  (KontorOutbox *outbox,
                                  guint scope,
                                  const KontorEventRow *event,
                                  GError **error);
void          kontor_outbox_endpoint_changed (KontorOutbox *outbox,
                                              const KontorWebhookEndpoint *endpoint);
void          kontor_outbox_touch (KontorOutbox *outbox, guint what);
/* KontorCommit: what was added since the last call */
guint         kontor_outbox_take_news (KontorOutbox *outbox);

/* Bit N: the event type of number N. */
guint64       kontor_webhook_endpoint_mask (const KontorWebhookEndpoint *endpoint);

G_END_DECLS
