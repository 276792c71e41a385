/* sync.h: what consoles copy: pages of the feed, the rows of a snapshot, sums to compare. */
#pragma once

#include "core/buffer.h"
#include "server/store/feed.h"
#include "server/store/snapshot.h"

G_BEGIN_DECLS

/* Whose copy, and what it may hold. */
typedef struct
{
  guint   scope;
  guint64 kinds;   /* bits of KontorSyncKind */
  const gint *cancel; /* atomic: raised when nobody wants a snapshot any more; may be %NULL */
} KontorSyncView;

/* A page of the feed, in lines of JSON. */
typedef struct
{
  guint         limit;
  gint64        certain_request; /* no request up to this key is still to be logged */
  const char   *client;          /* whose operations are told; %NULL: nobody's */
  KontorArena  *arena;           /* for the work; may be %NULL without @client */
  KontorBuffer *out;
  guint         n_lines;         /* out */
  guint         n_telling;       /* out: of these, such as are worth waking somebody */
  gboolean      more;            /* out */
} KontorSyncPage;

gboolean kontor_sync_page     (KontorStore *store,
                               const KontorSyncView *view,
                               KontorFeedPosition *position,
                               KontorSyncPage *page,
                               GError **error);
/* Everything that there is now, and of streams what is newest. */
gboolean kontor_sync_snapshot (KontorStore *store,
                               const KontorSyncView *view,
                               KontorSnapshot *snapshot,
                               KontorFeedPosition *position,
                               GError **error);

/* What a copy should hold of a kind between two ticks. */
gboolean kontor_sync_rows     (KontorStore *store,
                               const KontorSyncView *view,
                               guint kind,
                               gint64 first,
                               gint64 last,
                               KontorSyncPage *page,
                               GError **error);

/* Rows, and the sum of their digests modulo 2⁶⁴. */
typedef struct
{
  guint   n;
  guint64 sum;
} KontorSyncSum;

typedef void (*KontorSyncSumFunc) (const KontorFeedRow *row, guint64 digest, gpointer data);

gboolean kontor_sync_sums     (KontorStore *store,
                               const KontorSyncView *view,
                               guint kind,
                               gint64 first,
                               gint64 last,
                               KontorSyncSumFunc each,
                               gpointer data,
                               GError **error);
/* What a copy is given of a body. */
void     kontor_sync_body     (guint kind,
                               const char *body,
                               gsize length,
                               KontorBuffer *out);

G_END_DECLS
