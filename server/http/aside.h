/* aside.h: threads for what takes too long for the engine and for the threads of sockets. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorAside *kontor_aside_new  (KontorApi *api);
/* finishes what it took on */
void         kontor_aside_free (KontorAside *aside);
/* @call goes on in the engine afterwards, or is finished with its refusal */
void         kontor_aside_push (KontorAside *aside, KontorCall *call);

G_END_DECLS
