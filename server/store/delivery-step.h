/* delivery-step.h: deliveries of one webhook endpoint, the oldest first, a step at a time. */
#pragma once

#include "server/store/delivery.h"

G_BEGIN_DECLS

/* What somebody wants to send again or not at all. */
typedef struct
{
  gint64 endpoint;                 /* key */
  gint64 after;                    /* key of the event where the step before ended; 0: none */
  guint  states;                   /* bits of KontorDeliveryState */
  gint64 types;                    /* bits of event types; 0: any */
  gint64 created_min, created_max; /* of the event, inclusive; KONTOR_NONE: open */
  guint  limit;
} KontorDeliveryStep;

/* @rows gets KontorDeliveryRow. @next: where the next step goes on; 0: there is nothing more. */
gboolean kontor_store_delivery_step (KontorStore              *store,
                                     const KontorDeliveryStep *step,
                                     GArray                   *rows,
                                     gint64                   *next,
                                     GError                  **error);

G_END_DECLS
