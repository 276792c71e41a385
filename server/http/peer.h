/* peer.h: the connections that are open, and when each must go. */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

typedef enum
{
  KONTOR_PEER_IDLE,    /* nothing of a request has been read, or not yet its first line */
  KONTOR_PEER_READING, /* a request is coming in */
  KONTOR_PEER_WORKING, /* it is being answered */
} KontorPeerPhase;

typedef struct _KontorPeers KontorPeers;

typedef struct
{
  GList  link;         /* of all, under the lock of KontorPeers */
  int    fd;
  gint   phase;        /* atomic */
  gint64 since_us;     /* atomic; monotonic: when the phase began */
  char   address[INET6_ADDRSTRLEN];
} KontorPeer;

KontorPeers *kontor_peers_new   (void);
void         kontor_peers_free  (KontorPeers *peers);
KontorPeer  *kontor_peers_add   (KontorPeers *peers, int fd, const struct sockaddr *address);
void         kontor_peers_leave (KontorPeers *peers, KontorPeer *peer);
void         kontor_peer_enter  (KontorPeer *peer, KontorPeerPhase phase);

G_END_DECLS
