/* reply.h: writes what was found out as the body and the status of a reply. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

void kontor_reply_error   (KontorCall *call, const KontorError *error);
void kontor_reply_failure (KontorCall *call, KontorErrorCode code);
void kontor_reply_object  (KontorCall *call,
                           const KontorObject *object,
                           const KontorExpand *expand);

G_END_DECLS
