/* request.c: one POST to a webhook endpoint, within bounds of time and size.
 *
 * A connection is used again while the receiver keeps it. The address that is about to be connected is
 * looked at, not the name: so a name that means another address a moment later gains nothing. */
#include "server/webhook/request.h"

#include <string.h>

#include "core/network.h"

#define MAX_ANSWER (64 * 1024)
#define CHUNK 4096
#define IDLE_S 60

struct _KontorPost
{
  SoupSession     *session;
  SoupMessage     *message;
  GUri            *uri;
  GBytes          *body;
  const char      *headers;
  GCancellable    *cancellable;
  const GPtrArray *allow;
  KontorPostDone   done;
  gpointer         data;
  GInputStream    *stream;
  KontorAnswer    *answer;
  gint64           began;      /* monotonic microseconds */
  gint64           connecting; /* when a new connection was begun; 0: none was */
  gsize            read;
  gboolean         refused, expired, again;
  char            *address;    /* the one that was refused */
  guint8           chunk[CHUNK];
};

/**
 * kontor_post_session:
 * @connections: how many are open at once at most
 *
 * Belongs to the calling thread and its main context.
 *
 * Returns: (transfer full): a session for kontor_post_send()
 */
SoupSession *
kontor_post_session (guint connections)
{
  SoupSession *session = soup_session_new_with_options (
      "max-conns", (int) connections, "max-conns-per-host", (int) connections, "idle-timeout",
      IDLE_S, "timeout", 0, "proxy-resolver", NULL, NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

/**
 * kontor_answer_free:
 * @answer: (transfer full) (nullable): an answer
 */
void
kontor_answer_free (KontorAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->problem);
  g_free (answer->headers);
  g_free (answer->retry_after);
  g_clear_pointer (&answer->body, g_byte_array_unref);
  g_free (answer);
}

/**
 * kontor_post_began:
 * @post: a request under way
 *
 * Returns: when it began, in monotonic microseconds
 */
gint64
kontor_post_began (const KontorPost *post)
{
  return post->began;
}

/* Closing the socket keeps even the first packet from going out: cancelling alone comes after it. */
static void
guard (KontorPost *post, GIOStream *stream)
{
  g_autoptr (GSocketAddress) address = NULL;
  GInetAddress *inet;

  if (!G_IS_SOCKET_CONNECTION (stream))
    return;
  address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL);
  if (address != NULL && !G_IS_INET_SOCKET_ADDRESS (address))
    return;
  inet = address != NULL ? g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))
                         : NULL;
  if (inet != NULL
      && (kontor_address_is_public (inet) || kontor_networks_allow (post->allow, inet)))
    return;
  post->refused = TRUE;
  g_free (post->address);
  post->address = inet != NULL ? g_inet_address_to_string (inet) : g_strdup ("unknown");
  g_socket_close (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), NULL);
  g_cancellable_cancel (post->cancellable);
}

static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  KontorPost *post = data;

  if (event == G_SOCKET_CLIENT_RESOLVING)
    post->connecting = g_get_monotonic_time ();
  else if (event == G_SOCKET_CLIENT_CONNECTING)
    guard (post, stream);
  else if (event == G_SOCKET_CLIENT_COMPLETE && post->connecting != 0)
    post->answer->connect_us = g_get_monotonic_time () - post->connecting;
}

typedef struct
{
  GQuark      domain;
  int         code;     /* -1: any */
  KontorOutcome outcome;
  const char *sentence;
} Cause;

static void
explain (KontorPost *post, const GError *error)
{
  const Cause causes[] = {
    { G_RESOLVER_ERROR, -1, KONTOR_OUTCOME_UNKNOWN_HOST, "The host's name is not known" },
    { G_TLS_ERROR, -1, KONTOR_OUTCOME_TLS, "No secure connection could be made" },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, KONTOR_OUTCOME_NO_CONNECTION,
      "The connection was refused" },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, KONTOR_OUTCOME_NO_CONNECTION,
      "The host cannot be reached" },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, KONTOR_OUTCOME_NO_CONNECTION,
      "The network cannot be reached" },
  };
  KontorAnswer *answer = post->answer;
  gboolean connected = post->connecting == 0 || answer->connect_us >= 0;

  answer->outcome = connected ? KONTOR_OUTCOME_BROKEN : KONTOR_OUTCOME_NO_CONNECTION;
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if (error->domain == causes[i].domain
        && (causes[i].code == -1 || error->code == causes[i].code))
      {
        answer->outcome = causes[i].outcome;
        answer->problem = g_strdup_printf ("%s: %s", causes[i].sentence, error->message);
        return;
      }
  answer->problem = g_strdup_printf (
      "%s: %s", connected ? "The answer was cut off or is not HTTP" : "There was no connection",
      error->message);
}

static void
explain_failure (KontorPost *post, const GError *error)
{
  KontorAnswer *answer = post->answer;

  if (post->refused)
    {
      answer->outcome = KONTOR_OUTCOME_REFUSED_ADDRESS;
      answer->problem
          = g_strdup_printf ("%s is not a public address, and the setting webhook_allow "
                             "does not name it",
                             post->address);
    }
  else if (post->expired)
    {
      answer->outcome = KONTOR_OUTCOME_TIMEOUT;
      answer->problem = g_strdup (post->connecting != 0 && answer->connect_us < 0
                                      ? "No connection stood before the time was over"
                                      : "No answer came before the time was over");
    }
  else
    explain (post, error);
}

static void
explain_status (KontorAnswer *answer, const char *reason)
{
  guint class = answer->status / 100;

  answer->outcome = class == 2                ? KONTOR_OUTCOME_TAKEN
                    : class == 3              ? KONTOR_OUTCOME_REDIRECT
                    : answer->status == 410 ? KONTOR_OUTCOME_GONE
                                            : KONTOR_OUTCOME_STATUS;
  if (class == 3)
    answer->problem
        = g_strdup_printf ("It answered %u; redirects are not followed", answer->status);
  else if (class != 2)
    answer->problem
        = g_strdup_printf ("It answered %u %s", answer->status, reason != NULL ? reason : "");
}

static void
add_header_cb (const char *name, const char *value, gpointer data)
{
  GString *lines = data;

  if (lines->len < KONTOR_ANSWER_KEPT)
    g_string_append_printf (lines, "%s: %s\n", name, value);
}

static char *
keep_headers (SoupMessageHeaders *headers)
{
  GString *lines = g_string_new (NULL);
  char *valid;

  soup_message_headers_foreach (headers, add_header_cb, lines);
  if (lines->len > KONTOR_ANSWER_KEPT)
    g_string_truncate (lines, KONTOR_ANSWER_KEPT);
  valid = g_utf8_make_valid (lines->str, (gssize) lines->len);
  g_string_free (lines, TRUE);
  return valid;
}

static void
finish (KontorPost *post)
{
  KontorAnswer *answer = g_steal_pointer (&post->answer);

  answer->duration_us = g_get_monotonic_time () - post->began;
  g_signal_handlers_disconnect_by_data (post->message, post);
  post->done (post, answer, post->data);
  g_clear_object (&post->stream);
  g_clear_object (&post->message);
  g_clear_object (&post->cancellable);
  g_uri_unref (post->uri);
  g_bytes_unref (post->body);
  g_free (post->address);
  g_free (post);
}

static void read_more (KontorPost *post);

/* The status said what there is to say; of the body only what came in time is kept. A body that is read to its end
 * leaves a connection which can be used again. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorPost *post = data;
  gssize n = g_input_stream_read_finish (post->stream, result, NULL);
  GByteArray *body = post->answer->body;

  if (n <= 0)
    {
      finish (post);
      return;
    }
  post->read += (gsize) n;
  if (body->len < KONTOR_ANSWER_KEPT)
    g_byte_array_append (body, post->chunk, MIN ((guint) n, KONTOR_ANSWER_KEPT - body->len));
  if (post->read >= MAX_ANSWER)
    finish (post);
  else
    read_more (post);
}

static void
read_more (KontorPost *post)
{
  g_input_stream_read_async (post->stream, post->chunk, CHUNK, G_PRIORITY_DEFAULT,
                             post->cancellable, read_cb, post);
}

static void
set_headers (SoupMessageHeaders *headers, const char *lines)
{
  char name[64], value[2048];

  while (*lines != '\0')
    {
      gsize n_name = strcspn (lines, ":"), n_value = strcspn (lines + n_name + 2, "\n");

      g_assert (n_name < sizeof name && n_value < sizeof value);
      g_strlcpy (name, lines, n_name + 1);
      g_strlcpy (value, lines + n_name + 2, n_value + 1);
      soup_message_headers_replace (headers, name, value);
      lines += n_name + 2 + n_value + 1;
    }
}

static void answered_cb (GObject *source, GAsyncResult *result, gpointer data);

static void
begin (KontorPost *post, SoupMessageFlags flags)
{
  post->message = soup_message_new_from_uri (SOUP_METHOD_POST, post->uri);
  soup_message_add_flags (post->message, SOUP_MESSAGE_NO_REDIRECT | flags);
  set_headers (soup_message_get_request_headers (post->message), post->headers);
  soup_message_set_request_body_from_bytes (post->message, NULL, post->body);
  g_signal_connect (post->message, "network-event", G_CALLBACK (network_event_cb), post);
  soup_session_send_async (post->session, post->message, G_PRIORITY_DEFAULT, post->cancellable,
                           answered_cb, post);
}

/* The receiver broke off a connection that had been idle, just as it was used again: that says nothing about
 * the event. Of a clean end libsoup knows that itself, not of a reset. */
static gboolean
try_again (KontorPost *post, const GError *error)
{
  if (post->again || post->refused || post->expired || post->connecting != 0
      || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return FALSE;
  post->again = TRUE;
  g_signal_handlers_disconnect_by_data (post->message, post);
  g_clear_object (&post->message);
  begin (post, SOUP_MESSAGE_NEW_CONNECTION);
  return TRUE;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KontorPost *post = data;
  KontorAnswer *answer = post->answer;
  g_autoptr (GError) error = NULL;
  SoupMessageHeaders *headers;

  post->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (post->stream == NULL)
    {
      if (try_again (post, error))
        return;
      explain_failure (post, error);
      finish (post);
      return;
    }
  answer->wait_us = g_get_monotonic_time () - post->began;
  answer->status = soup_message_get_status (post->message);
  explain_status (answer, soup_message_get_reason_phrase (post->message));
  headers = soup_message_get_response_headers (post->message);
  answer->headers = keep_headers (headers);
  answer->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  answer->body = g_byte_array_new ();
  read_more (post);
}

/**
 * kontor_post_send:
 * @session: what kontor_post_session() made
 * @spec: what is sent, and where; its headers must outlive the request
 * @done: called in the session's main context, never from within this function
 * @data: for @done
 *
 * Says that it may be sent twice, without which libsoup would use no connection again; an event that comes twice
 * has the same webhook-id.
 *
 * Returns: (transfer none): the request, which is gone after @done
 */
KontorPost *
kontor_post_send (SoupSession *session,
                  const KontorPostSpec *spec,
                  KontorPostDone done,
                  gpointer data)
{
  KontorPost *post = g_new0 (KontorPost, 1);

  post->session = session;
  post->uri = g_uri_ref (spec->uri);
  post->body = g_bytes_ref (spec->body);
  post->headers = spec->headers;
  post->cancellable = g_cancellable_new ();
  post->allow = spec->allow;
  post->done = done;
  post->data = data;
  post->began = g_get_monotonic_time ();
  post->answer = g_new0 (KontorAnswer, 1);
  post->answer->connect_us = post->answer->wait_us = -1;
  begin (post, SOUP_MESSAGE_IDEMPOTENT);
  return post;
}

/**
 * kontor_post_expire:
 * @post: a request under way that has lasted too long
 */
void
kontor_post_expire (KontorPost *post)
{
  post->expired = TRUE;
  g_cancellable_cancel (post->cancellable);
}
