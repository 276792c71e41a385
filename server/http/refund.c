/* refund.c: the routes of refunds. */
#include "server/http/call.h"

#include "core/resources/charge.h"
#include "server/engine/refund.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorRefund *refund = NULL;

  if (!kontor_refund_create (call->tx, call->params, &refund, error))
    return FALSE;
  kontor_call_object (call, &refund->head);
  return TRUE;
}

/* The older URL names the charge in its path. */
static gboolean
create_of_charge (KontorCall *call, KontorError *error)
{
  KontorValue *params = kontor_value_new (call->arena, KONTOR_VALUE_OBJECT);
  KontorValue *charge;

  *params = *call->params;
  charge = kontor_value_append (call->arena, params, "charge", KONTOR_VALUE_STRING);
  charge->text = call->ids[0];
  charge->length = strlen (charge->text);
  call->params = params;
  return create (call, error);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorRefund *refund
      = kontor_tx_require (call->tx, &kontor_refund_resource, call->ids[0], NULL, error);

  if (refund == NULL || !kontor_refund_update (call->tx, refund, call->params, error))
    return FALSE;
  kontor_call_object (call, &refund->head);
  return TRUE;
}

static gboolean
cancel (KontorCall *call, KontorError *error)
{
  KontorRefund *refund
      = kontor_tx_require (call->tx, &kontor_refund_resource, call->ids[0], NULL, error);

  if (refund == NULL || !kontor_refund_cancel (call->tx, refund, error))
    return FALSE;
  kontor_call_object (call, &refund->head);
  return TRUE;
}

/* Where the list inside a charge says that it goes on. */
static gboolean
list_of_charge (KontorCall *call, KontorError *error)
{
  const KontorObject *charge
      = kontor_call_require (call, &kontor_charge_resource, call->ids[0], error);
  KontorListQuery query = { .n_filters = 1 };

  if (charge == NULL)
    return FALSE;
  query.filters[0] = (KontorFilter){ .column = "charge", .number = charge->key };
  return kontor_call_list (call, &kontor_refund_resource, &query, error);
}

static gboolean
retrieve_of_charge (KontorCall *call, KontorError *error)
{
  const KontorRefund *refund
      = kontor_call_require (call, &kontor_refund_resource, call->ids[1], error);

  if (refund == NULL)
    return FALSE;
  if (g_strcmp0 (refund->charge, call->ids[0]) != 0)
    return kontor_error_missing (error, "refund", call->ids[1], "id");
  kontor_call_object (call, &refund->head);
  return TRUE;
}

#define WRITE KONTOR_SCOPE_REFUNDS_WRITE
#define READ KONTOR_SCOPE_REFUNDS_READ
#define NOUN &kontor_refund_resource

const KontorRoute kontor_refund_routes[] = {
  { "POST", "/v1/refunds", WRITE, NOUN, KONTOR_IN_CREATE, create, 0, NULL, "Give money back." },
  { "GET", "/v1/refunds", READ, NOUN, KONTOR_IN_LIST, kontor_handle_list, KONTOR_ROUTE_READ, NULL,
    "List refunds, the newest first." },
  { "GET", "/v1/refunds/:id", READ, NOUN, 0, kontor_handle_retrieve, KONTOR_ROUTE_READ, NULL,
    "Retrieve a refund." },
  { "POST", "/v1/refunds/:id", WRITE, NOUN, KONTOR_IN_UPDATE, update, 0, NULL,
    "Change a refund's metadata." },
  { "POST", "/v1/refunds/:id/cancel", WRITE, NOUN, KONTOR_IN_CANCEL, cancel, 0, NULL,
    "Stop a refund that is still on its way." },
  { "POST", "/v1/charges/:id/refunds", WRITE, NOUN, KONTOR_IN_CREATE, create_of_charge, 0, NULL,
    "Give a charge's money back." },
  { "GET", "/v1/charges/:id/refunds", READ, NOUN, KONTOR_IN_LIST, list_of_charge, KONTOR_ROUTE_READ,
    NULL, "List the refunds of a charge, the newest first." },
  { "GET", "/v1/charges/:id/refunds/:id", READ, NOUN, 0, retrieve_of_charge, KONTOR_ROUTE_READ,
    NULL, "Retrieve a refund of a charge." },
  { NULL },
};
