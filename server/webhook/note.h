/* note.h: what the sender found out, on its way into the database. */
#pragma once

#include "server/engine/engine.h"
#include "server/store/attempt.h"
#include "server/store/delivery.h"
#include "server/webhook/payload.h"
#include "server/webhook/request.h"
#include "server/webhook/target.h"

G_BEGIN_DECLS

/* At most so many rows in one operation, so that no payment waits behind a long one. */
#define KONTOR_NOTE_ROWS 64

typedef enum
{
  KONTOR_NOTE_ATTEMPT, /* it was sent, and this came of it */
  KONTOR_NOTE_WAIT,    /* it has to wait: from now on it is a row */
  KONTOR_NOTE_LATE,    /* nobody could take it for so long that it is given up */
} KontorNoteKind;

typedef struct
{
  KontorNoteKind   kind;
  KontorTarget    *target;  /* the sender's; not touched while it is written */
  KontorWebhookLine      *line;    /* likewise; %NULL: it does not wait for this */
  KontorPayload   *payload; /* owned, likewise; %NULL: it came from a row */
  gint64           event, endpoint, object;
  gboolean         counts;  /* the payload waits for this note before it is no longer handed over */
  /* of an attempt */
  KontorAnswer    *answer;
  char            *url;             /* a GRefString */
  char            *request_headers;
  gint64           pending;
  gint64           created;
  gint64           retry_after_s;
  guint32          chance;
  /* what was made of it */
  KontorDeliveryState state;
  gint64           due;
  gboolean         promoted; /* the next of its line became ready */
  gboolean         gave_up;
} KontorNote;

void kontor_note_free (KontorNote *note);

/* Some notes, written together. */
typedef struct _KontorNoteOp KontorNoteOp;
struct _KontorNoteOp
{
  KontorOp              op;       /* first */
  const KontorSchedule *schedule;
  GPtrArray            *notes;    /* KontorNote */
  GArray               *health;   /* KontorWebhookHealthRow, as it is after these notes */
  GArray               *done;     /* gint64: rows of the outbox that go */
  gboolean              committed;
  gpointer              sender;
};

KontorNoteOp *kontor_note_op_new  (const KontorSchedule *schedule, gpointer sender);
void          kontor_note_op_free (KontorNoteOp *op);

G_END_DECLS
