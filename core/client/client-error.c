/* client-error.c: what can go wrong between a client and a Kontor server. */
#include "core/client/client-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"

typedef KontorRefusal KontorClientErrorPrivate;

static void
kontor_client_error_private_init (KontorClientErrorPrivate *refusal)
{
}

static void
kontor_client_error_private_copy (const KontorClientErrorPrivate *from,
                                  KontorClientErrorPrivate *to)
{
  to->status = from->status;
  to->wait_s = from->wait_s;
  to->type = g_strdup (from->type);
  to->code = g_strdup (from->code);
  to->decline_code = g_strdup (from->decline_code);
  to->param = g_strdup (from->param);
  to->request_id = g_strdup (from->request_id);
  to->body = g_strdup (from->body);
}

static void
kontor_client_error_private_clear (KontorClientErrorPrivate *refusal)
{
  g_free (refusal->type);
  g_free (refusal->code);
  g_free (refusal->decline_code);
  g_free (refusal->param);
  g_free (refusal->request_id);
  g_free (refusal->body);
}

G_DEFINE_EXTENDED_ERROR (KontorClientError, kontor_client_error)

/**
 * kontor_client_error_refusal:
 * @error: any error
 *
 * Returns: (nullable) (transfer none): what the server said, when @error is of our domain and
 *   came of an answer
 */
const KontorRefusal *
kontor_client_error_refusal (const GError *error)
{
  const KontorRefusal *refusal;

  if (error == NULL || error->domain != KONTOR_CLIENT_ERROR)
    return NULL;
  refusal = kontor_client_error_get_private (error);
  return refusal->status != 0 ? refusal : NULL;
}

static KontorClientError
code_of (guint status)
{
  switch (status)
    {
    case 401:
    case 403:
      return KONTOR_CLIENT_ERROR_KEY;
    case 404:
      return KONTOR_CLIENT_ERROR_MISSING;
    case 409:
    case 429:
      return KONTOR_CLIENT_ERROR_BUSY;
    default:
      return status >= 500 ? KONTOR_CLIENT_ERROR_BUSY : KONTOR_CLIENT_ERROR_REFUSED;
    }
}

static char *
copy_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL && value->type == KONTOR_VALUE_STRING ? g_strdup (value->text) : NULL;
}

/**
 * kontor_client_error_of_reply:
 * @status: of HTTP, from 300 on
 * @request_id: (nullable): of the reply
 * @body: the reply
 * @length: of @body
 *
 * Reads the error object of a reply. One that is not of a Kontor server makes an error that says so.
 *
 * Returns: (transfer full): an error of %KONTOR_CLIENT_ERROR
 */
GError *
kontor_client_error_of_reply (guint status, const char *request_id, const char *body, gsize length)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *root = kontor_json_parse (arena, body, length, &problem), *said;
  g_autofree char *message = NULL;
  KontorRefusal *refusal;
  GError *error;

  said = root != NULL && root->type == KONTOR_VALUE_OBJECT ? kontor_value_get (root, "error")
                                                           : NULL;
  if (said != NULL && said->type == KONTOR_VALUE_OBJECT)
    message = copy_of (said, "message");
  if (message == NULL)
    error = g_error_new (KONTOR_CLIENT_ERROR,
                         status >= 500 ? KONTOR_CLIENT_ERROR_BUSY : KONTOR_CLIENT_ERROR_STRANGE,
                         _ ("The server answered with status %u and no error that Kontor would "
                            "write; is this the address of a Kontor server?"),
                         status);
  else
    error = g_error_new_literal (KONTOR_CLIENT_ERROR, (int) code_of (status), message);
  refusal = kontor_client_error_get_private (error);
  refusal->status = status;
  refusal->request_id = g_strdup (request_id);
  refusal->body = g_strndup (body, length);
  if (message != NULL)
    {
      refusal->type = copy_of (said, "type");
      refusal->code = copy_of (said, "code");
      refusal->decline_code = copy_of (said, "decline_code");
      refusal->param = copy_of (said, "param");
    }
  return error;
}

/**
 * kontor_client_error_set_wait:
 * @error: of our domain
 * @wait_s: how long the server asked to be left alone
 */
void
kontor_client_error_set_wait (GError *error, guint wait_s)
{
  KontorRefusal *refusal = kontor_client_error_get_private (error);

  refusal->wait_s = wait_s;
}
