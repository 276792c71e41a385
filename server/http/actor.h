/* actor.h: who it is that makes a call, by id and by name. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

typedef struct
{
  const char *kind; /* "user", "key" */
  const char *id;   /* "user_…", "key_3" */
  const char *name; /* a person's address, or what the key is called */
} KontorActor;

gboolean kontor_call_actor    (KontorCall *call, KontorActor *actor);
/* Whether they may change what somebody else left there. */
gboolean kontor_call_is_admin (const KontorCall *call);

G_END_DECLS
