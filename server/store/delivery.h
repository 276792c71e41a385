/* delivery.h: events on their way to webhook endpoints, in the database. */
#pragma once

#include "server/store/store.h"
#include "server/store/webhook.h"

G_BEGIN_DECLS

typedef struct
{
  gint64              event;     /* events.key */
  gint64              endpoint;  /* webhook_endpoints.key */
  gint64              object;    /* key of what the event is about */
  KontorDeliveryState state;
  gint64              attempts;
  gint64              round;     /* of these, since it was last resent by hand */
  /* Unix seconds: of the next try (held: since when it is open), or when it was settled */
  gint64              due;
} KontorDeliveryRow;

gboolean kontor_store_delivery_get (KontorStore *store,
                                    gint64 event,
                                    gint64 endpoint,
                                    KontorDeliveryRow *row,
                                    gboolean *found,
                                    GError **error);
/* Ready, or held while an earlier one of the same line (endpoint and object) is open. */
gboolean kontor_store_delivery_open (KontorStore *store, KontorDeliveryRow *row, GError **error);
/* Succeeded, failed or canceled; the next of its line becomes ready. @promoted: whether there
 * was one. */
gboolean kontor_store_delivery_settle (KontorStore *store,
                                       const KontorDeliveryRow *row,
                                       gboolean *promoted,
                                       GError **error);
/* GArray of KontorDeliveryRow that may be tried, the longest due first; also those due later. */
gboolean kontor_store_delivery_ready (KontorStore *store,
                                      gint64 endpoint,
                                      guint limit,
                                      GArray *rows,
                                      GError **error);
/* The first endpoint after @after with something ready, and when that is due; 0: none. */
gboolean kontor_store_delivery_next_endpoint (KontorStore *store,
                                              gint64 after,
                                              gint64 *endpoint,
                                              gint64 *due,
                                              GError **error);
/* Whether anything of that line is open. */
gboolean kontor_store_delivery_line_open (KontorStore *store,
                                          gint64 endpoint,
                                          gint64 object,
                                          gboolean *open,
                                          GError **error);
/* How many endpoints have not taken @event yet. */
gboolean kontor_store_delivery_pending (KontorStore *store,
                                        gint64 event,
                                        gint64 *pending,
                                        GError **error);
/* How much is still to be sent to @endpoint, now or later. */
gboolean kontor_store_delivery_count_open (KontorStore *store,
                                           gint64 endpoint,
                                           gint64 *n,
                                           GError **error);
/* Cancels at most @limit of what is open for an endpoint. */
gboolean kontor_store_delivery_cancel_some (KontorStore *store,
                                            gint64 endpoint,
                                            gint64 now,
                                            guint limit,
                                            guint *canceled,
                                            GError **error);
/* Deletes at most @limit of those settled before @settled, of events from *@event to @until;
 * *@event: where to go on; 0: there is nothing more. */
gboolean kontor_store_delivery_forget (KontorStore *store,
                                       gint64 *event,
                                       gint64 until,
                                       gint64 settled,
                                       guint limit,
                                       GError **error);

G_END_DECLS
