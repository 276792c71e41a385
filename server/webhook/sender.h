/* sender.h: what the parts of the sender share; all of it belongs to the sender's thread. */
#pragma once

#include "server/webhook/heap.h"
#include "server/webhook/line.h"
#include "server/webhook/note.h"
#include "server/webhook/webhooks.h"

G_BEGIN_DECLS

/* Deliveries that are in memory alone; what comes beyond waits in the outbox, or as rows. */
#define KONTOR_SENDER_MAX_WAITING 4096
/* What is on its way to becoming rows: most of these notes are small. */
#define KONTOR_SENDER_MAX_NOTES 16384
#define KONTOR_SENDER_MAX_RECENT 256
/* libsoup looks through all connections to a host, and asks the kernel about each, before it begins
 * a request: thousands of endpoints may share one. So they share sessions by their keys. */
#define KONTOR_SENDER_SESSION_BITS 4
#define KONTOR_SENDER_SESSIONS (1 << KONTOR_SENDER_SESSION_BITS)

/* Since the start; each is atomic. */
typedef struct
{
  guint64 attempts[KONTOR_N_OUTCOMES];
  guint64 given_up;
  guint64 under_way; /* now */
  guint64 queued;    /* now, in memory */
  guint64 lag_s;     /* now: how long the one that waits longest has been due */
} KontorSenderFigures;

struct _KontorWebhooks
{
  /* for any thread */
  GThread      *thread;
  GMainContext *context;
  GSource      *work;       /* ready when there may be something to do */
  gint          news;       /* atomic: KontorCommit */
  GMutex        lock;
  GCond         idle;
  guint64       rounds;     /* under lock: how often there was nothing left to do */
  KontorSenderFigures figures;

  /* given */
  KontorEngine                *engine;
  KontorClock                 *clock;
  const KontorWebhookSettings *settings;
  const KontorVault           *vault;
  const GPtrArray             *allow;
  char                        *user_agent;

  /* of the thread */
  KontorStore   *reader;
  SoupSession   *sessions[KONTOR_SENDER_SESSIONS];
  KontorTargets *targets;
  GPtrArray     *heap;
  GHashTable    *lines;
  guint          n_waiting;
  gint64         last_spill;     /* monotonic: when old ones were last looked for */
  gint64         lag_looked_s;   /* of the clock: when the lag was last looked at */
  gboolean       asked;          /* somebody waits until all that is due is done */
  gboolean       stopping, abandoned, ended;
  gint64         stop_us;        /* monotonic: when it was told to stop */

  /* handover.c: from the outbox to the lines */
  gint64         last_outbox;    /* the last row that was read */
  gint64         recover_until;  /* rows up to here may have been handed over before */
  gboolean       outbox_more;    /* there may be more rows */
  KontorPayload *fan;            /* what is being handed over; %NULL: nothing is */
  GPtrArray     *fan_targets;
  guint          fan_next;

  /* dispatch.c, attempt.c: from the lines to the network */
  GQueue         posts;          /* KontorDelivery under way, the oldest first */
  guint          n_doubtful;
  /* those of them begun a moment ago: to endpoints that answer, others */
  GQueue         fresh[2];
  GQueue         starving[2];    /* KontorTarget: those that answer, the doubtful ones */
  KontorPayload *recent[KONTOR_SENDER_MAX_RECENT]; /* rendered a moment ago for a row */
  gint64         recent_us[KONTOR_SENDER_MAX_RECENT];

  /* writer.c: from what is known to rows */
  GQueue         notes;          /* KontorNote */
  GArray        *handed_over;    /* gint64: rows of the outbox that may go */
  guint          n_ops;
  GQueue         failed;         /* KontorNoteOp that were not committed, in order */
  gint64         retry_us;       /* monotonic: when these are tried again */
  GQueue         canceling;      /* KontorTarget of which all that is open goes */
  guint          n_other_ops;
  gboolean       cancel_runs;

  /* prune.c: forgetting */
  gint64         prune_us;       /* of the clock: when next */
  gboolean       pruning;
};

/* sender.c */
void     kontor_sender_wake      (KontorWebhooks *sender);
gint64   kontor_sender_now_us    (KontorWebhooks *sender); /* of the clock */

/* handover.c */
void     kontor_handover_start      (KontorWebhooks *sender);
void     kontor_handover_look_again (KontorWebhooks *sender);
void     kontor_handover_run        (KontorWebhooks *sender);
gboolean kontor_handover_has_room   (const KontorWebhooks *sender);
gboolean kontor_handover_is_spoilt  (const GError *error);

/* dispatch.c */
void     kontor_dispatch_add        (KontorWebhooks *sender,
                                     KontorTarget *target,
                                     KontorPayload *payload);
void     kontor_dispatch_pump       (KontorWebhooks *sender, KontorTarget *target);
void     kontor_dispatch_due        (KontorWebhooks *sender);
gboolean kontor_dispatch_keep       (KontorWebhooks *sender,
                                     KontorWebhookLine *line,
                                     KontorPayload *payload,
                                     gint64 due);
void     kontor_dispatch_spill      (KontorWebhooks *sender, KontorTarget *target);
void     kontor_dispatch_spill_old  (KontorWebhooks *sender);
gint64   kontor_dispatch_spill_every_us (const KontorWebhooks *sender);
void     kontor_dispatch_unload     (KontorWebhooks *sender, KontorTarget *target);
void     kontor_dispatch_ended      (KontorWebhooks *sender,
                                     KontorDelivery *delivery,
                                     gboolean taken);

/* attempt.c */
gboolean kontor_attempt_has_slot    (KontorWebhooks *sender, KontorTarget *target);
gint64   kontor_attempt_age      (KontorWebhooks *sender);
gboolean kontor_attempt_begin       (KontorWebhooks *sender,
                                     KontorDelivery *delivery,
                                     gboolean *spoilt);
void     kontor_attempt_expire      (KontorWebhooks *sender);
void     kontor_attempt_abandon     (KontorWebhooks *sender);
gboolean kontor_target_is_doubtful  (const KontorTarget *target);

/* writer.c */
void     kontor_writer_wait         (KontorWebhooks *sender,
                                     KontorWebhookLine *line,
                                     KontorDelivery *delivery);
void     kontor_writer_late         (KontorWebhooks *sender, KontorWebhookLine *line, gint64 event);
void     kontor_writer_attempt      (KontorWebhooks *sender,
                                     KontorDelivery *delivery,
                                     KontorAnswer *answer);
void     kontor_writer_handed_over  (KontorWebhooks *sender, KontorPayload *payload);
void     kontor_writer_cancel       (KontorWebhooks *sender, KontorTarget *target);
void     kontor_writer_flush        (KontorWebhooks *sender);
gboolean kontor_writer_is_idle      (const KontorWebhooks *sender);

/* prune.c */
void     kontor_prune_run           (KontorWebhooks *sender);

/* trouble.c */
void     kontor_trouble_check       (KontorWebhooks *sender,
                                     KontorTarget *target,
                                     KontorOutcome outcome);

G_END_DECLS
