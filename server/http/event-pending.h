/* event-pending.h: how many webhook endpoints have not taken an event yet. */
#pragma once

#include "core/resources/event.h"
#include "server/http/call.h"

G_BEGIN_DECLS

typedef struct _KontorWanting KontorWanting;

/* Fills in pending_webhooks of an event of the call's scope. */
gboolean kontor_call_pending (KontorCall *call, KontorEvent *event);
void     kontor_wanting_free (KontorWanting *wanting);

G_END_DECLS
