/* rights.h: what the server lets whoever works here do, so that the rest can be greyed. */
#pragma once

#include "core/client/client.h"
#include "core/client/profile.h"
#include "core/replica/outbox.h"

G_BEGIN_DECLS

typedef struct _KontorRights KontorRights;

KontorRights *kontor_rights_new  (const KontorProfile *profile, KontorOutbox *outbox);
void          kontor_rights_free (KontorRights *rights);
void          kontor_rights_ask  (KontorRights *rights,
                                  KontorClient *client,
                                  GCancellable *cancellable);
const char   *kontor_rights_actor (const KontorRights *rights);
gboolean      kontor_rights_may  (const KontorRights *rights, const char *scope);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorRights, kontor_rights_free)

G_END_DECLS
