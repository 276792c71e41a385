/* payment_intent.c: the routes of payment intents. */
#include "server/http/call.h"

#include "server/engine/payment_intent.h"

static KontorPaymentIntent *
intent_of (KontorCall *call, KontorError *error)
{
  KontorPaymentIntent *intent
      = kontor_tx_require (call->tx, &kontor_payment_intent_resource, call->ids[0], NULL, error);

  if (intent == NULL || !kontor_call_client_secret_ok (call, intent->client_secret, error))
    return NULL;
  return intent;
}

static gboolean
answer (KontorCall *call, KontorPaymentIntent *intent, gboolean done)
{
  if (done)
    kontor_call_object (call, &intent->head);
  return done;
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorPaymentIntent *intent = NULL;
  gboolean done
      = kontor_payment_intent_create (call->tx, call->params, &intent, &call->keep_writes, error);

  return answer (call, intent, done);
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorPaymentIntent *intent
      = kontor_call_require (call, &kontor_payment_intent_resource, call->ids[0], error);

  if (intent == NULL || !kontor_call_client_secret_ok (call, intent->client_secret, error))
    return FALSE;
  return answer (call, intent, TRUE);
}

static gboolean
confirm (KontorCall *call, KontorError *error)
{
  KontorPaymentIntent *intent = intent_of (call, error);

  return intent != NULL
         && answer (call, intent,
                    kontor_payment_intent_confirm (call->tx, intent, call->params,
                                                   &call->keep_writes, error));
}

/* The verbs that need no more than the intent and the parameters. */
#define VERB(name, function)                                                                       \
  static gboolean name (KontorCall *call, KontorError *error)                                      \
  {                                                                                                \
    KontorPaymentIntent *intent = intent_of (call, error);                                         \
                                                                                                   \
    return intent != NULL                                                                          \
           && answer (call, intent, function (call->tx, intent, call->params, error));             \
  }

VERB (update, kontor_payment_intent_update)
VERB (capture, kontor_payment_intent_capture)
VERB (cancel, kontor_payment_intent_cancel)
VERB (increment, kontor_payment_intent_increment)

#define WRITE KONTOR_SCOPE_PAYMENT_INTENTS_WRITE
#define READ KONTOR_SCOPE_PAYMENT_INTENTS_READ
#define NOUN &kontor_payment_intent_resource

const KontorRoute kontor_payment_intent_routes[] = {
  { "POST", "/v1/payment_intents", WRITE, NOUN, KONTOR_IN_CREATE, create, 0, NULL,
    "Start collecting a payment." },
  { "GET", "/v1/payment_intents", READ, NOUN, KONTOR_IN_LIST, kontor_handle_list, KONTOR_ROUTE_READ,
    NULL, "List payment intents, the newest first." },
  { "GET", "/v1/payment_intents/search", READ, NOUN, 0, kontor_handle_search,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_SEARCH, NULL, "Search payment intents." },
  { "GET", "/v1/payment_intents/:id", READ, NOUN, 0, retrieve,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_CLIENT, NULL, "Retrieve a payment intent." },
  { "POST", "/v1/payment_intents/:id", WRITE, NOUN, KONTOR_IN_UPDATE, update, 0, NULL,
    "Change a payment intent before it is paid." },
  { "POST", "/v1/payment_intents/:id/confirm", WRITE, NOUN, KONTOR_IN_CONFIRM, confirm,
    KONTOR_ROUTE_CLIENT, NULL, "Confirm that the customer wants to pay." },
  { "POST", "/v1/payment_intents/:id/capture", WRITE, NOUN, KONTOR_IN_CAPTURE, capture, 0, NULL,
    "Take what was reserved, or a part of it." },
  { "POST", "/v1/payment_intents/:id/cancel", WRITE, NOUN, KONTOR_IN_CANCEL, cancel, 0, NULL,
    "Give a payment intent up and release what was reserved." },
  { "POST", "/v1/payment_intents/:id/increment_authorization", WRITE, NOUN, KONTOR_IN_ACTION,
    increment, 0, NULL, "Reserve more." },
  { NULL },
};
