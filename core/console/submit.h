/* submit.h: what a person decided on, as a call to the server. */
#pragma once

#include "core/client/client.h"
#include "core/console/form.h"

G_BEGIN_DECLS

KontorClientCall *kontor_intent_call (const KontorIntent *intent, GError **error);

G_END_DECLS
