/* push-private.h: what the files that send people's wishes have in common. */
#pragma once

#include "core/json.h"
#include "core/replica/push.h"

G_BEGIN_DECLS

struct _KontorPush
{
  GObject        parent_instance;
  KontorClient  *client;
  KontorOutbox  *outbox;
  KontorReplica *replica;
  GCancellable  *cancellable; /* %NULL: stopped */
  GHashTable    *under_way;   /* names of what is on its way */
  GHashTable    *held;        /* what the server failed at, by name: until which monotonic time */
  GPtrArray     *asked;       /* names to ask for; %NULL: none */
  char          *audit;       /* the epoch that @asked is for; %NULL: it is for what was sent */
  char          *epoch;       /* of the copy; %NULL: there is none */
  char          *place;       /* its account and mode, likewise */
  gboolean       has_asked;   /* for all that an earlier run had sent */
  gboolean       is_asking;
  gboolean       is_waiting;  /* for the program that sends now to end */
  char          *problem;     /* in the way of all; %NULL: nothing */
  guint          timer;       /* until then nothing is sent */
  guint          wake;        /* when something held may go */
  guint          delay_ms;
};

/* push.c: when */
void               kontor_push_work          (KontorPush *push);
void               kontor_push_set_problem   (KontorPush *push, const char *problem);
void               kontor_push_try_later     (KontorPush *push, const char *problem, guint wait_s);
void               kontor_push_wake_later    (KontorPush *push, guint delay_ms);
gboolean           kontor_push_was_stopped   (const GError *error);
void               kontor_push_check_noted   (KontorPush   *push,
                                              gboolean      noted,
                                              const GError *error);
/* push-send.c: sending */
void               kontor_push_send          (KontorPush *push);
/* push-ask.c: asking what became of it */
void               kontor_push_ask_for       (KontorPush *push, GPtrArray *asked, char *audit);
gboolean           kontor_push_begin_asking  (KontorPush *push);
gboolean           kontor_push_is_stale      (const KontorQueued *queued);
/* push-answer.c: reading what the server says */
const char        *kontor_push_text          (const KontorValue *object, const char *name);
const KontorValue *kontor_push_member        (const KontorValue *object, const char *name);
gboolean           kontor_push_take_decision (KontorPush        *push,
                                              const char        *op,
                                              const char        *state,
                                              guint              status,
                                              const KontorValue *answer);
gboolean           kontor_push_take_answer   (KontorPush *push,
                                              const char *op,
                                              guint       status,
                                              const char *body,
                                              gsize       length);
void               kontor_push_take_ack      (KontorPush *push, const char *line);

/* So that many consoles that lost one server do not come back at once. */
static inline guint
kontor_push_by_chance (guint longest_ms)
{
  return longest_ms / 2 + (guint) g_random_int_range (0, (gint32) longest_ms / 2);
}

G_END_DECLS
