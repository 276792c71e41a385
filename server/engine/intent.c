/* intent.c: what payment and setup intents have in common: the parameters and the methods they take. */
#include "server/engine/intent.h"

/**
 * kontor_intent_check_offered:
 * @params: checked parameters
 * @not_offered: names of parameters of features that are not here
 * @error: names the one that was sent
 *
 * Those parameters move money in ways this engine does not: to take one and do nothing would be worse
 * than a refusal.
 *
 * Returns: whether none of them was sent
 */
gboolean
kontor_intent_check_offered (const KontorValue *params,
                             const char *const *not_offered,
                             KontorError *error)
{
  for (; *not_offered != NULL; not_offered++)
    if (kontor_params_has (params, *not_offered) && !kontor_params_unset (params, *not_offered))
      return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, *not_offered,
                               "This account cannot use %s: leave the parameter out.",
                               *not_offered);
  return TRUE;
}

/**
 * kontor_intent_check_create:
 * @params: checked parameters of a new intent
 * @with_confirm: those that go with confirm=true alone
 * @error: names the one that does not fit
 *
 * Returns: whether they go together
 */
gboolean
kontor_intent_check_create (const KontorValue *params,
                            const char *const *with_confirm,
                            KontorError *error)
{
  const KontorValue *automatic = kontor_params_object (params, "automatic_payment_methods");

  if (kontor_params_has (params, "payment_method_types") && automatic != NULL
      && kontor_params_bool (automatic, "enabled", FALSE))
    return kontor_error_set (error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "payment_method_types",
                             "You may only specify one of these parameters:"
                             " automatic_payment_methods, payment_method_types.");
  if (kontor_params_bool (params, "confirm", FALSE))
    return TRUE;
  for (; *with_confirm != NULL; with_confirm++)
    if (kontor_params_has (params, *with_confirm))
      return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, *with_confirm,
                               "You cannot provide %s when confirm is not true.", *with_confirm);
  return TRUE;
}

/**
 * kontor_intent_choose_types:
 * @tx: a unit of work
 * @types: (inout) (nullable): the types of payment method that the merchant named
 * @automatic: (inout) (nullable): whether the server may choose
 *
 * Who names no types leaves the choice to the server, and keeps none: the table says what it then is.
 */
void
kontor_intent_choose_types (KontorTx *tx,
                            KontorStrings **types,
                            KontorAutomaticPaymentMethods **automatic)
{
  if (*types != NULL && (*types)->n == 0)
    *types = NULL;
  if (*types == NULL && *automatic == NULL)
    {
      *automatic = kontor_shape_new (&kontor_automatic_payment_methods_shape, tx->arena);
      (*automatic)->enabled = TRUE;
    }
  if (*automatic != NULL && (*automatic)->allow_redirects == NULL)
    (*automatic)->allow_redirects = "always";
}

static gboolean
takes (const KontorStrings *types, const char *type)
{
  if (types == NULL)
    return g_str_equal (type, "card");
  for (guint i = 0; i < types->n; i++)
    if (g_str_equal (types->items[i], type))
      return TRUE;
  return FALSE;
}

/**
 * kontor_intent_check_method:
 * @types: (nullable): the types of payment method that the intent takes; %NULL: every one that this
 *   server has, which are cards
 * @method: one that is to be used
 * @code: what a method of another type is refused with
 * @error: says which type it is
 *
 * Returns: whether the intent takes it
 */
gboolean
kontor_intent_check_method (const KontorStrings *types,
                            const KontorPaymentMethod *method,
                            KontorErrorCode code,
                            KontorError *error)
{
  if (takes (types, method->type))
    return TRUE;
  return kontor_error_set (error, code, "payment_method",
                           "The PaymentMethod provided (%s) is not allowed for this intent. Please"
                           " attempt again with one of its payment_method_types.",
                           method->type);
}

/**
 * kontor_intent_wants_challenge:
 * @word: (nullable): request_three_d_secure of the intent's card options
 *
 * Returns: whether the merchant asks for a 3DS challenge where the bank does not
 */
gboolean
kontor_intent_wants_challenge (const char *word)
{
  return g_strcmp0 (word, "any") == 0 || g_strcmp0 (word, "challenge") == 0;
}

#define SECRET_LETTERS 25

/**
 * kontor_intent_client_secret:
 * @tx: a unit of work
 * @id: of a new payment or setup intent
 *
 * Returns: (transfer none): the id, then letters that nobody can guess
 */
const char *
kontor_intent_client_secret (KontorTx *tx, const char *id)
{
  return kontor_arena_printf (tx->arena, "%s_secret_%s", id,
                              kontor_ids_secret (tx->ids, tx->arena, SECRET_LETTERS));
}
