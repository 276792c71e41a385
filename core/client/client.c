/* client.c: sends calls to a Kontor server, again where that is safe and worthwhile. */
#include "core/client/call-private.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/address.h"
#include "core/client/client-error.h"
#include "core/client/profile.h"
#include "core/client/retry.h"
#include "core/client/tunnel.h"

#define TIMEOUT_S 60
#define RETRIES 3
#define IDEMPOTENCY_KEY "Idempotency-Key"
#define THIS_MACHINE "http://localhost"

struct _KontorClient
{
  GObject      parent_instance;
  char         *url, *authorization;
  char         *account; /* whom a person works for, and in which mode; %NULL: the key tells */
  gboolean      livemode;
  const char   *base;    /* what stands before paths: @url, where that is one of HTTP */
  KontorTunnel *tunnel;  /* what carries its connections; %NULL: nothing but the network */
  GError       *problem; /* why nothing can be sent there at all; %NULL: it can */
  SoupSession  *session;
  guint         retries;
};

G_DEFINE_FINAL_TYPE (KontorClient, kontor_client, G_TYPE_OBJECT)

/* A call under way: the data of its task. */
typedef struct
{
  KontorClientCall *call;
  SoupMessage      *message; /* of the attempt under way */
  guint             n_attempts;
} Sending;

static void attempt (GTask *task);

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  kontor_client_call_free (sending->call);
  g_clear_object (&sending->message);
  g_free (sending);
}

/* ---------------------------------------------------------------------------------- replies -- */

/**
 * kontor_client_reply_free:
 * @reply: (transfer full): a reply
 */
void
kontor_client_reply_free (KontorClientReply *reply)
{
  g_ptr_array_unref (reply->headers);
  g_bytes_unref (reply->body);
  kontor_arena_free (reply->arena);
  g_free (reply);
}

static void
keep_header (const char *name, const char *value, gpointer headers)
{
  g_ptr_array_add (headers, g_strdup_printf ("%s: %s", name, value));
}

static KontorClientReply *
read_reply (SoupMessage *message, GBytes *body, gboolean takes_text, GError **error)
{
  g_autoptr (KontorClientReply) reply = g_new0 (KontorClientReply, 1);
  const char *problem = NULL;
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  reply->status = soup_message_get_status (message);
  reply->headers = g_ptr_array_new_with_free_func (g_free);
  soup_message_headers_foreach (soup_message_get_response_headers (message), keep_header,
                                reply->headers);
  reply->body = g_bytes_ref (body);
  reply->arena = kontor_arena_new ();
  if (takes_text)
    return g_steal_pointer (&reply);
  reply->json = kontor_json_parse (reply->arena, text != NULL ? text : "", length, &problem);
  if (reply->json != NULL)
    return g_steal_pointer (&reply);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_STRANGE,
               _ ("The server's answer is no JSON (%s); is this the address of a Kontor server?"),
               problem);
  return NULL;
}

static const char *
reply_header (SoupMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), name);
}

static GError *
refusal_of (SoupMessage *message, GBytes *body)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  GError *error = kontor_client_error_of_reply (soup_message_get_status (message),
                                                reply_header (message, "Request-Id"),
                                                text != NULL ? text : "", length);
  gint64 wait_s = kontor_retry_asked_for_s (reply_header (message, "Retry-After"),
                                            g_get_real_time () / G_USEC_PER_SEC);

  if (wait_s > 0)
    kontor_client_error_set_wait (error, (guint) wait_s);
  return error;
}

/* --------------------------------------------------------------------------------- attempts -- */

static gboolean
try_again_cb (gpointer data)
{
  GTask *task = data;

  if (!g_task_return_error_if_cancelled (task))
    attempt (task);
  return G_SOURCE_REMOVE;
}

static gboolean
wake_cb (GCancellable *cancellable, gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A cancellation ends the wait: a child source that is ready makes its parent ready. */
static void
attempt_later (GTask *task, guint delay_ms)
{
  g_autoptr (GSource) wait = g_timeout_source_new (delay_ms);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable != NULL)
    {
      g_autoptr (GSource) end = g_cancellable_source_new (cancellable);

      g_source_set_callback (end, G_SOURCE_FUNC (wake_cb), NULL, NULL);
      g_source_add_child_source (wait, end);
    }
  g_source_set_callback (wait, try_again_cb, g_object_ref (task), g_object_unref);
  g_source_attach (wait, g_task_get_context (task));
}

/* What carries the connections knows better why they broke, unless all was silence. */
static const char *
reason_of (KontorClient *client, const GError *error)
{
  const char *problem = client->tunnel != NULL ? kontor_tunnel_problem (client->tunnel) : NULL;

  return problem != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
             ? problem
             : error->message;
}

/**
 * kontor_client_unreachable:
 * @client: a client
 * @error: why no answer came, or not the whole of it
 *
 * Returns: (transfer full): a %KONTOR_CLIENT_ERROR_UNREACHABLE that says so; @error itself when it is of
 *   our domain or a cancellation
 */
GError *
kontor_client_unreachable (KontorClient *client, const GError *error)
{
  if (error->domain == KONTOR_CLIENT_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  return g_error_new (KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_UNREACHABLE,
                      _ ("The server at %s cannot be reached: %s"), client->url,
                      reason_of (client, error));
}

/* Whether a TLS handshake said no: asking again does not change a certificate. */
static gboolean
is_for_good (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || error->domain == G_TLS_ERROR;
}

/* Takes @error. */
static void
fail_or_retry (GTask *task, const KontorAttempt *outcome, gboolean for_good, GError *error)
{
  KontorClient *client = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (for_good || sending->n_attempts > client->retries
      || !kontor_retry_is_worthwhile (outcome, now))
    {
      g_task_return_error (task, error);
      return;
    }
  g_error_free (error);
  attempt_later (task, kontor_retry_delay_ms (outcome, sending->n_attempts, now, g_random_int ()));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body
      = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  Sending *sending = g_task_get_task_data (task);
  SoupMessage *message = sending->message;
  KontorAttempt outcome = { 0 };
  KontorClientReply *reply;

  if (body == NULL)
    {
      fail_or_retry (task, &outcome, is_for_good (error),
                     kontor_client_unreachable (g_task_get_source_object (task), error));
      return;
    }
  outcome.status = soup_message_get_status (message);
  if (outcome.status >= 300)
    {
      outcome.should_retry = reply_header (message, "Stripe-Should-Retry");
      outcome.retry_after = reply_header (message, "Retry-After");
      fail_or_retry (task, &outcome, FALSE, refusal_of (message, body));
      return;
    }
  reply = read_reply (message, body, sending->call->takes_text, &error);
  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) kontor_client_reply_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
name_account (KontorClient *client, SoupMessageHeaders *headers)
{
  if (client->account == NULL)
    return;
  soup_message_headers_replace (headers, "Kontor-Account", client->account);
  soup_message_headers_replace (headers, "Kontor-Mode", client->livemode ? "live" : "test");
}

/**
 * kontor_client_message:
 * @client: a client
 * @call: what to ask
 * @error: return location for a #KontorClientError
 *
 * A redirect is never followed: the key is meant for this server alone.
 *
 * Returns: (transfer full) (nullable): what is to be sent, with the key
 */
SoupMessage *
kontor_client_message (KontorClient *client, const KontorClientCall *call, GError **error)
{
  SoupMessage *message;

  if (client->problem != NULL)
    {
      g_propagate_error (error, g_error_copy (client->problem));
      return NULL;
    }
  message = kontor_client_call_message (call, client->base, error);
  if (message == NULL)
    return NULL;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  if (client->authorization != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  client->authorization);
  name_account (client, soup_message_get_request_headers (message));
  return message;
}

static void
attempt (GTask *task)
{
  KontorClient *client = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;

  sending->n_attempts++;
  g_clear_object (&sending->message);
  sending->message = kontor_client_message (client, sending->call, &error);
  if (sending->message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  soup_session_send_and_read_async (client->session, sending->message, G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), answered_cb,
                                    g_object_ref (task));
}

static gboolean
has_header (const KontorClientCall *call, const char *name)
{
  for (guint i = 0; i < call->headers->len; i++)
    if (g_ascii_strcasecmp (g_array_index (call->headers, KontorClientPair, i).name, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * kontor_client_send_async:
 * @client: a client
 * @call: what to ask; copied
 * @cancellable: (nullable): ends it, also while it waits for another attempt
 * @callback: called once, in the thread's main context
 * @data: for @callback
 *
 * Sends a call, up to three times more when the server was busy, failed or could not be reached.
 * A POST without an Idempotency-Key gets one, the same in each attempt, so that none is done twice.
 */
void
kontor_client_send_async (KontorClient *client,
                          const KontorClientCall *call,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  Sending *sending = g_new0 (Sending, 1);

  sending->call = kontor_client_call_copy (call);
  if (g_str_equal (call->method, "POST") && !has_header (call, IDEMPOTENCY_KEY))
    {
      g_autofree char *unique = g_uuid_string_random ();

      kontor_client_call_header (sending->call, IDEMPOTENCY_KEY, unique);
    }
  g_task_set_task_data (task, sending, sending_free);
  attempt (task);
}

/**
 * kontor_client_send_finish:
 * @client: a client
 * @result: what the callback got
 * @error: return location for a #KontorClientError, or a cancellation of #GIOErrorEnum
 *
 * Returns: (transfer full) (nullable): the reply, of a status below 300
 */
KontorClientReply *
kontor_client_send_finish (KontorClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/**
 * kontor_client_send:
 * @client: a client
 * @call: what to ask
 * @cancellable: (nullable): ends it
 * @error: return location for a #KontorClientError, or a cancellation of #GIOErrorEnum
 *
 * The form that waits, for programs that do one thing after the other. Meanwhile the thread's main
 * context runs, and what else is in it.
 *
 * Returns: (transfer full) (nullable): the reply, of a status below 300
 */
KontorClientReply *
kontor_client_send (KontorClient *client,
                    const KontorClientCall *call,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kontor_client_send_async (client, call, cancellable, sent_cb, &result);
  while (result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  return kontor_client_send_finish (client, result, error);
}

/* ----------------------------------------------------------------------------------- client -- */

static void
kontor_client_finalize (GObject *object)
{
  KontorClient *client = KONTOR_CLIENT (object);

  g_free (client->url);
  g_free (client->authorization);
  g_free (client->account);
  g_clear_error (&client->problem);
  g_clear_object (&client->session);
  g_clear_pointer (&client->tunnel, kontor_tunnel_free);
  G_OBJECT_CLASS (kontor_client_parent_class)->finalize (object);
}

static void
kontor_client_class_init (KontorClientClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kontor_client_finalize;
}

static void
kontor_client_init (KontorClient *client)
{
  client->retries = RETRIES;
}

/* What connections are made to in the place of the host that the requests name; %NULL: that host. */
static GSocketConnectable *
find_way (KontorClient *client, const KontorAddress *address)
{
  if (address != NULL && address->kind == KONTOR_ADDRESS_UNIX)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address->path));
  if (address == NULL || address->kind != KONTOR_ADDRESS_SSH)
    return NULL;
  client->tunnel = kontor_tunnel_new (address, &client->problem);
  return client->tunnel != NULL
             ? g_object_ref (G_SOCKET_CONNECTABLE (kontor_tunnel_address (client->tunnel)))
             : NULL;
}

/**
 * kontor_client_new:
 * @url: of the server, without a slash at its end; see kontor_profile_url()
 * @key: (nullable): an API key; without one, what carries the connection has to know one
 *
 * Returns: (transfer full): a client that sends its calls there
 */
KontorClient *
kontor_client_new (const char *url, const char *key)
{
  KontorClient *client = g_object_new (KONTOR_TYPE_CLIENT, NULL);
  g_autoptr (KontorAddress) address = kontor_address_parse (url, &client->problem);
  g_autoptr (GSocketConnectable) way = find_way (client, address);
  gboolean by_network = address == NULL || address->kind == KONTOR_ADDRESS_HTTP
                        || address->kind == KONTOR_ADDRESS_HTTPS;

  client->url = g_strdup (url);
  client->base = by_network ? client->url : THIS_MACHINE;
  client->session = soup_session_new_with_options ("user-agent", "kontor/" KONTOR_VERSION,
                                                   "timeout", TIMEOUT_S, "remote-connectable", way,
                                                   NULL);
  /* a proxy that the environment names cannot reach what runs here */
  if (!by_network || kontor_profile_is_local (url))
    soup_session_set_proxy_resolver (client->session, NULL);
  client->authorization = key != NULL ? g_strconcat ("Bearer ", key, NULL) : NULL;
  return client;
}

/**
 * kontor_client_new_for:
 * @profile: server and key; of who signed in also whom they work for, and in which mode
 *
 * Returns: (transfer full): a client that works there as this profile says
 */
KontorClient *
kontor_client_new_for (const KontorProfile *profile)
{
  KontorClient *client = kontor_client_new (profile->url, profile->key);

  if (!kontor_profile_is_person (profile))
    return client;
  client->account = g_strdup (profile->account);
  client->livemode = profile->livemode;
  return client;
}

/**
 * kontor_client_session:
 * @client: a client
 *
 * Returns: (transfer none): what its calls are sent with
 */
SoupSession *
kontor_client_session (KontorClient *client)
{
  return client->session;
}

/**
 * kontor_client_set_timeout:
 * @client: a client
 * @timeout_s: after how many seconds of silence an attempt has failed; 60 when never set
 */
void
kontor_client_set_timeout (KontorClient *client, guint timeout_s)
{
  soup_session_set_timeout (client->session, timeout_s);
}

/**
 * kontor_client_set_retries:
 * @client: a client
 * @retries: how often a call is sent again at most; 3 when never set
 */
void
kontor_client_set_retries (KontorClient *client, guint retries)
{
  client->retries = retries;
}

/**
 * kontor_client_get_url:
 * @client: a client
 *
 * Returns: (transfer none): the server's address
 */
const char *
kontor_client_get_url (KontorClient *client)
{
  return client->url;
}
