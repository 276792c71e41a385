/* call.c: one request: its path, its parameters and its headers. */
#include "core/client/call-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

static void
pair_clear (gpointer data)
{
  KontorClientPair *pair = data;

  g_free (pair->name);
  g_free (pair->value);
}

static void
pairs_add (GArray *pairs, const char *name, const char *value)
{
  KontorClientPair pair = { g_strdup (name), g_strdup (value) };

  g_array_append_val (pairs, pair);
}

static GArray *
pairs_new (void)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (KontorClientPair));

  g_array_set_clear_func (pairs, pair_clear);
  return pairs;
}

static void
pairs_add_all (GArray *pairs, const GArray *others)
{
  for (guint i = 0; i < others->len; i++)
    {
      const KontorClientPair *pair = &g_array_index (others, KontorClientPair, i);

      pairs_add (pairs, pair->name, pair->value);
    }
}

/* Replaces the first pair named so, or adds one; names of headers are compared without case. */
static void
pairs_set (GArray *pairs, const char *name, const char *value, gboolean any_case)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      KontorClientPair *pair = &g_array_index (pairs, KontorClientPair, i);

      if (any_case ? g_ascii_strcasecmp (pair->name, name) == 0 : g_str_equal (pair->name, name))
        {
          g_free (pair->value);
          pair->value = g_strdup (value);
          return;
        }
    }
  pairs_add (pairs, name, value);
}

/**
 * kontor_client_call_new:
 * @method: "GET", "POST" or "DELETE"
 * @path: from the server's root: "/v1/customers"; what is no letter of a path is escaped
 *
 * Returns: (transfer full): a call without parameters
 */
KontorClientCall *
kontor_client_call_new (const char *method, const char *path)
{
  KontorClientCall *call = g_new0 (KontorClientCall, 1);

  call->method = g_strdup (method);
  call->path = g_strdup (path);
  call->params = pairs_new ();
  call->headers = pairs_new ();
  return call;
}

/**
 * kontor_client_call_copy:
 * @call: a call
 *
 * Returns: (transfer full): one that asks the same
 */
KontorClientCall *
kontor_client_call_copy (const KontorClientCall *call)
{
  KontorClientCall *copy = kontor_client_call_new (call->method, call->path);

  pairs_add_all (copy->params, call->params);
  pairs_add_all (copy->headers, call->headers);
  copy->json = g_strdup (call->json);
  copy->takes_text = call->takes_text;
  return copy;
}

/**
 * kontor_client_call_free:
 * @call: (transfer full): a call
 */
void
kontor_client_call_free (KontorClientCall *call)
{
  g_free (call->method);
  g_free (call->path);
  g_array_unref (call->params);
  g_array_unref (call->headers);
  g_free (call->json);
  g_free (call);
}

/**
 * kontor_client_call_add:
 * @call: a call
 * @name: of a parameter, nested ones with brackets: "card[number]", "expand[]"
 * @value: UTF-8; "" unsets what can be unset
 *
 * Adds a parameter, also when there is one of that name.
 */
void
kontor_client_call_add (KontorClientCall *call, const char *name, const char *value)
{
  pairs_add (call->params, name, value);
}

/**
 * kontor_client_call_set:
 * @call: a call
 * @name: of a parameter
 * @value: UTF-8
 *
 * Adds a parameter, or gives the one of that name another value.
 */
void
kontor_client_call_set (KontorClientCall *call, const char *name, const char *value)
{
  pairs_set (call->params, name, value, FALSE);
}

/**
 * kontor_client_call_set_path:
 * @call: a call
 * @path: as for kontor_client_call_new()
 */
void
kontor_client_call_set_path (KontorClientCall *call, const char *path)
{
  g_free (call->path);
  call->path = g_strdup (path);
}

/**
 * kontor_client_call_header:
 * @call: a call
 * @name: of a header: "Idempotency-Key", "Stripe-Account", "Stripe-Version"
 * @value: of one line
 *
 * Sets a header. Without an Idempotency-Key, a POST gets one of its own when it is sent.
 */
void
kontor_client_call_header (KontorClientCall *call, const char *name, const char *value)
{
  pairs_set (call->headers, name, value, TRUE);
}

/**
 * kontor_client_call_set_json:
 * @call: a POST
 * @json: an object
 *
 * What is sent is this, and not a form of parameters.
 */
void
kontor_client_call_set_json (KontorClientCall *call, const char *json)
{
  g_free (call->json);
  call->json = g_strdup (json);
}

/**
 * kontor_client_call_take_text:
 * @call: a call
 *
 * Takes whatever comes: lines of JSON, text. Refusals are JSON all the same.
 */
void
kontor_client_call_take_text (KontorClientCall *call)
{
  call->takes_text = TRUE;
}

static gboolean
is_true (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL && value->type == KONTOR_VALUE_BOOL && g_str_equal (value->text, "true");
}

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : NULL;
}

static gboolean
has_param (const KontorClientCall *call, const char *name)
{
  for (guint i = 0; i < call->params->len; i++)
    if (g_str_equal (g_array_index (call->params, KontorClientPair, i).name, name))
      return TRUE;
  return FALSE;
}

/* The newer lists give the whole address of their next page; only what is asked is taken of it, so
 * that the key goes to no other server. */
static gboolean
turn_to_url (KontorClientCall *call, const char *url)
{
  g_autoptr (GUri) base = g_uri_parse ("http://localhost/", G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) uri = g_uri_parse_relative (base, url, G_URI_FLAGS_ENCODED, NULL);
  /* the server may be below a path of its own, which the client's address has already */
  const char *from = uri != NULL ? strstr (g_uri_get_path (uri), "/v2/") : NULL;
  g_autofree char *path = NULL;

  if (from == NULL)
    return FALSE;
  path = g_strjoin ("?", from, g_uri_get_query (uri), NULL);
  kontor_client_call_set_path (call, path);
  g_array_set_size (call->params, 0);
  return TRUE;
}

/**
 * kontor_client_call_turn_page:
 * @call: that asked for a list or a search
 * @reply: what came
 *
 * Searches name their next page; lists go on behind their last object, or before their first one
 * when @call goes backwards.
 *
 * Returns: whether there is another page; @call then asks for it
 */
gboolean
kontor_client_call_turn_page (KontorClientCall *call, const KontorClientReply *reply)
{
  const KontorValue *list = reply->json, *data;
  gboolean backwards = has_param (call, "ending_before");
  const char *next;

  if (list->type != KONTOR_VALUE_OBJECT)
    return FALSE;
  next = text_of (list, "next_page_url");
  if (next != NULL)
    return turn_to_url (call, next);
  if (!is_true (list, "has_more"))
    return FALSE;
  next = text_of (list, "next_page");
  if (next != NULL)
    {
      kontor_client_call_set (call, "page", next);
      return TRUE;
    }
  data = kontor_value_get (list, "data");
  if (data == NULL || data->type != KONTOR_VALUE_ARRAY)
    return FALSE;
  next = text_of (backwards ? data->first : data->last, "id");
  if (next == NULL)
    return FALSE;
  kontor_client_call_set (call, backwards ? "ending_before" : "starting_after", next);
  return TRUE;
}

static char *
form_of (const GArray *pairs)
{
  GString *form = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    {
      const KontorClientPair *pair = &g_array_index (pairs, KontorClientPair, i);
      g_autofree char *name = g_uri_escape_string (pair->name, "[]", FALSE);
      g_autofree char *value = g_uri_escape_string (pair->value, NULL, FALSE);

      g_string_append_printf (form, "%s%s=%s", i > 0 ? "&" : "", name, value);
    }
  return g_string_free (form, FALSE);
}

static gboolean
add_headers (const KontorClientCall *call, SoupMessageHeaders *headers, GError **error)
{
  for (guint i = 0; i < call->headers->len; i++)
    {
      const KontorClientPair *pair = &g_array_index (call->headers, KontorClientPair, i);

      if (strpbrk (pair->value, "\r\n") != NULL)
        {
          g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                       _ ("The header %s must be of one line."), pair->name);
          return FALSE;
        }
      soup_message_headers_replace (headers, pair->name, pair->value);
    }
  return TRUE;
}

/**
 * kontor_client_call_message:
 * @call: a call
 * @url: of the server, without a slash at its end
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Parameters of a POST become its form, those of other methods the query.
 *
 * Returns: (transfer full) (nullable): a message without a key
 */
SoupMessage *
kontor_client_call_message (const KontorClientCall *call, const char *url, GError **error)
{
  gboolean is_post = g_str_equal (call->method, "POST");
  g_autofree char *form = form_of (call->params);
  g_autofree char *path = g_uri_escape_string (call->path, "/:@?&=+,;$![]()*'%", FALSE);
  g_autofree char *target = g_strconcat (url, path, NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;

  if (!is_post && *form != '\0')
    {
      const char *joint = strchr (path, '?') != NULL ? "&" : "?";

      g_free (target);
      target = g_strconcat (url, path, joint, form, NULL);
    }
  message = soup_message_new (call->method, target);
  if (message == NULL)
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                   _ ("“%s” is no address that can be asked."), target);
      return NULL;
    }
  if (!add_headers (call, soup_message_get_request_headers (message), error))
    return NULL;
  if (is_post)
    {
      const char *text = call->json != NULL ? call->json : form;

      body = g_bytes_new (text, strlen (text));
      soup_message_set_request_body_from_bytes (message, call->json != NULL ? JSON : FORM, body);
    }
  return g_steal_pointer (&message);
}
