/* recovery.h: codes for somebody who has lost the second factor, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

/* takes the place of all there were; @n 0: none are left */
gboolean kontor_store_recovery_replace (KontorStore  *store,
                                        gint64        user,
                                        const guint8 (*hashes)[32],
                                        guint         n,
                                        GError      **error);
gboolean kontor_store_recovery_use     (KontorStore  *store,
                                        gint64        user,
                                        const guint8  hash[32],
                                        gint64        now,
                                        gboolean     *used,
                                        GError      **error);
gboolean kontor_store_recovery_left    (KontorStore *store, gint64 user, gint64 *n, GError **error);

G_END_DECLS
