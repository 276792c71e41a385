/* event.h: the shape of a notice that something happened. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  const char *object;              /* JSON: the object as it then was */
  const char *previous_attributes; /* JSON: what an update changed, as it was before */
} KontorEventData;

typedef struct
{
  const char *id;
  const char *idempotency_key;
} KontorEventRequest;

typedef struct
{
  KontorObject        head;
  const char         *api_version;
  KontorEventData    *data;
  gint64              pending_webhooks;
  KontorEventRequest *request;
  const char         *type;
} KontorEvent;

extern const KontorShape    kontor_event_data_shape;
extern const KontorShape    kontor_event_request_shape;
extern const KontorResource kontor_event_resource;

G_END_DECLS
