/* error.c: every refusal: its code, HTTP status, type, and the sentence a person reads. */
#include "core/error.h"

#include <stdarg.h>
#include <string.h>

#define API "api_error"
#define INVALID "invalid_request_error"
#define IDEMPOTENCY "idempotency_error"
#define CARD "card_error"

/* In the order of KontorErrorCode. Where clients compare sentences, ours begin with Stripe's words.
 */
static const KontorErrorInfo infos[KONTOR_N_ERRORS] = {
  { KONTOR_ERROR_NONE, 0, NULL, NULL, "No error." },
  { KONTOR_ERROR_API, 500, API, NULL,
    "Something went wrong on the server. The request may be sent again with the same "
    "Idempotency-Key." },
  { KONTOR_ERROR_BUSY, 503, API, NULL,
    "The server cannot take this request just now. Send it again in a moment." },
  { KONTOR_ERROR_INVALID_REQUEST, 400, INVALID, NULL, "The request is not valid." },
  { KONTOR_ERROR_PARAMETER_UNKNOWN, 400, INVALID, "parameter_unknown",
    "Received unknown parameter: %s" },
  { KONTOR_ERROR_PARAMETER_MISSING, 400, INVALID, "parameter_missing",
    "Missing required param: %s." },
  { KONTOR_ERROR_PARAMETER_INVALID_EMPTY, 400, INVALID, "parameter_invalid_empty",
    "You passed an empty string for '%s', which cannot be unset. Leave it out or give it a "
    "value." },
  { KONTOR_ERROR_PARAMETER_INVALID_INTEGER, 400, INVALID, "parameter_invalid_integer",
    "Invalid integer for %s." },
  { KONTOR_ERROR_PARAMETER_INVALID_STRING_BLANK, 400, INVALID, "parameter_invalid_string_blank",
    "The value of %s holds nothing but spaces." },
  { KONTOR_ERROR_PARAMETER_INVALID_STRING_EMPTY, 400, INVALID, "parameter_invalid_string_empty",
    "The value of %s cannot be empty." },
  { KONTOR_ERROR_PARAMETERS_EXCLUSIVE, 400, INVALID, "parameters_exclusive",
    "Received parameters of which only one may be given: %s" },
  { KONTOR_ERROR_RESOURCE_MISSING, 404, INVALID, "resource_missing", "There is no such object." },
  { KONTOR_ERROR_RESOURCE_MISSING_PARAM, 400, INVALID, "resource_missing",
    "There is no such object as %s names." },
  { KONTOR_ERROR_URL_UNKNOWN, 404, INVALID, NULL,
    "Unrecognized request URL. The API reference lists the ones that exist." },
  { KONTOR_ERROR_API_KEY_MISSING, 401, INVALID, NULL,
    "You did not provide an API key. Send it as the user name of HTTP Basic authentication, "
    "or as a Bearer token in the Authorization header." },
  { KONTOR_ERROR_API_KEY_INVALID, 401, INVALID, NULL, "Invalid API Key provided." },
  { KONTOR_ERROR_API_KEY_EXPIRED, 401, INVALID, "api_key_expired", "Expired API Key provided." },
  { KONTOR_ERROR_API_KEY_SCOPE, 403, INVALID, "more_permissions_required",
    "The provided key does not have the permissions that this request needs." },
  { KONTOR_ERROR_SESSION_INVALID, 401, INVALID, "session_expired",
    "This session has ended. Sign in again." },
  { KONTOR_ERROR_SESSION_REQUIRED, 403, INVALID, "session_required",
    "This is for people who have signed in: an API key may not do it." },
  { KONTOR_ERROR_SIGN_IN_REFUSED, 401, INVALID, "sign_in_refused",
    "The email address, the password or the code is not right." },
  { KONTOR_ERROR_SIGN_IN_LOCKED, 429, INVALID, "sign_in_locked",
    "Signing in has failed too often in a row. Wait before you try again." },
  { KONTOR_ERROR_TOTP_REQUIRED, 401, INVALID, "totp_required",
    "The password is right. Send the code of your authenticator too, or a recovery code." },
  { KONTOR_ERROR_PASSWORD_WRONG, 400, INVALID, "password_wrong",
    "Your present password is not that one." },
  { KONTOR_ERROR_PASSWORD_WEAK, 400, INVALID, "password_weak",
    "A password has 10 to 256 characters, and is not your email address." },
  { KONTOR_ERROR_LAST_OWNER, 400, INVALID, "last_owner",
    "This is the last owner who can sign in. Make somebody else an owner first." },
  { KONTOR_ERROR_SECRET_KEY_REQUIRED, 401, INVALID, "secret_key_required",
    "This API call cannot be made with a publishable API key. Use a secret one, from your own"
    " server." },
  { KONTOR_ERROR_ACCOUNT_INVALID, 403, INVALID, "account_invalid",
    "The provided key has no access to that account, or there is no such account." },
  { KONTOR_ERROR_LIVEMODE_MISMATCH, 400, INVALID, "livemode_mismatch",
    "Test mode and live mode do not mix: the object belongs to the one and the key to the other." },
  { KONTOR_ERROR_RATE_LIMIT, 429, INVALID, "rate_limit",
    "Too many requests in too short a time with this key. Slow down and try again." },
  { KONTOR_ERROR_LOCK_TIMEOUT, 429, INVALID, "lock_timeout",
    "The object is being changed by another request. Try again in a moment." },
  { KONTOR_ERROR_BODY_TOO_LARGE, 413, INVALID, NULL, "The body of the request is too large." },
  { KONTOR_ERROR_HEADERS_TOO_LARGE, 431, INVALID, NULL,
    "The headers of the request are too large." },
  { KONTOR_ERROR_VERSION_INVALID, 400, INVALID, NULL, "Invalid Stripe API version." },
  { KONTOR_ERROR_IDEMPOTENCY_MISMATCH, 400, IDEMPOTENCY, NULL,
    "Keys for idempotent requests can only be used with the same parameters they were first "
    "used with." },
  { KONTOR_ERROR_IDEMPOTENCY_IN_USE, 409, IDEMPOTENCY, "idempotency_key_in_use",
    "There is currently another in-progress request using this Idempotency-Key." },
  { KONTOR_ERROR_IDEMPOTENCY_KEY_TOO_LONG, 400, INVALID, NULL,
    "An Idempotency-Key is at most 255 characters long." },
  { KONTOR_ERROR_OP_REUSED, 409, IDEMPOTENCY, "op_reused",
    "An operation of this name was sent before and asked for something else." },
  { KONTOR_ERROR_OP_EXPIRED, 422, INVALID, "op_expired",
    "This operation came after the time until which it was to be done. Nothing was done." },
  { KONTOR_ERROR_OP_UNKNOWN, 422, INVALID, "op_unknown",
    "This server does not know what is to be done. Nothing was done." },
  { KONTOR_ERROR_RESNAPSHOT, 410, INVALID, "resnapshot",
    "This copy of the data cannot be carried on. Take a new snapshot." },
  { KONTOR_ERROR_AMOUNT_TOO_SMALL, 400, INVALID, "amount_too_small",
    "The amount is below the smallest one that may be charged in this currency." },
  { KONTOR_ERROR_AMOUNT_TOO_LARGE, 400, INVALID, "amount_too_large",
    "The amount is above the largest one allowed." },
  { KONTOR_ERROR_BALANCE_INSUFFICIENT, 400, INVALID, "balance_insufficient",
    "The available balance does not cover this." },
  { KONTOR_ERROR_CHARGE_ALREADY_CAPTURED, 400, INVALID, "charge_already_captured",
    "This charge has already been captured." },
  { KONTOR_ERROR_CHARGE_ALREADY_REFUNDED, 400, INVALID, "charge_already_refunded",
    "This charge has already been refunded in full." },
  { KONTOR_ERROR_CHARGE_DISPUTED, 400, INVALID, "charge_disputed",
    "The customer disputes this charge; it cannot be refunded." },
  { KONTOR_ERROR_CHARGE_EXPIRED_FOR_CAPTURE, 400, INVALID, "charge_expired_for_capture",
    "The authorization of this charge has expired; it can no longer be captured." },
  { KONTOR_ERROR_CHARGE_INVALID_PARAMETER, 400, INVALID, "charge_invalid_parameter",
    "A parameter does not go with the state of this charge." },
  { KONTOR_ERROR_CHARGE_NOT_REFUNDABLE, 400, INVALID, "charge_not_refundable",
    "This charge cannot be refunded." },
  { KONTOR_ERROR_CUSTOMER_MAX_PAYMENT_METHODS, 400, INVALID, "customer_max_payment_methods",
    "The customer has as many payment methods as a customer may have. Detach some first." },
  { KONTOR_ERROR_EMAIL_INVALID, 400, INVALID, "email_invalid", "Invalid email address." },
  { KONTOR_ERROR_INVALID_CURRENCY, 400, INVALID, NULL, "Invalid currency." },
  { KONTOR_ERROR_INVALID_CHARGE_AMOUNT, 400, INVALID, "invalid_charge_amount",
    "Invalid amount: it must be a whole number greater than zero, in the smallest unit of the"
    " currency." },
  { KONTOR_ERROR_METADATA_INVALID, 400, INVALID, NULL,
    "Invalid metadata: at most 50 keys of 40 characters each, with values of at most 500." },
  { KONTOR_ERROR_PAYMENT_INTENT_ACTION_REQUIRED, 400, INVALID, "payment_intent_action_required",
    "The payment needs an action of the customer before it can be completed." },
  { KONTOR_ERROR_PAYMENT_INTENT_AUTHENTICATION_FAILURE, 400, INVALID,
    "payment_intent_authentication_failure",
    "The provided PaymentMethod has failed authentication. Confirm again with another one." },
  { KONTOR_ERROR_PAYMENT_INTENT_INCOMPATIBLE_PAYMENT_METHOD, 400, INVALID,
    "payment_intent_incompatible_payment_method",
    "The payment intent expects a payment method of another kind." },
  { KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER, 400, INVALID, "payment_intent_invalid_parameter",
    "Parameters were given that do not go together for a payment intent." },
  { KONTOR_ERROR_PAYMENT_INTENT_PAYMENT_ATTEMPT_FAILED, 400, INVALID,
    "payment_intent_payment_attempt_failed",
    "The last attempt to pay this payment intent has failed. Its last_payment_error says why." },
  { KONTOR_ERROR_PAYMENT_INTENT_UNEXPECTED_STATE, 400, INVALID, "payment_intent_unexpected_state",
    "The status of the payment intent does not allow this." },
  { KONTOR_ERROR_PAYMENT_METHOD_UNEXPECTED_STATE, 400, INVALID, "payment_method_unexpected_state",
    "The state of the payment method does not allow this." },
  { KONTOR_ERROR_PAYMENT_METHOD_NOT_AVAILABLE, 400, INVALID, "payment_method_not_available",
    "The payment method is not available at the moment. Try another one." },
  { KONTOR_ERROR_REFUND_DISPUTED_PAYMENT, 400, INVALID, "refund_disputed_payment",
    "A disputed payment cannot be refunded." },
  { KONTOR_ERROR_SETUP_INTENT_AUTHENTICATION_FAILURE, 400, INVALID,
    "setup_intent_authentication_failure",
    "The provided PaymentMethod has failed authentication. Confirm again with another one." },
  { KONTOR_ERROR_SETUP_INTENT_INVALID_PARAMETER, 400, INVALID, "setup_intent_invalid_parameter",
    "Parameters were given that do not go together for a setup intent." },
  { KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE, 400, INVALID, "setup_intent_unexpected_state",
    "The status of the setup intent does not allow this." },
  { KONTOR_ERROR_TOKEN_ALREADY_USED, 400, INVALID, "token_already_used",
    "This token has already been used. A token works only once." },
  { KONTOR_ERROR_TOKEN_IN_USE, 400, INVALID, "token_in_use",
    "This token is being used by another request." },
  { KONTOR_ERROR_RAIL_MISSING, 400, INVALID, "rail_missing",
    "Live payments need a payment rail, and none is configured on this server. No money was "
    "moved." },
  { KONTOR_ERROR_URL_INVALID, 400, INVALID, "url_invalid", "Invalid URL." },
  { KONTOR_ERROR_AUTHENTICATION_REQUIRED, 402, CARD, "authentication_required",
    "Your card was declined. This transaction requires authentication." },
  { KONTOR_ERROR_CARD_DECLINED, 402, CARD, "card_declined", "Your card was declined." },
  { KONTOR_ERROR_EXPIRED_CARD, 402, CARD, "expired_card", "Your card has expired." },
  { KONTOR_ERROR_INCORRECT_CVC, 402, CARD, "incorrect_cvc",
    "Your card's security code is incorrect." },
  { KONTOR_ERROR_INCORRECT_NUMBER, 402, CARD, "incorrect_number",
    "Your card number is incorrect." },
  { KONTOR_ERROR_INCORRECT_ZIP, 402, CARD, "incorrect_zip",
    "The postal code you supplied does not match your card." },
  { KONTOR_ERROR_INVALID_CVC, 402, CARD, "invalid_cvc", "Your card's security code is invalid." },
  { KONTOR_ERROR_INVALID_EXPIRY_MONTH, 402, CARD, "invalid_expiry_month",
    "Your card's expiration month is invalid." },
  { KONTOR_ERROR_INVALID_EXPIRY_YEAR, 402, CARD, "invalid_expiry_year",
    "Your card's expiration year is invalid." },
  { KONTOR_ERROR_INVALID_NUMBER, 402, CARD, "invalid_number",
    "The card number is not a valid credit card number." },
  { KONTOR_ERROR_PROCESSING_ERROR, 402, CARD, "processing_error",
    "An error occurred while processing your card. Try again in a little bit." },
};

/* A reply is UTF-8 whatever was quoted: half a letter at the end goes, and any other byte that is
 * no letter is shown as "?". */
static void
mend (char *text)
{
  const char *invalid = text;

  while (!g_utf8_validate (invalid, -1, &invalid))
    {
      char *byte = text + (invalid - text);

      if (g_utf8_get_char_validated (byte, -1) == (gunichar) -2)
        *byte = '\0';
      else
        *byte = '?';
    }
}

/* The table's sentence with the parameter where it says %s. */
static void
write_sentence (KontorError *error, const char *param)
{
  const char *sentence = error->info->message;
  const char *place = strstr (sentence, "%s");

  if (place == NULL)
    g_strlcpy (error->message, sentence, sizeof error->message);
  else
    g_snprintf (error->message, sizeof error->message, "%.*s%s%s", (int) (place - sentence),
                sentence, param == NULL ? "a parameter" : param, place + 2);
}

/**
 * kontor_error_info:
 * @code: a code
 *
 * Returns: (transfer none): its row
 */
const KontorErrorInfo *
kontor_error_info (KontorErrorCode code)
{
  g_return_val_if_fail (code >= 0 && code < KONTOR_N_ERRORS, &infos[KONTOR_ERROR_API]);

  return &infos[code];
}

/**
 * kontor_error_set:
 * @error: (nullable) (out caller-allocates): what is filled in, whatever it held before
 * @code: which refusal, not %KONTOR_ERROR_NONE
 * @param: (nullable): the parameter at fault, nested as "card[number]"
 * @format: (nullable): a sentence as printf() takes it, %NULL for the one of the table
 *
 * What is too long is cut at the end of a letter, and what is not UTF-8 is mended. Sets neither decline code nor objects: the
 * caller adds them afterwards.
 *
 * Returns: %FALSE, so that a check can end in one line
 */
gboolean
kontor_error_set (KontorError *error,
                  KontorErrorCode code,
                  const char *param,
                  const char *format,
                  ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;

  error->info = kontor_error_info (code);
  error->decline_code[0] = error->charge[0] = '\0';
  error->payment_intent = error->setup_intent = error->payment_method = NULL;
  g_strlcpy (error->param, param == NULL ? "" : param, sizeof error->param);

  if (format == NULL)
    write_sentence (error, param);
  else
    {
      va_start (args, format);
      g_vsnprintf (error->message, sizeof error->message, format, args);
      va_end (args);
    }
  mend (error->param);
  mend (error->message);
  return FALSE;
}

/* What Stripe's sentences call a noun, where that is not the name of the object. */
static const struct
{
  const char *object, *said;
} nouns[] = {
  { "balance_transaction", "balance transaction" },
  { "payment_method", "PaymentMethod" },
  { "setup_intent", "setupintent" },
  { "webhook_endpoint", "webhook endpoint" },
};

static const char *
said (const char *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (nouns); i++)
    if (strcmp (nouns[i].object, object) == 0)
      return nouns[i].said;
  return object;
}

/**
 * kontor_error_missing:
 * @error: (nullable) (out caller-allocates): what is filled in
 * @noun: what was looked for: "customer", "payment_intent"
 * @id: the id that names nothing
 * @param: (nullable): the parameter that held it; %NULL or "id" when the URL did
 *
 * Answers 404 when the URL names what is not there, and 400 when a parameter does.
 *
 * Returns: %FALSE
 */
gboolean
kontor_error_missing (KontorError *error, const char *noun, const char *id, const char *param)
{
  gboolean in_url = param == NULL || strcmp (param, "id") == 0;

  return kontor_error_set (
      error, in_url ? KONTOR_ERROR_RESOURCE_MISSING : KONTOR_ERROR_RESOURCE_MISSING_PARAM, param,
      "No such %s: '%s'", said (noun), id);
}
