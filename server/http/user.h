/* user.h: people over HTTP: who works for a merchant, and as what. */
#pragma once

#include "server/http/call.h"
#include "server/store/user.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_user_routes[];

void     kontor_user_write          (const KontorUserRow *row, KontorBuffer *out);
/* [{"account":…,"name":…,"role":…,"scopes":…},…]; %FALSE: call->failure is set */
gboolean kontor_user_write_accounts (KontorCall *call, gint64 user, KontorBuffer *out);

G_END_DECLS
