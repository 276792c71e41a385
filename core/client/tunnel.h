/* tunnel.h: connections to a server that are carried by another program, such as ssh. */
#pragma once

#include "core/client/address.h"

G_BEGIN_DECLS

/* Its callbacks run in the main context in which it was made. */
typedef struct _KontorTunnel KontorTunnel;

KontorTunnel   *kontor_tunnel_new     (const KontorAddress *address, GError **error);
GSocketAddress *kontor_tunnel_address (const KontorTunnel *tunnel);
const char     *kontor_tunnel_problem (const KontorTunnel *tunnel);
void            kontor_tunnel_free    (KontorTunnel *tunnel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorTunnel, kontor_tunnel_free)

G_END_DECLS
