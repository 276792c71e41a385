/* session.h: sessions over HTTP: signing in and out. */
#pragma once

#include "server/http/call.h"
#include "server/store/user.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_session_routes[];

/* Begins one for @user, and makes the reply: with the token, which is shown this once. */
gboolean kontor_session_begin (KontorCall *call, const KontorUserRow *user);

G_END_DECLS
