/* payment_method.c: the rules of how a customer can pay: cards first, the table open for others. */
#include "server/engine/payment_method.h"

#include <string.h>

#include "server/engine/card.h"
#include "server/engine/rail.h"

static const char *
within (KontorTx *tx, const char *prefix, const char *name)
{
  return prefix == NULL ? name : kontor_arena_printf (tx->arena, "%s[%s]", prefix, name);
}

static void
keep_card (KontorPaymentMethod *method, const KontorCardRead *read)
{
  method->type = "card";
  method->card = read->card;
  method->behaviour = read->behaviour;
  method->cvc_given = read->cvc_given;
}

static gboolean
fill_card (KontorTx *tx,
           KontorPaymentMethod *method,
           const KontorValue *params,
           const char *prefix,
           KontorError *error)
{
  const KontorValue *card = kontor_params_object (params, "card");
  const char *path = within (tx, prefix, "card");
  KontorCardRead read;

  if (card == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, path, NULL);
  if (!kontor_card_read (tx, card, path, &read, error))
    return FALSE;
  keep_card (method, &read);
  return TRUE;
}

/* A type is one that can be made here when the table declares what belongs to it: an object of its name. */
static gboolean
fill_other (KontorTx *tx, KontorPaymentMethod *method, const char *prefix, KontorError *error)
{
  const KontorShape *shape = &kontor_payment_method_resource.shape;
  const KontorField *field = kontor_shape_find (shape, method->type);
  gpointer *member;

  if (field == NULL || field->type != KONTOR_OBJECT || (field->flags & KONTOR_PARAM_ONLY))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, within (tx, prefix, "type"),
                             "Payment methods of type '%s' are not available on this server.",
                             method->type);
  member = G_STRUCT_MEMBER_P (method, field->offset);
  if (*member == NULL)
    *member = kontor_shape_new (field->shape, tx->arena);
  return TRUE;
}

static gboolean
check_create (KontorTx *tx, const KontorValue *params, const char *prefix, KontorError *error)
{
  static const char *const of_copies[] = { "payment_method", "customer" };

  for (guint i = 0; i < G_N_ELEMENTS (of_copies); i++)
    if (kontor_params_has (params, of_copies[i]))
      return kontor_error_set (
          error, KONTOR_ERROR_INVALID_REQUEST, of_copies[i],
          "Payment methods are copied between connected accounts only, and"
          " this server has none. To give a new one to a customer, attach it.");
  if (kontor_params_string (params, "type") == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, within (tx, prefix, "type"),
                             NULL);
  return TRUE;
}

/**
 * kontor_payment_method_create:
 * @tx: a unit of work
 * @params: checked, as in POST /v1/payment_methods
 * @prefix: (nullable): the parameter that held them
 * @error: why not; a card that cannot be right is a card error
 *
 * Nothing is asked of the bank yet.
 *
 * Returns: (transfer none) (nullable): the payment method, saved without an event
 */
KontorPaymentMethod *
kontor_payment_method_create (KontorTx *tx,
                              const KontorValue *params,
                              const char *prefix,
                              KontorError *error)
{
  const char *type = kontor_params_string (params, "type");
  KontorPaymentMethod *method;
  gboolean filled;

  if (!check_create (tx, params, prefix, error))
    return NULL;
  method = kontor_tx_new (tx, &kontor_payment_method_resource);
  kontor_params_apply (&kontor_payment_method_resource.shape, KONTOR_IN_CREATE, params, tx->arena,
                       method);
  method->type = type;
  filled = g_str_equal (type, "card") ? fill_card (tx, method, params, prefix, error)
                                      : fill_other (tx, method, prefix, error);
  if (!filled)
    return NULL;
  kontor_tx_save (tx, method, NULL);
  return method;
}

/**
 * kontor_payment_method_resolve:
 * @tx: a unit of work
 * @id: one of this scope, or in test mode the name of a test card
 * @param: (nullable): the parameter that named it, %NULL for the URL
 * @error: gets “No such PaymentMethod”
 *
 * A test card's name stands for a new payment method each time, as if the customer had just typed the card.
 *
 * Returns: (transfer none) (nullable): the payment method
 */
KontorPaymentMethod *
kontor_payment_method_resolve (KontorTx *tx, const char *id, const char *param, KontorError *error)
{
  KontorPaymentMethod *method = kontor_tx_get (tx, &kontor_payment_method_resource, id);
  KontorCardRead read;

  if (method != NULL)
    return method;
  if (!kontor_card_by_name (tx, id, &read))
    {
      kontor_error_missing (error, "payment_method", id, param);
      return NULL;
    }
  method = kontor_tx_new (tx, &kontor_payment_method_resource);
  keep_card (method, &read);
  kontor_tx_save (tx, method, NULL);
  return method;
}

/**
 * kontor_payment_method_find:
 * @tx: a unit of work
 * @params: checked parameters of an intent
 * @customer: (nullable): id of whom the intent belongs to
 * @method: (out) (nullable): the payment method they mean, made where they describe a new one
 * @error: why it cannot be used
 *
 * Nothing of the intent changes: so it can be called before the rest is checked.
 *
 * Returns: whether @method is one that @customer may use, or none was named
 */
gboolean
kontor_payment_method_find (KontorTx *tx,
                            const KontorValue *params,
                            const char *customer,
                            KontorPaymentMethod **method,
                            KontorError *error)
{
  const KontorValue *data = kontor_params_object (params, "payment_method_data");
  const char *param = kontor_params_string (params, "payment_method") != NULL ? "payment_method"
                                                                              : "source";
  const char *id = kontor_params_string (params, param);

  *method = NULL;
  if (id != NULL && data != NULL)
    return kontor_error_set (
        error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "payment_method_data",
        "You may only specify one of these parameters: %s, payment_method_data.", param);
  if (id == NULL && data == NULL)
    return TRUE;
  *method = data != NULL ? kontor_payment_method_create (tx, data, "payment_method_data", error)
                         : kontor_payment_method_resolve (tx, id, param, error);
  return *method != NULL && kontor_payment_method_may_be_used (*method, customer, error);
}

/**
 * kontor_payment_method_note_checks:
 * @tx: a unit of work
 * @method: a payment method
 * @answer: what a rail said of it
 *
 * Keeps what the bank found when it compared the security code and the address. The caller saves it.
 */
void
kontor_payment_method_note_checks (KontorTx *tx,
                                   KontorPaymentMethod *method,
                                   const KontorRailAnswer *answer)
{
  KontorCardChecks *checks;

  if (method->card == NULL)
    return;
  checks = kontor_shape_new (&kontor_card_checks_shape, tx->arena);
  checks->cvc_check = answer->cvc_check;
  checks->address_line1_check = answer->address_line1_check;
  checks->address_postal_code_check = answer->address_postal_code_check;
  method->card->checks = checks;
}

/* A card that would need a challenge can be kept: the challenge comes when it is used. */
static gboolean
look_at (KontorTx *tx, KontorPaymentMethod *method, KontorError *error)
{
  KontorRailRequest request = {
    .verb = KONTOR_RAIL_VERIFY,
    .attempt = method->head.id,
    .method = method,
  };
  KontorRailAnswer answer;

  if (!kontor_rail_ask (tx, &request, &answer, error))
    return FALSE;
  if (answer.outcome == KONTOR_RAIL_DECLINED)
    return kontor_rail_refusal (&answer, error);
  kontor_payment_method_note_checks (tx, method, &answer);
  return TRUE;
}

static gboolean
refuse_state (KontorError *error, const char *message)
{
  return kontor_error_set (error, KONTOR_ERROR_PAYMENT_METHOD_UNEXPECTED_STATE, NULL, "%s",
                           message);
}

static gboolean
refuse_spent (KontorError *error)
{
  return refuse_state (error,
                       "This PaymentMethod was previously used without being attached to a Customer"
                       " or was detached from a Customer, and may not be used again.");
}

/**
 * kontor_payment_method_attach:
 * @tx: a unit of work
 * @method: a payment method
 * @customer: whose it becomes; not a deleted one
 * @verify: have the rail look at it first
 * @error: why not
 *
 * Returns: whether it is theirs now
 */
gboolean
kontor_payment_method_attach (KontorTx *tx,
                              KontorPaymentMethod *method,
                              KontorCustomer *customer,
                              gboolean verify,
                              KontorError *error)
{
  if (method->customer != NULL && g_str_equal (method->customer, customer->head.id))
    return TRUE;
  if (method->customer != NULL)
    return refuse_state (
        error, "The payment method you provided has already been attached to a customer.");
  if (method->spent)
    return refuse_spent (error);
  if (verify && !look_at (tx, method, error))
    return FALSE;
  method->customer = customer->head.id;
  kontor_tx_save (tx, method, "payment_method.attached");
  return TRUE;
}

/* Nothing may go on pointing at a method that is no longer theirs. */
static void
forget_default (KontorTx *tx, KontorCustomer *customer, const char *method)
{
  gboolean changed = FALSE;

  if (g_strcmp0 (customer->default_source, method) == 0)
    {
      customer->default_source = NULL;
      changed = TRUE;
    }
  if (customer->invoice_settings != NULL
      && g_strcmp0 (customer->invoice_settings->default_payment_method, method) == 0)
    {
      customer->invoice_settings->default_payment_method = NULL;
      changed = TRUE;
    }
  if (changed)
    kontor_tx_save (tx, customer, "customer.updated");
}

/**
 * kontor_payment_method_detach:
 * @tx: a unit of work
 * @method: a payment method
 * @error: why not
 *
 * For good: a detached method can be neither used nor attached again.
 *
 * Returns: whether it is nobody's now
 */
gboolean
kontor_payment_method_detach (KontorTx *tx, KontorPaymentMethod *method, KontorError *error)
{
  KontorCustomer *customer;

  if (method->customer == NULL)
    return refuse_state (error, "The payment method you provided is not attached to a customer so "
                                "detachment is impossible.");
  customer = kontor_tx_get (tx, &kontor_customer_resource, method->customer);
  method->customer = NULL;
  method->spent = TRUE;
  kontor_tx_save (tx, method, "payment_method.detached");
  if (customer != NULL && !customer->deleted)
    forget_default (tx, customer, method->head.id);
  return TRUE;
}

/**
 * kontor_payment_method_use_up:
 * @tx: a unit of work
 * @method: a payment method that paid and is not to be kept
 *
 * What belongs to nobody pays once: a card that could be charged again has to be somebody's, so that
 * they can see it and take it away.
 */
void
kontor_payment_method_use_up (KontorTx *tx, KontorPaymentMethod *method)
{
  if (method->customer != NULL || method->spent)
    return;
  method->spent = TRUE;
  kontor_tx_save (tx, method, NULL);
}

static gboolean
change_card (KontorTx *tx,
             KontorPaymentMethod *method,
             const KontorValue *params,
             KontorError *error)
{
  gint64 month, year;

  if (method->card == NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "card",
                             "You cannot update `card` on a payment method of type '%s'.",
                             method->type);
  month = kontor_params_int (params, "exp_month", method->card->exp_month);
  year = kontor_params_int (params, "exp_year", method->card->exp_year);
  if (!kontor_card_check_expiry (tx->now, month, &year, error)
      || !kontor_card_prefer (tx, method->card, params, "card", error))
    return FALSE;
  method->card->exp_month = month;
  method->card->exp_year = year;
  return TRUE;
}

/**
 * kontor_payment_method_update:
 * @tx: a unit of work
 * @method: a payment method that somebody has
 * @params: checked, as in POST /v1/payment_methods/:id
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_payment_method_update (KontorTx *tx,
                              KontorPaymentMethod *method,
                              const KontorValue *params,
                              KontorError *error)
{
  const KontorValue *card = kontor_params_object (params, "card");
  gboolean changed;

  if (method->customer == NULL)
    return refuse_state (
        error, "You must save this PaymentMethod to a customer before you can update it.");
  if (!kontor_params_metadata_fits (params, method->metadata, error)
      || (card != NULL && !change_card (tx, method, card, error)))
    return FALSE;
  changed = kontor_params_apply (&kontor_payment_method_resource.shape, KONTOR_IN_UPDATE, params,
                                 tx->arena, method);
  if (changed || card != NULL)
    kontor_tx_save (tx, method, "payment_method.updated");
  return TRUE;
}

/**
 * kontor_payment_method_may_be_used:
 * @method: a payment method
 * @customer: (nullable): id of who is to pay with it
 * @error: why not
 *
 * Returns: whether it is theirs or nobody's
 */
gboolean
kontor_payment_method_may_be_used (const KontorPaymentMethod *method,
                                   const char *customer,
                                   KontorError *error)
{
  if (method->customer == NULL)
    return !method->spent || refuse_spent (error);
  if (customer == NULL)
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, "payment_method",
        "The payment method %s belongs to a customer. Name that customer in the"
        " `customer` parameter to use it.",
        method->head.id);
  if (!g_str_equal (method->customer, customer))
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, "payment_method",
        "The customer does not have a payment method with the ID %s. The payment"
        " method must be attached to the customer.",
        method->head.id);
  return TRUE;
}
