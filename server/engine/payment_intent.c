/* payment_intent.c: the rules of collecting a payment, from the wish to the money. */
#include "server/engine/payment_intent.h"

#include "server/engine/charge.h"
#include "server/engine/customer.h"
#include "server/engine/intent.h"
#include "server/engine/next-action.h"
#include "server/engine/payment_method.h"
#include "server/engine/rail.h"
#include "server/engine/settings.h"

/* What may be done in which state. What is not here cannot happen. */
typedef enum
{
  CONFIRM = 1 << 0,
  UPDATE = 1 << 1, /* amount, currency, method … ; description and metadata always */
  CAPTURE = 1 << 2,
  CANCEL = 1 << 3,
  INCREMENT = 1 << 4,
} Verb;

static const guint allowed[] = {
  [KONTOR_PAYMENT_INTENT_REQUIRES_PAYMENT_METHOD] = CONFIRM | UPDATE | CANCEL,
  [KONTOR_PAYMENT_INTENT_REQUIRES_CONFIRMATION] = CONFIRM | UPDATE | CANCEL,
  [KONTOR_PAYMENT_INTENT_REQUIRES_ACTION] = CONFIRM | UPDATE | CANCEL,
  [KONTOR_PAYMENT_INTENT_PROCESSING] = CANCEL,
  [KONTOR_PAYMENT_INTENT_REQUIRES_CAPTURE] = CAPTURE | CANCEL | INCREMENT,
  [KONTOR_PAYMENT_INTENT_SUCCEEDED] = 0,
  [KONTOR_PAYMENT_INTENT_CANCELED] = 0,
};

static const char *
status_word (const KontorPaymentIntent *intent)
{
  const KontorField *field = kontor_shape_find (&kontor_payment_intent_resource.shape, "status");

  return field->values[intent->status];
}

static gboolean
check_state (const KontorPaymentIntent *intent, Verb verb, const char *wish, KontorError *error)
{
  if (allowed[intent->status] & verb)
    return TRUE;
  kontor_error_set (error, KONTOR_ERROR_PAYMENT_INTENT_UNEXPECTED_STATE, NULL,
                    "You cannot %s this PaymentIntent because it has a status of %s.", wish,
                    status_word (intent));
  error->payment_intent = intent;
  return FALSE;
}

static gboolean
check_offered (const KontorValue *params, KontorError *error)
{
  static const char *const not_offered[] = { "application_fee_amount", "transfer_data",
                                             "on_behalf_of",           "confirmation_token",
                                             "managed_payments",       NULL };

  return kontor_intent_check_offered (params, not_offered, error);
}

static gboolean
check_customer (KontorTx *tx, const KontorValue *params, KontorError *error)
{
  KontorCustomer *customer;

  return kontor_customer_find (tx, params, "customer", &customer, error);
}

static gboolean
check_method_type (const KontorPaymentIntent *intent,
                   const KontorPaymentMethod *method,
                   KontorError *error)
{
  return kontor_intent_check_method (intent->payment_method_types, method,
                                     KONTOR_ERROR_PAYMENT_INTENT_INCOMPATIBLE_PAYMENT_METHOD,
                                     error);
}

static gboolean
check_create (KontorTx *tx, const KontorValue *params, KontorError *error)
{
  static const char *const with_confirm[] = { "off_session",    "error_on_requires_action",
                                              "return_url",     "mandate_data",
                                              "use_stripe_sdk", NULL };

  return check_offered (params, error) && check_customer (tx, params, error)
         && kontor_check_amount (kontor_params_int (params, "amount", 0),
                                 kontor_params_string (params, "currency"), "amount", error)
         && kontor_intent_check_create (params, with_confirm, error);
}

/**
 * kontor_payment_intent_create:
 * @tx: a unit of work
 * @params: of POST /v1/payment_intents, checked
 * @made: (out): the intent
 * @keep: (out): it was refused by the bank: the writes stay
 * @error: why not
 *
 * Returns: whether it was made and, where asked, confirmed
 */
gboolean
kontor_payment_intent_create (KontorTx *tx,
                              const KontorValue *params,
                              KontorPaymentIntent **made,
                              gboolean *keep,
                              KontorError *error)
{
  KontorPaymentIntent *intent;
  KontorPaymentMethod *method;

  *keep = FALSE;
  if (!check_create (tx, params, error)
      || !kontor_payment_method_find (tx, params, kontor_params_string (params, "customer"),
                                      &method, error))
    return FALSE;
  intent = kontor_tx_new (tx, &kontor_payment_intent_resource);
  kontor_params_apply (&kontor_payment_intent_resource.shape, KONTOR_IN_CREATE, params, tx->arena,
                       intent);
  kontor_intent_choose_types (tx, &intent->payment_method_types,
                              &intent->automatic_payment_methods);
  if (method != NULL && !check_method_type (intent, method, error))
    return FALSE;
  intent->client_secret = kontor_intent_client_secret (tx, intent->head.id);
  intent->payment_method = method != NULL ? method->head.id : NULL;
  intent->status = method != NULL ? KONTOR_PAYMENT_INTENT_REQUIRES_CONFIRMATION
                                  : KONTOR_PAYMENT_INTENT_REQUIRES_PAYMENT_METHOD;
  kontor_tx_save (tx, intent, "payment_intent.created");
  *made = intent;
  return !kontor_params_bool (params, "confirm", FALSE)
         || kontor_payment_intent_confirm (tx, intent, params, keep, error);
}

static gboolean
changes_terms (const KontorValue *params)
{
  static const char *const terms[] = { "amount",
                                       "currency",
                                       "payment_method",
                                       "payment_method_data",
                                       "payment_method_types",
                                       "customer",
                                       "setup_future_usage",
                                       "capture_method",
                                       "payment_method_options",
                                       NULL };

  for (guint i = 0; terms[i] != NULL; i++)
    if (kontor_params_has (params, terms[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_update (KontorTx *tx,
              const KontorPaymentIntent *intent,
              const KontorValue *params,
              KontorError *error)
{
  const char *currency = kontor_params_string (params, "currency");

  if (!check_offered (params, error) || !check_customer (tx, params, error)
      || !kontor_params_metadata_fits (params, intent->metadata, error))
    return FALSE;
  if (changes_terms (params) && !check_state (intent, UPDATE, "update the terms of", error))
    return FALSE;
  return (!kontor_params_has (params, "amount") && currency == NULL)
         || kontor_check_amount (kontor_params_int (params, "amount", intent->amount),
                                 currency != NULL ? currency : intent->currency, "amount", error);
}

/* A new method, or none, starts the intent's way anew. */
static void
use_method (KontorPaymentIntent *intent, const KontorPaymentMethod *method)
{
  intent->payment_method = method != NULL ? method->head.id : NULL;
  intent->next_action = NULL;
  intent->authentication = NULL;
  intent->status = method != NULL ? KONTOR_PAYMENT_INTENT_REQUIRES_CONFIRMATION
                                  : KONTOR_PAYMENT_INTENT_REQUIRES_PAYMENT_METHOD;
}

/**
 * kontor_payment_intent_update:
 * @tx: a unit of work
 * @intent: any intent
 * @params: of POST /v1/payment_intents/:id, checked
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_payment_intent_update (KontorTx *tx,
                              KontorPaymentIntent *intent,
                              const KontorValue *params,
                              KontorError *error)
{
  const char *customer = kontor_params_string (params, "customer");
  KontorPaymentMethod *method;
  gboolean changed;

  if (!check_update (tx, intent, params, error)
      || !kontor_payment_method_find (tx, params, customer != NULL ? customer : intent->customer,
                                      &method, error))
    return FALSE;
  changed = kontor_params_apply (&kontor_payment_intent_resource.shape, KONTOR_IN_UPDATE, params,
                                 tx->arena, intent);
  if (method != NULL && !check_method_type (intent, method, error))
    return FALSE;
  if (method != NULL || kontor_params_unset (params, "payment_method"))
    {
      use_method (intent, method);
      changed = TRUE;
    }
  if (changed)
    kontor_tx_save (tx, intent, NULL);
  return TRUE;
}

static const KontorPaymentIntentCardOptions *
card_options (const KontorPaymentIntent *intent)
{
  return intent->payment_method_options != NULL ? intent->payment_method_options->card : NULL;
}

static gboolean
captures_by_itself (const KontorPaymentIntent *intent)
{
  const KontorPaymentIntentCardOptions *options = card_options (intent);

  if (options != NULL && options->capture_method != NULL)
    return !g_str_equal (options->capture_method, "manual");
  return g_strcmp0 (intent->capture_method, "manual") != 0;
}

static const char *
future_usage (const KontorPaymentIntent *intent)
{
  const KontorPaymentIntentCardOptions *options = card_options (intent);

  if (options != NULL && options->setup_future_usage != NULL)
    return g_str_equal (options->setup_future_usage, "none") ? NULL : options->setup_future_usage;
  return intent->setup_future_usage;
}

static gboolean
wants_challenge (const KontorPaymentIntent *intent)
{
  const KontorPaymentIntentCardOptions *options = card_options (intent);

  return options != NULL && kontor_intent_wants_challenge (options->request_three_d_secure);
}

static gboolean
may_increment (const KontorPaymentIntent *intent)
{
  const KontorPaymentIntentCardOptions *options = card_options (intent);

  return options != NULL
         && g_strcmp0 (options->request_incremental_authorization, "if_available") == 0;
}

static KontorChargeAttempt
attempt_of (const KontorPaymentIntent *intent, KontorPaymentMethod *method)
{
  return (KontorChargeAttempt){
    .intent = intent,
    .method = method,
    .amount = intent->amount,
    .currency = intent->currency,
    .customer = intent->customer,
    .description = intent->description,
    .receipt_email = intent->receipt_email,
    .statement_descriptor = intent->statement_descriptor,
    .statement_descriptor_suffix = intent->statement_descriptor_suffix,
    .transfer_group = intent->transfer_group,
    .shipping = intent->shipping,
    .metadata = intent->metadata,
    .capture = captures_by_itself (intent),
    .off_session = intent->off_session,
    .authenticated = g_strcmp0 (intent->authentication, "succeeded") == 0,
    .challenge = wants_challenge (intent),
    .may_increment = may_increment (intent),
  };
}

/* Kept with the customer for later, or good for no other payment, once the bank agreed to this one. */
static void
keep_method (KontorTx *tx, KontorPaymentIntent *intent, KontorPaymentMethod *method)
{
  KontorCustomer *customer;
  KontorError ignored = { 0 };

  if (future_usage (intent) == NULL)
    {
      kontor_payment_method_use_up (tx, method);
      return;
    }
  if (g_str_equal (future_usage (intent), "off_session") && !method->set_up)
    {
      method->set_up = TRUE;
      kontor_tx_save (tx, method, NULL);
    }
  customer = kontor_tx_get (tx, &kontor_customer_resource, intent->customer);
  if (customer != NULL && !customer->deleted)
    (void) kontor_payment_method_attach (tx, method, customer, FALSE, &ignored);
}

static void
take_approval (KontorTx *tx,
               KontorPaymentIntent *intent,
               KontorPaymentMethod *method,
               const KontorCharge *charge)
{
  intent->latest_charge = charge->head.id;
  intent->last_payment_error = NULL;
  intent->next_action = NULL;
  intent->authentication = NULL;
  if (charge->captured)
    {
      intent->status = KONTOR_PAYMENT_INTENT_SUCCEEDED;
      intent->amount_received = charge->amount_captured;
      kontor_tx_save (tx, intent, "payment_intent.succeeded");
    }
  else
    {
      intent->status = KONTOR_PAYMENT_INTENT_REQUIRES_CAPTURE;
      intent->amount_capturable = charge->amount;
      kontor_tx_save (tx, intent, "payment_intent.amount_capturable_updated");
      kontor_tx_job (tx, "payment_intent.expire", charge->authorized_until, intent->head.key);
    }
  keep_method (tx, intent, method);
}

static gboolean
take_refusal (KontorTx *tx,
              KontorPaymentIntent *intent,
              const KontorPaymentMethod *method,
              const KontorCharge *charge,
              KontorError *error)
{
  if (charge != NULL)
    {
      intent->latest_charge = charge->head.id;
      g_strlcpy (error->charge, charge->head.id, sizeof error->charge);
    }
  intent->last_payment_error = kontor_last_error_new (tx, error, method);
  use_method (intent, NULL);
  kontor_tx_save (tx, intent, "payment_intent.payment_failed");
  error->payment_intent = intent;
  error->payment_method = method;
  return FALSE;
}

static void
ask_customer (KontorTx *tx, KontorPaymentIntent *intent)
{
  intent->status = KONTOR_PAYMENT_INTENT_REQUIRES_ACTION;
  intent->authentication = "pending";
  intent->next_action
      = kontor_next_action_new (tx, intent->head.id, intent->client_secret, intent->return_url);
  kontor_tx_save (tx, intent, "payment_intent.requires_action");
}

/* One try at the bank, with the intent as it stands. */
static gboolean
try_payment (KontorTx *tx,
             KontorPaymentIntent *intent,
             KontorPaymentMethod *method,
             gboolean no_action,
             gboolean *keep,
             KontorError *error)
{
  KontorChargeAttempt attempt = attempt_of (intent, method);
  KontorRailAnswer answer;
  KontorCharge *charge;

  if (!kontor_charge_attempt (tx, &attempt, &charge, &answer, error))
    return FALSE;
  switch (answer.outcome)
    {
    case KONTOR_RAIL_APPROVED:
    case KONTOR_RAIL_PENDING:
      take_approval (tx, intent, method, charge);
      return TRUE;
    case KONTOR_RAIL_ACTION_REQUIRED:
      if (!no_action)
        {
          ask_customer (tx, intent);
          return TRUE;
        }
      kontor_error_set (error, KONTOR_ERROR_AUTHENTICATION_REQUIRED, NULL,
                        "This payment required an authentication action to complete, but "
                        "error_on_requires_action was set.");
      break;
    case KONTOR_RAIL_DECLINED:
      kontor_rail_refusal (&answer, error);
      break;
    }
  *keep = TRUE;
  return take_refusal (tx, intent, method, charge, error);
}

static gboolean
is_off_session (const KontorValue *params)
{
  const char *word = kontor_params_string (params, "off_session");

  return word != NULL && !g_str_equal (word, "false");
}

static gboolean
check_confirm (KontorTx *tx,
               const KontorPaymentIntent *intent,
               const KontorValue *params,
               KontorError *error)
{
  if (!check_offered (params, error) || kontor_rail_of (tx, error) == NULL)
    return FALSE;
  if (!(allowed[intent->status] & CONFIRM))
    {
      kontor_error_set (
          error, KONTOR_ERROR_PAYMENT_INTENT_UNEXPECTED_STATE, NULL,
          intent->status == KONTOR_PAYMENT_INTENT_SUCCEEDED
              ? "You cannot confirm this PaymentIntent because it has already succeeded after "
                "being previously confirmed."
              : "You cannot confirm this PaymentIntent because it has a status of %s.",
          status_word (intent));
      error->payment_intent = intent;
      return FALSE;
    }
  if (is_off_session (params) && kontor_params_has (params, "setup_future_usage")
      && !kontor_params_unset (params, "setup_future_usage"))
    return kontor_error_set (
        error, KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER, "off_session",
        "You cannot set setup_future_usage when the customer is not there (off_session).");
  return TRUE;
}

/**
 * kontor_payment_intent_confirm:
 * @tx: a unit of work
 * @intent: one that waits for a method, a confirmation or an action
 * @params: of POST /v1/payment_intents/:id/confirm, or of the create call that confirms
 * @keep: (out): it was refused by the bank: the writes stay
 * @error: why not
 *
 * Returns: whether the payment was taken or reserved, or waits for the customer
 */
gboolean
kontor_payment_intent_confirm (KontorTx *tx,
                               KontorPaymentIntent *intent,
                               const KontorValue *params,
                               gboolean *keep,
                               KontorError *error)
{
  gboolean fresh = intent->head.version != 0 && kontor_params_bool (params, "confirm", FALSE);
  KontorPaymentMethod *method = NULL;

  *keep = FALSE;
  if (!check_confirm (tx, intent, params, error))
    return FALSE;
  /* A create call that confirms has put its method into the intent already. */
  if (!fresh && !kontor_payment_method_find (tx, params, intent->customer, &method, error))
    return FALSE;
  if (method != NULL)
    {
      if (!check_method_type (intent, method, error))
        return FALSE;
      use_method (intent, method);
    }
  if (intent->payment_method == NULL)
    {
      kontor_error_set (
          error, KONTOR_ERROR_PAYMENT_INTENT_UNEXPECTED_STATE, NULL,
          "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
          "either update the PaymentIntent with a payment method and then confirm it again, or "
          "confirm it again directly with a payment method or ConfirmationToken.");
      error->payment_intent = intent;
      return FALSE;
    }
  method = kontor_tx_require (tx, &kontor_payment_method_resource, intent->payment_method,
                              "payment_method", error);
  if (method == NULL || !kontor_payment_method_may_be_used (method, intent->customer, error))
    return FALSE;
  kontor_params_apply (&kontor_payment_intent_resource.shape, KONTOR_IN_CONFIRM, params, tx->arena,
                       intent);
  intent->return_url = kontor_params_string (params, "return_url") != NULL
                           ? kontor_params_string (params, "return_url")
                           : intent->return_url;
  intent->off_session = is_off_session (params);
  return try_payment (tx, intent, method,
                      kontor_params_bool (params, "error_on_requires_action", FALSE), keep, error);
}

/**
 * kontor_payment_intent_finish_action:
 * @tx: a unit of work
 * @intent: one that waits for the customer
 * @succeeded: the challenge was passed
 * @error: why not
 *
 * A payment that confirms automatically goes on to the bank at once; one that confirms manually waits for the merchant.
 *
 * Returns: whether the answer was taken; a refusal by the bank is then seen in the intent
 */
gboolean
kontor_payment_intent_finish_action (KontorTx *tx,
                                     KontorPaymentIntent *intent,
                                     gboolean succeeded,
                                     KontorError *error)
{
  KontorPaymentMethod *method
      = kontor_tx_get (tx, &kontor_payment_method_resource, intent->payment_method);
  KontorError refusal = { 0 };
  gboolean keep = FALSE;

  if (intent->status != KONTOR_PAYMENT_INTENT_REQUIRES_ACTION || method == NULL)
    return check_state (intent, 0, "authenticate", error);
  intent->next_action = NULL;
  if (!succeeded)
    {
      kontor_error_set (&refusal, KONTOR_ERROR_PAYMENT_INTENT_AUTHENTICATION_FAILURE, NULL, NULL);
      (void) take_refusal (tx, intent, method, NULL, &refusal);
      return TRUE;
    }
  intent->authentication = "succeeded";
  if (g_strcmp0 (intent->confirmation_method, "manual") == 0)
    {
      intent->status = KONTOR_PAYMENT_INTENT_REQUIRES_CONFIRMATION;
      kontor_tx_save (tx, intent, NULL);
      return TRUE;
    }
  return try_payment (tx, intent, method, FALSE, &keep, &refusal) || keep;
}

static KontorCharge *
charge_of (KontorTx *tx, const KontorPaymentIntent *intent)
{
  return kontor_tx_get (tx, &kontor_charge_resource, intent->latest_charge);
}

/**
 * kontor_payment_intent_capture:
 * @tx: a unit of work
 * @intent: one whose money is reserved
 * @params: of POST /v1/payment_intents/:id/capture, checked
 * @error: why not
 *
 * Returns: whether the money was taken
 */
gboolean
kontor_payment_intent_capture (KontorTx *tx,
                               KontorPaymentIntent *intent,
                               const KontorValue *params,
                               KontorError *error)
{
  gint64 amount = kontor_params_int (params, "amount_to_capture", intent->amount_capturable);
  KontorCharge *charge;

  if (!check_state (intent, CAPTURE, "capture", error) || !check_offered (params, error)
      || !kontor_params_metadata_fits (params, intent->metadata, error))
    return FALSE;
  if (!kontor_params_bool (params, "final_capture", TRUE))
    return kontor_error_set (error, KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER, "final_capture",
                             "This payment can be captured once only: leave final_capture out.");
  if (amount > intent->amount_capturable)
    return kontor_error_set (
        error, KONTOR_ERROR_AMOUNT_TOO_LARGE, "amount_to_capture",
        "The amount to capture is more than the amount that can be captured (%" G_GINT64_FORMAT
        ").",
        intent->amount_capturable);
  if (!kontor_check_amount (amount, intent->currency, "amount_to_capture", error))
    return FALSE;
  charge = charge_of (tx, intent);
  if (!kontor_charge_capture (tx, charge, amount, error))
    return FALSE;
  kontor_params_apply (&kontor_payment_intent_resource.shape, KONTOR_IN_CAPTURE, params, tx->arena,
                       intent);
  intent->status = KONTOR_PAYMENT_INTENT_SUCCEEDED;
  intent->amount_capturable = 0;
  intent->amount_received = amount;
  kontor_tx_end_jobs (tx, intent->head.key);
  kontor_tx_save (tx, intent, "payment_intent.succeeded");
  return TRUE;
}

static gboolean
end (KontorTx *tx,
     KontorPaymentIntent *intent,
     const char *reason,
     gboolean expired,
     KontorError *error)
{
  if (intent->status == KONTOR_PAYMENT_INTENT_REQUIRES_CAPTURE
      && !kontor_charge_release (tx, charge_of (tx, intent), expired, error))
    return FALSE;
  intent->status = KONTOR_PAYMENT_INTENT_CANCELED;
  intent->amount_capturable = 0;
  intent->canceled_at = tx->now;
  intent->cancellation_reason = reason;
  intent->next_action = NULL;
  kontor_tx_end_jobs (tx, intent->head.key);
  kontor_tx_save (tx, intent, "payment_intent.canceled");
  return TRUE;
}

/**
 * kontor_payment_intent_cancel:
 * @tx: a unit of work
 * @intent: one that has not succeeded
 * @params: of POST /v1/payment_intents/:id/cancel, checked
 * @error: why not
 *
 * Returns: whether it is cancelled and what was reserved is released
 */
gboolean
kontor_payment_intent_cancel (KontorTx *tx,
                              KontorPaymentIntent *intent,
                              const KontorValue *params,
                              KontorError *error)
{
  return check_state (intent, CANCEL, "cancel", error)
         && end (tx, intent, kontor_params_string (params, "cancellation_reason"), FALSE, error);
}

/**
 * kontor_payment_intent_expire:
 * @tx: a unit of work
 * @intent: one whose authorisation lapsed
 * @error: why not
 *
 * Returns: whether it is cancelled
 */
gboolean
kontor_payment_intent_expire (KontorTx *tx, KontorPaymentIntent *intent, KontorError *error)
{
  return intent->status != KONTOR_PAYMENT_INTENT_REQUIRES_CAPTURE
         || end (tx, intent, "automatic", TRUE, error);
}

/**
 * kontor_payment_intent_increment:
 * @tx: a unit of work
 * @intent: one whose money is reserved
 * @params: of POST /v1/payment_intents/:id/increment_authorization, checked
 * @error: why not
 *
 * Returns: whether more is reserved now
 */
gboolean
kontor_payment_intent_increment (KontorTx *tx,
                                 KontorPaymentIntent *intent,
                                 const KontorValue *params,
                                 KontorError *error)
{
  gint64 amount = kontor_params_int (params, "amount", 0);

  if (!check_state (intent, INCREMENT, "increment the authorization of", error)
      || !check_offered (params, error)
      || !kontor_params_metadata_fits (params, intent->metadata, error)
      || !kontor_check_amount (amount, intent->currency, "amount", error))
    return FALSE;
  if (!may_increment (intent))
    return kontor_error_set (
        error, KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER, NULL,
        "This payment was not confirmed with "
        "payment_method_options[card][request_incremental_authorization]=if_available.");
  if (amount <= intent->amount)
    return kontor_error_set (
        error, KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER, "amount",
        "The amount must be greater than the currently authorized amount (%" G_GINT64_FORMAT ").",
        intent->amount);
  if (!kontor_charge_increment (tx, charge_of (tx, intent), amount, error))
    return FALSE;
  kontor_params_apply (&kontor_payment_intent_resource.shape, KONTOR_IN_ACTION, params, tx->arena,
                       intent);
  intent->amount = amount;
  intent->amount_capturable = amount;
  kontor_tx_save (tx, intent, "payment_intent.amount_capturable_updated");
  return TRUE;
}
