/* webhook_attempt.c: the shape of one request to a webhook endpoint and its answer. */
#include "core/resources/webhook_attempt.h"

#include "core/resources/row.h"

#define OUTCOMES                                                                                   \
  "succeeded", "http_error", "redirect", "gone", "unknown_host", "refused_address",                \
      "no_connection", "tls_error", "timeout", "broken_answer"

const char *const kontor_outcome_words[] = { OUTCOMES, NULL };

static const KontorField request_fields[] = {
  { "method", KONTOR_STRING, 0, AT (KontorAttemptRequest, method), .doc = "Always POST." },
  { "url", KONTOR_STRING, 0, AT (KontorAttemptRequest, url), .doc = "Where it was sent." },
  { "headers", KONTOR_RAW, 0, AT (KontorAttemptRequest, headers), .doc = "Its headers, by name." },
  { "body", KONTOR_STRING, OPTIONAL, AT (KontorAttemptRequest, body),
    .doc = "What was sent, byte for byte; left out in lists." },
  ROW_END,
};

const KontorShape kontor_attempt_request_shape
    = { "kontor.attempt_request", sizeof (KontorAttemptRequest), request_fields };

static const KontorField response_fields[] = {
  { "status", KONTOR_INT, NULLABLE, AT (KontorAttemptResponse, status), .doc = "The HTTP status." },
  { "headers", KONTOR_RAW, 0, AT (KontorAttemptResponse, headers),
    .doc = "Its headers, by name, as many as are kept." },
  { "body", KONTOR_STRING, 0, AT (KontorAttemptResponse, body), .doc = "How its body begins." },
  { "truncated", KONTOR_BOOL, 0, AT (KontorAttemptResponse, truncated),
    .doc = "Whether the body may have gone on." },
  ROW_END,
};

const KontorShape kontor_attempt_response_shape
    = { "kontor.attempt_response", sizeof (KontorAttemptResponse), response_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("kontor.webhook_attempt"),
  { "attempt", KONTOR_INT, 0, AT (KontorWebhookAttempt, attempt),
    .doc = "1 for the first of its delivery." },
  { "by_hand", KONTOR_BOOL, 0, AT (KontorWebhookAttempt, by_hand),
    .doc = "Whether somebody asked for it." },
  { "connect_us", KONTOR_INT, NULLABLE, AT (KontorWebhookAttempt, connect_us),
    .doc
    = "Microseconds until the connection stood; null when one was used again, or none stood." },
  ROW_CREATED,
  { "delivery", KONTOR_STRING, LIST, AT (KontorWebhookAttempt, delivery),
    .doc = "The delivery it belongs to." },
  { "duration_us", KONTOR_INT, 0, AT (KontorWebhookAttempt, duration_us),
    .doc = "Microseconds altogether." },
  { "endpoint", KONTOR_STRING, LIST, AT (KontorWebhookAttempt, endpoint),
    .doc = "The webhook endpoint." },
  { "event", KONTOR_STRING, LIST, AT (KontorWebhookAttempt, event), .doc = "The event." },
  { "event_type", KONTOR_STRING, 0, AT (KontorWebhookAttempt, event_type),
    .doc = "What happened." },
  ROW_LIVEMODE,
  { "outcome", KONTOR_STRING, 0, AT (KontorWebhookAttempt, outcome), .values = kontor_outcome_words,
    .doc = "How it ended." },
  { "problem", KONTOR_STRING, NULLABLE, AT (KontorWebhookAttempt, problem),
    .doc = "What went wrong, in a sentence." },
  { "request", KONTOR_OBJECT, 0, AT (KontorWebhookAttempt, request),
    .shape = &kontor_attempt_request_shape, .doc = "What was sent." },
  { "response", KONTOR_OBJECT, NULLABLE, AT (KontorWebhookAttempt, response),
    .shape = &kontor_attempt_response_shape, .doc = "What was answered; null when nothing was." },
  { "wait_us", KONTOR_INT, NULLABLE, AT (KontorWebhookAttempt, wait_us),
    .doc = "Microseconds until the first byte of the answer; null when none came." },

  ROW_CREATED_RANGE,
  { "outcome", KONTOR_STRING, PARAM | LIST,
    .values = (const char *const[]){ OUTCOMES, "failed", NULL },
    .doc = "Only those that ended so; failed takes all that did not succeed." },
  { "status", KONTOR_RANGE, PARAM | LIST, .doc = "Only those with this HTTP status, or a range." },
  ROW_END,
};

const KontorResource kontor_webhook_attempt_resource = {
  .kind = KONTOR_KIND_WEBHOOK_ATTEMPT,
  .object = "kontor.webhook_attempt",
  .shape = { "kontor.webhook_attempt", sizeof (KontorWebhookAttempt), fields },
  .doc = "One request to a webhook endpoint, and its answer.",
};
