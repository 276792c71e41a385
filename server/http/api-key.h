/* api-key.h: API keys over HTTP. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_api_key_routes[];

G_END_DECLS
