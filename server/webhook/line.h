/* line.h: events about one object on their way to one endpoint, as far as they are in memory. */
#pragma once

#include "server/webhook/payload.h"
#include "server/webhook/request.h"
#include "server/webhook/target.h"
#include "server/webhook/webhooks.h"

G_BEGIN_DECLS

typedef struct
{
  KontorWebhookLine     *line;
  KontorPayload  *payload;
  gint64          queued_us; /* monotonic */
  gboolean        has_row;   /* or a note on its way makes one */
  /* while it is sent */
  KontorWebhooks *sender;
  KontorPost     *post;      /* %NULL: not now */
  GList           link;      /* among the requests under way */
  gboolean        doubtful;  /* it counts as one whose endpoint may not answer */
  gboolean        fresh;     /* begun a moment ago */
  GList           fresh_link;
  gint64          created;   /* Unix seconds: when it was sent */
  char           *url;       /* a GRefString */
  char           *headers;
} KontorDelivery;

/* A line is in memory while its first is to be sent soon or is being sent, and until what is
 * known of it stands in rows. */
struct _KontorWebhookLine
{
  gint64          endpoint, object; /* first: the key of the table */
  KontorTarget   *target;
  KontorWebhookLine     *next, *previous;  /* of the target */
  KontorDelivery *first;            /* %NULL: only notes are on their way */
  GQueue          waiting;          /* KontorDelivery behind it, none with a row */
  gboolean        queued;           /* in the target's queue */
  gboolean        in_rows;          /* what comes behind is to become a row at once */
  gboolean        passed_over;      /* a row of it was seen and left to it: look again afterwards */
  guint           notes;            /* not committed */
};

GHashTable     *kontor_lines_new  (void);
KontorWebhookLine     *kontor_line_find  (GHashTable *lines, gint64 endpoint, gint64 object);
KontorWebhookLine     *kontor_line_make  (GHashTable *lines, KontorTarget *target, gint64 object);
/* Forgets it when nothing is left of it. */
void            kontor_line_drop  (GHashTable *lines, KontorWebhookLine *line);

KontorDelivery *kontor_delivery_new  (KontorPayload *payload, gboolean has_row);
void            kontor_delivery_free (KontorDelivery *delivery);

G_END_DECLS
