/* account.h: the merchants on this server, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

/* Accounts are numbered from 1; their scopes are number << 1 (test) and number << 1 | 1 (live). */
gboolean kontor_store_n_accounts     (KontorStore *store, guint *n, GError **error);
/* "" when there is no such account */
gboolean kontor_store_account_id     (KontorStore *store,
                                      KontorArena *arena,
                                      guint number,
                                      const char **id,
                                      GError **error);
gboolean kontor_store_account_number (KontorStore *store,
                                      const char *id,
                                      guint *number,
                                      gboolean *found,
                                      GError **error);

G_END_DECLS
