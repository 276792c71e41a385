/* snapshot.h: a replica's file, written row after row. */
#pragma once

#include "server/store/feed.h"

G_BEGIN_DECLS

typedef struct _KontorSnapshot KontorSnapshot;

KontorSnapshot *kontor_snapshot_new    (const char *path, GError **error);
gboolean        kontor_snapshot_add    (KontorSnapshot *snapshot,
                                        const KontorFeedRow *row,
                                        GError **error);
gboolean        kontor_snapshot_meta   (KontorSnapshot *snapshot,
                                        const char *name,
                                        const char *value,
                                        GError **error);
/* complete on return, but not synced: it can be made again */
gboolean        kontor_snapshot_finish (KontorSnapshot *snapshot, GError **error);
void            kontor_snapshot_free   (KontorSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorSnapshot, kontor_snapshot_free)

G_END_DECLS
