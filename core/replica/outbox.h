/* outbox.h: what people want done, kept until the server has decided, and what it decided. */
#pragma once

#include <gio/gio.h>

#include "core/replica/intent.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_QUEUED_WAITING,
  KONTOR_QUEUED_ASK,      /* the person is to say whether it is still wanted */
  KONTOR_QUEUED_SENT,     /* on its way, or sent without an answer: it may be done already */
  KONTOR_QUEUED_DONE,
  KONTOR_QUEUED_REFUSED,
  KONTOR_QUEUED_CONFLICT, /* the object is another one by now; @answer has it */
  KONTOR_QUEUED_EXPIRED,  /* came too late and was not done */
  KONTOR_QUEUED_LOST,     /* was done, and the server was restored to before that */
  KONTOR_QUEUED_DEPENDS,  /* what it depends on was not done */
  KONTOR_QUEUED_N_STATES
} KontorQueuedState;

/* One thing that is wanted. */
typedef struct
{
  gint64            n;         /* names it here, in the order in which they are sent */
  char             *op;        /* names it towards the server */
  char             *action;    /* "refund.create" */
  char             *on;        /* %NULL: about no object */
  gint64            if_v;      /* 0: whichever version it has */
  char             *args;      /* JSON object */
  char             *base;      /* JSON: the object that the person saw; %NULL: not known */
  KontorIntentClass class;
  gint64            made, confirmed, expires; /* Unix seconds */
  gint64            after;     /* depends on that one; 0: on none */
  KontorQueuedState state;
  gboolean          is_unsure; /* it may have been done */
  gboolean          is_held;   /* waits for an earlier one */
  guint             tries, status;
  char             *answer;    /* JSON of the server's; %NULL: none yet */
  char             *problem;   /* the server's or the network's; %NULL: none */
} KontorQueued;

/* A parameter of an action beside the object's own. */
typedef struct
{
  char    *field;              /* "name", "metadata[key]" */
  char    *base, *mine, *theirs; /* as text; "": nothing is there; @base is %NULL: not known */
  gboolean clashes;            /* somebody else has changed it, to something else */
} KontorCompared;

void        kontor_queued_free (KontorQueued *queued);
const char *kontor_queued_name (KontorQueuedState state);
const char *kontor_queued_why  (const KontorQueued *queued);
GPtrArray  *kontor_queued_compare (const KontorQueued *queued, gint64 *v);
char       *kontor_queued_change  (const KontorQueued *queued, GHashTable *values);

/* Signal "changed" (): something else stands in it; several changes may make one signal. What
 * another program with the same file did is noticed too. Calls are for the thread that made it. */
#define KONTOR_TYPE_OUTBOX (kontor_outbox_get_type ())
G_DECLARE_FINAL_TYPE (KontorOutbox, kontor_outbox, KONTOR, OUTBOX, GObject)

KontorOutbox *kontor_outbox_open       (const char *folder, GError **error);
const char   *kontor_outbox_client     (KontorOutbox *outbox);
char         *kontor_outbox_meta       (KontorOutbox *outbox, const char *name);
gboolean      kontor_outbox_set_meta   (KontorOutbox *outbox,
                                        const char   *name,
                                        const char   *value,
                                        GError      **error);
void          kontor_outbox_set_online (KontorOutbox *outbox, gboolean is_online);

/* What people do. Each is on disk when the call returns, or is an error. */
gint64        kontor_outbox_add        (KontorOutbox       *outbox,
                                        const KontorIntent *intent,
                                        gint64              after,
                                        GError            **error);
gboolean      kontor_outbox_edit       (KontorOutbox *outbox,
                                        gint64        n,
                                        const char   *args,
                                        gint64        if_v,
                                        GError      **error);
gboolean      kontor_outbox_confirm    (KontorOutbox *outbox,
                                        gint64        n,
                                        gint64        if_v,
                                        GError      **error);
gboolean      kontor_outbox_retry      (KontorOutbox *outbox, gint64 n, GError **error);
gboolean      kontor_outbox_discard    (KontorOutbox *outbox, gint64 n, GError **error);

GPtrArray    *kontor_outbox_list       (KontorOutbox *outbox, guint states);
KontorQueued *kontor_outbox_get        (KontorOutbox *outbox, gint64 n);
guint         kontor_outbox_count      (KontorOutbox *outbox, guint states);

/* Writes what waits to a file beside the queue in @folder. */
char         *kontor_outbox_export     (const char *folder, GError **error);

/* What becomes of them: for the one who sends. */
GPtrArray    *kontor_outbox_ready      (KontorOutbox *outbox, guint most);
GPtrArray    *kontor_outbox_done_since (KontorOutbox *outbox, gint64 since);
gboolean      kontor_outbox_sending    (KontorOutbox *outbox, const char *op, GError **error);
gboolean      kontor_outbox_not_sent   (KontorOutbox *outbox,
                                        const char   *op,
                                        gboolean      is_unsure,
                                        const char   *problem,
                                        GError      **error);
gboolean      kontor_outbox_ask        (KontorOutbox *outbox,
                                        const char   *op,
                                        const char   *problem,
                                        GError      **error);
gboolean      kontor_outbox_decide     (KontorOutbox     *outbox,
                                        const char       *op,
                                        KontorQueuedState state,
                                        guint             status,
                                        gint64            v,
                                        const char       *answer,
                                        const char       *problem,
                                        GError          **error);
gboolean      kontor_outbox_lose       (KontorOutbox *outbox, const char *op, GError **error);

/* As @states above. */
#define KONTOR_QUEUED_BIT(state) (1U << (state))
#define KONTOR_QUEUED_ANY ((1U << KONTOR_QUEUED_N_STATES) - 1)
/* Not decided: what the header of a console counts. */
#define KONTOR_QUEUED_OPEN \
  (KONTOR_QUEUED_BIT (KONTOR_QUEUED_WAITING) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_ASK) \
   | KONTOR_QUEUED_BIT (KONTOR_QUEUED_SENT) | KONTOR_QUEUED_BIT (KONTOR_QUEUED_DEPENDS))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorQueued, kontor_queued_free)

G_END_DECLS
