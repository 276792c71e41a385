/* clock.h: moving the clock of a test server. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_clock_routes[];

G_END_DECLS
