/* authenticate.c: the page on which a test customer passes or fails the bank's challenge.
 *
 * In test mode next_action sends the customer here. Who holds the client secret acts for the customer, so
 * no key is asked for; the secret is compared in constant time and a wrong one finds nothing. */
#include "server/http/call.h"

#include <sodium.h>
#include <string.h>

#include "server/engine/payment_intent.h"
#include "server/engine/setup_intent.h"
#include "core/resources/setup_intent.h"

/* Either kind of intent, as far as this page needs to know it. */
typedef struct
{
  KontorPaymentIntent *payment;
  KontorSetupIntent *setup;
  const char *client_secret, *return_url;
  gboolean waits;
} Challenge;

static gboolean
same_secret (const char *given, const char *secret)
{
  return given != NULL && secret != NULL && strlen (given) == strlen (secret)
         && sodium_memcmp (given, secret, strlen (secret)) == 0;
}

/* No key tells whose intent it is: the URL we made does. */
static gboolean
enter_scope (KontorCall *call)
{
  guint64 scope;

  if (!g_ascii_string_to_unsigned (call->ids[0], 10, 0, G_MAXINT16, &scope, NULL))
    return FALSE;
  call->scope = (guint) scope;
  if (call->tx != NULL)
    call->tx->scope = call->scope;
  return TRUE;
}

static KontorObject *
get (KontorCall *call, const KontorResource *resource, const char *id)
{
  if (call->tx != NULL)
    return kontor_tx_get (call->tx, resource, id);
  return kontor_store_object_get (call->store, call->arena, resource, call->scope, id,
                                  &call->failure);
}

static gboolean
find (KontorCall *call, Challenge *challenge, KontorError *error)
{
  const char *id = call->ids[1];
  const KontorResource *resource = kontor_resource_by_prefix (id);
  const char *given = kontor_params_string (call->params, "client_secret");
  KontorObject *object = NULL;

  memset (challenge, 0, sizeof *challenge);
  if (enter_scope (call)
      && (resource == &kontor_payment_intent_resource || resource == &kontor_setup_intent_resource))
    object = get (call, resource, id);
  if (object != NULL && resource == &kontor_payment_intent_resource)
    {
      challenge->payment = (KontorPaymentIntent *) object;
      challenge->client_secret = challenge->payment->client_secret;
      challenge->return_url = challenge->payment->return_url;
      challenge->waits = challenge->payment->status == KONTOR_PAYMENT_INTENT_REQUIRES_ACTION;
    }
  else if (object != NULL)
    {
      challenge->setup = (KontorSetupIntent *) object;
      challenge->client_secret = challenge->setup->client_secret;
      challenge->return_url = challenge->setup->return_url;
      challenge->waits = challenge->setup->status == KONTOR_SETUP_INTENT_REQUIRES_ACTION;
    }
  if (object == NULL || !same_secret (given, challenge->client_secret))
    return kontor_error_missing (error, "intent", id, NULL);
  return TRUE;
}

static void
html (KontorCall *call, const char *title, const char *body)
{
  static const char head[] = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                             "name=\"viewport\" content=\"width=device-width\"><title>";
  static const char style[]
      = "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh "
        "auto;padding:0 1rem;color:#222;background:#fafafa}"
        "button{font:inherit;padding:.6rem 1.2rem;margin:.5rem .5rem 0 "
        "0;border-radius:.5rem;border:1px solid #bbb;background:#fff;cursor:pointer}"
        "button:first-of-type{background:#1a5fb4;color:#fff;border-color:#1a5fb4}"
        "@media(prefers-color-scheme:dark){body{color:#eee;background:#222}button{background:#333;"
        "color:#eee}}</style></head><body><h1>";
  KontorBuffer *out = &call->reply->body;

  call->reply->status = 200;
  call->reply->content_type = "text/html; charset=utf-8";
  kontor_buffer_puts (out, head);
  kontor_buffer_puts (out, title);
  kontor_buffer_puts (out, style);
  kontor_buffer_puts (out, title);
  kontor_buffer_literal (out, "</h1>");
  kontor_buffer_puts (out, body);
  kontor_buffer_literal (out, "</body></html>\n");
}

static gboolean
show (KontorCall *call, KontorError *error)
{
  Challenge challenge;

  if (!find (call, &challenge, error))
    return FALSE;
  if (!challenge.waits)
    html (call, "Nothing to confirm",
          "<p>This payment does not wait for you any more. You can close this page.</p>");
  else
    html (call, "Test authentication",
          "<p>In live mode your bank would ask you here to confirm the payment. This is a test: "
          "choose what happens.</p>"
          "<form method=\"post\"><button name=\"outcome\" value=\"succeeded\">Complete "
          "authentication</button>"
          "<button name=\"outcome\" value=\"failed\">Fail authentication</button></form>");
  return TRUE;
}

/* Back to the merchant, who reads from the query what it is about. */
static const char *
address_after (KontorCall *call, const Challenge *challenge)
{
  const char *kind = challenge->payment != NULL ? "payment_intent" : "setup_intent";
  const char *status = NULL;

  if (challenge->payment != NULL)
    status = challenge->payment->status == KONTOR_PAYMENT_INTENT_REQUIRES_PAYMENT_METHOD
                 ? "failed"
                 : "succeeded";
  else
    status = challenge->setup->status == KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD ? "failed"
                                                                                     : "succeeded";
  return kontor_arena_printf (call->arena, "%s%c%s=%s&%s_client_secret=%s&redirect_status=%s",
                              challenge->return_url,
                              strchr (challenge->return_url, '?') != NULL ? '&' : '?', kind,
                              call->ids[1], kind, challenge->client_secret, status);
}

static gboolean
answer (KontorCall *call, KontorError *error)
{
  const char *outcome = kontor_params_string (call->params, "outcome");
  gboolean succeeded = g_strcmp0 (outcome, "succeeded") == 0;
  Challenge challenge;

  if (!find (call, &challenge, error))
    return FALSE;
  if (challenge.payment != NULL
          ? !kontor_payment_intent_finish_action (call->tx, challenge.payment, succeeded, error)
          : !kontor_setup_intent_finish_action (call->tx, challenge.setup, succeeded, error))
    return FALSE;
  html (call, succeeded ? "Authentication complete" : "Authentication failed",
        "<p>You can close this page.</p>");
  if (challenge.return_url != NULL)
    {
      call->reply->status = 303;
      call->reply->location = address_after (call, &challenge);
    }
  return TRUE;
}

static const char *const outcomes[] = { "succeeded", "failed", NULL };

static const KontorField secret_params[] = {
  { "client_secret", KONTOR_STRING,
    KONTOR_PARAM_ONLY | KONTOR_IN_ANY | KONTOR_REQUIRED | KONTOR_SECRET,
    .doc = "The intent's client secret." },
  { NULL },
};
static const KontorField outcome_params[] = {
  { "client_secret", KONTOR_STRING,
    KONTOR_PARAM_ONLY | KONTOR_IN_ANY | KONTOR_REQUIRED | KONTOR_SECRET,
    .doc = "The intent's client secret." },
  { "outcome", KONTOR_STRING, KONTOR_PARAM_ONLY | KONTOR_IN_ANY | KONTOR_REQUIRED,
    .values = outcomes, .doc = "What the customer did." },
  { NULL },
};

const KontorRoute kontor_authenticate_routes[] = {
  { "GET", "/v1/kontor/authenticate/:scope/:id", KONTOR_SCOPE_NONE, NULL, 0, show,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_OPEN, secret_params,
    "The page of a test customer's challenge." },
  { "POST", "/v1/kontor/authenticate/:scope/:id", KONTOR_SCOPE_NONE, NULL, 0, answer,
    KONTOR_ROUTE_OPEN, outcome_params, "What the test customer chose." },
  { NULL },
};
