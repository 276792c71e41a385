/* customer.c: the routes of customers and of their payment methods. */
#include "server/http/nouns.h"

#include "core/resources/customer.h"
#include "core/resources/payment_method.h"
#include "server/engine/customer.h"

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorCustomer *customer;

  if (!kontor_customer_create (call->tx, call->params, &customer, error))
    return FALSE;
  kontor_call_object (call, &customer->head);
  return TRUE;
}

/* A deleted customer can still be asked for, and says no more than that. */
static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorCustomer *customer
      = kontor_call_require (call, &kontor_customer_resource, call->ids[0], error);

  if (customer == NULL)
    return FALSE;
  if (customer->deleted)
    return kontor_call_deleted (call, &customer->head);
  kontor_call_object (call, &customer->head);
  return TRUE;
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorCustomer *customer = kontor_customer_require (call->tx, call->ids[0], "id", error);

  if (customer == NULL || !kontor_customer_update (call->tx, customer, call->params, error))
    return FALSE;
  kontor_call_object (call, &customer->head);
  return TRUE;
}

static gboolean delete (KontorCall *call, KontorError *error)
{
  KontorCustomer *customer = kontor_customer_require (call->tx, call->ids[0], "id", error);

  if (customer == NULL)
    return FALSE;
  kontor_customer_delete (call->tx, customer);
  return kontor_call_deleted (call, &customer->head);
}

/* There are no test clocks here yet, so nobody lives by one. */
static gboolean
list (KontorCall *call, KontorError *error)
{
  const char *clock = kontor_params_string (call->params, "test_clock");

  if (clock != NULL)
    return kontor_error_missing (error, "test_clock", clock, "test_clock");
  return kontor_handle_list (call, error);
}

/* For reads: whose methods the URL asks for. */
static const KontorCustomer *
owner (KontorCall *call, KontorError *error)
{
  const KontorCustomer *customer
      = kontor_call_require (call, &kontor_customer_resource, call->ids[0], error);

  if (customer != NULL && customer->deleted)
    {
      kontor_error_missing (error, "customer", call->ids[0], "id");
      return NULL;
    }
  return customer;
}

static gboolean
list_methods (KontorCall *call, KontorError *error)
{
  const KontorCustomer *customer = owner (call, error);
  KontorListQuery query = { .n_filters = 1 };

  if (customer == NULL)
    return FALSE;
  query.filters[0] = (KontorFilter){ .column = "customer", .number = customer->head.key };
  return kontor_call_list_methods (call, &query, error);
}

static gboolean
retrieve_method (KontorCall *call, KontorError *error)
{
  const KontorCustomer *customer = owner (call, error);
  const KontorPaymentMethod *method;

  if (customer == NULL)
    return FALSE;
  method = kontor_call_require (call, &kontor_payment_method_resource, call->ids[1], error);
  if (method == NULL)
    return FALSE;
  if (g_strcmp0 (method->customer, customer->head.id) != 0)
    return kontor_error_missing (error, "payment_method", call->ids[1], "id");
  kontor_call_object (call, &method->head);
  return TRUE;
}

#define READ KONTOR_SCOPE_CUSTOMERS_READ
#define WRITE KONTOR_SCOPE_CUSTOMERS_WRITE

const KontorRoute kontor_customer_routes[] = {
  { "POST", "/v1/customers", WRITE, &kontor_customer_resource, KONTOR_IN_CREATE, create, 0, NULL,
    "Makes a customer." },
  { "GET", "/v1/customers", READ, &kontor_customer_resource, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "Lists customers, newest first." },
  { "GET", "/v1/customers/search", READ, &kontor_customer_resource, 0, kontor_handle_search,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_SEARCH, NULL, "Finds customers by a query." },
  { "GET", "/v1/customers/:id", READ, &kontor_customer_resource, 0, retrieve, KONTOR_ROUTE_READ,
    NULL, "Shows a customer." },
  { "POST", "/v1/customers/:id", WRITE, &kontor_customer_resource, KONTOR_IN_UPDATE, update, 0,
    NULL, "Changes a customer." },
  { "DELETE", "/v1/customers/:id", WRITE, &kontor_customer_resource, 0, delete, 0, NULL,
    "Deletes a customer and detaches their payment methods." },
  { "GET", "/v1/customers/:id/payment_methods", KONTOR_SCOPE_PAYMENT_METHODS_READ,
    &kontor_payment_method_resource, KONTOR_IN_LIST, list_methods, KONTOR_ROUTE_READ, NULL,
    "Lists a customer's payment methods, newest first." },
  { "GET", "/v1/customers/:id/payment_methods/:id", KONTOR_SCOPE_PAYMENT_METHODS_READ,
    &kontor_payment_method_resource, 0, retrieve_method, KONTOR_ROUTE_READ, NULL,
    "Shows one of a customer's payment methods." },
  { NULL },
};
