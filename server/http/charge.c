/* charge.c: the routes of charges. */
#include "server/http/call.h"

#include "server/engine/charge.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorCharge *charge = NULL;

  if (!kontor_charge_create (call->tx, call->params, &charge, &call->keep_writes, error))
    return FALSE;
  kontor_call_object (call, &charge->head);
  return TRUE;
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorCharge *charge
      = kontor_tx_require (call->tx, &kontor_charge_resource, call->ids[0], NULL, error);

  if (charge == NULL || !kontor_charge_update (call->tx, charge, call->params, error))
    return FALSE;
  kontor_call_object (call, &charge->head);
  return TRUE;
}

static gboolean
capture (KontorCall *call, KontorError *error)
{
  KontorCharge *charge
      = kontor_tx_require (call->tx, &kontor_charge_resource, call->ids[0], NULL, error);

  if (charge == NULL || !kontor_charge_capture_alone (call->tx, charge, call->params, error))
    return FALSE;
  kontor_call_object (call, &charge->head);
  return TRUE;
}

#define WRITE KONTOR_SCOPE_CHARGES_WRITE
#define READ KONTOR_SCOPE_CHARGES_READ
#define NOUN &kontor_charge_resource

const KontorRoute kontor_charge_routes[] = {
  { "POST", "/v1/charges", WRITE, NOUN, KONTOR_IN_CREATE, create, 0, NULL,
    "Charge a card in one step, as before payment intents." },
  { "GET", "/v1/charges", READ, NOUN, KONTOR_IN_LIST, kontor_handle_list, KONTOR_ROUTE_READ, NULL,
    "List charges, the newest first." },
  { "GET", "/v1/charges/search", READ, NOUN, 0, kontor_handle_search,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_SEARCH, NULL, "Search charges." },
  { "GET", "/v1/charges/:id", READ, NOUN, 0, kontor_handle_retrieve, KONTOR_ROUTE_READ, NULL,
    "Retrieve a charge." },
  { "POST", "/v1/charges/:id", WRITE, NOUN, KONTOR_IN_UPDATE, update, 0, NULL,
    "Change what is said about a charge." },
  { "POST", "/v1/charges/:id/capture", WRITE, NOUN, KONTOR_IN_CAPTURE, capture, 0, NULL,
    "Take what a charge of its own reserved." },
  { NULL },
};
