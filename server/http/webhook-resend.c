/* webhook-resend.c: the routes by which events are sent again, or not at all.
 *
 * What is asked for many is done in steps, each a request of its own that is done wholly or not: the reply says
 * where the next one goes on. So nothing is left half done by a server or a client that stops, and no payment
 * waits behind a million deliveries. */
#include "core/resources/webhook_delivery.h"
#include "server/engine/event-object.h"
#include "server/engine/webhook_delivery.h"
#include "server/engine/webhook_endpoint.h"
#include "server/http/event.h"
#include "server/http/list.h"
#include "server/http/nouns.h"
#include "server/http/webhook_delivery.h"

#define MAX_STEP 200

/* The delivery of the URL and its endpoint, which must still be there. */
static const KontorWebhookEndpoint *
find_delivery (KontorCall *call, KontorDeliveryView *view, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint;

  if (!kontor_call_delivery (call, call->ids[0], "id", view, error))
    return NULL;
  endpoint = kontor_tx_get_by_key (call->tx, &kontor_webhook_endpoint_resource, view->endpoint);
  if (endpoint != NULL && !endpoint->deleted)
    return endpoint;
  kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                    "The webhook endpoint of this delivery was deleted.");
  return NULL;
}

static gboolean
resend_one (KontorCall *call, KontorError *error)
{
  KontorDeliveryView view;
  const KontorWebhookEndpoint *endpoint = find_delivery (call, &view, error);

  return endpoint != NULL && kontor_webhook_delivery_resend (call->tx, endpoint, view.event, error)
         && kontor_call_show_delivery (call, view.event, view.endpoint);
}

static gboolean
cancel_one (KontorCall *call, KontorError *error)
{
  KontorDeliveryView view;

  return kontor_call_delivery (call, call->ids[0], "id", &view, error)
         && kontor_webhook_delivery_cancel (call->tx, view.event, view.endpoint, error)
         && kontor_call_show_delivery (call, view.event, view.endpoint);
}

static gboolean
read_start (KontorCall *call, KontorDeliveryStep *step, KontorError *error)
{
  const char *id = kontor_params_string (call->params, "starting_after");
  gint64 event, endpoint;

  if (id == NULL)
    return TRUE;
  if (!kontor_id_read_two (id, "whd", &event, &endpoint)
      || endpoint != (step->endpoint & KONTOR_TICK_MASK))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "starting_after",
                             "Use the next of the step before, for the same endpoint.");
  step->after = kontor_key (call->scope, event);
  return TRUE;
}

static gboolean
read_step (KontorCall *call, gint64 endpoint, KontorDeliveryStep *step, KontorError *error)
{
  step->endpoint = endpoint;
  step->limit = (guint) kontor_params_int (call->params, "limit", MAX_STEP);
  kontor_list_range (call->params, "created", &step->created_min, &step->created_max);
  return kontor_call_event_types (call, &step->types, error) && read_start (call, step, error);
}

static gboolean
answer_step (KontorCall *call, const char *object, const char *done, guint n, gint64 next)
{
  KontorBuffer *out = &call->reply->body;
  gint64 endpoint = kontor_key (call->scope, kontor_id_tick (call->ids[0]));

  kontor_buffer_printf (out, "{\"object\":\"%s\",\"endpoint\":", object);
  kontor_buffer_string (out, call->ids[0]);
  kontor_buffer_printf (out, ",\"has_more\":%s,\"next\":", next != 0 ? "true" : "false");
  if (next != 0)
    kontor_buffer_string (out, kontor_delivery_id (call->arena, next, endpoint));
  else
    kontor_buffer_literal (out, "null");
  kontor_buffer_printf (out, ",\"%s\":%u}\n", done, n);
  return TRUE;
}

/* One event, whatever became of it and whether or not the endpoint was to get it. */
static gboolean
resend_event (KontorCall *call,
              const KontorWebhookEndpoint *endpoint,
              const char *id,
              KontorError *error)
{
  KontorEventRow row;

  if (call->params->n_children > 1)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "event",
                             "With event no other parameter can be given.");
  return kontor_call_event (call, id, "event", &row, error)
         && kontor_webhook_delivery_resend (call->tx, endpoint, row.key, error)
         && kontor_call_show_delivery (call, row.key, endpoint->head.key);
}

static gboolean
resend_some (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);
  const char *event = kontor_params_string (call->params, "event");
  const char *state = kontor_params_string (call->params, "state");
  KontorDeliveryStep step = { 0 };
  gint64 next;
  guint n;

  if (endpoint == NULL)
    return FALSE;
  if (event != NULL)
    return resend_event (call, endpoint, event, error);
  step.states = g_strcmp0 (state, "all") == 0
                    ? G_MAXUINT
                    : kontor_delivery_states (state != NULL ? state : "failed");
  return read_step (call, endpoint->head.key, &step, error)
         && kontor_webhook_delivery_resend_some (call->tx, endpoint, &step, &n, &next, error)
         && answer_step (call, "kontor.webhook_resend", "resent", n, next);
}

/* Also of an endpoint that was deleted or is disabled. */
static gboolean
cancel_some (KontorCall *call, KontorError *error)
{
  const KontorObject *endpoint
      = kontor_tx_require (call->tx, &kontor_webhook_endpoint_resource, call->ids[0], "id", error);
  KontorDeliveryStep step = { .states = KONTOR_DELIVERIES_PENDING };
  gint64 next;
  guint n;

  return endpoint != NULL && read_step (call, endpoint->key, &step, error)
         && kontor_webhook_delivery_cancel_some (call->tx, &step, &n, &next)
         && answer_step (call, "kontor.webhook_cancel", "canceled", n, next);
}

/* The event of a test is not yet in the database when the reply is written. */
static gboolean
test (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);
  const char *type = kontor_params_string (call->params, "type");
  gint64 event;

  if (endpoint == NULL || !kontor_webhook_delivery_test (call->tx, endpoint, type, &event, error))
    return FALSE;
  kontor_buffer_literal (&call->reply->body, "{\"object\":\"kontor.webhook_test\",\"delivery\":");
  kontor_buffer_string (&call->reply->body,
                        kontor_delivery_id (call->arena, event, endpoint->head.key));
  kontor_buffer_literal (&call->reply->body, ",\"endpoint\":");
  kontor_buffer_string (&call->reply->body, call->ids[0]);
  kontor_buffer_literal (&call->reply->body, "}\n");
  return TRUE;
}

/* As Stripe's own command line asks for it. */
static gboolean
retry (KontorCall *call, KontorError *error)
{
  const char *id = kontor_params_string (call->params, "webhook_endpoint");
  const KontorWebhookEndpoint *endpoint;
  KontorEventRow row;
  KontorEvent *event;

  if (id == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, "webhook_endpoint",
                             "Name a webhook_endpoint to send the event to. What kontor listen "
                             "forwards can be sent again with its own command.");
  if (!kontor_call_event (call, call->ids[0], "id", &row, error))
    return FALSE;
  endpoint = kontor_tx_require (call->tx, &kontor_webhook_endpoint_resource, id, "webhook_endpoint",
                                error);
  if (endpoint == NULL)
    return FALSE;
  if (endpoint->deleted)
    return kontor_error_missing (error, "webhook_endpoint", id, "webhook_endpoint");
  if (!kontor_webhook_delivery_resend (call->tx, endpoint, row.key, error))
    return FALSE;
  event = kontor_event_show (call->store, call->arena, &row, &call->failure);
  if (event == NULL
      || !kontor_store_delivery_pending (call->store, row.key, &event->pending_webhooks,
                                         &call->failure))
    return FALSE;
  kontor_call_object (call, &event->head);
  return TRUE;
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY
#define STEP_FIELDS                                                                                \
  { .name = "created",                                                                             \
    .type = KONTOR_RANGE,                                                                          \
    .flags = PARAM,                                                                                \
    .doc = "Only of events that happened at this time, or within these bounds." },                 \
      { .name = "limit",                                                                           \
        .type = KONTOR_INT,                                                                        \
        .flags = PARAM,                                                                            \
        .min = 1,                                                                                  \
        .max = MAX_STEP,                                                                           \
        .doc = "How many at most in this step, up to 200, which it is when left out." },           \
      { .name = "starting_after",                                                                  \
        .type = KONTOR_STRING,                                                                     \
        .flags = PARAM,                                                                            \
        .doc = "The next of the step before." },                                                   \
  {                                                                                                \
    .name = "type", .type = KONTOR_STRING, .flags = PARAM,                                         \
    .doc = "Only of events of this type, or of a group as charge.*."                               \
  }

static const char *const states[] = { "failed", "canceled", "pending", "succeeded", "all", NULL };

static const KontorField resend_params[] = {
  { .name = "event",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "This event alone, also when the endpoint was never to get it." },
  { .name = "state",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .values = states,
    .doc = "Only deliveries in this state; those that failed when left out." },
  STEP_FIELDS,
  { NULL },
};

static const KontorField cancel_params[] = { STEP_FIELDS, { NULL } };

static const KontorField test_params[] = {
  { .name = "type",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "Send the newest event of this type; an event that says it is a test when left out." },
  { NULL },
};

static const KontorField retry_params[] = {
  { .name = "webhook_endpoint",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "The webhook endpoint to send the event to." },
  { .name = "for_stripecli",
    .type = KONTOR_BOOL,
    .flags = PARAM,
    .doc = "Taken, and of no effect: name a webhook_endpoint." },
  { NULL },
};

#define WRITE KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE
#define DELIVERY &kontor_webhook_delivery_resource
#define ENDPOINTS "/v1/kontor/webhook_endpoints"

const KontorRoute kontor_webhook_resend_routes[] = {
  { "POST", "/v1/kontor/webhook_deliveries/:id/resend", WRITE, DELIVERY, 0, resend_one, 0, NULL,
    "Send an event to a webhook endpoint again, whatever became of it." },
  { "POST", "/v1/kontor/webhook_deliveries/:id/cancel", WRITE, DELIVERY, 0, cancel_one, 0, NULL,
    "Do not send a pending event any more." },
  { "POST", ENDPOINTS "/:id/resend", WRITE, NULL, 0, resend_some, 0, resend_params,
    "Send one event, or all of a range in steps, to a webhook endpoint again, the oldest first." },
  { "POST", ENDPOINTS "/:id/cancel_pending", WRITE, NULL, 0, cancel_some, 0, cancel_params,
    "Do not send what is pending for a webhook endpoint, in steps." },
  { "POST", ENDPOINTS "/:id/test", WRITE, NULL, 0, test, 0, test_params,
    "Send a test event to a webhook endpoint." },
  { "POST", "/v1/events/:id/retry", WRITE, &kontor_event_resource, 0, retry, 0, retry_params,
    "Send an event to a webhook endpoint again, as Stripe's command line asks for it." },
  { NULL },
};
