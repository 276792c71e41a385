/* pending.h: up to when the request log is complete. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorPending *kontor_pending_new     (void);
gint64         kontor_pending_enter   (KontorPending *pending, gint64 now);
/* nothing happens when @since is 0, which it is afterwards */
void           kontor_pending_leave   (KontorPending *pending, gint64 *since);
gint64         kontor_pending_certain (KontorPending *pending, KontorIds *ids, gint64 now);

G_END_DECLS
