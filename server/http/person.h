/* person.h: turns a session's token into a person, a merchant, a mode and what their role may. */
#pragma once

#include "server/http/api.h"
#include "server/http/worker.h"

G_BEGIN_DECLS

gboolean kontor_authenticate_person (KontorCall *call,
                                     KontorWorker *worker,
                                     const char *token,
                                     KontorError *error);
/* @user is who makes @call from now on. */
void        kontor_person_become    (KontorCall *call, const KontorUserRow *user, gint64 session);
/* "ses_12" of a number, and back: 0 when it is none */
const char *kontor_session_id       (KontorArena *arena, gint64 number);
gint64      kontor_session_number   (const char *id);

G_END_DECLS
