/* balance.c: the routes of the balance and of what changed it. */
#include "server/http/call.h"

#include "core/resources/balance_transaction.h"
#include "server/engine/balance.h"

static gboolean
retrieve_balance (KontorCall *call, KontorError *error)
{
  KontorBalance *balance
      = kontor_balance_read (call->store, call->arena, call->scope, &call->failure);

  if (balance == NULL)
    return FALSE;
  kontor_call_object (call, &balance->head);
  return TRUE;
}

#define READ KONTOR_SCOPE_BALANCE_READ
#define CHANGES &kontor_balance_transaction_resource

const KontorRoute kontor_balance_routes[] = {
  { "GET", "/v1/balance", READ, &kontor_balance_resource, 0, retrieve_balance, KONTOR_ROUTE_READ,
    NULL, "What is available and what is pending." },
  { "GET", "/v1/balance_transactions", READ, CHANGES, KONTOR_IN_LIST, kontor_handle_list,
    KONTOR_ROUTE_READ, NULL, "List what changed the balance, the newest first." },
  { "GET", "/v1/balance_transactions/:id", READ, CHANGES, 0, kontor_handle_retrieve,
    KONTOR_ROUTE_READ, NULL, "Retrieve a balance transaction." },
  { "GET", "/v1/balance/history", READ, CHANGES, KONTOR_IN_LIST, kontor_handle_list,
    KONTOR_ROUTE_READ, NULL, "The older URL of the list of balance transactions." },
  { "GET", "/v1/balance/history/:id", READ, CHANGES, 0, kontor_handle_retrieve, KONTOR_ROUTE_READ,
    NULL, "The older URL of a balance transaction." },
  { NULL },
};
