/* audit-log.h: who did what, over HTTP. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_audit_log_routes[];

G_END_DECLS
