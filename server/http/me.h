/* me.h: what people see and set of themselves. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_me_routes[];

G_END_DECLS
