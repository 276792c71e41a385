/* error.h: every refusal: its code, HTTP status, type, and the sentence a person reads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One row of the table in error.c per constant; test proves it. */
typedef enum
{
  KONTOR_ERROR_NONE,
  KONTOR_ERROR_API,                       /* 500 api_error */
  KONTOR_ERROR_BUSY,                      /* 503 api_error: storage full, shutting down */
  KONTOR_ERROR_INVALID_REQUEST,           /* 400 invalid_request_error, no code */
  KONTOR_ERROR_PARAMETER_UNKNOWN,         /* 400 */
  KONTOR_ERROR_PARAMETER_MISSING,
  KONTOR_ERROR_PARAMETER_INVALID_EMPTY,
  KONTOR_ERROR_PARAMETER_INVALID_INTEGER,
  KONTOR_ERROR_PARAMETER_INVALID_STRING_BLANK,
  KONTOR_ERROR_PARAMETER_INVALID_STRING_EMPTY,
  KONTOR_ERROR_PARAMETERS_EXCLUSIVE,
  KONTOR_ERROR_RESOURCE_MISSING,          /* 404 by id in the URL; use kontor_error_missing() */
  KONTOR_ERROR_RESOURCE_MISSING_PARAM,    /* 400 resource_missing: an id in a parameter */
  KONTOR_ERROR_URL_UNKNOWN,               /* 404, Stripe's wording */
  KONTOR_ERROR_API_KEY_MISSING,           /* 401 */
  KONTOR_ERROR_API_KEY_INVALID,           /* 401 */
  KONTOR_ERROR_API_KEY_EXPIRED,           /* 401 api_key_expired */
  KONTOR_ERROR_API_KEY_SCOPE,             /* 403 permission: restricted key lacks a scope */
  KONTOR_ERROR_SESSION_INVALID,           /* 401 a person's session that has ended or never was */
  KONTOR_ERROR_SESSION_REQUIRED,          /* 403 an API key where a person must be signed in */
  KONTOR_ERROR_SIGN_IN_REFUSED,           /* 401 unknown person, wrong password or wrong code */
  KONTOR_ERROR_SIGN_IN_LOCKED,            /* 429 too many failures in a row */
  KONTOR_ERROR_TOTP_REQUIRED,             /* 401 the password was right, a code is missing */
  KONTOR_ERROR_PASSWORD_WRONG,            /* 400 the present password, asked for once more */
  KONTOR_ERROR_PASSWORD_WEAK,             /* 400 */
  KONTOR_ERROR_LAST_OWNER,                /* 400 somebody must be left who may do everything */
  KONTOR_ERROR_SECRET_KEY_REQUIRED,       /* 401 secret_key_required: publishable key used */
  KONTOR_ERROR_ACCOUNT_INVALID,           /* 403 account_invalid: Stripe-Account names another's */
  KONTOR_ERROR_LIVEMODE_MISMATCH,
  KONTOR_ERROR_RATE_LIMIT,                /* 429 */
  KONTOR_ERROR_LOCK_TIMEOUT,              /* 429 lock_timeout */
  KONTOR_ERROR_BODY_TOO_LARGE,            /* 413 */
  KONTOR_ERROR_HEADERS_TOO_LARGE,         /* 431 */
  KONTOR_ERROR_VERSION_INVALID,           /* 400 unknown Stripe-Version */
  KONTOR_ERROR_IDEMPOTENCY_MISMATCH,      /* 400 idempotency_error */
  KONTOR_ERROR_IDEMPOTENCY_IN_USE,        /* 409 idempotency_key_in_use */
  KONTOR_ERROR_IDEMPOTENCY_KEY_TOO_LONG,  /* 400 */
  KONTOR_ERROR_OP_REUSED,                 /* 409 op_reused: the name of another operation */
  KONTOR_ERROR_OP_EXPIRED,                /* 422 op_expired */
  KONTOR_ERROR_OP_UNKNOWN,                /* 422 op_unknown: this server cannot do that */
  KONTOR_ERROR_RESNAPSHOT,                /* 410 resnapshot: a copy cannot be carried on */
  KONTOR_ERROR_AMOUNT_TOO_SMALL,
  KONTOR_ERROR_AMOUNT_TOO_LARGE,
  KONTOR_ERROR_BALANCE_INSUFFICIENT,
  KONTOR_ERROR_CHARGE_ALREADY_CAPTURED,
  KONTOR_ERROR_CHARGE_ALREADY_REFUNDED,
  KONTOR_ERROR_CHARGE_DISPUTED,
  KONTOR_ERROR_CHARGE_EXPIRED_FOR_CAPTURE,
  KONTOR_ERROR_CHARGE_INVALID_PARAMETER,
  KONTOR_ERROR_CHARGE_NOT_REFUNDABLE,
  KONTOR_ERROR_CUSTOMER_MAX_PAYMENT_METHODS,
  KONTOR_ERROR_EMAIL_INVALID,
  KONTOR_ERROR_INVALID_CURRENCY,
  KONTOR_ERROR_INVALID_CHARGE_AMOUNT,
  KONTOR_ERROR_METADATA_INVALID,
  KONTOR_ERROR_PAYMENT_INTENT_ACTION_REQUIRED,
  KONTOR_ERROR_PAYMENT_INTENT_AUTHENTICATION_FAILURE,
  KONTOR_ERROR_PAYMENT_INTENT_INCOMPATIBLE_PAYMENT_METHOD,
  KONTOR_ERROR_PAYMENT_INTENT_INVALID_PARAMETER,
  KONTOR_ERROR_PAYMENT_INTENT_PAYMENT_ATTEMPT_FAILED,
  KONTOR_ERROR_PAYMENT_INTENT_UNEXPECTED_STATE,
  KONTOR_ERROR_PAYMENT_METHOD_UNEXPECTED_STATE,
  KONTOR_ERROR_PAYMENT_METHOD_NOT_AVAILABLE,
  KONTOR_ERROR_REFUND_DISPUTED_PAYMENT,
  KONTOR_ERROR_SETUP_INTENT_AUTHENTICATION_FAILURE,
  KONTOR_ERROR_SETUP_INTENT_INVALID_PARAMETER,
  KONTOR_ERROR_SETUP_INTENT_UNEXPECTED_STATE,
  KONTOR_ERROR_TOKEN_ALREADY_USED,
  KONTOR_ERROR_TOKEN_IN_USE,
  KONTOR_ERROR_RAIL_MISSING,              /* 400 live mode has no rail configured */
  KONTOR_ERROR_URL_INVALID,               /* 400 url_invalid */
  KONTOR_ERROR_AUTHENTICATION_REQUIRED,   /* 402 card_error from here on */
  KONTOR_ERROR_CARD_DECLINED,
  KONTOR_ERROR_EXPIRED_CARD,
  KONTOR_ERROR_INCORRECT_CVC,
  KONTOR_ERROR_INCORRECT_NUMBER,
  KONTOR_ERROR_INCORRECT_ZIP,
  KONTOR_ERROR_INVALID_CVC,
  KONTOR_ERROR_INVALID_EXPIRY_MONTH,
  KONTOR_ERROR_INVALID_EXPIRY_YEAR,
  KONTOR_ERROR_INVALID_NUMBER,
  KONTOR_ERROR_PROCESSING_ERROR,
  KONTOR_N_ERRORS
} KontorErrorCode;

typedef struct
{
  KontorErrorCode number;
  guint           status;  /* HTTP */
  const char     *type;    /* "invalid_request_error" … */
  const char     *code;    /* Stripe's code, or %NULL */
  const char     *message; /* default sentence, may hold one %s for the parameter */
} KontorErrorInfo;

/* A refusal. Caller-allocated and flat: making one allocates nothing, so that it also works when
 * memory or disk ran out. */
typedef struct
{
  const KontorErrorInfo *info;       /* %NULL: no error */
  char        message[640];
  char        param[160];            /* "" when none; nested as "card[number]" */
  char        decline_code[64];      /* "" when none */
  char        charge[64];            /* id of the failed charge, "" when none */
  /* KontorObject of the request's arena shown beside the error, or %NULL */
  const void *payment_intent;
  const void *setup_intent;
  const void *payment_method;
} KontorError;

const KontorErrorInfo *kontor_error_info (KontorErrorCode code);

/* Both return %FALSE, so that a check can end in one line. @format %NULL: the table's sentence. */
gboolean kontor_error_set     (KontorError *error,
                               KontorErrorCode code,
                               const char *param,
                               const char *format,
                               ...) G_GNUC_PRINTF (4, 5);
/* "No such customer: 'cus_1'"; param %NULL or "id": 404 */
gboolean kontor_error_missing (KontorError *error,
                               const char *noun,
                               const char *id,
                               const char *param);

G_END_DECLS
