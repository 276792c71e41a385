/* desk.h: one account of one server in one mode, as a console works with it. */
#pragma once

#include "core/client/profile.h"
#include "core/console/chart.h"
#include "core/console/notify.h"
#include "core/console/screen.h"
#include "core/console/settings.h"
#include "core/replica/push.h"

G_BEGIN_DECLS

/* Signals:
 * "news" (const KontorNotification *notification): something that a person should be told of
 * "changed" (): what the bars of a console say is another: the sync's state, the queue */
#define KONTOR_TYPE_DESK (kontor_desk_get_type ())
G_DECLARE_FINAL_TYPE (KontorDesk, kontor_desk, KONTOR, DESK, GObject)

KontorDesk          *kontor_desk_new     (KontorProfile *profile,
                                          const char    *folder,
                                          GError       **error);
void                 kontor_desk_set_settings (KontorDesk *desk, KontorSettings *settings);
void                 kontor_desk_start   (KontorDesk *desk);
void                 kontor_desk_stop    (KontorDesk *desk);
void                 kontor_desk_refresh (KontorDesk *desk, KontorScreen *screen);

const KontorProfile *kontor_desk_profile (KontorDesk *desk);
KontorClient        *kontor_desk_client  (KontorDesk *desk);
GCancellable        *kontor_desk_cancellable (KontorDesk *desk); /* of all that it asks */
KontorReplica       *kontor_desk_replica (KontorDesk *desk);
KontorSync          *kontor_desk_sync    (KontorDesk *desk);
KontorOutbox        *kontor_desk_outbox  (KontorDesk *desk); /* %NULL: it cannot be written */
const char          *kontor_desk_problem (KontorDesk *desk); /* why that is so; else %NULL */
const KontorFormat  *kontor_desk_format  (KontorDesk *desk);
KontorSettings      *kontor_desk_settings (KontorDesk *desk); /* %NULL: everything as at first */
KontorShelf         *kontor_desk_shelf   (KontorDesk *desk); /* of the copy */
KontorScreen        *kontor_desk_screen  (KontorDesk *desk,
                                          const KontorScreenDeclaration *declaration);
KontorItem          *kontor_desk_load    (KontorDesk *desk, gint64 key);
const KontorRecord  *kontor_desk_record  (KontorDesk *desk, KontorItem *item);
const char          *kontor_desk_fetch   (KontorDesk *desk, const char *path);
GPtrArray           *kontor_desk_charts  (KontorDesk *desk,
                                          const KontorScreenDeclaration *declaration);
const KontorScreenDeclaration *kontor_desk_find (KontorDesk *desk, const char *id);

gboolean             kontor_desk_is_online     (KontorDesk *desk);
const char          *kontor_desk_actor         (KontorDesk *desk); /* id of who works here */
gboolean             kontor_desk_may           (KontorDesk *desk, const char *scope);
gboolean             kontor_desk_is_in_trouble (KontorDesk *desk);
char                *kontor_desk_state         (KontorDesk *desk);
gboolean             kontor_desk_read_only     (KontorDesk *desk);
void                 kontor_desk_set_read_only (KontorDesk *desk, gboolean read_only);

G_END_DECLS
