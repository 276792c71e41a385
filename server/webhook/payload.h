/* payload.h: an event as it is sent: rendered once, whoever gets it. */
#pragma once

#include "core/resources/event.h"
#include "core/value.h"
#include "server/store/event.h"

G_BEGIN_DECLS

typedef struct
{
  guint    refs;
  gint64   event;      /* key */
  gint64   object;     /* key of what it is about */
  char    *id;         /* "evt_…"; %NULL like the body */
  GBytes  *body;       /* %NULL: not rendered yet */
  gint64   pending;    /* pending_webhooks, as the body says */
  gint64   outbox;     /* number of the row it was handed over by; 0: it comes from deliveries */
  guint    unwritten;  /* deliveries whose rows are not committed */
  guint    in_op;      /* of these, how many are in the operation being made */
  gboolean handed_over; /* to everybody who wants it */
} KontorPayload;

KontorPayload *kontor_payload_new    (gint64 event, gint64 object);
KontorPayload *kontor_payload_ref    (KontorPayload *payload);
void           kontor_payload_unref  (KontorPayload *payload);
void           kontor_payload_write  (KontorPayload *payload, KontorEvent *event, gint64 pending);
/* Reads and renders the event, as somebody who asks for it is shown it. */
gboolean       kontor_payload_render (KontorPayload *payload,
                                      KontorStore *store,
                                      gint64 pending,
                                      GError **error);

G_END_DECLS
