/* relay.c: requests from one stream to one server, and its answers to another stream.
 *
 * It is one connection of HTTP, made longer. Answers pass as they come, whatever is in them. Requests are read
 * by a thread of their own, which looks at their heads and hands on their bodies. Nothing is kept but a piece
 * under way in each direction: whoever reads slowly slows down who writes. */
#include "cli/relay.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <string.h>

#include "cli/relay-head.h"
#include "core/client/address.h"
#include "core/client/client-error.h"

#define PIECE (64 * 1024)
#define MOST_HEAD (64 * 1024)
#define END_OF_HEAD "\r\n\r\n"

typedef struct
{
  GBufferedInputStream *requests;
  GOutputStream        *to_server;
  KontorRelayServer     server;
  GCancellable         *ended;   /* ends both directions */
  gboolean              is_last; /* whether no request may follow the one that was handed on */
  GError               *error;   /* what is wrong with the requests; read after the thread's end */
} Relay;

/* ---------------------------------------------------------------------------------- the server -- */

static GSocketConnectable *
find_server (const KontorAddress *address)
{
  gboolean is_secure = address->kind == KONTOR_ADDRESS_HTTPS;

  if (address->kind == KONTOR_ADDRESS_UNIX)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address->path));
  return g_network_address_new (address->host, address->port != 0 ? address->port
                                               : is_secure        ? 443
                                                                  : 80);
}

static GIOStream *
connect_to (const KontorAddress *address, const char *url, GError **error)
{
  g_autoptr (GSocketConnectable) server = find_server (address);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) problem = NULL;
  GSocketConnection *connection;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_tls (client, address->kind == KONTOR_ADDRESS_HTTPS);
  connection = g_socket_client_connect (client, server, NULL, &problem);
  if (connection == NULL)
    g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_UNREACHABLE,
                 _ ("The server at %s cannot be reached: %s"), url, problem->message);
  return G_IO_STREAM (connection);
}

static char *
host_of (const KontorAddress *address)
{
  gboolean has_colons = address->host != NULL && strchr (address->host, ':') != NULL;
  g_autofree char *port = address->port != 0 ? g_strdup_printf (":%u", address->port) : NULL;

  if (address->host == NULL)
    return g_strdup ("localhost");
  return g_strconcat (has_colons ? "[" : "", address->host, has_colons ? "]" : "", port, NULL);
}

/* -------------------------------------------------------------------------------- the requests -- */

/* Fills @relay's buffer to a whole head. -1: failed; 0: there are no more requests. */
static gssize
find_head (Relay *relay, GError **error)
{
  for (;;)
    {
      gsize available;
      const char *text = g_buffered_input_stream_peek_buffer (relay->requests, &available);
      const char *end = memmem (text, available, END_OF_HEAD, strlen (END_OF_HEAD));
      gssize n;

      if (end != NULL)
        return end - text + (gssize) strlen (END_OF_HEAD);
      if (available == MOST_HEAD)
        {
          g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                       _ ("The head of a request has at most %d bytes."), MOST_HEAD);
          return -1;
        }
      n = g_buffered_input_stream_fill (relay->requests, -1, relay->ended, error);
      if (n <= 0)
        return n;
    }
}

static gboolean
send_text (Relay *relay, const char *text, gsize length, GError **error)
{
  return g_output_stream_write_all (relay->to_server, text, length, NULL, relay->ended, error);
}

static gboolean
hand_on_body (Relay *relay, guint64 left, GError **error)
{
  g_autofree char *piece = left > 0 ? g_malloc (PIECE) : NULL;

  while (left > 0)
    {
      gssize n = g_input_stream_read (G_INPUT_STREAM (relay->requests), piece, MIN (left, PIECE),
                                      relay->ended, error);

      if (n <= 0 || !send_text (relay, piece, (gsize) n, error))
        return FALSE;
      left -= (guint64) n;
    }
  return TRUE;
}

static gboolean
hand_on_request (Relay *relay, GError **error)
{
  gssize length = find_head (relay, error);
  g_auto (KontorRelayHead) head = { 0 };
  const char *text;

  if (length <= 0)
    return FALSE;
  text = g_buffered_input_stream_peek_buffer (relay->requests, NULL);
  if (!kontor_relay_head_read (&head, text, (gsize) length - strlen (END_OF_HEAD), &relay->server,
                               error)
      || g_input_stream_skip (G_INPUT_STREAM (relay->requests), (gsize) length, NULL, error) < 0
      || !send_text (relay, head.text, strlen (head.text), error)
      || !hand_on_body (relay, head.body_length, error))
    return FALSE;
  relay->is_last = head.is_last;
  return TRUE;
}

/* Whoever goes away is owed no answer, and the server must not hold one back for them. After the last request the
 * server ends the connection itself. */
static gpointer
hand_on_requests (gpointer data)
{
  Relay *relay = data;
  gboolean goes_on = TRUE;

  while (goes_on && !relay->is_last)
    goes_on = hand_on_request (relay, &relay->error);
  if (!goes_on)
    g_cancellable_cancel (relay->ended);
  return NULL;
}

/* --------------------------------------------------------------------------------- the answers -- */

static gboolean
hand_on_answers (GInputStream *from, GOutputStream *to, GCancellable *ended, GError **error)
{
  g_autofree char *piece = g_malloc (PIECE);
  gssize n;

  while ((n = g_input_stream_read (from, piece, PIECE, ended, error)) > 0)
    if (!g_output_stream_write_all (to, piece, (gsize) n, NULL, ended, error))
      return FALSE;
  return n == 0;
}

static gboolean
is_cancelled (const GError *error)
{
  return error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Runs both directions until one of them ends. */
static gboolean
relay_both (Relay *relay, GIOStream *server, GOutputStream *answers, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GThread *requests = g_thread_new ("requests", hand_on_requests, relay);

  (void) hand_on_answers (g_io_stream_get_input_stream (server), answers, relay->ended, &problem);
  g_cancellable_cancel (relay->ended);
  g_thread_join (requests);
  if (is_cancelled (problem) && is_cancelled (relay->error))
    {
      g_clear_error (&relay->error);
      return TRUE;
    }
  g_propagate_error (error, is_cancelled (relay->error) ? g_steal_pointer (&problem)
                                                        : g_steal_pointer (&relay->error));
  g_clear_error (&relay->error);
  return FALSE;
}

/**
 * kontor_relay_run:
 * @profile: of a server that is reached without ssh; its key is for requests that bring none
 * @requests: where they come from; it is read until it ends
 * @answers: where what the server says goes, unchanged
 * @error: return location for a #KontorClientError, or a #GIOErrorEnum of one of the streams
 *
 * Only requests of the API are handed on (see relay-head.c), and only to that server. One that may not be is an error,
 * after which nothing more is.
 *
 * Returns: whether it ended as it should: the requests did, or the server closed the connection
 */
gboolean
kontor_relay_run (const KontorProfile *profile,
                  GInputStream *requests,
                  GOutputStream *answers,
                  GError **error)
{
  g_autoptr (KontorAddress) address = kontor_address_parse (profile->url, error);
  g_autoptr (GIOStream) server = NULL;
  g_autoptr (GInputStream) buffered = g_buffered_input_stream_new_sized (requests, MOST_HEAD);
  g_autoptr (GCancellable) ended = g_cancellable_new ();
  g_autofree char *host = NULL;
  Relay relay = { .requests = G_BUFFERED_INPUT_STREAM (buffered), .ended = ended };

  if (address == NULL)
    return FALSE;
  if (address->kind == KONTOR_ADDRESS_SSH)
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                   _ ("%s is reached through ssh itself: requests are handed on to a server of "
                      "this machine's, once."),
                   profile->url);
      return FALSE;
    }
  server = connect_to (address, profile->url, error);
  if (server == NULL)
    return FALSE;
  host = host_of (address);
  relay.server = (KontorRelayServer){
    .host = host,
    .base = address->kind == KONTOR_ADDRESS_UNIX ? "" : address->path,
    .key = profile->key,
    .account = kontor_profile_is_person (profile) ? profile->account : NULL,
    .mode = profile->livemode ? "live" : "test",
  };
  relay.to_server = g_io_stream_get_output_stream (server);
  return relay_both (&relay, server, answers, error);
}
