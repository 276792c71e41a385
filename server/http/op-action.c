/* op-action.c: what consoles may ask to be done: each word is a route of the API.
 *
 * What moves money irrevocably is here, since it can wait and be refused. What makes secrets or says who may do what
 * is not: that is done while somebody is looking at the answer. */
#include "server/http/op-action.h"

#include <string.h>

#include "server/http/router.h"

static const KontorOpAction actions[] = {
  { "charge.update", "POST", "/v1/charges/:on", TRUE },
  { "customer.create", "POST", "/v1/customers" },
  { "customer.delete", "DELETE", "/v1/customers/:on", TRUE },
  { "customer.update", "POST", "/v1/customers/:on", TRUE },
  { "note.create", "POST", "/v1/kontor/notes", TRUE, "on" },
  { "note.delete", "DELETE", "/v1/kontor/notes/:on", TRUE },
  { "notice.dismiss", "POST", "/v1/kontor/notices/:on/dismiss", TRUE },
  { "payment_intent.cancel", "POST", "/v1/payment_intents/:on/cancel", TRUE },
  { "payment_intent.capture", "POST", "/v1/payment_intents/:on/capture", TRUE },
  { "payment_intent.update", "POST", "/v1/payment_intents/:on", TRUE },
  { "payment_method.attach", "POST", "/v1/payment_methods/:on/attach", TRUE },
  { "payment_method.detach", "POST", "/v1/payment_methods/:on/detach", TRUE },
  { "payment_method.update", "POST", "/v1/payment_methods/:on", TRUE },
  { "refund.cancel", "POST", "/v1/refunds/:on/cancel", TRUE },
  { "refund.create", "POST", "/v1/refunds", TRUE, "*" },
  { "refund.update", "POST", "/v1/refunds/:on", TRUE },
  { "setup_intent.cancel", "POST", "/v1/setup_intents/:on/cancel", TRUE },
  { "view.delete", "DELETE", "/v1/kontor/views/:on", TRUE },
  { "view.save", "POST", "/v1/kontor/views" },
  { "webhook.cancel", "POST", "/v1/kontor/webhook_deliveries/:on/cancel", TRUE },
  { "webhook.resend", "POST", "/v1/kontor/webhook_deliveries/:on/resend", TRUE },
  { "webhook_endpoint.delete", "DELETE", "/v1/webhook_endpoints/:on", TRUE },
  { "webhook_endpoint.disable", "POST", "/v1/webhook_endpoints/:on", TRUE, NULL, "disabled",
    "true" },
  { "webhook_endpoint.enable", "POST", "/v1/webhook_endpoints/:on", TRUE, NULL, "disabled",
    "false" },
  { "webhook_endpoint.resend", "POST", "/v1/kontor/webhook_endpoints/:on/resend", TRUE },
  { "webhook_endpoint.update", "POST", "/v1/webhook_endpoints/:on", TRUE },
};

/**
 * kontor_op_action_find:
 * @name: "refund.create"
 *
 * Returns: (transfer none) (nullable): what is meant
 */
const KontorOpAction *
kontor_op_action_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, name) == 0)
      return &actions[i];
  return NULL;
}

static void
add_text (KontorArena *arena, KontorValue *params, const char *name, const char *text)
{
  KontorValue *value = kontor_value_append (arena, params, name, KONTOR_VALUE_STRING);

  value->text = text;
  value->length = strlen (text);
}

/* What the parameter is called that the object's id becomes; %NULL: it is in the path, or there is none. */
static const char *
param_of (const KontorOpAction *action, const char *on)
{
  const KontorResource *resource;

  if (action->on_param == NULL || !g_str_equal (action->on_param, "*"))
    return action->on_param;
  resource = kontor_resource_by_prefix (on);
  return resource != NULL ? resource->object : NULL;
}

/* What the operation itself says cannot be said otherwise beside it. */
static gboolean
make_params (const KontorOpAction *action,
             KontorCall *call,
             const char *on,
             const KontorValue *args,
             KontorError *error)
{
  KontorValue *params = kontor_value_new (call->arena, KONTOR_VALUE_OBJECT);
  const char *param = param_of (action, on), *name = param != NULL ? param : action->name_of_flag;

  if (args != NULL)
    *params = *args;
  if (name != NULL && kontor_value_get (args, name) != NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "args",
                             "'%s' already says what '%s' is.", action->name, name);
  if (name != NULL)
    add_text (call->arena, params, name, param != NULL ? on : action->flag);
  call->params = params;
  return TRUE;
}

static gboolean
check_on (const KontorOpAction *action, const char *on, KontorError *error)
{
  if ((on != NULL) != action->on)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "on",
                             action->on ? "'%s' is done to an object: name it by its id."
                                        : "'%s' is not done to an object.",
                             action->name);
  if (on != NULL
      && strspn (on, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
             != strlen (on))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "on", "'%.40s' is not an id.",
                             on);
  if (action->on_param != NULL && param_of (action, on) == NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "on",
                             "'%.40s' is not the id of a charge or a payment intent.", on);
  return TRUE;
}

/**
 * kontor_op_action_take:
 * @action: what is to be done
 * @call: a call on the engine's thread; becomes one on the route behind @action
 * @on: (nullable): id of what it is done to
 * @args: (nullable): its other parameters
 * @error: says that @on does not fit
 *
 * Returns: whether there is such a route, and @on fits
 */
gboolean
kontor_op_action_take (const KontorOpAction *action,
                       KontorCall *call,
                       const char *on,
                       const KontorValue *args,
                       KontorError *error)
{
  const char *mark = strstr (action->path, ":on");
  const KontorEndpoint *endpoint;
  const char *path = action->path;

  if (!check_on (action, on, error))
    return FALSE;
  if (mark != NULL)
    path = kontor_arena_printf (call->arena, "%.*s%s%s", (int) (mark - action->path), action->path,
                                on, mark + strlen (":on"));
  endpoint = kontor_router_match (call->api->router, action->method, path, call->arena, call->ids);
  if (endpoint == NULL)
    return kontor_error_set (error, KONTOR_ERROR_OP_UNKNOWN, "do", NULL);
  call->endpoint = endpoint;
  call->route = endpoint->route;
  return make_params (action, call, on, args, error);
}
