/* webhook_endpoint.c: the routes of URLs that events are sent to. */
#include "server/engine/webhook_endpoint.h"

#include "server/http/api.h"
#include "server/http/nouns.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_tx_new (call->tx, &kontor_webhook_endpoint_resource);

  kontor_params_apply (&kontor_webhook_endpoint_resource.shape, KONTOR_IN_CREATE, call->params,
                       call->arena, endpoint);
  if (!kontor_webhook_endpoint_add (call->tx, &call->api->vault, endpoint,
                                    &kontor_webhook_endpoint_names, error))
    return FALSE;
  kontor_call_object (call, &endpoint->head);
  /* The secret is in no version: a replay needs these very bytes. */
  call->reply_version = 0;
  call->seal_reply = TRUE;
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_call_require (call, &kontor_webhook_endpoint_resource, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  if (endpoint->deleted)
    return kontor_error_missing (error, "webhook_endpoint", call->ids[0], "id");
  kontor_call_object (call, &endpoint->head);
  return TRUE;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorListQuery query = { .n_filters = 1, .filters = { { .column = "deleted", .number = 0 } } };

  return kontor_call_list (call, &kontor_webhook_endpoint_resource, &query, error);
}

static void
switch_as_told (KontorCall *call, KontorWebhookEndpoint *endpoint)
{
  if (!kontor_params_has (call->params, "disabled"))
    return;
  if (kontor_params_bool (call->params, "disabled", FALSE))
    kontor_webhook_endpoint_disable (call->tx, endpoint, "user");
  else
    kontor_webhook_endpoint_enable (call->tx, endpoint);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  if (endpoint == NULL || !kontor_params_metadata_fits (call->params, endpoint->metadata, error))
    return FALSE;
  if (kontor_params_apply (&kontor_webhook_endpoint_resource.shape, KONTOR_IN_UPDATE, call->params,
                           call->arena, endpoint)
      && !kontor_webhook_endpoint_save (call->tx, endpoint, &kontor_webhook_endpoint_names, error))
    return FALSE;
  switch_as_told (call, endpoint);
  kontor_call_object (call, &endpoint->head);
  return TRUE;
}

static gboolean delete (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  kontor_webhook_endpoint_delete (call->tx, endpoint);
  return kontor_call_deleted (call, &endpoint->head);
}

#define READ KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ
#define WRITE KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE

const KontorRoute kontor_webhook_endpoint_routes[] = {
  { "POST", "/v1/webhook_endpoints", WRITE, &kontor_webhook_endpoint_resource, KONTOR_IN_CREATE,
    create, 0, NULL, "Makes a webhook endpoint; its secret is in this reply and never again." },
  { "GET", "/v1/webhook_endpoints", READ, &kontor_webhook_endpoint_resource, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "Lists webhook endpoints, newest first." },
  { "GET", "/v1/webhook_endpoints/:id", READ, &kontor_webhook_endpoint_resource, 0, retrieve,
    KONTOR_ROUTE_READ, NULL, "Shows a webhook endpoint." },
  { "POST", "/v1/webhook_endpoints/:id", WRITE, &kontor_webhook_endpoint_resource, KONTOR_IN_UPDATE,
    update, 0, NULL, "Changes a webhook endpoint, or stops and starts sending to it." },
  { "DELETE", "/v1/webhook_endpoints/:id", WRITE, &kontor_webhook_endpoint_resource, 0, delete, 0,
    NULL, "Deletes a webhook endpoint." },
  { NULL },
};
