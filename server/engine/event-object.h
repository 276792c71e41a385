/* event-object.h: an event as the API and webhooks show it. */
#pragma once

#include "core/resources/event.h"
#include "server/store/event.h"

G_BEGIN_DECLS

#define KONTOR_EVENT_API_VERSION "2026-10-28.endive"

KontorEvent *kontor_event_show (KontorStore *store,
                                KontorArena *arena,
                                const KontorEventRow *row,
                                GError **error);

G_END_DECLS
