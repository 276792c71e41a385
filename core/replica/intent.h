/* intent.h: what a person wants done, as a form hands it over. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far an action may go without the server. Numbers stand in files. */
typedef enum
{
  KONTOR_INTENT_HARMLESS,
  KONTOR_INTENT_EDIT,
  KONTOR_INTENT_MONEY,  /* queued with an expiry, asked again, never shown as done */
  KONTOR_INTENT_ONLINE, /* never without the server */
} KontorIntentClass;

/* What a person wants done, ready for the outbox. */
typedef struct
{
  char             *op;      /* "refund.create" */
  char             *on;      /* the object's id; %NULL: it is about none */
  gint64            if_v;    /* the version it was decided upon; 0: whichever it is */
  char             *args;    /* JSON object */
  char             *base;    /* the object's body as the person saw it; %NULL: not known */
  KontorIntentClass class;
  gint64            replaces; /* takes the place of that one in the queue; 0: of none */
} KontorIntent;

void kontor_intent_free (KontorIntent *intent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorIntent, kontor_intent_free)

G_END_DECLS
