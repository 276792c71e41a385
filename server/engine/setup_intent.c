/* setup_intent.c: the rules of making a payment method ready for payments to come. */
#include "server/engine/setup_intent.h"

#include "server/engine/customer.h"
#include "server/engine/intent.h"
#include "server/engine/next-action.h"
#include "server/engine/payment_method.h"
#include "server/engine/rail.h"
#include "server/engine/setup_attempt.h"

/* What may be done in which state. What is not here cannot happen. */
typedef enum
{
  CONFIRM = 1 << 0,
  UPDATE = 1 << 1, /* method, customer, options; description and metadata always */
  CANCEL = 1 << 2,
  FINISH = 1 << 3, /* a challenge */
} Verb;

static const guint allowed[] = {
  [KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD] = CONFIRM | UPDATE | CANCEL,
  [KONTOR_SETUP_INTENT_REQUIRES_CONFIRMATION] = CONFIRM | UPDATE | CANCEL,
  [KONTOR_SETUP_INTENT_REQUIRES_ACTION] = CONFIRM | UPDATE | CANCEL | FINISH,
  [KONTOR_SETUP_INTENT_PROCESSING] = CANCEL,
  [KONTOR_SETUP_INTENT_SUCCEEDED] = 0,
  [KONTOR_SETUP_INTENT_CANCELED] = 0,
};

static gboolean
check_state (const KontorSetupIntent *intent, Verb verb, const char *wish, KontorError *error)
{
  const KontorField *field = kontor_shape_find (&kontor_setup_intent_resource.shape, "status");

  if (allowed[intent->status] & verb)
    return TRUE;
  if (intent->status == KONTOR_SETUP_INTENT_SUCCEEDED)
    kontor_error_set (error, KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE, NULL,
                      "You cannot %s this SetupIntent because it has already succeeded.", wish);
  else
    kontor_error_set (error, KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE, NULL,
                      "You cannot %s this SetupIntent because it has a status of %s.", wish,
                      field->values[intent->status]);
  error->setup_intent = intent;
  return FALSE;
}

static gboolean
check_offered (const KontorValue *params, KontorError *error)
{
  static const char *const not_offered[]
      = { "on_behalf_of", "confirmation_token", "single_use", NULL };

  if (kontor_params_bool (params, "attach_to_self", FALSE))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "attach_to_self",
                             "This account cannot use attach_to_self: leave the parameter out.");
  return kontor_intent_check_offered (params, not_offered, error);
}

static gboolean
check_create (const KontorValue *params, KontorError *error)
{
  static const char *const with_confirm[] = { "return_url", "mandate_data", NULL };

  return check_offered (params, error) && kontor_intent_check_create (params, with_confirm, error);
}

static gboolean
check_method_type (const KontorSetupIntent *intent,
                   const KontorPaymentMethod *method,
                   KontorError *error)
{
  return kontor_intent_check_method (intent->payment_method_types, method,
                                     KONTOR_ERROR_SETUP_INTENT_INVALID_PARAMETER, error);
}

/* A new method, or none, starts the intent's way anew. */
static void
use_method (KontorTx *tx, KontorSetupIntent *intent, const KontorPaymentMethod *method)
{
  kontor_setup_attempt_abandon (tx, intent);
  intent->next_action = NULL;
  intent->payment_method = method != NULL ? method->head.id : NULL;
  intent->status = method != NULL ? KONTOR_SETUP_INTENT_REQUIRES_CONFIRMATION
                                  : KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD;
}

static gboolean
wants_challenge (const KontorSetupIntent *intent)
{
  const KontorSetupIntentOptions *options = intent->payment_method_options;

  return options != NULL && options->card != NULL
         && kontor_intent_wants_challenge (options->card->request_three_d_secure);
}

/* The two whom a setup joins; both are looked at before anything is written. */
typedef struct
{
  KontorPaymentMethod *method;
  KontorCustomer *customer; /* or %NULL: the method is kept by whoever attaches it later */
} Parties;

static gboolean
find_parties (KontorTx *tx, const KontorSetupIntent *intent, Parties *parties, KontorError *error)
{
  parties->method = kontor_tx_require (tx, &kontor_payment_method_resource, intent->payment_method,
                                       "payment_method", error);
  parties->customer = NULL;
  if (parties->method == NULL
      || !kontor_payment_method_may_be_used (parties->method, intent->customer, error))
    return FALSE;
  if (intent->customer != NULL)
    parties->customer = kontor_customer_require (tx, intent->customer, "customer", error);
  return intent->customer == NULL || parties->customer != NULL;
}

static void
take_approval (KontorTx *tx,
               KontorSetupIntent *intent,
               const Parties *parties,
               KontorSetupAttempt *attempt,
               const KontorRailAnswer *answer)
{
  KontorPaymentMethod *method = parties->method;
  KontorError none = { 0 };

  kontor_payment_method_note_checks (tx, method, answer);
  if (g_strcmp0 (intent->usage, "on_session") != 0)
    method->set_up = TRUE;
  kontor_setup_attempt_succeed (tx, attempt, method, answer);
  /* find_parties() has made sure that it can be theirs. */
  if (parties->customer != NULL && method->customer == NULL)
    (void) kontor_payment_method_attach (tx, method, parties->customer, FALSE, &none);
  else
    kontor_tx_save (tx, method, NULL);
  intent->status = KONTOR_SETUP_INTENT_SUCCEEDED;
  intent->last_setup_error = NULL;
  intent->next_action = NULL;
  kontor_tx_save (tx, intent, "setup_intent.succeeded");
}

static gboolean
take_refusal (KontorTx *tx,
              KontorSetupIntent *intent,
              const KontorPaymentMethod *method,
              KontorSetupAttempt *attempt,
              KontorError *error)
{
  KontorLastError *reason = kontor_last_error_new (tx, error, method);

  kontor_setup_attempt_fail (tx, attempt, reason);
  intent->last_setup_error = reason;
  use_method (tx, intent, NULL);
  kontor_tx_save (tx, intent, "setup_intent.setup_failed");
  error->setup_intent = intent;
  error->payment_method = method;
  return FALSE;
}

static void
ask_customer (KontorTx *tx, KontorSetupIntent *intent, KontorSetupAttempt *attempt)
{
  kontor_setup_attempt_wait (tx, attempt);
  intent->status = KONTOR_SETUP_INTENT_REQUIRES_ACTION;
  intent->next_action
      = kontor_next_action_new (tx, intent->head.id, intent->client_secret, intent->return_url);
  kontor_tx_save (tx, intent, "setup_intent.requires_action");
}

/* Asks the bank once. @attempt is the one to go on with; @authenticated: its challenge was passed. */
static gboolean
try_setup (KontorTx *tx,
           KontorSetupIntent *intent,
           const Parties *parties,
           KontorSetupAttempt *attempt,
           gboolean authenticated,
           gboolean *keep,
           KontorError *error)
{
  KontorRailRequest request = {
    .verb = KONTOR_RAIL_VERIFY,
    .attempt = attempt->head.id,
    .method = parties->method,
    .authenticated = authenticated,
    .challenge = wants_challenge (intent),
  };
  KontorRailAnswer answer;

  if (!kontor_rail_ask (tx, &request, &answer, error))
    return FALSE;
  switch (answer.outcome)
    {
    case KONTOR_RAIL_APPROVED:
    case KONTOR_RAIL_PENDING:
      take_approval (tx, intent, parties, attempt, &answer);
      return TRUE;
    case KONTOR_RAIL_ACTION_REQUIRED:
      ask_customer (tx, intent, attempt);
      return TRUE;
    case KONTOR_RAIL_DECLINED:
      break;
    }
  *keep = TRUE;
  kontor_rail_refusal (&answer, error);
  return take_refusal (tx, intent, parties->method, attempt, error);
}

static gboolean
run_confirm (KontorTx *tx,
             KontorSetupIntent *intent,
             const KontorValue *params,
             gboolean *keep,
             KontorError *error)
{
  Parties parties;

  if (intent->payment_method == NULL)
    {
      kontor_error_set (
          error, KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE, NULL,
          "You cannot confirm this SetupIntent because it's missing a payment method. You can"
          " either update the SetupIntent with a payment method and then confirm it again, or"
          " confirm it again directly with a payment method or ConfirmationToken.");
      error->setup_intent = intent;
      return FALSE;
    }
  if (kontor_rail_of (tx, error) == NULL || !find_parties (tx, intent, &parties, error))
    return FALSE;
  if (kontor_params_string (params, "return_url") != NULL)
    intent->return_url = kontor_params_string (params, "return_url");
  return try_setup (tx, intent, &parties, kontor_setup_attempt_begin (tx, intent, parties.method),
                    FALSE, keep, error);
}

/**
 * kontor_setup_intent_create:
 * @tx: a unit of work
 * @params: of POST /v1/setup_intents, checked
 * @made: (out): the intent
 * @keep: (out): the bank refused the method: the writes stay
 * @error: why not
 *
 * Returns: whether it was made and, where asked, confirmed
 */
gboolean
kontor_setup_intent_create (KontorTx *tx,
                            const KontorValue *params,
                            KontorSetupIntent **made,
                            gboolean *keep,
                            KontorError *error)
{
  KontorSetupIntent *intent;
  KontorCustomer *customer;
  KontorPaymentMethod *method;

  *keep = FALSE;
  if (!check_create (params, error)
      || !kontor_customer_find (tx, params, "customer", &customer, error)
      || !kontor_payment_method_find (tx, params, customer != NULL ? customer->head.id : NULL,
                                      &method, error))
    return FALSE;
  intent = kontor_tx_new (tx, &kontor_setup_intent_resource);
  kontor_params_apply (&kontor_setup_intent_resource.shape, KONTOR_IN_CREATE, params, tx->arena,
                       intent);
  kontor_intent_choose_types (tx, &intent->payment_method_types,
                              &intent->automatic_payment_methods);
  if (method != NULL && !check_method_type (intent, method, error))
    return FALSE;
  intent->client_secret = kontor_intent_client_secret (tx, intent->head.id);
  use_method (tx, intent, method);
  kontor_tx_save (tx, intent, "setup_intent.created");
  *made = intent;
  return !kontor_params_bool (params, "confirm", FALSE)
         || run_confirm (tx, intent, params, keep, error);
}

/**
 * kontor_setup_intent_confirm:
 * @tx: a unit of work
 * @intent: one that waits for a method, a confirmation or an action
 * @params: of POST /v1/setup_intents/:id/confirm, checked
 * @keep: (out): the bank refused the method: the writes stay
 * @error: why not
 *
 * Returns: whether the method is ready for later, or waits for the customer
 */
gboolean
kontor_setup_intent_confirm (KontorTx *tx,
                             KontorSetupIntent *intent,
                             const KontorValue *params,
                             gboolean *keep,
                             KontorError *error)
{
  KontorPaymentMethod *method;

  *keep = FALSE;
  if (!check_offered (params, error) || !check_state (intent, CONFIRM, "confirm", error)
      || !kontor_payment_method_find (tx, params, intent->customer, &method, error))
    return FALSE;
  if (method != NULL)
    {
      if (!check_method_type (intent, method, error))
        return FALSE;
      use_method (tx, intent, method);
    }
  kontor_params_apply (&kontor_setup_intent_resource.shape, KONTOR_IN_CONFIRM, params, tx->arena,
                       intent);
  kontor_setup_attempt_abandon (tx, intent);
  return run_confirm (tx, intent, params, keep, error);
}

/**
 * kontor_setup_intent_finish_action:
 * @tx: a unit of work
 * @intent: one that waits for the customer
 * @succeeded: the challenge was passed
 * @error: why not
 *
 * Returns: whether the answer was taken; a refusal by the bank is then seen in the intent
 */
gboolean
kontor_setup_intent_finish_action (KontorTx *tx,
                                   KontorSetupIntent *intent,
                                   gboolean succeeded,
                                   KontorError *error)
{
  KontorSetupAttempt *attempt;
  KontorError refusal = { 0 };
  gboolean keep = FALSE;
  Parties parties;

  if (!check_state (intent, FINISH, "authenticate", error)
      || !find_parties (tx, intent, &parties, error))
    return FALSE;
  attempt = kontor_tx_require (tx, &kontor_setup_attempt_resource, intent->latest_attempt,
                               "latest_attempt", error);
  if (attempt == NULL)
    return FALSE;
  if (succeeded)
    return try_setup (tx, intent, &parties, attempt, TRUE, &keep, &refusal) || keep;
  kontor_error_set (&refusal, KONTOR_ERROR_SETUP_INTENT_AUTHENTICATION_FAILURE, NULL, NULL);
  (void) take_refusal (tx, intent, parties.method, attempt, &refusal);
  return TRUE;
}

static gboolean
changes_terms (const KontorValue *params)
{
  static const char *const terms[] = { "customer",
                                       "payment_method",
                                       "payment_method_data",
                                       "payment_method_types",
                                       "payment_method_options",
                                       "flow_directions" };

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    if (kontor_params_has (params, terms[i]))
      return TRUE;
  return FALSE;
}

/* A new customer may not come into another's method. */
static gboolean
kept_method_fits (KontorTx *tx,
                  const KontorSetupIntent *intent,
                  const char *owner,
                  KontorError *error)
{
  const KontorPaymentMethod *method
      = kontor_tx_get (tx, &kontor_payment_method_resource, intent->payment_method);

  return method == NULL || intent->status == KONTOR_SETUP_INTENT_SUCCEEDED
         || intent->status == KONTOR_SETUP_INTENT_CANCELED
         || kontor_payment_method_may_be_used (method, owner, error);
}

/**
 * kontor_setup_intent_update:
 * @tx: a unit of work
 * @intent: any intent
 * @params: of POST /v1/setup_intents/:id, checked
 * @error: why not
 *
 * Returns: whether it is as wished
 */
gboolean
kontor_setup_intent_update (KontorTx *tx,
                            KontorSetupIntent *intent,
                            const KontorValue *params,
                            KontorError *error)
{
  KontorCustomer *customer;
  KontorPaymentMethod *method;
  const char *owner;
  gboolean changed;

  if (!check_offered (params, error)
      || (changes_terms (params) && !check_state (intent, UPDATE, "update", error))
      || !kontor_params_metadata_fits (params, intent->metadata, error)
      || !kontor_customer_find (tx, params, "customer", &customer, error))
    return FALSE;
  owner = customer != NULL ? customer->head.id : intent->customer;
  if (!kontor_payment_method_find (tx, params, owner, &method, error)
      || (method == NULL && !kept_method_fits (tx, intent, owner, error)))
    return FALSE;
  changed = kontor_params_apply (&kontor_setup_intent_resource.shape, KONTOR_IN_UPDATE, params,
                                 tx->arena, intent);
  if (method != NULL && !check_method_type (intent, method, error))
    return FALSE;
  if (method != NULL || kontor_params_unset (params, "payment_method"))
    {
      use_method (tx, intent, method);
      changed = TRUE;
    }
  if (changed)
    kontor_tx_save (tx, intent, NULL);
  return TRUE;
}

/**
 * kontor_setup_intent_cancel:
 * @tx: a unit of work
 * @intent: one that has not succeeded
 * @params: of POST /v1/setup_intents/:id/cancel, checked
 * @error: why not
 *
 * Returns: whether it is cancelled
 */
gboolean
kontor_setup_intent_cancel (KontorTx *tx,
                            KontorSetupIntent *intent,
                            const KontorValue *params,
                            KontorError *error)
{
  if (!check_state (intent, CANCEL, "cancel", error))
    return FALSE;
  kontor_setup_attempt_abandon (tx, intent);
  intent->status = KONTOR_SETUP_INTENT_CANCELED;
  intent->cancellation_reason = kontor_params_string (params, "cancellation_reason");
  intent->next_action = NULL;
  kontor_tx_save (tx, intent, "setup_intent.canceled");
  return TRUE;
}
