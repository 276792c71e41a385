/* delivery-list.h: pages of deliveries to webhook endpoints, and which they are. */
#pragma once

#include "server/store/webhook.h"

G_BEGIN_DECLS

/* A delivery with what a person wants to know of its event and its newest attempt. */
typedef struct
{
  gint64      event, endpoint, object;  /* keys */
  int         state;                    /* KontorDeliveryState */
  gint64      attempts, due;
  const char *event_id;
  gint64      event_created;
  int         event_type;
  /* the newest attempt that is still kept; number 0: none */
  gint64      last_number, last_created, last_duration_us;
  gint64      last_status;              /* KONTOR_NONE: no answer */
  int         last_outcome;             /* KontorOutcome */
} KontorDeliveryView;

#define KONTOR_DELIVERIES_PENDING ((1u << KONTOR_DELIVERY_READY) | (1u << KONTOR_DELIVERY_HELD))

/* Where a page begins or ends: deliveries are sorted by event, then by endpoint. */
typedef struct
{
  gint64 event, endpoint;               /* keys; 0: at the end */
} KontorDeliveryPlace;

typedef struct
{
  guint  scope;
  guint  limit;
  KontorDeliveryPlace after, before;    /* only one of them is set */
  gint64 event, endpoint;               /* keys; 0: any */
  guint  states;                        /* bits of KontorDeliveryState; 0: any */
  gint64 created_min, created_max;      /* of the event, inclusive; KONTOR_NONE: open */
  gint64 types;                         /* bits of event types; 0: any */
} KontorDeliveryQuery;

gboolean kontor_store_delivery_find (KontorStore        *store,
                                     KontorArena        *arena,
                                     gint64              event,
                                     gint64              endpoint,
                                     KontorDeliveryView *view,
                                     gboolean           *found,
                                     GError            **error);
/* The newest event first; @rows gets KontorDeliveryView. */
gboolean kontor_store_delivery_list (KontorStore               *store,
                                     KontorArena               *arena,
                                     const KontorDeliveryQuery *query,
                                     GArray                    *rows,
                                     gboolean                  *has_more,
                                     GError                   **error);

/* Keys of the endpoints of @scope, deleted ones too: GArray of gint64. */
gboolean kontor_store_webhook_endpoint_keys (KontorStore *store,
                                             guint scope,
                                             GArray *keys,
                                             GError **error);

G_END_DECLS
