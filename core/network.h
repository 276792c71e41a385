/* network.h: addresses and networks: which are named, and which the whole internet shares. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (element-type GInetAddressMask): "192.0.2.7 2001:db8::/32" */
GPtrArray *kontor_networks_parse    (const char *words, const char **bad);
/* @networks %NULL: none */
gboolean   kontor_networks_allow    (const GPtrArray *networks, GInetAddress *address);
/* no loopback, private, link-local, multicast or reserved address, in whatever form it comes */
gboolean   kontor_address_is_public (GInetAddress *address);

G_END_DECLS
