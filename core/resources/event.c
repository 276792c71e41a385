/* event.c: the shape of a notice that something happened. */
#include "core/resources/event.h"

#include "core/resources/row.h"

static const KontorField data_fields[] = {
  { "object", KONTOR_RAW, 0, AT (KontorEventData, object), .doc = "The object as it then was." },
  { "previous_attributes", KONTOR_RAW, OPTIONAL, AT (KontorEventData, previous_attributes),
    .doc = "What an update changed, as it was before." },
  ROW_END,
};

const KontorShape kontor_event_data_shape = { "event_data", sizeof (KontorEventData), data_fields };

static const KontorField request_fields[] = {
  { "id", KONTOR_STRING, NULLABLE, AT (KontorEventRequest, id),
    .doc = "The request that caused it." },
  { "idempotency_key", KONTOR_STRING, NULLABLE, AT (KontorEventRequest, idempotency_key),
    .doc = "The key that request was sent with." },
  ROW_END,
};

const KontorShape kontor_event_request_shape
    = { "event_request", sizeof (KontorEventRequest), request_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("event"),
  { "api_version", KONTOR_STRING, NULLABLE, AT (KontorEvent, api_version),
    .doc = "The version of the API that the object is shown in." },
  ROW_CREATED,
  { "data", KONTOR_OBJECT, 0, AT (KontorEvent, data), .shape = &kontor_event_data_shape,
    .doc = "What it is about." },
  ROW_LIVEMODE,
  { "pending_webhooks", KONTOR_INT, 0, AT (KontorEvent, pending_webhooks),
    .doc = "How many webhook endpoints have not taken it yet." },
  { "request", KONTOR_OBJECT, NULLABLE, AT (KontorEvent, request),
    .shape = &kontor_event_request_shape, .doc = "What caused it." },
  { "type", KONTOR_STRING, 0, AT (KontorEvent, type), .doc = "What happened." },

  ROW_CREATED_RANGE,
  { "delivery_success", KONTOR_BOOL, PARAM | LIST,
    .doc = "Only those that all endpoints took, or those that some did not." },
  { "type", KONTOR_STRING, PARAM | LIST, .doc = "Only of this type, or of a group as charge.*." },
  { "types", KONTOR_STRINGS, PARAM | LIST, .max = 20, .doc = "Only of one of these types." },
  ROW_END,
};

const KontorResource kontor_event_resource = {
  .kind = KONTOR_KIND_EVENT,
  .object = "event",
  .prefix = "evt",
  .shape = { "event", sizeof (KontorEvent), fields },
  .doc = "A notice that something happened.",
};
