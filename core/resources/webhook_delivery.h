/* webhook_delivery.h: the shape of one event on its way to one webhook endpoint. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  gint64      created;
  gint64      duration_us;
  const char *outcome;     /* kontor_outcome_words */
  gint64      status;      /* HTTP; null: there was no answer */
} KontorLastAttempt;

/* Made up from its rows whenever it is asked for. */
typedef struct
{
  KontorObject       head;
  gint64             attempts;
  gint64             due;      /* null unless it is pending and not held */
  const char        *endpoint;
  const char        *event;
  const char        *event_type;
  int                held;
  KontorLastAttempt *last_attempt;
  const char        *state;    /* kontor_delivery_words */
  const char        *url;
} KontorWebhookDelivery;

/* pending, succeeded, failed, canceled */
extern const char *const    kontor_delivery_words[];
extern const KontorShape    kontor_last_attempt_shape;
extern const KontorResource kontor_webhook_delivery_resource;

G_END_DECLS
