/* hello-epoll.c: the bare event loop, the most that one thread on this machine can answer.
 *
 * It reads a request's frame, looks at nothing in it and sends a fixed reply: what is left is the
 * kernel's share of HTTP, which no server can go below.
 *
 * With the name of a file it is where webhooks are sent to: it writes a line for each request there,
 * when its first byte came (nanoseconds of the monotonic clock) and which object the event is about. */
#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE 16384
#define EVENTS_AT_ONCE 256

static const char reply[] = "HTTP/1.1 200 OK\r\n"
                            "Content-Type: application/json\r\n"
                            "Content-Length: 27\r\n"
                            "\r\n"
                            "{\"object\":\"nothing\",\"n\":1}\n";

static FILE *trace;

typedef struct
{
  int fd;
  gint64 began_ns; /* of the request at the front of @data */
  gsize len; /* bytes of @data that hold a request not yet complete */
  char data[BUFFER_SIZE];
} Peer;

static void
peer_close (Peer *peer)
{
  close (peer->fd);
  g_free (peer);
}

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
write_trace (gint64 began_ns, const char *body, gsize len)
{
  static const char before[] = "\"data\":{\"object\":{\"id\":\"";
  const char *id = memmem (body, len, before, sizeof before - 1);
  const char *end = NULL;

  if (id != NULL)
    {
      id += sizeof before - 1;
      end = memchr (id, '"', len - (gsize) (id - body));
    }
  fprintf (trace, "%" G_GINT64_FORMAT " %.*s\n", began_ns, end != NULL ? (int) (end - id) : 1,
           end != NULL ? id : "-");
}

/* Replies to each complete request in the buffer; FALSE when the peer is to be closed. */
static gboolean
peer_answer (Peer *peer)
{
  gsize taken = 0;

  while (taken < peer->len)
    {
      KontorWireFrame frame;
      KontorWireResult result
          = kontor_wire_read_head (peer->data + taken, peer->len - taken, &frame);
      gsize total;

      if (result == KONTOR_WIRE_BROKEN)
        return FALSE;
      if (result == KONTOR_WIRE_MORE)
        break;
      total = frame.head_len + frame.body_len;
      if (peer->len - taken < total)
        break;
      if (send (peer->fd, reply, sizeof reply - 1, MSG_NOSIGNAL) != (gssize) (sizeof reply - 1))
        return FALSE;
      if (trace != NULL)
        write_trace (peer->began_ns, peer->data + taken + frame.head_len, frame.body_len);
      taken += total;
    }
  peer->len -= taken;
  memmove (peer->data, peer->data + taken, peer->len);
  return peer->len < BUFFER_SIZE;
}

static void
peer_read (Peer *peer)
{
  gssize got = recv (peer->fd, peer->data + peer->len, BUFFER_SIZE - peer->len, 0);

  if (got < 0 && errno == EAGAIN)
    return;
  if (got <= 0)
    {
      peer_close (peer);
      return;
    }
  if (peer->len == 0)
    peer->began_ns = now_ns ();
  peer->len += (gsize) got;
  if (!peer_answer (peer))
    peer_close (peer);
}

static void
accept_all (int epoll_fd, int listen_fd)
{
  int fd;

  while ((fd = accept4 (listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      Peer *peer = g_new0 (Peer, 1);
      struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };

      peer->fd = fd;
      if (epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
        peer_close (peer);
    }
}

static void
serve (int epoll_fd, int listen_fd)
{
  struct epoll_event events[EVENTS_AT_ONCE];

  for (;;)
    {
      int n = epoll_wait (epoll_fd, events, EVENTS_AT_ONCE, -1);

      for (int i = 0; i < n; i++)
        if (events[i].data.ptr == NULL)
          accept_all (epoll_fd, listen_fd);
        else
          peer_read (events[i].data.ptr);
      if (trace != NULL)
        fflush (trace);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint16 port;
  int listen_fd = kontor_wire_listen (0, &port, &error);
  int epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

  if (listen_fd < 0 || epoll_ctl (epoll_fd, EPOLL_CTL_ADD, listen_fd, &event) < 0)
    {
      g_printerr ("hello-epoll: %s\n", error != NULL ? error->message : g_strerror (errno));
      return 1;
    }
  if (argc > 1 && (trace = fopen (argv[1], "a")) == NULL)
    {
      g_printerr ("hello-epoll: %s: %s\n", argv[1], g_strerror (errno));
      return 1;
    }
  printf ("hello-epoll: listening on http://127.0.0.1:%u\n", port);
  fflush (stdout);
  serve (epoll_fd, listen_fd);
  return 0;
}
