/* place.h: where a console shows what an id names. */
#pragma once

#include "core/console/desk.h"

G_BEGIN_DECLS

char *kontor_desk_row_of (KontorDesk *desk, const char *id);

G_END_DECLS
