/* attempt.h: each time an event was sent to a webhook endpoint, in the database. */
#pragma once

#include "server/store/store.h"
#include "server/store/webhook.h"

G_BEGIN_DECLS

typedef struct
{
  gint64        number;           /* a tick, rising in the order of commit */
  guint         scope;
  gint64        event, endpoint;  /* keys */
  gint64        attempt;          /* 1 for the first of its delivery */
  gboolean      by_hand;
  KontorOutcome outcome;
  guint         status;           /* HTTP; 0: there was no answer */
  gint64        pending;          /* pending_webhooks as the payload said */
  gint64        created;          /* Unix seconds */
  gint64        connect_us;       /* -1: a connection was used again, or none stood */
  gint64        wait_us;          /* until the answer began; -1: it never did */
  gint64        duration_us;
  const char   *url;
  const char   *problem;          /* %NULL when it was taken */
  const char   *request_headers;  /* "Name: value" lines */
  const char   *response_headers; /* likewise; %NULL: no answer */
  const guint8 *response_body;    /* the beginning; %NULL: no answer */
  gsize         n_response_body;
} KontorAttemptRow;

gboolean kontor_store_attempt_insert (KontorStore *store,
                                      const KontorAttemptRow *row,
                                      GError **error);
/* Deletes at most @limit of those before @number. @deleted: how many there were. */
gboolean kontor_store_attempt_forget (KontorStore *store,
                                      gint64 number,
                                      guint limit,
                                      guint *deleted,
                                      GError **error);

G_END_DECLS
