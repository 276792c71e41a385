/* payment_method.c: the routes of payment methods. */
#include "server/http/nouns.h"

#include "core/resources/payment_method.h"
#include "server/engine/customer.h"
#include "server/engine/payment_method.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  const KontorPaymentMethod *method
      = kontor_payment_method_create (call->tx, call->params, NULL, error);

  if (method == NULL)
    return FALSE;
  kontor_call_object (call, &method->head);
  return TRUE;
}

/* The one that the URL names; in test mode "pm_card_visa" makes one. */
static KontorPaymentMethod *
named (KontorCall *call, KontorError *error)
{
  return kontor_payment_method_resolve (call->tx, call->ids[0], "id", error);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorPaymentMethod *method = named (call, error);

  if (method == NULL || !kontor_payment_method_update (call->tx, method, call->params, error))
    return FALSE;
  kontor_call_object (call, &method->head);
  return TRUE;
}

static gboolean
attach (KontorCall *call, KontorError *error)
{
  const char *id = kontor_params_string (call->params, "customer");
  KontorPaymentMethod *method;
  KontorCustomer *customer;

  if (id == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, "customer", NULL);
  method = named (call, error);
  customer = method != NULL ? kontor_customer_require (call->tx, id, "customer", error) : NULL;
  if (customer == NULL || !kontor_payment_method_attach (call->tx, method, customer, TRUE, error))
    return FALSE;
  kontor_call_object (call, &method->head);
  return TRUE;
}

static gboolean
detach (KontorCall *call, KontorError *error)
{
  KontorPaymentMethod *method = named (call, error);

  if (method == NULL || !kontor_payment_method_detach (call->tx, method, error))
    return FALSE;
  kontor_call_object (call, &method->head);
  return TRUE;
}

static gboolean
may_be_shown_so (const KontorObject *object, gconstpointer word)
{
  return g_strcmp0 (((const KontorPaymentMethod *) object)->allow_redisplay, word) == 0;
}

/**
 * kontor_call_list_methods:
 * @call: a call on a route that lists payment methods
 * @query: (inout): may hold filters of the handler's own
 * @error: as for kontor_call_list()
 *
 * As kontor_call_list(), narrowed to what may be shown to the customer so again, where that is asked.
 *
 * Returns: whether the call went well
 */
gboolean
kontor_call_list_methods (KontorCall *call, KontorListQuery *query, KontorError *error)
{
  query->wanted_data = kontor_params_string (call->params, "allow_redisplay");
  query->wanted = query->wanted_data != NULL ? may_be_shown_so : NULL;
  return kontor_call_list (call, &kontor_payment_method_resource, query, error);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorListQuery query = { 0 };

  return kontor_call_list_methods (call, &query, error);
}

#define READ KONTOR_SCOPE_PAYMENT_METHODS_READ
#define WRITE KONTOR_SCOPE_PAYMENT_METHODS_WRITE

const KontorRoute kontor_payment_method_routes[] = {
  { "POST", "/v1/payment_methods", WRITE, &kontor_payment_method_resource, KONTOR_IN_CREATE, create,
    KONTOR_ROUTE_CLIENT, NULL, "Makes a payment method; nothing is asked of the bank yet." },
  { "GET", "/v1/payment_methods", READ, &kontor_payment_method_resource, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "Lists payment methods, newest first." },
  { "GET", "/v1/payment_methods/:id", READ, &kontor_payment_method_resource, 0,
    kontor_handle_retrieve, KONTOR_ROUTE_READ, NULL, "Shows a payment method." },
  { "POST", "/v1/payment_methods/:id", WRITE, &kontor_payment_method_resource, KONTOR_IN_UPDATE,
    update, 0, NULL, "Changes a payment method that a customer has." },
  { "POST", "/v1/payment_methods/:id/attach", WRITE, &kontor_payment_method_resource,
    KONTOR_IN_ACTION, attach, 0, NULL, "Gives a payment method to a customer." },
  { "POST", "/v1/payment_methods/:id/detach", WRITE, &kontor_payment_method_resource, 0, detach, 0,
    NULL, "Takes a payment method from its customer, for good." },
  { NULL },
};
