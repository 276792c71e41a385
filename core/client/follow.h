/* follow.h: the events of an account as they happen: all of them, once each, in order. */
#pragma once

#include "core/client/client.h"

G_BEGIN_DECLS

/* All are called on the main loop of whoever began to follow. */
typedef struct
{
  void   (*event)   (const KontorValue *event, gpointer data);
  /* it follows from here on: called once, before the first event */
  void   (*begun)   (gpointer data);
  /* the server does not answer; it is asked again after @again_ms, and nothing will be missed */
  void   (*trouble) (const GError *error, guint again_ms, gpointer data);
  void   (*back)    (gpointer data);               /* it answers again */
  void   (*refused) (const GError *error, gpointer data); /* for good: nothing more comes */
  gpointer data;
} KontorFollowHandler;

typedef struct _KontorFollow KontorFollow;

KontorFollow *kontor_follow_new   (KontorClient              *client,
                                   const char                *after,
                                   const char *const         *types,
                                   const KontorFollowHandler *handler);
void          kontor_follow_pause (KontorFollow *follow, gboolean paused);
void          kontor_follow_free  (KontorFollow *follow);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorFollow, kontor_follow_free)

G_END_DECLS
