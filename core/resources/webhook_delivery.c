/* webhook_delivery.c: the shape of one event on its way to one webhook endpoint. */
#include "core/resources/webhook_delivery.h"

#include "core/resources/row.h"
#include "core/resources/webhook_attempt.h"

const char *const kontor_delivery_words[] = { "pending", "succeeded", "failed", "canceled", NULL };

static const KontorField last_attempt_fields[] = {
  { "id", KONTOR_STRING, 0, AT (KontorLastAttempt, id), .doc = "Names the attempt." },
  { "created", KONTOR_TIME, 0, AT (KontorLastAttempt, created), .doc = "When it was made." },
  { "duration_us", KONTOR_INT, 0, AT (KontorLastAttempt, duration_us),
    .doc = "How long it took, in microseconds." },
  { "outcome", KONTOR_STRING, 0, AT (KontorLastAttempt, outcome), .values = kontor_outcome_words,
    .doc = "How it ended." },
  { "status", KONTOR_INT, NULLABLE, AT (KontorLastAttempt, status),
    .doc = "The HTTP status of the answer." },
  ROW_END,
};

const KontorShape kontor_last_attempt_shape
    = { "kontor.last_attempt", sizeof (KontorLastAttempt), last_attempt_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("kontor.webhook_delivery"),
  { "attempts", KONTOR_INT, 0, AT (KontorWebhookDelivery, attempts),
    .doc = "How often it was tried." },
  { "created", KONTOR_SELF_CREATED, 0, .doc = "When the event happened." },
  { "due", KONTOR_TIME, NULLABLE, AT (KontorWebhookDelivery, due),
    .doc = "When it is tried next; null when it is settled or held." },
  { "endpoint", KONTOR_STRING, LIST, AT (KontorWebhookDelivery, endpoint),
    .doc = "The webhook endpoint." },
  { "event", KONTOR_STRING, LIST, AT (KontorWebhookDelivery, event), .doc = "The event." },
  { "event_type", KONTOR_STRING, 0, AT (KontorWebhookDelivery, event_type),
    .doc = "What happened." },
  { "held", KONTOR_BOOL, 0, AT (KontorWebhookDelivery, held),
    .doc = "Whether it waits for an earlier event about the same object." },
  { "last_attempt", KONTOR_OBJECT, NULLABLE, AT (KontorWebhookDelivery, last_attempt),
    .shape = &kontor_last_attempt_shape, .doc = "The newest attempt that is still kept." },
  ROW_LIVEMODE,
  { "state", KONTOR_STRING, LIST, AT (KontorWebhookDelivery, state),
    .values = kontor_delivery_words, .doc = "Whether the endpoint took it." },
  { "url", KONTOR_STRING, 0, AT (KontorWebhookDelivery, url), .doc = "Where it is sent." },

  ROW_CREATED_RANGE,
  { "type", KONTOR_STRING, PARAM | LIST,
    .doc = "Only of events of this type, or of a group as charge.*." },
  ROW_END,
};

const KontorResource kontor_webhook_delivery_resource = {
  .kind = KONTOR_KIND_WEBHOOK_DELIVERY,
  .object = "kontor.webhook_delivery",
  .shape = { "kontor.webhook_delivery", sizeof (KontorWebhookDelivery), fields },
  .doc = "One event on its way to one webhook endpoint.",
};
