/* client-view.h: what a customer's page may see of an object. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

const KontorObject *kontor_client_view (KontorCall *call, const KontorObject *object);

G_END_DECLS
