/* sync.h: keeps a copy up to date: snapshot, feed, what to do without the server. */
#pragma once

#include "core/client/client.h"
#include "core/replica/replica.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_SYNC_STOPPED,
  KONTOR_SYNC_FETCHING,  /* a snapshot is on its way */
  KONTOR_SYNC_CATCHING_UP,
  KONTOR_SYNC_CURRENT,   /* the copy is the server's state; changes come as they happen */
  KONTOR_SYNC_OFFLINE,   /* the server cannot be reached; tried again by itself */
  KONTOR_SYNC_REFUSED,   /* the server does not want this key any more; the person must act */
  KONTOR_SYNC_READING,   /* another program keeps this copy; it is only read here */
  KONTOR_SYNC_FULL,      /* it cannot be written to: a full disk */
} KontorSyncState;

#define KONTOR_TYPE_SYNC (kontor_sync_get_type ())
G_DECLARE_FINAL_TYPE (KontorSync, kontor_sync, KONTOR, SYNC, GObject)

/* Signals, on the main loop of whoever made it:
 * "replaced" (): the copy is another one now, read everything anew
 * "changed" (GArray *keys): rows (gint64) that changed or are gone
 * "acked" (const char *line): what became of an operation of this console's, as the feed says it
 * "verified" (guint rows, const char *problem): the copy was compared with the server, and so many
 *   rows were wrong and are mended; or it could not be compared, and why
 * "state" (): see the functions below */
KontorSync     *kontor_sync_new      (KontorClient *client, KontorReplica *replica);
void            kontor_sync_set_name (KontorSync *sync, const char *name);
void            kontor_sync_start    (KontorSync *sync);
void            kontor_sync_stop     (KontorSync *sync);
void            kontor_sync_now      (KontorSync *sync);
gboolean        kontor_sync_verify   (KontorSync *sync);

KontorSyncState kontor_sync_state    (KontorSync *sync);
const char     *kontor_sync_problem  (KontorSync *sync);
gint64          kontor_sync_at       (KontorSync *sync);
double          kontor_sync_progress (KontorSync *sync);
gint64          kontor_sync_ahead    (KontorSync *sync);

G_END_DECLS
