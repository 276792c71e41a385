/* forward.c: hands events to a URL as a webhook does: signed, in order for each object.
 *
 * What happened to one object is handed over one after the other; different objects do not wait for each
 * other, up to a number that a program on somebody's desk can take. */
#include "cli/forward.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/json.h"
#include "core/signature.h"

#define MAX_UNDER_WAY 16
#define TIMEOUT_S 30

typedef struct
{
  KontorForward *forward; /* %NULL: nobody waits for it any more */
  char *id, *type, *object;
  GBytes *body;
  guint tries;
  gint64 started_us;
  SoupMessage *message;
} Delivery;

struct _KontorForward
{
  SoupSession *session;
  GUri *url;
  char *secret;
  GPtrArray *headers; /* names and values in turn */
  gboolean skip_verify;
  guint retries;
  void (*done) (const KontorForwarded *forwarded, gpointer data);
  gpointer data;
  GQueue waiting;     /* of Delivery, in order */
  GPtrArray *under_way;
  GCancellable *cancellable;
};

static void start_what_may (KontorForward *forward);

static void
delivery_free (Delivery *delivery)
{
  g_free (delivery->id);
  g_free (delivery->type);
  g_free (delivery->object);
  g_bytes_unref (delivery->body);
  g_clear_object (&delivery->message);
  g_free (delivery);
}

/* ------------------------------------------------------------------------------------ asking -- */

static gboolean
accept_cb (SoupMessage *message, GTlsCertificate *peer, GTlsCertificateFlags errors, gpointer data)
{
  return TRUE;
}

static void
sign (const KontorForward *forward, const Delivery *delivery, SoupMessageHeaders *headers)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GString) stripe = g_string_new (NULL), standard = g_string_new (NULL);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  gsize length;
  gconstpointer body = g_bytes_get_data (delivery->body, &length);

  kontor_sign_stripe (stripe, forward->secret, now, body, length);
  kontor_sign_standard (standard, forward->secret, delivery->id, now, body, length);
  soup_message_headers_replace (headers, "Stripe-Signature", stripe->str);
  soup_message_headers_replace (headers, "webhook-id", delivery->id);
  soup_message_headers_replace (headers, "webhook-timestamp", time);
  soup_message_headers_replace (headers, "webhook-signature", standard->str);
}

static SoupMessage *
make_message (const KontorForward *forward, const Delivery *delivery)
{
  SoupMessage *message = soup_message_new_from_uri ("POST", forward->url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* A connection that stood idle is used again for messages marked so, and for no others. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_set_request_body_from_bytes (message, "application/json; charset=utf-8",
                                            delivery->body);
  sign (forward, delivery, headers);
  for (guint i = 0; i + 1 < forward->headers->len; i += 2)
    soup_message_headers_replace (headers, forward->headers->pdata[i],
                                  forward->headers->pdata[i + 1]);
  return message;
}

static void
finish (KontorForward *forward, Delivery *delivery, guint status, const char *problem)
{
  KontorForwarded forwarded = {
    .event = delivery->id,
    .type = delivery->type,
    .status = status,
    .problem = problem,
    .duration_us = g_get_monotonic_time () - delivery->started_us,
  };

  forward->done (&forwarded, forward->data);
  if (problem != NULL && delivery->tries <= forward->retries)
    g_queue_push_head (&forward->waiting, delivery);
  else
    delivery_free (delivery);
  start_what_may (forward);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  Delivery *delivery = data;
  KontorForward *forward = delivery->forward;
  guint status = body != NULL ? soup_message_get_status (delivery->message) : 0;
  g_autofree char *problem = NULL;

  if (forward == NULL)
    {
      delivery_free (delivery);
      return;
    }
  g_ptr_array_remove_fast (forward->under_way, delivery);
  if (error != NULL)
    problem = g_strdup (error->message);
  else if (status < 200 || status > 299)
    problem = g_strdup (soup_status_get_phrase (status));
  finish (forward, delivery, status, problem);
}

static void
start (KontorForward *forward, Delivery *delivery)
{
  g_clear_object (&delivery->message);
  delivery->message = make_message (forward, delivery);
  if (forward->skip_verify)
    g_signal_connect (delivery->message, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  delivery->tries++;
  delivery->started_us = g_get_monotonic_time ();
  g_ptr_array_add (forward->under_way, delivery);
  soup_session_send_and_read_async (forward->session, delivery->message, G_PRIORITY_DEFAULT,
                                    forward->cancellable, answered_cb, delivery);
}

static gboolean
is_busy (const GPtrArray *deliveries, const char *object)
{
  for (guint i = 0; i < deliveries->len; i++)
    if (g_str_equal (((const Delivery *) deliveries->pdata[i])->object, object))
      return TRUE;
  return FALSE;
}

/* The first of each object that has none under way. */
static void
start_what_may (KontorForward *forward)
{
  g_autoptr (GHashTable) passed = g_hash_table_new (g_str_hash, g_str_equal);
  GList *next;

  for (GList *at = forward->waiting.head; at != NULL && forward->under_way->len < MAX_UNDER_WAY;
       at = next)
    {
      Delivery *delivery = at->data;

      next = at->next;
      if (!g_hash_table_add (passed, delivery->object)
          || is_busy (forward->under_way, delivery->object))
        continue;
      g_queue_delete_link (&forward->waiting, at);
      start (forward, delivery);
    }
}

/* ------------------------------------------------------------------------------------ public -- */

static gboolean
read_headers (KontorForward *forward, const char *const *headers, GError **error)
{
  for (guint i = 0; headers != NULL && headers[i] != NULL; i++)
    {
      const char *colon = strchr (headers[i], ':');
      char *name, *value;

      if (colon == NULL || colon == headers[i])
        {
          g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                       _ ("“%s” is no header: write NAME: VALUE"), headers[i]);
          return FALSE;
        }
      name = g_strstrip (g_strndup (headers[i], (gsize) (colon - headers[i])));
      value = g_strstrip (g_strdup (colon + 1));
      g_ptr_array_add (forward->headers, name);
      g_ptr_array_add (forward->headers, value);
    }
  return TRUE;
}

/* "localhost:4242/webhook" and ":4242" are enough among developers. */
static GUri *
read_url (const char *text, GError **error)
{
  g_autofree char *local = *text == ':' ? g_strconcat ("localhost", text, NULL) : g_strdup (text);
  g_autofree char *whole = strstr (local, "://") != NULL ? g_strdup (local)
                                                         : g_strconcat ("http://", local, NULL);
  g_autoptr (GError) problem = NULL;
  GUri *url = g_uri_parse (whole, SOUP_HTTP_URI_FLAGS, &problem);

  if (url != NULL && g_uri_get_host (url) != NULL && *g_uri_get_host (url) != '\0'
      && (g_str_equal (g_uri_get_scheme (url), "http")
          || g_str_equal (g_uri_get_scheme (url), "https")))
    return url;
  g_clear_pointer (&url, g_uri_unref);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
               _ ("“%s” is no address to forward to: write one such as localhost:4242/webhook"),
               text);
  return NULL;
}

/**
 * kontor_forward_new:
 * @url: where to, with or without a scheme
 * @secret: "whsec_…": what is signed with
 * @skip_verify: whether any TLS certificate will do
 * @retries: how often an event that is not taken is tried again
 * @headers: (nullable): further headers, "Name: value"
 * @done: told of every try
 * @data: for @done
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): something that forwards
 */
KontorForward *
kontor_forward_new (const char *url,
                    const char *secret,
                    gboolean skip_verify,
                    guint retries,
                    const char *const *headers,
                    void (*done) (const KontorForwarded *forwarded, gpointer data),
                    gpointer data,
                    GError **error)
{
  g_autoptr (KontorForward) forward = g_new0 (KontorForward, 1);

  forward->headers = g_ptr_array_new_with_free_func (g_free);
  forward->under_way = g_ptr_array_new ();
  forward->cancellable = g_cancellable_new ();
  forward->secret = g_strdup (secret);
  forward->skip_verify = skip_verify;
  forward->retries = retries;
  forward->done = done;
  forward->data = data;
  forward->session = soup_session_new_with_options (
      "timeout", TIMEOUT_S, "idle-timeout", 60, "max-conns", MAX_UNDER_WAY, "max-conns-per-host",
      MAX_UNDER_WAY, "proxy-resolver", NULL, "user-agent", "Kontor/" KONTOR_VERSION, NULL);
  forward->url = read_url (url, error);
  if (forward->url == NULL || !read_headers (forward, headers, error))
    return NULL;
  return g_steal_pointer (&forward);
}

/**
 * kontor_forward_free:
 * @forward: (transfer full): what forwards; what it has not handed over it forgets
 */
void
kontor_forward_free (KontorForward *forward)
{
  for (guint i = 0; i < forward->under_way->len; i++)
    ((Delivery *) forward->under_way->pdata[i])->forward = NULL;
  g_cancellable_cancel (forward->cancellable);
  g_queue_clear_full (&forward->waiting, (GDestroyNotify) delivery_free);
  g_ptr_array_unref (forward->under_way);
  g_ptr_array_unref (forward->headers);
  g_object_unref (forward->cancellable);
  g_object_unref (forward->session);
  g_clear_pointer (&forward->url, g_uri_unref);
  g_free (forward->secret);
  g_free (forward);
}

static char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return g_strdup (value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : "");
}

/**
 * kontor_forward_event:
 * @forward: what forwards
 * @event: an event as the API shows it
 *
 * Hands it over as soon as what happened to the same object before was answered.
 */
void
kontor_forward_event (KontorForward *forward, const KontorValue *event)
{
  const KontorValue *data = kontor_value_get (event, "data");
  Delivery *delivery = g_new0 (Delivery, 1);
  g_auto (KontorBuffer) json = { 0 };

  kontor_json_write (&json, event);
  delivery->forward = forward;
  delivery->id = text_of (event, "id");
  delivery->type = text_of (event, "type");
  delivery->object = text_of (data != NULL ? kontor_value_get (data, "object") : NULL, "id");
  delivery->body = g_bytes_new (json.data, json.length);
  g_queue_push_tail (&forward->waiting, delivery);
  start_what_may (forward);
}

/**
 * kontor_forward_waiting:
 * @forward: what forwards
 *
 * Returns: how many events are not yet answered
 */
guint
kontor_forward_waiting (const KontorForward *forward)
{
  return forward->waiting.length + forward->under_way->len;
}
