/* event_destination.h: what is sent to make and change a webhook endpoint by its newer name. */
#pragma once

#include "core/resources/webhook_endpoint.h"

G_BEGIN_DECLS

/* Of the routes for one and for many, which both take include[]. */
#define KONTOR_IN_DESTINATION_LIST KONTOR_IN_ACTION
#define KONTOR_IN_DESTINATION_RETRIEVE KONTOR_IN_ACTION2

/* Over a KontorWebhookEndpoint; never stored or shown by itself. */
extern const KontorResource kontor_event_destination_resource;

G_END_DECLS
