/* balance.h: what a merchant has with us, added up from the ledger. */
#pragma once

#include "core/resources/balance.h"
#include "server/store/store.h"

G_BEGIN_DECLS

KontorBalance *kontor_balance_read (KontorStore *store,
                                    KontorArena *arena,
                                    guint scope,
                                    GError **error);

G_END_DECLS
