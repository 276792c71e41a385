/* account.h: the rules of a merchant's own account. */
#pragma once

#include "core/resources/account.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* A new account in the unit of work's scope, which must be an even one of its own. */
KontorAccount *kontor_account_create (KontorTx *tx, const char *name);
/* Whose scope, test or live, it is: for reads from any connection. */
KontorAccount *kontor_account_of     (KontorStore *store, KontorArena *arena, guint scope,
                                      GError **error);
/* How long its money waits is the operator's to say, and may change under it. */
void           kontor_account_refresh (KontorAccount *account, const KontorSettings *settings);
gboolean       kontor_account_update (KontorTx *tx, KontorAccount *account,
                                      const KontorValue *params, KontorError *error);

G_END_DECLS
