/* op.h: the routes by which consoles have things done, once each. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_op_routes[];

G_END_DECLS
