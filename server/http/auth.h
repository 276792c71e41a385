/* auth.h: turns an API key into an account, a mode and scopes. */
#pragma once

#include "server/http/api.h"
#include "server/http/worker.h"

G_BEGIN_DECLS

const char *kontor_auth_key_text (KontorArena *arena, const char *authorization);
gboolean    kontor_authenticate  (KontorCall *call, KontorWorker *worker, KontorError *error);

G_END_DECLS
