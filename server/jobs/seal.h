/* seal.h: folds what was committed into signed blocks, so that it cannot be altered unnoticed. */
#pragma once

#include "server/engine/engine.h"

G_BEGIN_DECLS

gboolean kontor_seal_run (KontorEngine *engine, KontorStore *reader, const char *data_dir,
                          gint64 now, gboolean *has_more, GError **error);

G_END_DECLS
