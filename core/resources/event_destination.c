/* event_destination.c: what is sent to make and change a webhook endpoint by its newer name. */
#include "core/resources/event_destination.h"

#include "core/resources/row.h"

#define NOUN "v2.core.event_destination"

static const KontorField webhook_fields[] = {
  { "url", KONTOR_STRING, PARAM | NESTED | REQUIRED, .max = 2048, .doc = "Where events are sent." },
  ROW_END,
};

static const KontorShape webhook_shape = { NOUN ".webhook_endpoint", 0, webhook_fields };

static const KontorField fields[] = {
  { "name", KONTOR_STRING, NULLABLE | CREATE | UPDATE | REQUIRED, AT (KontorWebhookEndpoint, name),
    .max = 200, .doc = "Its name." },
  { "description", KONTOR_STRING, NULLABLE | CREATE | UPDATE | CLEARABLE,
    AT (KontorWebhookEndpoint, description), .max = 500, .doc = "What it is for." },
  { "enabled_events", KONTOR_STRINGS, CREATE | UPDATE | REQUIRED,
    AT (KontorWebhookEndpoint, enabled_events), .max = 500,
    .doc = "The types of event it is sent: names, groups such as charge.*, or * for all." },
  ROW_METADATA (KontorWebhookEndpoint, CREATE | UPDATE),
  { "snapshot_api_version", KONTOR_STRING, NULLABLE | CREATE | CLEARABLE,
    AT (KontorWebhookEndpoint, api_version), .max = 40,
    .doc = "The version of the API that its payloads are written in." },
  { "type", KONTOR_STRING, PARAM | CREATE | REQUIRED, .doc = "Always webhook_endpoint." },
  { "event_payload", KONTOR_STRING, PARAM | CREATE | REQUIRED, .doc = "Always snapshot." },
  { "events_from", KONTOR_STRINGS, PARAM | CREATE | CLEARABLE,
    .doc = "Whose events: @self, or @accounts for those of connected accounts." },
  { "webhook_endpoint", KONTOR_OBJECT, PARAM | CREATE | UPDATE | REQUIRED, .shape = &webhook_shape,
    .doc = "Where events are sent." },
  ROW_TAKEN ("amazon_eventbridge", CREATE, "Of a type that is not here."),
  ROW_TAKEN ("azure_event_grid", CREATE, "Of a type that is not here."),
  { "include", KONTOR_STRINGS,
    PARAM | CREATE | UPDATE | KONTOR_IN_DESTINATION_LIST | KONTOR_IN_DESTINATION_RETRIEVE,
    .doc = "What to show besides: webhook_endpoint.url and, of a new one, "
           "webhook_endpoint.signing_secret." },
  { "limit", KONTOR_INT, PARAM | KONTOR_IN_DESTINATION_LIST, .min = 1, .max = 100,
    .doc = "How many at most." },
  { "page", KONTOR_STRING, PARAM | KONTOR_IN_DESTINATION_LIST, .max = 100,
    .doc = "From next_page_url." },
  ROW_END,
};

const KontorResource kontor_event_destination_resource = {
  .object = NOUN,
  .shape = { NOUN, sizeof (KontorWebhookEndpoint), fields },
  .doc = "A webhook endpoint by its newer name.",
};
