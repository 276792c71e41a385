/* online.h: lists that only the server has, fetched into sheets. */
#pragma once

#include "core/console/desk.h"

G_BEGIN_DECLS

void kontor_online_fill (KontorDesk      *desk,
                         KontorScreen    *screen,
                         KontorSheet     *sheet,
                         const char      *path,
                         KontorSheetKind  kind);

G_END_DECLS
