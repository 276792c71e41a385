/* audit-seal.h: signs the end of the audit log, so that it cannot be cut off or made anew. */
#pragma once

#include "server/engine/engine.h"

G_BEGIN_DECLS

gboolean kontor_audit_seal_run (KontorEngine *engine,
                                KontorStore *reader,
                                const char *data_dir,
                                gint64 now,
                                GError **error);

G_END_DECLS
