/* sync-check.h: a comparison of the copy with the server, under way. */
#pragma once

#include "core/replica/sync-private.h"
#include "core/sync.h"

G_BEGIN_DECLS

/* Each step under way holds the check, and the sync with it; a check that is given up ends with its
 * step. */
struct _KontorSyncCheck
{
  KontorSync *sync;
  GCancellable *cancellable;
  char *file;  /* of the copy */
  char **role; /* the kinds that may be seen */
  guint next;  /* of the kinds */
  const KontorSyncKind *kind;
  GArray *rows; /* of that kind: KontorReplicaSum */
  gint64 seq;
  GQueue buckets;   /* to be looked at: names */
  GPtrArray *wrong; /* buckets that differ in their rows: names */
  GArray *surplus;  /* rows that only the copy has */
  GPtrArray *pages; /* of @wrong, as they come */
  guint n_questions, n_mended;
  gboolean is_mending;
};

void kontor_sync_compare (KontorSyncCheck *check, const char *bucket, const KontorValue *said);

G_END_DECLS
