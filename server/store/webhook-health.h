/* webhook-health.h: how sending to each webhook endpoint went so far, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 endpoint;       /* webhook_endpoints.key */
  gint64 succeeded;      /* attempts that were taken */
  gint64 failed;         /* attempts that were not */
  gint64 given_up;       /* deliveries that failed for good */
  gint64 duration_us;    /* of all attempts together */
  gint64 in_a_row;       /* failed attempts since the last that was taken */
  gint64 failing_since;  /* Unix seconds of the first of these; 0: the last one was taken */
  gint64 last_success;   /* Unix seconds; 0: none */
  gint64 last_failure;   /* likewise */
} KontorWebhookHealthRow;

/* All 0 when nothing was ever sent. */
gboolean kontor_store_webhook_health_get (KontorStore *store,
                                          gint64 endpoint,
                                          KontorWebhookHealthRow *row,
                                          GError **error);
gboolean kontor_store_webhook_health_put (KontorStore *store,
                                          const KontorWebhookHealthRow *row,
                                          GError **error);

G_END_DECLS
