/* event.h: what routes that speak of events share. */
#pragma once

#include "server/http/call.h"
#include "server/store/event.h"

G_BEGIN_DECLS

gboolean kontor_call_event       (KontorCall *call,
                                  const char *id,
                                  const char *param,
                                  KontorEventRow *row,
                                  KontorError *error);
gboolean kontor_call_event_types (KontorCall *call, gint64 *types, KontorError *error);

G_END_DECLS
