/* sync-private.h: what the files that keep a copy up to date have in common. */
#pragma once

#include "core/replica/sync.h"

G_BEGIN_DECLS

typedef struct _KontorSyncCheck KontorSyncCheck;

struct _KontorSync
{
  GObject parent_instance;
  KontorClient *client;
  KontorReplica *replica;
  GCancellable *cancellable; /* %NULL: stopped */
  GCancellable *asking;      /* of the page that is waited for; %NULL: none is */
  KontorSyncCheck *check;    /* of the copy, under way; %NULL: none is */
  gboolean is_due;           /* a check, as somebody asked for it */
  gint64 check_at;           /* when one is due in any case, in Unix seconds; 0: not yet known */
  KontorSyncState state;
  char *problem;
  char *name;     /* whose operations to tell of; %NULL: nobody's */
  char *snapshot; /* where it is put while it comes */
  double progress;
  gint64 at;
  gint64 ahead;
  guint timer, delay_ms;
  guint look; /* until the program that keeps the copy ends */
};

void kontor_sync_set_state (KontorSync *sync, KontorSyncState state, const char *problem);
void kontor_sync_trouble (KontorSync *sync, const GError *error);
gboolean kontor_sync_was_stopped (const GError *error);
void kontor_sync_note_clock (KontorSync *sync);
void kontor_sync_ask (KontorSync *sync);
void kontor_sync_fetch (KontorSync *sync);
gboolean kontor_sync_check_on (KontorSync *sync);
void kontor_sync_drop_check (KontorSync *sync);

G_END_DECLS
