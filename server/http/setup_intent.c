/* setup_intent.c: the routes of setup intents. */
#include "server/http/nouns.h"

#include "core/resources/setup_intent.h"
#include "server/engine/setup_intent.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorSetupIntent *intent;

  if (!kontor_setup_intent_create (call->tx, call->params, &intent, &call->keep_writes, error))
    return FALSE;
  kontor_call_object (call, &intent->head);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorSetupIntent *intent
      = kontor_call_require (call, &kontor_setup_intent_resource, call->ids[0], error);

  if (intent == NULL || !kontor_call_client_secret_ok (call, intent->client_secret, error))
    return FALSE;
  kontor_call_object (call, &intent->head);
  return TRUE;
}

static KontorSetupIntent *
named (KontorCall *call, KontorError *error)
{
  return kontor_tx_require (call->tx, &kontor_setup_intent_resource, call->ids[0], "id", error);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorSetupIntent *intent = named (call, error);

  if (intent == NULL || !kontor_setup_intent_update (call->tx, intent, call->params, error))
    return FALSE;
  kontor_call_object (call, &intent->head);
  return TRUE;
}

static gboolean
confirm (KontorCall *call, KontorError *error)
{
  KontorSetupIntent *intent = named (call, error);

  if (intent == NULL || !kontor_call_client_secret_ok (call, intent->client_secret, error)
      || !kontor_setup_intent_confirm (call->tx, intent, call->params, &call->keep_writes, error))
    return FALSE;
  kontor_call_object (call, &intent->head);
  return TRUE;
}

static gboolean
cancel (KontorCall *call, KontorError *error)
{
  KontorSetupIntent *intent = named (call, error);

  if (intent == NULL || !kontor_setup_intent_cancel (call->tx, intent, call->params, error))
    return FALSE;
  kontor_call_object (call, &intent->head);
  return TRUE;
}

#define READ KONTOR_SCOPE_SETUP_INTENTS_READ
#define WRITE KONTOR_SCOPE_SETUP_INTENTS_WRITE

static const KontorField client_secret[] = {
  { .name = "client_secret",
    .type = KONTOR_STRING,
    .flags = KONTOR_PARAM_ONLY | KONTOR_SECRET | KONTOR_IN_ANY,
    .doc = "The intent's client secret, which a caller with a publishable key must know." },
  { NULL },
};

const KontorRoute kontor_setup_intent_routes[] = {
  { "POST", "/v1/setup_intents", WRITE, &kontor_setup_intent_resource, KONTOR_IN_CREATE, create, 0,
    NULL, "Makes a setup intent, and confirms it where asked." },
  { "GET", "/v1/setup_intents", READ, &kontor_setup_intent_resource, KONTOR_IN_LIST,
    kontor_handle_list, KONTOR_ROUTE_READ, NULL, "Lists setup intents, newest first." },
  { "GET", "/v1/setup_intents/:id", READ, &kontor_setup_intent_resource, 0, retrieve,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_CLIENT, client_secret, "Shows a setup intent." },
  { "POST", "/v1/setup_intents/:id", WRITE, &kontor_setup_intent_resource, KONTOR_IN_UPDATE, update,
    0, NULL, "Changes a setup intent." },
  { "POST", "/v1/setup_intents/:id/confirm", WRITE, &kontor_setup_intent_resource,
    KONTOR_IN_CONFIRM, confirm, KONTOR_ROUTE_CLIENT, NULL,
    "Asks the bank whether the payment method is good for later." },
  { "POST", "/v1/setup_intents/:id/cancel", WRITE, &kontor_setup_intent_resource, KONTOR_IN_CANCEL,
    cancel, 0, NULL, "Gives up a setup intent." },
  { NULL },
};
