/* load-run.c: many keep-alive connections, each with one request under way, timed one by one.
 *
 * One thread and one epoll set: the generator must not be what is measured, so it touches the heap
 * only to grow the list of samples, and makes three system calls for a request at most. */
#include "load-run.h"

#include "wire.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE 16384
#define EVENTS_AT_ONCE 256
#define KEY_LEN 32
#define PATIENCE_US (20 * G_USEC_PER_SEC) /* with no reply at all for so long, the server is dead */

typedef struct
{
  int fd;
  gboolean waiting;      /* a request is under way */
  gboolean in_body;      /* the head was read, so @reply_total is known */
  gboolean closes;
  guint status;
  gint64 sent_us;
  gsize reply_total;
  gsize reply_len;
  gsize head_len;
  char head[BUFFER_SIZE]; /* the reply's head as far as it has arrived */
} Connection;

typedef struct
{
  GString *text;
  gsize key_at; /* where the Idempotency-Key stands in @text, 0 for none */
} Request;

typedef struct
{
  const KontorLoadPlan *plan;
  KontorLoadResult *result;
  Connection *connections;
  Request *requests; /* one per path */
  guint n_requests;
  int epoll_fd;
  guint32 run_id;    /* keeps the keys of two runs apart */
  guint under_way;
  gint64 now_us;
  gint64 counts_from_us;
  gint64 ends_us;
  gint64 last_reply_us;
} Run;

static void
request_init (Request *request, const KontorLoadPlan *plan, const char *path)
{
  request->text = g_string_new (NULL);
  g_string_printf (request->text, "%s %s HTTP/1.1\r\nHost: %s:%u\r\n", plan->method, path,
                   plan->host, plan->port);
  for (guint i = 0; plan->headers != NULL && plan->headers[i] != NULL; i++)
    g_string_append_printf (request->text, "%s\r\n", plan->headers[i]);
  if (plan->idempotency)
    {
      g_string_append (request->text, "Idempotency-Key: ");
      request->key_at = request->text->len;
      g_string_append_printf (request->text, "%*s\r\n", KEY_LEN, "");
    }
  if (plan->body != NULL)
    g_string_append_printf (request->text,
                            "Content-Type: application/x-www-form-urlencoded\r\n"
                            "Content-Length: %zu\r\n\r\n%s",
                            strlen (plan->body), plan->body);
  else
    g_string_append (request->text, "\r\n");
}

static void
write_key (char *to, guint32 run_id, guint64 number)
{
  char key[KEY_LEN + 1];

  g_snprintf (key, sizeof key, "bench-%08x-%017" G_GINT64_MODIFIER "u", run_id, number);
  memcpy (to, key, KEY_LEN);
}

/* A request nearly always fits the socket's buffer; the rare long one waits here. */
static gboolean
send_all (int fd, const char *data, gsize len)
{
  while (len > 0)
    {
      gssize sent = send (fd, data, len, MSG_NOSIGNAL);

      if (sent < 0 && errno == EAGAIN)
        {
          struct pollfd wait = { .fd = fd, .events = POLLOUT };

          if (poll (&wait, 1, (int) (PATIENCE_US / 1000)) <= 0)
            return FALSE;
          continue;
        }
      if (sent <= 0)
        return FALSE;
      data += sent;
      len -= (gsize) sent;
    }
  return TRUE;
}

static gboolean
open_connection (Run *run, Connection *connection, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };

  connection->fd = kontor_wire_connect (run->plan->host, run->plan->port, error);
  if (connection->fd < 0)
    return FALSE;
  epoll_ctl (run->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event);
  return TRUE;
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, what);
  return FALSE;
}

static gboolean
may_issue (const Run *run)
{
  if (run->plan->max_requests > 0 && run->result->issued >= run->plan->max_requests)
    return FALSE;
  return run->now_us < run->ends_us;
}

static gboolean
issue (Run *run, Connection *connection, GError **error)
{
  Request *request = &run->requests[run->result->issued % run->n_requests];

  if (request->key_at > 0)
    write_key (request->text->str + request->key_at, run->run_id, run->result->issued);
  connection->sent_us = run->now_us;
  connection->waiting = TRUE;
  connection->in_body = FALSE;
  connection->head_len = 0;
  connection->reply_len = 0;
  run->result->issued++;
  run->under_way++;
  if (!send_all (connection->fd, request->text->str, request->text->len))
    return fail (error, "the server does not take requests any more");
  return TRUE;
}

static void
count (Run *run, const Connection *connection)
{
  guint32 latency_us = (guint32) (run->now_us - connection->sent_us);

  run->last_reply_us = run->now_us;
  if (run->now_us < run->counts_from_us || run->now_us > run->ends_us)
    return;
  run->result->counted++;
  run->result->bytes += connection->reply_len;
  run->result->by_status[connection->status % KONTOR_LOAD_STATUS_END]++;
  g_array_append_val (run->result->latency_us, latency_us);
}

static gboolean
reconnect (Run *run, Connection *connection, GError **error)
{
  close (connection->fd);
  run->result->reconnects++;
  return open_connection (run, connection, error);
}

static gboolean
finish (Run *run, Connection *connection, GError **error)
{
  run->now_us = g_get_monotonic_time ();
  count (run, connection);
  connection->waiting = FALSE;
  run->under_way--;
  if (!may_issue (run))
    return TRUE;
  if (connection->closes && !reconnect (run, connection, error))
    return FALSE;
  return issue (run, connection, error);
}

/* The head is collected; what comes after it is counted and thrown away. */
static gboolean
take_head (Connection *connection, const char *data, gsize len, GError **error)
{
  KontorWireFrame frame;
  gsize room = BUFFER_SIZE - connection->head_len;

  memcpy (connection->head + connection->head_len, data, MIN (len, room));
  connection->head_len += MIN (len, room);
  switch (kontor_wire_read_head (connection->head, connection->head_len, &frame))
    {
    case KONTOR_WIRE_MORE:
      return len < room ? TRUE : fail (error, "a reply's head is too long");
    case KONTOR_WIRE_BROKEN:
      return fail (error, "a reply has no plain Content-Length");
    case KONTOR_WIRE_READY:
    default:
      connection->in_body = TRUE;
      connection->status = frame.status;
      connection->closes = frame.closes;
      connection->reply_total = frame.head_len + frame.body_len;
      return TRUE;
    }
}

static gboolean
receive (Run *run, Connection *connection, GError **error)
{
  char data[BUFFER_SIZE];
  gssize got = recv (connection->fd, data, sizeof data, 0);
  gboolean had_head = connection->in_body;

  if (got < 0 && errno == EAGAIN)
    return TRUE;
  if (got <= 0)
    return connection->waiting ? fail (error, "the server closed a connection that waited")
                               : reconnect (run, connection, error);
  connection->reply_len += (gsize) got;
  if (!had_head && !take_head (connection, data, (gsize) got, error))
    return FALSE;
  if (!connection->in_body)
    return TRUE;
  /* Both counts hold the head as well as the body. */
  if (connection->reply_len > connection->reply_total)
    return fail (error, "a reply is longer than it says");
  return connection->reply_len < connection->reply_total || finish (run, connection, error);
}

static gboolean
start_all (Run *run, GError **error)
{
  for (guint i = 0; i < run->plan->connections; i++)
    if (!open_connection (run, &run->connections[i], error))
      return FALSE;
  run->now_us = run->last_reply_us = g_get_monotonic_time ();
  run->counts_from_us = run->now_us + (gint64) (run->plan->warmup_s * G_USEC_PER_SEC);
  run->ends_us = run->plan->seconds > 0
                     ? run->counts_from_us + (gint64) (run->plan->seconds * G_USEC_PER_SEC)
                     : G_MAXINT64;
  for (guint i = 0; i < run->plan->connections && may_issue (run); i++)
    if (!issue (run, &run->connections[i], error))
      return FALSE;
  return TRUE;
}

/* Ends when every request was answered, so that a caller can count what the server has stored. */
static gboolean
loop (Run *run, GError **error)
{
  struct epoll_event events[EVENTS_AT_ONCE];

  while (run->under_way > 0)
    {
      int n = epoll_wait (run->epoll_fd, events, EVENTS_AT_ONCE, 500);

      for (int i = 0; i < n; i++)
        if (!receive (run, events[i].data.ptr, error))
          return FALSE;
      if (n == 0 && g_get_monotonic_time () - run->last_reply_us > PATIENCE_US)
        return fail (error, "the server stopped answering");
    }
  return TRUE;
}

static void
run_clear (Run *run)
{
  for (guint i = 0; i < run->plan->connections; i++)
    if (run->connections[i].fd > 0)
      close (run->connections[i].fd);
  for (guint i = 0; i < run->n_requests; i++)
    g_string_free (run->requests[i].text, TRUE);
  close (run->epoll_fd);
  g_free (run->requests);
  g_free (run->connections);
}

/**
 * kontor_load_run:
 * @plan: what to send, and for how long
 * @result: (out caller-allocates): what came back; clear its @latency_us with g_array_unref(),
 *   also after an error
 * @error: return location for a #GError
 *
 * Keeps one request under way on each connection. A reply with an error status is counted like
 * any other, under its status; a broken or missing one ends the run.
 *
 * Returns: %TRUE, or %FALSE when the server went away or does not speak HTTP
 */
gboolean
kontor_load_run (const KontorLoadPlan *plan, KontorLoadResult *result, GError **error)
{
  Run run = {
    .plan = plan,
    .result = result,
    .n_requests = g_strv_length (plan->paths),
    .epoll_fd = epoll_create1 (EPOLL_CLOEXEC),
    .run_id = g_random_int (),
  };
  gboolean ok;

  memset (result, 0, sizeof *result);
  result->latency_us = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 1 << 20);
  run.connections = g_new0 (Connection, plan->connections);
  run.requests = g_new0 (Request, run.n_requests);
  for (guint i = 0; i < run.n_requests; i++)
    request_init (&run.requests[i], plan, plan->paths[i]);
  ok = start_all (&run, error) && loop (&run, error);
  result->unanswered = run.under_way;
  result->elapsed_s
      = (double) (MIN (run.ends_us, run.last_reply_us) - run.counts_from_us) / G_USEC_PER_SEC;
  run_clear (&run);
  return ok;
}
