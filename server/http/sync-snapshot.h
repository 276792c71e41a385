/* sync-snapshot.h: files to begin a copy with. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorSnapshots *kontor_snapshots_new  (KontorApi *api);
void             kontor_snapshots_stop (KontorSnapshots *snapshots);
void             kontor_snapshots_free (KontorSnapshots *snapshots);

/* The handler of GET /v1/kontor/sync/snapshot. */
gboolean         kontor_sync_snapshot_get (KontorCall *call, KontorError *error);

G_END_DECLS
