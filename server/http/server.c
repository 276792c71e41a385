/* server.c: the threads that serve connections.
 *
 * The first thread accepts, and gives connections to all threads in turn. Each waits by epoll, told of
 * changes alone, so that a request costs no more calls than it takes to read it and to send its reply. */
#include "server/http/server.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "server/http/connection.h"
#include "server/http/listen.h"
#include "server/http/sync-snapshot.h"
#include "server/http/wait.h"

#define MAX_EVENTS 256
#define LOOK_EVERY_US G_USEC_PER_SEC

typedef struct
{
  KontorLoop        loop;        /* first */
  KontorServer     *server;
  GThread          *thread;
  int               epoll_fd;
  GMutex            lock;
  KontorConnection *fresh;       /* under lock: accepted and not yet among the loop's */
} Thread;

struct _KontorServer
{
  char    *url;
  int      listen_fd;            /* first thread; -1 once it takes no more */
  guint    n_threads, next_thread, max_connections;
  Thread  *threads;
  gint     stopping, n_open, ended; /* atomic */
};

/* What epoll gives back for what is no connection. */
static char listen_mark, wake_mark;

static void
watch (Thread *thread, int fd, guint32 events, gpointer mark)
{
  struct epoll_event event = { .events = events, .data.ptr = mark };

  epoll_ctl (thread->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* The thread finds it in its list before anything of it is read: the list is looked through first. */
static void
hand_over (Thread *thread, KontorConnection *connection)
{
  g_mutex_lock (&thread->lock);
  connection->next = thread->fresh;
  thread->fresh = connection;
  g_mutex_unlock (&thread->lock);
  eventfd_write (thread->loop.wake_fd, 1);
}

static void
take_over (Thread *thread)
{
  KontorConnection *fresh;

  g_mutex_lock (&thread->lock);
  fresh = g_steal_pointer (&thread->fresh);
  g_mutex_unlock (&thread->lock);
  while (fresh != NULL)
    {
      KontorConnection *connection = fresh;

      fresh = connection->next;
      connection->next = thread->loop.connections;
      if (connection->next != NULL)
        connection->next->link = &connection->next;
      connection->link = &thread->loop.connections;
      thread->loop.connections = connection;
      watch (thread, connection->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, connection);
    }
}

static void
accept_all (KontorServer *server)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  int yes = 1, fd;

  while ((fd = accept4 (server->listen_fd, (struct sockaddr *) &address, &length,
                        SOCK_NONBLOCK | SOCK_CLOEXEC))
         >= 0)
    {
      Thread *thread = &server->threads[server->next_thread++ % server->n_threads];

      length = sizeof address;
      if (g_atomic_int_add (&server->n_open, 1) >= (gint) server->max_connections)
        {
          g_atomic_int_add (&server->n_open, -1);
          close (fd);
          continue;
        }
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      hand_over (thread,
                 kontor_connection_new (&thread->loop, fd, (const struct sockaddr *) &address));
    }
  /* Out of files: others must go first. */
  if (errno == EMFILE || errno == ENFILE)
    g_usleep (10000);
}

static void
write_date (KontorLoop *loop)
{
  time_t now = time (NULL);
  struct tm utc;

  gmtime_r (&now, &utc);
  strftime (loop->date, sizeof loop->date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
}

static void
look_at_all (Thread *thread)
{
  KontorConnection *next;

  write_date (&thread->loop);
  for (KontorConnection *connection = thread->loop.connections; connection != NULL;
       connection = next)
    {
      next = connection->next;
      kontor_connection_look (connection);
    }
}

static void
be_woken (Thread *thread)
{
  eventfd_t count;

  eventfd_read (thread->loop.wake_fd, &count);
  take_over (thread);
}

/* Connections after replies: answering one may close it, and an event for it may stand further down. */
static void
serve_once (Thread *thread, int timeout_ms)
{
  struct epoll_event events[MAX_EVENTS];
  int n = epoll_wait (thread->epoll_fd, events, MAX_EVENTS,
                      thread->loop.eager != NULL ? 0 : timeout_ms);

  thread->loop.now_us = g_get_monotonic_time ();
  for (int i = 0; i < n; i++)
    if (events[i].data.ptr == &listen_mark)
      accept_all (thread->server);
    else if (events[i].data.ptr == &wake_mark)
      be_woken (thread);
    else
      kontor_connection_event (events[i].data.ptr, events[i].events);
  kontor_connection_go_on (&thread->loop);
  kontor_connection_answer (__atomic_exchange_n (&thread->loop.finished, NULL, __ATOMIC_ACQUIRE));
}

static gpointer
serve (gpointer data)
{
  Thread *thread = data;
  gint64 looked_us = 0;

  while (!g_atomic_int_get (&thread->server->ended) || g_atomic_int_get (&thread->loop.n_busy) > 0)
    {
      serve_once (thread, LOOK_EVERY_US / 1000);
      if (thread->loop.now_us - looked_us >= LOOK_EVERY_US
          || g_atomic_int_get (&thread->server->stopping))
        {
          looked_us = thread->loop.now_us;
          look_at_all (thread);
        }
    }
  take_over (thread);
  while (thread->loop.connections != NULL)
    kontor_connection_close (thread->loop.connections);
  return NULL;
}

static void
start_thread (KontorServer *server, KontorApi *api, const KontorServerOptions *options, guint i)
{
  Thread *thread = &server->threads[i];

  thread->server = server;
  thread->loop.api = api;
  thread->loop.stopping = &server->stopping;
  thread->loop.n_open = &server->n_open;
  thread->loop.trust_forwarded = options->trust_forwarded;
  thread->loop.wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  g_mutex_init (&thread->lock);
  write_date (&thread->loop);
  watch (thread, thread->loop.wake_fd, EPOLLIN | EPOLLET, &wake_mark);
  if (i == 0)
    watch (thread, server->listen_fd, EPOLLIN, &listen_mark);
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
  server->url = g_steal_pointer (&url);
  server->listen_fd = fd;
  server->max_connections = options->max_connections;
  server->n_threads = options->n_threads;
  server->threads = g_new0 (Thread, server->n_threads);
  for (guint i = 0; i < server->n_threads; i++)
    start_thread (server, api, options, i);
  return server;
}

/**
 * kontor_server_start:
 * @server: a server whose API is ready
 *
 * Begins to answer; who connected meanwhile has waited.
 */
void
kontor_server_start (KontorServer *server)
{
  for (guint i = 0; i < server->n_threads; i++)
    server->threads[i].thread = g_thread_new ("http", serve, &server->threads[i]);
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

static void
wake_all (KontorServer *server)
{
  for (guint i = 0; i < server->n_threads; i++)
    eventfd_write (server->threads[i].loop.wake_fd, 1);
}

static gboolean
is_busy (KontorServer *server)
{
  return g_atomic_int_get (&server->n_open) > 0;
}

/**
 * kontor_server_drain:
 * @server: a server
 * @patience_s: how long to wait at most
 *
 * Takes no more connections, closes the idle ones, answers those that wait for events and waits until the others
 * were answered.
 */
void
kontor_server_drain (KontorServer *server, guint patience_s)
{
  gint64 until_us = g_get_monotonic_time () + patience_s * G_USEC_PER_SEC;

  g_atomic_int_set (&server->stopping, TRUE);
  kontor_waits_stop (server->threads[0].loop.api->waits);
  kontor_snapshots_stop (server->threads[0].loop.api->snapshots);
  epoll_ctl (server->threads[0].epoll_fd, EPOLL_CTL_DEL, server->listen_fd, NULL);
  wake_all (server);
  while (is_busy (server) && g_get_monotonic_time () < until_us)
    g_usleep (1000);
}

/**
 * kontor_server_free:
 * @server: (transfer full): a server, drained, and whose engine took its last work
 */
void
kontor_server_free (KontorServer *server)
{
  g_atomic_int_set (&server->ended, TRUE);
  wake_all (server);
  for (guint i = 0; i < server->n_threads; i++)
    {
      Thread *thread = &server->threads[i];

      if (thread->thread != NULL)
        g_thread_join (thread->thread);
      close (thread->loop.wake_fd);
      close (thread->epoll_fd);
      g_mutex_clear (&thread->lock);
    }
  close (server->listen_fd);
  g_free (server->threads);
  g_free (server->url);
  g_free (server);
}
