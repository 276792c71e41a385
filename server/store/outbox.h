/* outbox.h: events that are still to be handed to webhook endpoints, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number;
  gint64 event;   /* events.key */
} KontorOutboxRow;

gboolean kontor_store_outbox_insert (KontorStore *store,
                                     gint64 number,
                                     gint64 event,
                                     GError **error);
/* rows after @number, at most @limit, in order: GArray of KontorOutboxRow */
gboolean kontor_store_outbox_after  (KontorStore *store,
                                     gint64 number,
                                     guint limit,
                                     GArray *rows,
                                     GError **error);
gboolean kontor_store_outbox_delete (KontorStore *store,
                                     gint64 first,
                                     gint64 last,
                                     GError **error);

/* The tick of the oldest event that is still to be handed over; KONTOR_TICK_MASK + 1: none is. */
gboolean kontor_store_outbox_first  (KontorStore *store, gint64 *tick, GError **error);
/* Whether @event is still to be handed over. */
gboolean kontor_store_outbox_has    (KontorStore *store,
                                     gint64 event,
                                     gboolean *has,
                                     GError **error);

G_END_DECLS
