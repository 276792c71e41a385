/* connection.c: one client's connection: reads requests, one after the other, and sends their replies.
 *
 * All of it runs on the connection's own loop. While a request is in the engine nothing is read, so a client
 * that sends many at once waits by itself. Each phase has its patience: who sends or takes a byte now and then
 * does not keep a connection for ever. */
#include "server/http/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "server/http/head.h"
#include "server/http/reply-head.h"
#include "server/http/wait.h"
#include "server/http/worker.h"

#define FIRST_SIZE 4096
#define LEAST_ROOM 1024
#define MAX_HEAD   (16 * 1024)
#define MAX_BODY   (1024 * 1024)
/* A request that needed more memory than this takes its arena with it. */
#define USUAL_BODY (64 * 1024)

enum
{
  IDLE,    /* between requests */
  READING, /* a request has begun to come */
  WORKING, /* it is being answered */
  SENDING, /* the reply is on its way */
  LEAVING, /* all is sent; what still comes is thrown away, so that the client can read the reply */
  N_PHASES
};

static const int patience_s[N_PHASES] = {
  [IDLE] = 75, [READING] = 30, [WORKING] = 3600, [SENDING] = 60, [LEAVING] = 2,
};

/* Of a file at once, before others have their turn; and how much of it a client must take to be given as long again
 * as for any reply: a kilobyte a second. */
#define PIECE      (2 * 1024 * 1024)
#define LEAST_TAKEN (64 * 1024)

/* When the server stops, a request that has begun to come gets so long to come whole. */
#define LAST_READING_S 2

/* One request and its reply, in an arena of their own. */
struct _KontorExchange
{
  KontorCall        call;         /* first: the API gives it back */
  KontorExchange   *next;         /* in the loop's list of finished ones */
  KontorConnection *connection;
  KontorLoop       *loop;
  KontorHead        head;
  KontorRequest     request;
  KontorReply       reply;
  gsize             head_length;  /* of the bytes in the connection's buffer */
  gsize             body_used;    /* likewise, of the body */
  KontorChunks      chunks;
  KontorBuffer      body;         /* when it does not lie in the connection's buffer */
};

static void
enter (KontorConnection *connection, int phase)
{
  connection->phase = phase;
  connection->since_us = connection->loop->now_us;
}

/* On another thread: the loop is woken once for all that finish together. */
static void
finished_cb (KontorCall *call)
{
  KontorExchange *exchange = call->front;
  KontorLoop *loop = exchange->loop;
  KontorExchange *first = __atomic_load_n (&loop->finished, __ATOMIC_RELAXED);

  do
    exchange->next = first;
  while (!__atomic_compare_exchange_n (&loop->finished, &first, exchange, TRUE, __ATOMIC_RELEASE,
                                       __ATOMIC_RELAXED));
  if (first == NULL)
    eventfd_write (loop->wake_fd, 1);
}

static KontorExchange *
begin_exchange (KontorConnection *connection)
{
  KontorLoop *loop = connection->loop;
  KontorArena *arena = kontor_worker_take_arena (kontor_worker_get (loop->api));
  KontorExchange *exchange = kontor_arena_new0 (arena, KontorExchange);

  exchange->connection = connection;
  exchange->loop = loop;
  exchange->request.arena = exchange->call.arena = arena;
  exchange->request.method = exchange->request.path = "";
  exchange->request.remote = connection->address;
  exchange->request.started_us = loop->now_us;
  exchange->call.request = &exchange->request;
  exchange->call.reply = &exchange->reply;
  exchange->call.finished = finished_cb;
  exchange->call.front = exchange;
  connection->exchange = exchange;
  return exchange;
}

static void
end_exchange (KontorExchange *exchange)
{
  KontorWorker *worker = kontor_worker_get (exchange->loop->api);
  gboolean is_usual = exchange->request.body_length <= USUAL_BODY;
  KontorArena *arena = exchange->request.arena;

  g_clear_error (&exchange->call.failure);
  if (exchange->reply.file != NULL)
    close (exchange->reply.file->fd);
  kontor_buffer_clear (&exchange->reply.body);
  kontor_buffer_clear (&exchange->body);
  if (is_usual)
    kontor_worker_give_arena (worker, arena);
  else
    kontor_arena_free (arena);
}

/**
 * kontor_connection_new:
 * @loop: who serves it
 * @fd: (transfer full): its socket, which does not block
 * @address: who it is
 *
 * Returns: (transfer full): a connection of which nothing has been read
 */
KontorConnection *
kontor_connection_new (KontorLoop *loop, int fd, const struct sockaddr *address)
{
  KontorConnection *connection = g_new0 (KontorConnection, 1);
  const void *bytes
      = address->sa_family == AF_INET6
            ? (const void *) &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr
            : (const void *) &((const struct sockaddr_in *) (gconstpointer) address)->sin_addr;

  inet_ntop (address->sa_family, bytes, connection->address, sizeof connection->address);
  connection->loop = loop;
  connection->fd = fd;
  connection->in_size = FIRST_SIZE;
  connection->in = g_malloc (FIRST_SIZE + 1);
  connection->since_us = g_get_monotonic_time ();
  return connection;
}

static void
free_connection (KontorConnection *connection)
{
  if (connection->exchange != NULL)
    end_exchange (connection->exchange);
  kontor_buffer_clear (&connection->out);
  g_free (connection->in);
  g_free (connection);
}

/**
 * kontor_connection_close:
 * @connection: (transfer full): a connection
 *
 * A request of it that is in the engine goes on there, and reads from the connection's memory until it is
 * answered; the reply is dropped.
 */
void
kontor_connection_close (KontorConnection *connection)
{
  if (connection->link != NULL)
    {
      *connection->link = connection->next;
      if (connection->next != NULL)
        connection->next->link = connection->link;
    }
  for (KontorConnection **at = &connection->loop->eager; *at != NULL; at = &(*at)->next_eager)
    if (*at == connection)
      {
        *at = connection->next_eager;
        break;
      }
  g_atomic_int_add (connection->loop->n_open, -1);
  close (connection->fd);
  connection->fd = -1;
  if (connection->exchange == NULL || connection->phase != WORKING)
    free_connection (connection);
}

/* %FALSE when there is nothing to be read now. */
static gboolean
read_more (KontorConnection *connection)
{
  gsize room = connection->in_size - connection->in_length;
  gssize got;

  if (!connection->readable || room == 0)
    return FALSE;
  got = recv (connection->fd, connection->in + connection->in_length, room, 0);
  if (got > 0)
    {
      connection->in_length += (gsize) got;
      /* Less than there was room for: all that had come. The end of the stream tells of itself. */
      connection->readable = (gsize) got == room || connection->peer_done;
      return TRUE;
    }
  connection->readable = FALSE;
  if (got == 0 || (errno != EAGAIN && errno != EINTR))
    connection->broken = TRUE;
  return FALSE;
}

static void
grow (KontorConnection *connection, gsize size)
{
  connection->in_size = size;
  connection->in = g_realloc (connection->in, size + 1);
}

static gboolean
refuse (KontorConnection *connection, KontorErrorCode code, const char *problem)
{
  KontorExchange *exchange = connection->exchange;

  exchange->request.refusal = code;
  exchange->request.problem = problem;
  exchange->body_used = connection->in_length - exchange->head_length;
  connection->last = TRUE;
  return TRUE;
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
take_head (KontorConnection *connection, KontorExchange *exchange)
{
  const KontorHead *head = &exchange->head;
  KontorRequest *request = &exchange->request;

  request->method = strcmp (head->method, "HEAD") == 0 ? "GET" : head->method;
  request->path = head->path;
  request->query = head->query;
  request->authorization = head->authorization;
  request->content_type = head->content_type;
  request->idempotency_key = head->idempotency_key;
  request->api_version = head->api_version;
  request->account = head->account;
  request->acting_for = head->acting_for;
  request->mode = head->mode;
  request->agent = head->agent;
  request->range = head->range;
  request->if_range = head->if_range;
  request->accept_encoding = head->accept_encoding;
  if (connection->loop->trust_forwarded && head->forwarded != NULL
      && g_hostname_is_ip_address (last_of (head->forwarded)))
    request->remote = last_of (head->forwarded);
  connection->last = !head->keep_alive;
}

static void
say_continue (KontorConnection *connection)
{
  static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";

  /* Who does not get it sends the body all the same, after a moment. */
  (void) !send (connection->fd, interim, sizeof interim - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Finds the head at the beginning of what was read. %TRUE: the request is complete or refused. */
static gboolean
read_head (KontorConnection *connection)
{
  KontorExchange *exchange;
  gsize blank = 0, length;
  const char *problem;

  while (blank < connection->in_length
         && (connection->in[blank] == '\r' || connection->in[blank] == '\n'))
    blank++;
  if (blank > 0)
    {
      connection->in_length -= blank;
      connection->looked_at = 0;
      memmove (connection->in, connection->in + blank, connection->in_length);
    }
  if (connection->in_length == 0)
    return FALSE;
  if (connection->phase == IDLE)
    enter (connection, READING);
  length = kontor_head_find_end (connection->in, connection->in_length, connection->looked_at);
  connection->looked_at = connection->in_length;
  if (length == 0 && connection->in_length < MAX_HEAD)
    {
      if (connection->in_length == connection->in_size)
        grow (connection, connection->in_size * 2);
      return FALSE;
    }
  /* From here on the request points into the buffer, which must have room for some of a body. */
  if (connection->in_size - length < LEAST_ROOM)
    grow (connection, connection->in_size + FIRST_SIZE);
  exchange = begin_exchange (connection);
  exchange->head_length = length;
  if (length == 0 || length > MAX_HEAD)
    return refuse (connection, KONTOR_ERROR_HEADERS_TOO_LARGE, NULL);
  if (!kontor_head_parse (connection->in, length, &exchange->head, &problem))
    return refuse (connection, KONTOR_ERROR_INVALID_REQUEST, problem);
  take_head (connection, exchange);
  if (exchange->head.content_length > MAX_BODY)
    return refuse (connection, KONTOR_ERROR_BODY_TOO_LARGE, NULL);
  if (exchange->head.wants_continue && connection->in_length == length)
    say_continue (connection);
  return FALSE;
}

static gboolean
read_chunks (KontorConnection *connection, KontorExchange *exchange)
{
  gsize used = 0;
  KontorChunksResult result
      = kontor_chunks_feed (&exchange->chunks, connection->in + exchange->head_length,
                            connection->in_length - exchange->head_length, &used, &exchange->body);

  if (result == KONTOR_CHUNKS_BAD)
    return refuse (connection, KONTOR_ERROR_INVALID_REQUEST,
                   "The chunks of the request's body are not valid.");
  if (exchange->body.length > MAX_BODY)
    return refuse (connection, KONTOR_ERROR_BODY_TOO_LARGE, NULL);
  if (result == KONTOR_CHUNKS_END)
    {
      exchange->body_used = used;
      exchange->request.body = exchange->body.data;
      exchange->request.body_length = exchange->body.length;
      return TRUE;
    }
  /* The head stays where the request points to; what was taken makes room for more. */
  connection->in_length = exchange->head_length;
  return FALSE;
}

/* A body that fits in the buffer behind its head is not copied. */
static gboolean
read_sized (KontorConnection *connection, KontorExchange *exchange)
{
  gsize wanted = (gsize) exchange->head.content_length;
  gsize there = connection->in_length - exchange->head_length;

  if (exchange->head_length + wanted <= connection->in_size)
    {
      if (there < wanted)
        return FALSE;
      exchange->body_used = wanted;
      exchange->request.body = connection->in + exchange->head_length;
    }
  else
    {
      gsize part = MIN (there, wanted - exchange->body.length);

      if (exchange->body.allocated == 0)
        kontor_buffer_grow (&exchange->body, wanted);
      kontor_buffer_append (&exchange->body, connection->in + exchange->head_length, part);
      if (exchange->body.length < wanted)
        {
          connection->in_length = exchange->head_length;
          return FALSE;
        }
      exchange->body_used = part;
      exchange->request.body = exchange->body.data;
    }
  exchange->request.body_length = wanted;
  return TRUE;
}

/* %TRUE: a request is complete, or as much of it as there will be. */
static gboolean
read_request (KontorConnection *connection)
{
  if (connection->exchange == NULL && read_head (connection))
    return TRUE;
  if (connection->exchange == NULL)
    return FALSE;
  return connection->exchange->head.chunked ? read_chunks (connection, connection->exchange)
                                            : read_sized (connection, connection->exchange);
}

/* A file goes from the page cache to the socket, a piece at a time. %FALSE: the client must take some of it first, or
 * others have their turn. */
static gboolean
send_file (KontorConnection *connection, const KontorFilePart *file)
{
  KontorLoop *loop = connection->loop;

  for (gsize piece = 0; piece < PIECE;)
    {
      gsize done = connection->sent - connection->out.length, left = (gsize) file->length - done;
      off_t at = file->from + (gint64) done;
      gssize sent = left > 0 ? sendfile (connection->fd, file->fd, &at, MIN (left, PIECE)) : 0;

      if (left == 0)
        return TRUE;
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        {
          connection->broken = sent == 0 || errno != EAGAIN;
          return FALSE;
        }
      piece += (gsize) sent;
      connection->sent += (gsize) sent;
      if (connection->sent - connection->noted >= LEAST_TAKEN)
        {
          connection->noted = connection->sent;
          connection->since_us = loop->now_us;
        }
    }
  if (!connection->is_eager)
    {
      connection->is_eager = TRUE;
      connection->next_eager = loop->eager;
      loop->eager = connection;
    }
  return FALSE;
}

/* Head and body leave in one call and uncopied. %FALSE: the client must take some of it first. */
static gboolean
send_reply (KontorConnection *connection)
{
  const KontorReply *reply = &connection->exchange->reply;
  const KontorBuffer *body = &reply->body;
  gboolean is_head = g_strcmp0 (connection->exchange->head.method, "HEAD") == 0;
  gsize total = connection->out.length + (is_head || reply->file != NULL ? 0 : body->length);

  while (connection->sent < total)
    {
      gsize in_head = MIN (connection->sent, connection->out.length),
            in_body = connection->sent - in_head;
      struct iovec parts[] = {
        { connection->out.data + in_head, connection->out.length - in_head },
        { body->data + in_body, total - connection->out.length - in_body },
      };
      struct msghdr message = { .msg_iov = parts, .msg_iovlen = parts[1].iov_len > 0 ? 2 : 1 };
      gssize sent = sendmsg (connection->fd, &message, MSG_NOSIGNAL);

      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0)
        {
          connection->broken = errno != EAGAIN;
          return FALSE;
        }
      connection->sent += (gsize) sent;
    }
  return is_head || reply->file == NULL || send_file (connection, reply->file);
}

/* What was read beyond this request is the beginning of the next. */
static void
finish_reply (KontorConnection *connection)
{
  KontorExchange *exchange = connection->exchange;
  gsize used = exchange->head_length + exchange->body_used;

  connection->exchange = NULL;
  connection->out.length = connection->sent = connection->noted = connection->looked_at = 0;
  connection->in_length -= used;
  if (connection->in_length > 0)
    memmove (connection->in, connection->in + used, connection->in_length);
  end_exchange (exchange);
  if (!connection->last)
    {
      enter (connection, IDLE);
      return;
    }
  shutdown (connection->fd, SHUT_WR);
  enter (connection, LEAVING);
}

static void
start_reply (KontorConnection *connection)
{
  KontorExchange *exchange = connection->exchange;

  if (g_atomic_int_get (connection->loop->stopping))
    connection->last = TRUE;
  kontor_reply_head_write (&exchange->request, &exchange->reply, connection->loop->date,
                           connection->last, exchange->head.origin != NULL, &connection->out);
  if (exchange->call.api != NULL)
    kontor_api_end (&exchange->call);
  enter (connection, SENDING);
}

/* Asked by a browser before it lets a page call. */
static void
answer_preflight (KontorExchange *exchange)
{
  exchange->head.origin = "";
  exchange->reply.status = 200;
  exchange->reply.body.length = 0;
}

static void
work (KontorConnection *connection)
{
  KontorExchange *exchange = connection->exchange;

  enter (connection, WORKING);
  if (exchange->request.refusal == KONTOR_ERROR_NONE
      && strcmp (exchange->request.method, "OPTIONS") == 0)
    answer_preflight (exchange);
  else if (!kontor_api_begin (connection->loop->api, &exchange->call))
    {
      g_atomic_int_inc (&connection->loop->n_busy);
      kontor_api_submit (&exchange->call);
      /* Whether who sends no more is still there cannot be seen. */
      if (connection->peer_done)
        kontor_call_stop_waiting (&exchange->call);
      return;
    }
  start_reply (connection);
}

static void
discard (KontorConnection *connection)
{
  do
    connection->in_length = 0;
  while (read_more (connection));
}

/* Goes as far as it can without waiting. May close @connection. */
static void
run (KontorConnection *connection)
{
  while (!connection->broken)
    if (connection->phase == WORKING)
      return;
    else if (connection->phase == LEAVING)
      {
        discard (connection);
        if (!connection->broken)
          return;
      }
    else if (connection->phase == SENDING)
      {
        if (send_reply (connection))
          finish_reply (connection);
        else if (!connection->broken)
          return;
      }
    else if (connection->in_length > 0 && read_request (connection))
      work (connection);
    else if (!read_more (connection) && !connection->broken)
      return;
  kontor_connection_close (connection);
}

/**
 * kontor_connection_event:
 * @connection: a connection; may be closed
 * @events: what epoll says of it
 */
void
kontor_connection_event (KontorConnection *connection, guint32 events)
{
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP))
    connection->readable = TRUE;
  if (events & (EPOLLRDHUP | EPOLLHUP))
    connection->peer_done = TRUE;
  if (events & EPOLLERR)
    connection->broken = TRUE;
  if (connection->phase == WORKING && (connection->peer_done || connection->broken))
    kontor_call_stop_waiting (&connection->exchange->call);
  run (connection);
}

/**
 * kontor_connection_go_on:
 * @loop: a loop
 *
 * Sends more to those whose turn was over although they could have taken more.
 */
void
kontor_connection_go_on (KontorLoop *loop)
{
  KontorConnection *eager = g_steal_pointer (&loop->eager);

  while (eager != NULL)
    {
      KontorConnection *connection = eager;

      eager = connection->next_eager;
      connection->is_eager = FALSE;
      run (connection);
    }
}

/**
 * kontor_connection_answer:
 * @finished: (transfer full): one of the loop's list of finished exchanges
 */
void
kontor_connection_answer (KontorExchange *finished)
{
  while (finished != NULL)
    {
      KontorExchange *next = finished->next;
      KontorConnection *connection = finished->connection;

      g_atomic_int_add (&finished->loop->n_busy, -1);
      if (connection->fd < 0)
        {
          kontor_api_end (&finished->call);
          free_connection (connection);
        }
      else
        {
          start_reply (connection);
          run (connection);
        }
      finished = next;
    }
}

/**
 * kontor_connection_look:
 * @connection: a connection; closed when its phase has lasted too long, or when the server stops and it has
 *   nothing to do
 */
void
kontor_connection_look (KontorConnection *connection)
{
  gint64 lasted_us = connection->loop->now_us - connection->since_us;
  gint64 most_s = patience_s[connection->phase];

  if (g_atomic_int_get (connection->loop->stopping) && connection->phase <= READING)
    most_s = connection->phase == IDLE ? -1 : LAST_READING_S;
  if (lasted_us > most_s * G_USEC_PER_SEC)
    kontor_connection_close (connection);
}
