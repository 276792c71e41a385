/* server.c: the sockets: reads requests, sends replies. The only file that knows the HTTP library.
 *
 * A thread of the library's pool reads a request whole and hands it to the API. When the reply must wait
 * for the engine the connection is suspended, and the thread goes on with others. */
#include "server/http/server.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "server/http/listen.h"
#include "server/http/peer.h"
#include "server/http/worker.h"

#define MAX_BODY      (1024 * 1024)
#define MAX_HEADERS   (16 * 1024)
#define MEMORY        (32 * 1024)  /* per connection: headers must fit in, and are then measured */
#define IDLE_S        75
/* A body sent without its length is read this far before the connection is cut. */
#define MAX_DISCARDED (8 * 1024 * 1024)
/* A request that needed more memory than this takes its arena with it. */
#define USUAL_BODY    (64 * 1024)

struct _KontorServer
{
  KontorApi         *api;
  struct MHD_Daemon *daemon;
  KontorPeers       *peers;
  char              *url;
  gboolean           trust_forwarded;
  gint               stopping;  /* atomic: replies then close their connection */
  gint               n_open;    /* atomic: requests taken on and not yet answered */
};

/* One request and its reply, in an arena of their own. */
typedef struct
{
  KontorCall             call;   /* first: the API gives it back */
  KontorServer          *server;
  struct MHD_Connection *connection;
  KontorPeer            *peer;
  KontorRequest          request;
  KontorReply            reply;
  KontorBuffer           body;
  gsize                  discarded;
  const char            *forwarded, *origin;
  gboolean               has_headers, taken_on, is_ready;
} Exchange;

static const struct
{
  const char *name;
  gsize       length, offset;
} headers[] = {
#define HEADER(name, member)                                                                       \
  {                                                                                                \
    name, sizeof name - 1, G_STRUCT_OFFSET (Exchange, member)                                      \
  }
  HEADER ("Authorization", request.authorization),
  HEADER ("Content-Type", request.content_type),
  HEADER ("Idempotency-Key", request.idempotency_key),
  HEADER ("Stripe-Version", request.api_version),
  HEADER ("Stripe-Account", request.account),
  HEADER ("User-Agent", request.user_agent),
  HEADER ("X-Forwarded-For", forwarded),
  HEADER ("Origin", origin),
#undef HEADER
};

static enum MHD_Result
header_cb (void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
  gsize length = strlen (key);

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (headers[i].length == length && g_ascii_strcasecmp (headers[i].name, key) == 0)
      {
        const char **member = &G_STRUCT_MEMBER (const char *, cls, headers[i].offset);

        if (*member == NULL)
          *member = value;
        break;
      }
  return MHD_YES;
}

/* The first line of a request was read: everything about it begins here. */
static void *
uri_cb (void *cls, const char *uri, struct MHD_Connection *connection)
{
  KontorServer *server = cls;
  KontorArena *arena = kontor_worker_take_arena (kontor_worker_get (server->api));
  Exchange *exchange = kontor_arena_new0 (arena, Exchange);
  const char *question = strchr (uri, '?');

  exchange->server = server;
  exchange->connection = connection;
  exchange->peer
      = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
  exchange->request.arena = arena;
  exchange->request.path = question != NULL
                               ? kontor_arena_strndup (arena, uri, (gsize) (question - uri))
                               : kontor_arena_strdup (arena, uri);
  if (question != NULL)
    exchange->request.query = kontor_arena_strdup (arena, question + 1);
  exchange->request.started_us = g_get_monotonic_time ();
  exchange->call.arena = arena;
  exchange->call.request = &exchange->request;
  exchange->call.reply = &exchange->reply;
  exchange->call.front = exchange;
  kontor_peer_enter (exchange->peer, KONTOR_PEER_READING);
  return exchange;
}

/* With several proxies in a row the last one is ours, and what it wrote stands last. */
static const char *
last_of (const char *list)
{
  const char *comma = strrchr (list, ',');

  list = comma != NULL ? comma + 1 : list;
  return list + strspn (list, " ");
}

static void
read_headers (Exchange *exchange, const char *method)
{
  KontorRequest *request = &exchange->request;
  const union MHD_ConnectionInfo *info;
  const char *length;

  MHD_get_connection_values (exchange->connection, MHD_HEADER_KIND, header_cb, exchange);
  request->method = strcmp (method, "HEAD") == 0 ? "GET" : method;
  request->remote = exchange->server->trust_forwarded && exchange->forwarded != NULL
                        ? last_of (exchange->forwarded)
                        : exchange->peer->address;
  info = MHD_get_connection_info (exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  request->headers_too_large = info->header_size > MAX_HEADERS;
  length = MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND,
                                        MHD_HTTP_HEADER_CONTENT_LENGTH);
  request->body_too_large = length != NULL && g_ascii_strtoull (length, NULL, 10) > MAX_BODY;
  exchange->has_headers = TRUE;
}

static void
add_header (struct MHD_Response *response, const char *name, const char *value)
{
  if (value != NULL)
    MHD_add_response_header (response, name, value);
}

static void
add_cors_headers (struct MHD_Response *response)
{
  add_header (response, "Access-Control-Allow-Credentials", "true");
  add_header (response, "Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS");
  add_header (response, "Access-Control-Allow-Headers",
              "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version, "
              "X-Stripe-Client-Telemetry, X-Stripe-Client-User-Agent");
  add_header (response, "Access-Control-Expose-Headers",
              "Request-Id, Idempotent-Replayed, Original-Request, Retry-After, "
              "Stripe-Should-Retry, Stripe-Version");
  add_header (response, "Access-Control-Max-Age", "300");
}

static void
add_headers (const Exchange *exchange, struct MHD_Response *response)
{
  const KontorReply *reply = &exchange->reply;
  char seconds[16];

  add_header (response, "Content-Type",
              reply->content_type != NULL ? reply->content_type : "application/json");
  add_header (response, "Cache-Control", "no-cache, no-store");
  add_header (response, "X-Content-Type-Options", "nosniff");
  add_header (response, "Access-Control-Allow-Origin", "*");
  add_header (response, "Request-Id", exchange->request.id);
  add_header (response, "Stripe-Version", reply->api_version);
  add_header (response, "Idempotency-Key", exchange->request.idempotency_key);
  add_header (response, "Original-Request", reply->original_request);
  add_header (response, "Location", reply->location);
  if (reply->replayed)
    add_header (response, "Idempotent-Replayed", "true");
  if (reply->should_retry_no)
    add_header (response, "Stripe-Should-Retry", "false");
  if (reply->rate_limited)
    add_header (response, "Stripe-Rate-Limited-Reason", "global-rate");
  if (reply->status == 401)
    add_header (response, "WWW-Authenticate", "Basic realm=\"Kontor\"");
  if (reply->retry_after_s != 0)
    {
      g_snprintf (seconds, sizeof seconds, "%u", reply->retry_after_s);
      add_header (response, "Retry-After", seconds);
    }
  if (exchange->origin != NULL)
    add_cors_headers (response);
  if (g_atomic_int_get (&exchange->server->stopping))
    add_header (response, "Connection", "close");
}

/* The library frees the body when it is sent: nothing is copied. */
static enum MHD_Result
send_reply (Exchange *exchange)
{
  KontorReply *reply = &exchange->reply;
  struct MHD_Response *response
      = reply->body.data != NULL
            ? MHD_create_response_from_buffer (reply->body.length, reply->body.data,
                                               MHD_RESPMEM_MUST_FREE)
            : MHD_create_response_from_buffer (0, (void *) "", MHD_RESPMEM_PERSISTENT);
  enum MHD_Result result;

  if (response == NULL)
    return MHD_NO;
  reply->body = (KontorBuffer){ 0 };
  add_headers (exchange, response);
  result = MHD_queue_response (exchange->connection, reply->status, response);
  MHD_destroy_response (response);
  if (exchange->taken_on)
    kontor_api_end (&exchange->call);
  return result;
}

static enum MHD_Result
send_preflight (Exchange *exchange)
{
  exchange->reply.status = 200;
  exchange->origin = "*";
  return send_reply (exchange);
}

/* On the engine's thread. */
static void
finished_cb (KontorCall *call)
{
  Exchange *exchange = call->front;

  exchange->is_ready = TRUE;
  MHD_resume_connection (exchange->connection);
}

static enum MHD_Result
take_on (Exchange *exchange)
{
  KontorServer *server = exchange->server;

  exchange->request.body = exchange->body.data;
  exchange->request.body_length = exchange->body.length;
  exchange->call.finished = finished_cb;
  exchange->taken_on = TRUE;
  g_atomic_int_inc (&server->n_open);
  kontor_peer_enter (exchange->peer, KONTOR_PEER_WORKING);
  if (kontor_api_begin (server->api, &exchange->call))
    return send_reply (exchange);
  MHD_suspend_connection (exchange->connection);
  kontor_api_submit (&exchange->call);
  return MHD_YES;
}

static enum MHD_Result
read_body (Exchange *exchange, const char *data, size_t *size)
{
  if (exchange->body.length + *size > MAX_BODY)
    {
      exchange->request.body_too_large = TRUE;
      exchange->discarded += *size;
      if (exchange->discarded > MAX_DISCARDED)
        return MHD_NO;
    }
  else
    kontor_buffer_append (&exchange->body, data, *size);
  *size = 0;
  return MHD_YES;
}

/* The library calls it with the headers, with each piece of the body, at the end, and once more after a
 * suspension. */
static enum MHD_Result
access_cb (void                  *cls,
           struct MHD_Connection *connection,
           const char            *url,
           const char            *method,
           const char            *version,
           const char            *data,
           size_t                *size,
           void                 **context)
{
  Exchange *exchange = *context;

  if (!exchange->has_headers)
    {
      read_headers (exchange, method);
      if (strcmp (method, "OPTIONS") == 0)
        return send_preflight (exchange);
      /* Answered before the body is read; the library then closes the connection. */
      if (exchange->request.body_too_large || exchange->request.headers_too_large)
        return take_on (exchange);
      return MHD_YES;
    }
  if (*size > 0)
    return read_body (exchange, data, size);
  return exchange->is_ready ? send_reply (exchange) : take_on (exchange);
}

static void
completed_cb (void                           *cls,
              struct MHD_Connection          *connection,
              void                          **context,
              enum MHD_RequestTerminationCode reason)
{
  KontorServer *server = cls;
  KontorWorker *worker = kontor_worker_get (server->api);
  Exchange *exchange = *context;
  gboolean is_usual;

  if (exchange == NULL)
    return;
  *context = NULL;
  kontor_peer_enter (exchange->peer, KONTOR_PEER_IDLE);
  if (exchange->taken_on)
    g_atomic_int_add (&server->n_open, -1);
  g_clear_error (&exchange->call.failure);
  kontor_buffer_clear (&exchange->reply.body);
  is_usual = exchange->body.length <= USUAL_BODY;
  kontor_buffer_clear (&exchange->body);
  if (is_usual)
    kontor_worker_give_arena (worker, exchange->request.arena);
  else
    kontor_arena_free (exchange->request.arena);
}

static void
connection_cb (void                              *cls,
               struct MHD_Connection             *connection,
               void                             **context,
               enum MHD_ConnectionNotificationCode what)
{
  KontorServer *server = cls;

  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    {
      int fd = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
      const struct sockaddr *address
          = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

      *context = kontor_peers_add (server->peers, fd, address);
    }
  else if (*context != NULL)
    kontor_peers_leave (server->peers, *context);
}

/* Paths and parameters are decoded by us, where it is known what they are. */
static size_t
unescape_cb (void *cls, struct MHD_Connection *connection, char *text)
{
  return strlen (text);
}

G_GNUC_PRINTF (2, 0)
static void
log_cb (void *cls, const char *format, va_list args)
{
  g_logv (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, format, args);
}

/**
 * kontor_server_new:
 * @api: who answers; outlives the server
 * @options: where to listen, and how much to take on at once
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a server that listens, or %NULL
 */
KontorServer *
kontor_server_new (KontorApi *api, const KontorServerOptions *options, GError **error)
{
  g_autofree char *url = NULL;
  int fd = kontor_listen (options->listen, &url, error);
  KontorServer *server;

  if (fd < 0)
    return NULL;
  server = g_new0 (KontorServer, 1);
  server->api = api;
  server->trust_forwarded = options->trust_forwarded;
  server->url = g_steal_pointer (&url);
  server->peers = kontor_peers_new ();
  server->daemon = MHD_start_daemon (
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
      access_cb, server,                                              /* must be the first */
      MHD_OPTION_EXTERNAL_LOGGER, log_cb, NULL,                       /* likewise */
      MHD_OPTION_LISTEN_SOCKET, fd,                                   /* now its own */
      MHD_OPTION_URI_LOG_CALLBACK, uri_cb, server,                    /* */
      MHD_OPTION_NOTIFY_COMPLETED, completed_cb, server,              /* */
      MHD_OPTION_NOTIFY_CONNECTION, connection_cb, server,            /* */
      MHD_OPTION_UNESCAPE_CALLBACK, unescape_cb, NULL,                /* */
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) MEMORY,            /* */
      MHD_OPTION_CONNECTION_LIMIT, options->max_connections,          /* */
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) IDLE_S,           /* */
      MHD_OPTION_THREAD_POOL_SIZE, options->n_threads > 1 ? options->n_threads : 0, MHD_OPTION_END);
  if (server->daemon != NULL)
    return server;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: the HTTP server cannot be started",
               options->listen);
  close (fd);
  kontor_server_free (server);
  return NULL;
}

/**
 * kontor_server_url:
 * @server: a server
 *
 * Returns: (transfer none): where it is reached
 */
const char *
kontor_server_url (KontorServer *server)
{
  return server->url;
}

/**
 * kontor_server_drain:
 * @server: a server
 * @patience_s: how long to wait at most
 *
 * Takes no more connections, and waits until what was taken on is answered.
 */
void
kontor_server_drain (KontorServer *server, guint patience_s)
{
  gint64 until_us = g_get_monotonic_time () + patience_s * G_USEC_PER_SEC;
  MHD_socket fd;

  g_atomic_int_set (&server->stopping, TRUE);
  fd = MHD_quiesce_daemon (server->daemon);
  if (fd != MHD_INVALID_SOCKET)
    close (fd);
  while (g_atomic_int_get (&server->n_open) > 0 && g_get_monotonic_time () < until_us)
    g_usleep (2000);
}

/**
 * kontor_server_free:
 * @server: (transfer full): a server, drained
 */
void
kontor_server_free (KontorServer *server)
{
  if (server->daemon != NULL)
    MHD_stop_daemon (server->daemon);
  kontor_peers_free (server->peers);
  g_free (server->url);
  g_free (server);
}
