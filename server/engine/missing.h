/* missing.h: the refusal of an id that names nothing here, although it may elsewhere. */
#pragma once

#include "core/resource.h"
#include "server/store/store.h"

G_BEGIN_DECLS

gboolean kontor_missing (KontorStore *store, KontorArena *arena, const KontorResource *resource,
                         guint scope, const char *id, const char *param, KontorError *error);

G_END_DECLS
