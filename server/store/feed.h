/* feed.h: what is new in the database since somebody last looked, for copies of it. */
#pragma once

#include "core/sync.h"
#include "server/store/store.h"

G_BEGIN_DECLS

/* Where a copy stands: how far of each source of rows it has read. Each of them rises in the
 * order of commit, but for requests (see server/http/pending.c). */
typedef struct
{
  gint64 version;   /* versions.seq */
  gint64 event;     /* events.key */
  gint64 request;   /* requests.key */
  gint64 attempt;   /* webhook_attempts.number */
  gint64 entry;     /* entries.number */
  gint64 notice;    /* notices.change */
  gint64 audit;     /* audit_log.number */
  gint64 op;        /* ops.number */
} KontorFeedPosition;

typedef struct
{
  const KontorSyncKind *kind;
  gint64      number;    /* tick of the id, or the number in it */
  const char *id;
  gint64      version;   /* 0: such rows never change; of a notice notices.change */
  gint64      created;
  gboolean    gone;      /* deleted: no body */
  const char *body;
  gsize       length;
} KontorFeedRow;

/* %FALSE: enough. That row was taken all the same. */
typedef gboolean (*KontorFeedFunc) (const KontorFeedRow *row, gpointer data);

/* What is read, and from where. */
typedef struct
{
  guint          scope;
  guint64        kinds;      /* bits of KontorSyncKind that are wanted */
  guint          most;       /* rows looked at, at most; others' rows count too */
  KontorFeedFunc each;
  gpointer       data;
} KontorFeedQuery;

/* Objects in the order of their last change: only what is their newest state now. */
gboolean kontor_store_feed_objects (KontorStore *store,
                                    const KontorFeedQuery *query,
                                    gint64 *position,
                                    gboolean *more,
                                    GError **error);
/* What was added to a stream, up to @until. */
gboolean kontor_store_feed_stream  (KontorStore *store,
                                    const KontorFeedQuery *query,
                                    guint kind,
                                    gint64 *position,
                                    gint64 until,
                                    gboolean *more,
                                    GError **error);
/* All objects of @kind whose ticks are from @first to @last, deleted ones left out, in their
 * order. */
gboolean kontor_store_feed_all     (KontorStore *store,
                                    const KontorFeedQuery *query,
                                    guint kind,
                                    gint64 first,
                                    gint64 last,
                                    GError **error);
/* Where everything stands now. */
gboolean kontor_store_feed_now     (KontorStore *store,
                                    guint scope,
                                    KontorFeedPosition *position,
                                    GError **error);
/* The first and the last version that the log holds; 0 when it is empty. */
gboolean kontor_store_feed_bounds  (KontorStore *store,
                                    gint64 *first,
                                    gint64 *last,
                                    GError **error);
/* Where a stream stood @n rows ago. */
gboolean kontor_store_feed_back    (KontorStore *store,
                                    guint scope,
                                    guint kind,
                                    guint n,
                                    gint64 *position,
                                    GError **error);

G_END_DECLS
