/* reply.c: writes what was found out as the body and the status of a reply. */
#include "server/http/reply.h"

#include <sodium.h>
#include <string.h>

#include "server/http/api.h"
#include "server/http/loader.h"

#define DOC_URL "https://stripe.com/docs/error-codes/"

static void
member (KontorBuffer *out, const char *name, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  kontor_buffer_char (out, '"');
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, "\":");
  kontor_buffer_string (out, text);
  kontor_buffer_char (out, ',');
}

/* Stripe's pages are named after the code, with hyphens. */
static void
doc_url (KontorBuffer *out, const char *code)
{
  kontor_buffer_literal (out, "\"doc_url\":\"" DOC_URL);
  for (; *code != '\0'; code++)
    kontor_buffer_char (out, *code == '_' ? '-' : *code);
  kontor_buffer_literal (out, "\",");
}

/* The second generation of the API tells less apart. */
static const char *
code_of (const KontorCall *call, const KontorError *error)
{
  if (!g_str_has_prefix (call->request->path, "/v2/"))
    return error->info->code;
  if (error->info->status == 404)
    return "not_found";
  return *error->param != '\0' ? "invalid_fields" : error->info->code;
}

static void
object_member (KontorCall *call, const char *name, const KontorObject *object)
{
  KontorBuffer *out = &call->reply->body;

  if (object == NULL)
    return;
  kontor_buffer_char (out, '"');
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, "\":");
  kontor_loader_write (call, object, NULL, out);
  kontor_buffer_char (out, ',');
}

static void
log_url (KontorCall *call)
{
  KontorBuffer *out = &call->reply->body;

  kontor_buffer_literal (out, "\"request_log_url\":\"");
  kontor_buffer_puts (out, call->api->settings->public_url);
  kontor_buffer_literal (out, "/v1/kontor/request_logs/");
  kontor_buffer_puts (out, call->request->id);
  kontor_buffer_literal (out, "\",");
}

/**
 * kontor_reply_error:
 * @call: a call that is refused
 * @error: why
 *
 * Replaces what the reply may hold already.
 */
void
kontor_reply_error (KontorCall *call, const KontorError *error)
{
  const KontorErrorInfo *info = error->info;
  const char *code = code_of (call, error);
  KontorReply *reply = call->reply;
  KontorBuffer *out = &reply->body;

  out->length = 0;
  call->reply_version = 0;
  call->refusal = info->number;
  reply->status = info->status;
  reply->content_type = NULL;
  reply->location = NULL;
  reply->should_retry_no = info->status < 500 && info->status != 409 && info->status != 429;
  kontor_buffer_literal (out, "{\"error\":{");
  member (out, "charge", error->charge);
  if (code != NULL)
    {
      member (out, "code", code);
      member (out, "decline_code", error->decline_code);
      doc_url (out, code);
    }
  member (out, "message", error->message);
  member (out, "param", error->param);
  object_member (call, "payment_intent", error->payment_intent);
  object_member (call, "payment_method", error->payment_method);
  if (call->key.number != 0 || (call->person != NULL && call->person->session != 0))
    log_url (call);
  object_member (call, "setup_intent", error->setup_intent);
  member (out, "type", info->type);
  out->length--;
  kontor_buffer_literal (out, "}}\n");
}

/**
 * kontor_reply_failure:
 * @call: a call that we could not serve
 * @code: %KONTOR_ERROR_API or %KONTOR_ERROR_BUSY
 *
 * What went wrong goes to the server's own log, with the request's id; the reply tells no more than that.
 */
void
kontor_reply_failure (KontorCall *call, KontorErrorCode code)
{
  KontorError error = { 0 };

  if (call->failure != NULL)
    g_warning ("%s %s %s: %s", call->request->id, call->request->method, call->request->path,
               call->failure->message);
  g_clear_error (&call->failure);
  kontor_error_set (&error, code, NULL, NULL);
  kontor_reply_error (call, &error);
}

/**
 * kontor_reply_object:
 * @call: a call that went well
 * @object: what it is answered with
 * @expand: (nullable): ids in it that are asked to be shown whole
 */
void
kontor_reply_object (KontorCall *call, const KontorObject *object, const KontorExpand *expand)
{
  call->reply->status = 200;
  call->reply->body.length = 0;
  kontor_loader_write (call, object, expand, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
}

/**
 * kontor_call_object:
 * @call: a call that went well
 * @object: what it is answered with, saved or as it was read
 */
void
kontor_call_object (KontorCall *call, const KontorObject *object)
{
  kontor_reply_object (call, object, call->expand);
  /* A replay can render the version again as long as nothing else is mixed into it. */
  call->reply_version = call->expand == NULL ? object->version : 0;
}

/**
 * kontor_call_deleted:
 * @call: a call that went well
 * @object: what is no more
 *
 * Returns: always %TRUE, so that a handler can end in it
 */
gboolean
kontor_call_deleted (KontorCall *call, const KontorObject *object)
{
  KontorBuffer *out = &call->reply->body;

  call->reply->status = 200;
  out->length = 0;
  kontor_buffer_literal (out, "{\"id\":");
  kontor_buffer_string (out, object->id);
  kontor_buffer_literal (out, ",\"object\":\"");
  kontor_buffer_puts (out, object->resource->object);
  kontor_buffer_literal (out, "\",\"deleted\":true}\n");
  return TRUE;
}

/**
 * kontor_call_client_secret_ok:
 * @call: a call on a route that publishable keys may use
 * @secret: (nullable): the object's client secret
 * @error: says that the secret is missing or wrong
 *
 * Returns: whether the caller may see the object; always, with a secret key
 */
gboolean
kontor_call_client_secret_ok (KontorCall *call, const char *secret, KontorError *error)
{
  const char *sent = kontor_params_string (call->params, "client_secret");
  gsize length;

  if (call->key.type != KONTOR_KEY_PUBLISHABLE && sent == NULL)
    return TRUE;
  if (sent == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, "client_secret",
                             "Missing required param: client_secret.");
  length = strlen (sent);
  if (secret != NULL && strlen (secret) == length && sodium_memcmp (secret, sent, length) == 0)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "client_secret",
                           "The client_secret provided does not match this object.");
}
