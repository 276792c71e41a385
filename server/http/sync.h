/* sync.h: what the routes of sync share: who sees what, and where a copy stands. */
#pragma once

#include "server/engine/sync.h"
#include "server/http/api.h"

G_BEGIN_DECLS

/* What the caller's copy may hold. */
void        kontor_sync_view         (const KontorCall *call, KontorSyncView *view);

/* A position as text that only this server can make; in the call's arena. */
const char *kontor_sync_cursor_write (KontorApi *api,
                                      KontorArena *arena,
                                      const char *epoch,
                                      const KontorSyncView *view,
                                      const KontorFeedPosition *position);
/* %FALSE: @error says so, or the reply asks for a new snapshot, and @gone is set. */
gboolean    kontor_sync_cursor_read  (KontorCall *call,
                                      const char *text,
                                      const char *epoch,
                                      const KontorSyncView *view,
                                      KontorFeedPosition *position,
                                      gboolean *gone,
                                      KontorError *error);

extern const KontorRoute kontor_sync_routes[];

G_END_DECLS
