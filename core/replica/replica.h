/* replica.h: a console's copy of one account in one mode, in a folder of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One program at a time writes to a copy: the one that got its lock. Others read it. All calls are
 * for one thread at a time. */
typedef struct _KontorReplica KontorReplica;

/* What became of a copy that another program writes to. */
typedef enum
{
  KONTOR_REPLICA_SAME,
  KONTOR_REPLICA_HEARD,    /* the server was heard, and nothing was new */
  KONTOR_REPLICA_CHANGED,  /* in the rows that are named */
  KONTOR_REPLICA_REPLACED, /* in whatever it may be */
} KontorReplicaNews;

KontorReplica *kontor_replica_open     (const char *folder, GError **error);
void           kontor_replica_free     (KontorReplica *replica);
gboolean       kontor_replica_is_ours  (const KontorReplica *replica);
const char    *kontor_replica_folder   (const KontorReplica *replica);
const char    *kontor_replica_file     (const KontorReplica *replica);
/* Whether there is a copy that this program understands. */
gboolean       kontor_replica_is_there (const KontorReplica *replica);
char          *kontor_replica_meta     (KontorReplica *replica, const char *name);

/* What another thread, or program, may ask at any time. */
char          *kontor_replica_peek     (const KontorReplica *replica, const char *name);
gint64         kontor_replica_version  (const KontorReplica *replica, const char *id);

/* Checks a snapshot and puts it in the place of the copy, whole or not at all. */
gboolean       kontor_replica_install  (KontorReplica *replica,
                                        const char    *snapshot,
                                        GError       **error);
/* Applies a page of the feed, rows and cursor in one transaction. */
gboolean       kontor_replica_apply    (KontorReplica *replica,
                                        const char    *page,
                                        gsize          length,
                                        GArray        *keys,
                                        gboolean      *more,
                                        GError       **error);
/* For those who compare it with the server. */
typedef struct
{
  gint64  key, v;
  guint64 digest;
} KontorReplicaSum;

gboolean       kontor_replica_is_whole (const char *file);
GArray        *kontor_replica_sums     (const char *file,
                                        guint       kind,
                                        gint64     *seq,
                                        GError    **error);
/* Puts right what was found wrong, in one transaction. */
gboolean       kontor_replica_mend     (KontorReplica   *replica,
                                        const GPtrArray *pages,
                                        const GArray    *surplus,
                                        GArray          *keys,
                                        GError         **error);
gboolean       kontor_replica_note_check (KontorReplica *replica, gint64 at, GError **error);

/* Forgets the copy. */
gboolean       kontor_replica_wipe     (KontorReplica *replica, GError **error);

/* For those who only read: what the other program did, and its place when it has ended. */
KontorReplicaNews kontor_replica_look  (KontorReplica *replica, GArray *keys);
gboolean       kontor_replica_take_over (KontorReplica *replica);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorReplica, kontor_replica_free)

G_END_DECLS
