/* webhook_delivery.h: what routes that speak of deliveries to webhook endpoints share. */
#pragma once

#include "core/resources/webhook_endpoint.h"
#include "server/http/call.h"
#include "server/store/delivery-list.h"

G_BEGIN_DECLS

/* "whd_…" of a delivery */
const char                  *kontor_delivery_id       (KontorArena *arena,
                                                       gint64 event,
                                                       gint64 endpoint);
gboolean                     kontor_call_delivery     (KontorCall *call,
                                                       const char *id,
                                                       const char *param,
                                                       KontorDeliveryView *view,
                                                       KontorError *error);
/* Answers with a delivery that is there. */
gboolean                     kontor_call_show_delivery (KontorCall *call,
                                                        gint64 event,
                                                        gint64 endpoint);
/* The states that a word means: "pending", "failed" …; %NULL: any. */
guint                        kontor_delivery_states   (const char *word);
/* Key of the endpoint that the parameter @param names; 0 when it is not there. */
gboolean                     kontor_call_endpoint     (KontorCall *call,
                                                       const char *param,
                                                       gint64 *key,
                                                       KontorError *error);
/* Of @previous, when that is the one. */
const KontorWebhookEndpoint *kontor_call_endpoint_of  (KontorCall *call,
                                                       gint64 key,
                                                       const KontorWebhookEndpoint *previous);
gboolean                     kontor_call_one_cursor   (KontorCall *call, KontorError *error);

G_END_DECLS
