/* sync.h: what a server and its consoles must say alike about copies of the data. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

/* Of the replica's tables and of the feed's lines; another one wants a new snapshot. */
#define KONTOR_SYNC_SCHEMA 1

/* Streams of ours, which a copy holds beside the API's objects; numbers stand in files, as those
 * of KontorKind. What was written once stays as it is, but for a notice: somebody dismisses it. */
typedef enum
{
  KONTOR_STREAM_REQUEST_LOG = 64,
  KONTOR_STREAM_WEBHOOK_ATTEMPT = 66,
  KONTOR_STREAM_AUDIT_ENTRY = 67,
  KONTOR_STREAM_LEDGER_ENTRY = 68,
  KONTOR_STREAM_NOTICE = 69,
} KontorStream;

/* One kind of row of a copy. */
typedef struct
{
  guint       kind;         /* KontorKind or KontorStream */
  const char *name;         /* "charge": "t" of a line */
  gboolean    has_versions; /* it changes, and each change has a number */
  guint       bit;          /* of a mask of kinds */
} KontorSyncKind;

const KontorSyncKind *kontor_sync_kinds     (guint *n);
const KontorSyncKind *kontor_sync_kind      (guint kind);
const KontorSyncKind *kontor_sync_kind_find (const char *name);
/* the row of the replica's table in which it stands; -1 when @id is not one of that kind's */
gint64                kontor_sync_row       (guint kind, const char *id);
/* adds one row to the sum of a bucket */
guint64               kontor_sync_digest    (const char *id,
                                             gint64      v,
                                             const char *body,
                                             gsize       length);

G_END_DECLS
