/* webhook.h: all webhook endpoints, for those who send. */
#pragma once

#include "core/resources/webhook_endpoint.h"
#include "server/store/store.h"

G_BEGIN_DECLS

/* webhook_deliveries.state; numbers stand in files */
typedef enum
{
  KONTOR_DELIVERY_READY = 0,     /* tried when it is due */
  KONTOR_DELIVERY_HELD = 1,      /* waits for an earlier event about the same object */
  KONTOR_DELIVERY_SUCCEEDED = 2,
  KONTOR_DELIVERY_FAILED = 3,    /* given up */
  KONTOR_DELIVERY_CANCELED = 4,
} KontorDeliveryState;

/* webhook_attempts.outcome; likewise */
typedef enum
{
  KONTOR_OUTCOME_TAKEN = 0,      /* 2xx */
  KONTOR_OUTCOME_STATUS = 1,     /* any other status */
  KONTOR_OUTCOME_REDIRECT = 2,   /* 3xx: never followed */
  KONTOR_OUTCOME_GONE = 3,       /* 410: the endpoint is disabled */
  KONTOR_OUTCOME_UNKNOWN_HOST = 4,
  KONTOR_OUTCOME_REFUSED_ADDRESS = 5, /* private, and not allowed by webhook_allow */
  KONTOR_OUTCOME_NO_CONNECTION = 6,
  KONTOR_OUTCOME_TLS = 7,
  KONTOR_OUTCOME_TIMEOUT = 8,
  KONTOR_OUTCOME_BROKEN = 9,     /* the answer was cut off or was not HTTP */
  KONTOR_N_OUTCOMES
} KontorOutcome;

typedef void (*KontorEndpointFunc) (const KontorWebhookEndpoint *endpoint, gpointer data);

/* Calls @each for every endpoint, deleted ones too, whose newest version is after @version, in the
 * order of these versions; an endpoint lives as long as the call. */
gboolean kontor_store_webhook_endpoints (KontorStore *store,
                                         gint64 version,
                                         KontorEndpointFunc each,
                                         gpointer data,
                                         GError **error);
/* those of @scope that are not deleted */
gboolean kontor_store_webhook_endpoint_count (KontorStore *store,
                                              guint scope,
                                              guint *n,
                                              GError **error);

G_END_DECLS
