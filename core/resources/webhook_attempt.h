/* webhook_attempt.h: the shape of one request to a webhook endpoint and its answer. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  const char *method;
  const char *url;
  const char *headers;   /* JSON: an object of texts */
  const char *body;      /* as it was sent; null: not asked for */
} KontorAttemptRequest;

typedef struct
{
  gint64      status;    /* HTTP */
  const char *headers;   /* JSON: an object of texts, as much as is kept */
  const char *body;      /* the beginning, as much as is kept */
  int         truncated;
} KontorAttemptResponse;

/* Made up from its row whenever it is asked for. */
typedef struct
{
  KontorObject           head;
  gint64                 attempt;   /* 1 for the first of its delivery */
  int                    by_hand;
  gint64                 connect_us, wait_us, duration_us;
  const char            *delivery;
  const char            *endpoint;
  const char            *event;
  const char            *event_type;
  const char            *outcome;   /* kontor_outcome_words */
  const char            *problem;
  KontorAttemptRequest  *request;
  KontorAttemptResponse *response;
} KontorWebhookAttempt;

/* In the order of KontorOutcome of server/store/webhook.h. */
extern const char *const    kontor_outcome_words[];
extern const KontorShape    kontor_attempt_request_shape;
extern const KontorShape    kontor_attempt_response_shape;
extern const KontorResource kontor_webhook_attempt_resource;

G_END_DECLS
