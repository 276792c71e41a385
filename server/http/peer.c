/* peer.c: the connections that are open, and when each must go.
 *
 * The HTTP library ends a connection on which nothing moves. Somebody who sends a byte now and then
 * would keep his for ever: a thread of its own looks once a second how long each phase lasts. */
#include "server/http/peer.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* How long a phase may last, in seconds. The first line of a request counts as idle. */
static const int patience_s[] = {
  [KONTOR_PEER_IDLE] = 105,
  [KONTOR_PEER_READING] = 30,
  [KONTOR_PEER_WORKING] = 300,
};

struct _KontorPeers
{
  GMutex   lock;
  GCond    wake;
  GQueue   open;     /* KontorPeer; under lock */
  gboolean stopping; /* under lock */
  GThread *thread;
};

static void
look (gpointer data, gpointer user_data)
{
  const KontorPeer *peer = data;
  gint64 now_us = *(const gint64 *) user_data;
  gint64 since_us = __atomic_load_n (&peer->since_us, __ATOMIC_RELAXED);
  int phase = g_atomic_int_get (&peer->phase);

  if (now_us - since_us > patience_s[phase] * G_USEC_PER_SEC)
    shutdown (peer->fd, SHUT_RDWR);
}

static gpointer
watch (gpointer data)
{
  KontorPeers *peers = data;

  g_mutex_lock (&peers->lock);
  while (!peers->stopping)
    {
      gint64 now_us = g_get_monotonic_time ();

      g_queue_foreach (&peers->open, look, &now_us);
      g_cond_wait_until (&peers->wake, &peers->lock, now_us + G_USEC_PER_SEC);
    }
  g_mutex_unlock (&peers->lock);
  return NULL;
}

/**
 * kontor_peers_new:
 *
 * Returns: (transfer full): no connections, and a thread that watches them
 */
KontorPeers *
kontor_peers_new (void)
{
  KontorPeers *peers = g_new0 (KontorPeers, 1);

  g_mutex_init (&peers->lock);
  g_cond_init (&peers->wake);
  g_queue_init (&peers->open);
  peers->thread = g_thread_new ("peers", watch, peers);
  return peers;
}

/**
 * kontor_peers_free:
 * @peers: (transfer full): all of whose connections are closed
 */
void
kontor_peers_free (KontorPeers *peers)
{
  g_mutex_lock (&peers->lock);
  peers->stopping = TRUE;
  g_cond_signal (&peers->wake);
  g_mutex_unlock (&peers->lock);
  g_thread_join (peers->thread);
  g_mutex_clear (&peers->lock);
  g_cond_clear (&peers->wake);
  g_free (peers);
}

/**
 * kontor_peers_add:
 * @peers: the open connections
 * @fd: the new one's socket
 * @address: (nullable): who it is
 *
 * Returns: (transfer none): the new one, until kontor_peers_leave()
 */
KontorPeer *
kontor_peers_add (KontorPeers *peers, int fd, const struct sockaddr *address)
{
  KontorPeer *peer = g_new0 (KontorPeer, 1);
  const void *bytes = NULL;

  peer->link.data = peer;
  peer->fd = fd;
  if (address != NULL && address->sa_family == AF_INET)
    bytes = &((const struct sockaddr_in *) (gconstpointer) address)->sin_addr;
  else if (address != NULL && address->sa_family == AF_INET6)
    bytes = &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr;
  if (bytes != NULL)
    inet_ntop (address->sa_family, bytes, peer->address, sizeof peer->address);
  kontor_peer_enter (peer, KONTOR_PEER_IDLE);
  g_mutex_lock (&peers->lock);
  g_queue_push_tail_link (&peers->open, &peer->link);
  g_mutex_unlock (&peers->lock);
  return peer;
}

/**
 * kontor_peers_leave:
 * @peers: the open connections
 * @peer: (transfer full): one whose socket is about to be closed
 */
void
kontor_peers_leave (KontorPeers *peers, KontorPeer *peer)
{
  g_mutex_lock (&peers->lock);
  g_queue_unlink (&peers->open, &peer->link);
  g_mutex_unlock (&peers->lock);
  g_free (peer);
}

/**
 * kontor_peer_enter:
 * @peer: a connection
 * @phase: what begins now
 */
void
kontor_peer_enter (KontorPeer *peer, KontorPeerPhase phase)
{
  __atomic_store_n (&peer->since_us, g_get_monotonic_time (), __ATOMIC_RELAXED);
  g_atomic_int_set (&peer->phase, (int) phase);
}
