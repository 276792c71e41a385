/* sync-digest.h: sums by which a copy is compared with the server. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_sync_digest_routes[];

G_END_DECLS
