/* account.c: the routes of the merchant's own account. */
#include "server/http/api.h"
#include "server/http/nouns.h"

#include "core/resources/account.h"
#include "server/engine/account.h"

/* A key sees its own account and no other. */
static KontorAccount *
own (KontorCall *call, KontorError *error)
{
  KontorAccount *account
      = kontor_account_of (call->store, call->arena, call->scope, &call->failure);

  if (call->failure != NULL)
    return NULL;
  if (account == NULL || (call->ids[0] != NULL && !g_str_equal (account->head.id, call->ids[0])))
    {
      kontor_error_set (error, KONTOR_ERROR_ACCOUNT_INVALID, NULL,
                        "The provided key does not have access to account '%.64s' (or that account"
                        " does not exist). Application access may have been revoked.",
                        call->ids[0] != NULL ? call->ids[0] : "");
      return NULL;
    }
  return account;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorAccount *account = own (call, error);

  if (account == NULL)
    return FALSE;
  kontor_account_refresh (account, call->api->settings);
  kontor_call_object (call, &account->head);
  return TRUE;
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorAccount *account = own (call, error);

  if (account != NULL)
    account = kontor_tx_get_by_key (call->tx, &kontor_account_resource, account->head.key);
  if (account == NULL || !kontor_account_update (call->tx, account, call->params, error))
    return FALSE;
  kontor_call_object (call, &account->head);
  return TRUE;
}

#define READ KONTOR_SCOPE_ACCOUNT_READ
#define WRITE KONTOR_SCOPE_ACCOUNT_WRITE

const KontorRoute kontor_account_routes[] = {
  { "GET", "/v1/account", READ, &kontor_account_resource, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Shows the account that the key belongs to." },
  { "GET", "/v1/accounts/:id", READ, &kontor_account_resource, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Shows the account that the key belongs to, by its id." },
  { "POST", "/v1/accounts/:id", WRITE, &kontor_account_resource, KONTOR_IN_UPDATE, update, 0, NULL,
    "Changes the account that the key belongs to." },
  { NULL },
};
