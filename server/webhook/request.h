/* request.h: one POST to a webhook endpoint, within bounds of time and size. */
#pragma once

#include <libsoup/soup.h>
#include "server/store/webhook.h"

G_BEGIN_DECLS

#define KONTOR_ANSWER_KEPT 2048

typedef struct _KontorPost KontorPost;

typedef struct
{
  GUri            *uri;
  GBytes          *body;
  const char      *headers;  /* "Name: value" lines; outlive the request */
  const GPtrArray *allow;    /* networks that need not be public; %NULL: none */
} KontorPostSpec;

/* What came of it. */
typedef struct
{
  KontorOutcome outcome;
  guint         status;        /* 0: no answer */
  char         *problem;       /* %NULL when it was taken */
  char         *headers;       /* of the answer; %NULL: none */
  char         *retry_after;   /* %NULL: not said */
  GByteArray   *body;          /* the beginning; %NULL: none */
  gint64        connect_us;    /* -1: no new connection stood */
  gint64        wait_us;       /* -1: no answer */
  gint64        duration_us;
} KontorAnswer;

/* @answer is the receiver's from now on; @post is gone when this returns. */
typedef void (*KontorPostDone) (KontorPost *post, KontorAnswer *answer, gpointer data);

SoupSession *kontor_post_session (guint connections);
KontorPost  *kontor_post_send    (SoupSession *session,
                                  const KontorPostSpec *spec,
                                  KontorPostDone done,
                                  gpointer data);
gint64       kontor_post_began   (const KontorPost *post); /* monotonic microseconds */
/* It has lasted too long: what has not come does not count. @done is called soon. */
void         kontor_post_expire  (KontorPost *post);
void         kontor_answer_free  (KontorAnswer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorAnswer, kontor_answer_free)

G_END_DECLS
