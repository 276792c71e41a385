/* customer.c: the rules of whom a merchant takes money from. */
#include "server/engine/customer.h"

#include <string.h>

#include "core/resources/payment_method.h"
#include "server/engine/engine.h"
#include "server/engine/payment_method.h"
#include "server/store/object.h"

#define INVOICE_PREFIX_LETTERS 8

/* How many of a customer's methods are read at a time. */
#define PAGE 100

/**
 * kontor_customer_require:
 * @tx: a unit of work
 * @id: of a customer
 * @param: (nullable): the parameter that named it, %NULL for the URL
 * @error: gets “No such customer”
 *
 * Returns: (transfer none) (nullable): the customer; a deleted one is no customer any more
 */
KontorCustomer *
kontor_customer_require (KontorTx *tx, const char *id, const char *param, KontorError *error)
{
  KontorCustomer *customer = kontor_tx_require (tx, &kontor_customer_resource, id, param, error);

  if (customer != NULL && customer->deleted)
    {
      kontor_error_missing (error, "customer", id, param);
      return NULL;
    }
  return customer;
}

/**
 * kontor_customer_find:
 * @tx: a unit of work
 * @params: checked parameters
 * @param: the one that may name a customer
 * @customer: (out) (nullable): whom it names
 * @error: gets “No such customer”
 *
 * Returns: %FALSE when it names nobody that is there
 */
gboolean
kontor_customer_find (KontorTx *tx,
                      const KontorValue *params,
                      const char *param,
                      KontorCustomer **customer,
                      KontorError *error)
{
  const char *id = kontor_params_string (params, param);

  *customer = id != NULL ? kontor_customer_require (tx, id, param, error) : NULL;
  return id == NULL || *customer != NULL;
}

/* Invoices of a default method that is not theirs could never be paid. */
static gboolean
check_default (KontorTx *tx,
               const KontorValue *params,
               const char *customer,
               const KontorPaymentMethod *attached,
               KontorError *error)
{
  static const char param[] = "invoice_settings[default_payment_method]";
  const KontorValue *settings = kontor_params_object (params, "invoice_settings");
  const char *id = settings != NULL ? kontor_params_string (settings, "default_payment_method")
                                    : NULL;
  const KontorPaymentMethod *method;

  if (id == NULL || (attached != NULL && g_str_equal (id, attached->head.id)))
    return TRUE;
  method = kontor_tx_get (tx, &kontor_payment_method_resource, id);
  if (method == NULL)
    return kontor_error_missing (error, "payment_method", id, param);
  if (g_strcmp0 (method->customer, customer) != 0)
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, param,
        "The customer does not have a payment method with the ID %s. The payment"
        " method must be attached to the customer.",
        id);
  return TRUE;
}

/* The method that a customer is made with: a new client names a payment method, an old one a source. */
static gboolean
find_method (KontorTx *tx,
             const KontorValue *params,
             KontorPaymentMethod **method,
             KontorError *error)
{
  const char *id = kontor_params_string (params, "payment_method");
  const char *source = kontor_params_string (params, "source");

  *method = NULL;
  if (id != NULL && source != NULL)
    return kontor_error_set (
        error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "source",
        "You may only specify one of these parameters: payment_method, source.");
  if (id != NULL)
    *method = kontor_payment_method_resolve (tx, id, "payment_method", error);
  else if (source != NULL)
    *method = kontor_payment_method_resolve (tx, source, "source", error);
  return *method != NULL || (id == NULL && source == NULL);
}

static void
fill_defaults (KontorTx *tx, KontorCustomer *customer)
{
  if (customer->invoice_settings == NULL)
    customer->invoice_settings = kontor_shape_new (&kontor_invoice_settings_shape, tx->arena);
  if (customer->next_invoice_sequence == KONTOR_NONE)
    customer->next_invoice_sequence = 1;
  if (customer->invoice_prefix == NULL)
    {
      char *prefix = kontor_ids_secret (tx->ids, tx->arena, INVOICE_PREFIX_LETTERS);

      for (char *letter = prefix; *letter != '\0'; letter++)
        *letter = g_ascii_toupper (*letter);
      customer->invoice_prefix = prefix;
    }
}

static gboolean
refuse_test_clock (const KontorValue *params, KontorError *error)
{
  if (kontor_params_string (params, "test_clock") == NULL)
    return TRUE;
  return kontor_error_missing (error, "test_clock", kontor_params_string (params, "test_clock"),
                               "test_clock");
}

/**
 * kontor_customer_create:
 * @tx: a unit of work
 * @params: of POST /v1/customers, checked
 * @made: (out): the customer
 * @error: why not; a card that the bank refuses is a card error and makes no customer
 *
 * Returns: whether it was made
 */
gboolean
kontor_customer_create (KontorTx *tx,
                        const KontorValue *params,
                        KontorCustomer **made,
                        KontorError *error)
{
  KontorCustomer *customer;
  KontorPaymentMethod *method;

  if (!refuse_test_clock (params, error) || !find_method (tx, params, &method, error))
    return FALSE;
  customer = kontor_tx_new (tx, &kontor_customer_resource);
  if (!check_default (tx, params, customer->head.id, method, error))
    return FALSE;
  kontor_params_apply (&kontor_customer_resource.shape, KONTOR_IN_CREATE, params, tx->arena,
                       customer);
  fill_defaults (tx, customer);
  if (method != NULL && kontor_params_string (params, "source") != NULL)
    customer->default_source = method->head.id;
  kontor_tx_save (tx, customer, "customer.created");
  if (method != NULL && !kontor_payment_method_attach (tx, method, customer, TRUE, error))
    return FALSE;
  *made = customer;
  return TRUE;
}

static gboolean
check_default_source (KontorTx *tx,
                      const KontorValue *params,
                      const KontorCustomer *customer,
                      KontorError *error)
{
  const char *id = kontor_params_string (params, "default_source");
  const KontorPaymentMethod *method;

  if (id == NULL)
    return TRUE;
  method = kontor_tx_get (tx, &kontor_payment_method_resource, id);
  if (method == NULL || g_strcmp0 (method->customer, customer->head.id) != 0)
    return kontor_error_missing (error, "source", id, "default_source");
  return TRUE;
}

/**
 * kontor_customer_update:
 * @tx: a unit of work
 * @customer: one that is not deleted
 * @params: of POST /v1/customers/:id, checked
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_customer_update (KontorTx *tx,
                        KontorCustomer *customer,
                        const KontorValue *params,
                        KontorError *error)
{
  KontorPaymentMethod *method;
  gboolean changed;

  if (!find_method (tx, params, &method, error)
      || !check_default_source (tx, params, customer, error)
      || !check_default (tx, params, customer->head.id, NULL, error)
      || !kontor_params_metadata_fits (params, customer->metadata, error))
    return FALSE;
  if (method != NULL)
    {
      if (!kontor_payment_method_attach (tx, method, customer, TRUE, error))
        return FALSE;
      customer->default_source = method->head.id;
    }
  changed = kontor_params_apply (&kontor_customer_resource.shape, KONTOR_IN_UPDATE, params,
                                 tx->arena, customer);
  if (changed || method != NULL)
    kontor_tx_save (tx, customer, "customer.updated");
  return TRUE;
}

/* One page of the methods that the database knows as theirs, older than @after. */
static gboolean
methods_of (KontorTx *tx,
            const KontorCustomer *customer,
            gint64 after,
            GPtrArray *found,
            gboolean *has_more)
{
  KontorListQuery query = {
    .resource = &kontor_payment_method_resource,
    .scope = tx->scope,
    .limit = PAGE,
    .after = after,
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
    .n_filters = 1,
    .filters = { { .column = "customer", .number = customer->head.key } },
  };
  GError *error = NULL;

  if (kontor_store_object_list (tx->store, tx->arena, &query, found, has_more, &error))
    return TRUE;
  kontor_tx_fail (tx, error);
  return FALSE;
}

static void
detach_all (KontorTx *tx, const KontorCustomer *customer)
{
  gboolean has_more = TRUE;
  gint64 after = 0;

  while (has_more)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new ();

      if (!methods_of (tx, customer, after, found, &has_more))
        return;
      for (guint i = 0; i < found->len; i++)
        {
          const KontorObject *row = found->pdata[i];
          KontorPaymentMethod *method = kontor_tx_get_by_key (tx, row->resource, row->key);

          after = row->key;
          if (g_strcmp0 (method->customer, customer->head.id) == 0)
            (void) kontor_payment_method_detach (tx, method, NULL);
        }
      has_more = has_more && found->len > 0;
    }
}

/**
 * kontor_customer_delete:
 * @tx: a unit of work
 * @customer: one that is not deleted
 *
 * What they paid stays in the books under their id; their payment methods can be used no more.
 */
void
kontor_customer_delete (KontorTx *tx, KontorCustomer *customer)
{
  customer->deleted = TRUE;
  customer->default_source = NULL;
  customer->invoice_settings->default_payment_method = NULL;
  detach_all (tx, customer);
  kontor_tx_save (tx, customer, "customer.deleted");
}
