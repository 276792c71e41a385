/* network.c: addresses and networks: which are named, and which the whole internet shares.
 *
 * Who lets strangers choose where a server connects to must not let them choose the server's own
 * neighbours. Source: IANA's registries of special-purpose addresses (RFC 6890 and its updates). */
#include "core/network.h"

#include <string.h>

typedef struct
{
  guint8 bits;
  guint8 bytes[16]; /* as many as the address has; the rest is 0 */
} Network;

/* What is not on the internet, of all IPv4 addresses. */
static const Network v4_special[] = {
  { 8, { 0 } },                /* this network */
  { 8, { 10 } },               /* private */
  { 10, { 100, 64 } },         /* carrier-grade NAT */
  { 8, { 127 } },              /* loopback */
  { 16, { 169, 254 } },        /* link-local, where clouds answer with their secrets */
  { 12, { 172, 16 } },         /* private */
  { 24, { 192, 0, 0 } },       /* protocol assignments */
  { 24, { 192, 0, 2 } },       /* documentation */
  { 24, { 192, 88, 99 } },     /* 6to4 relays of old */
  { 16, { 192, 168 } },        /* private */
  { 15, { 198, 18 } },         /* benchmarks */
  { 24, { 198, 51, 100 } },    /* documentation */
  { 24, { 203, 0, 113 } },     /* documentation */
  { 4, { 224 } },              /* multicast */
  { 4, { 240 } },              /* reserved, and broadcast */
};

/* Of IPv6, what is on the internet lies in here … */
static const Network v6_global = { 3, { 0x20 } };

/* … without these. */
static const Network v6_special[] = {
  { 23, { 0x20, 0x01 } },             /* protocol assignments, Teredo, benchmarks, ORCHID */
  { 32, { 0x20, 0x01, 0x0d, 0xb8 } }, /* documentation */
  { 20, { 0x3f, 0xff } },             /* documentation */
};

/* IPv6 addresses that only wrap one of IPv4, and where in them that stands. */
static const struct
{
  Network network;
  guint   at;
} wrappings[] = {
  { { 96, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } }, 12 }, /* mapped: ::ffff:0:0/96 */
  { { 96, { 0x00, 0x64, 0xff, 0x9b } }, 12 },                   /* NAT64: 64:ff9b::/96 */
  { { 16, { 0x20, 0x02 } }, 2 },                                /* 6to4: 2002::/16 */
};

#define MAPPED 0 /* the row of those that a socket treats as the IPv4 address itself */

static gboolean
is_in (const guint8 *bytes, const Network *network)
{
  guint whole = network->bits / 8, rest = network->bits % 8;

  if (memcmp (bytes, network->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || ((bytes[whole] ^ network->bytes[whole]) >> (8 - rest)) == 0;
}

static gboolean
is_in_any (const guint8 *bytes, const Network *networks, guint n)
{
  for (guint i = 0; i < n; i++)
    if (is_in (bytes, &networks[i]))
      return TRUE;
  return FALSE;
}

/* GLib warns about a prefix that is too long for any address instead of refusing it. */
static GInetAddressMask *
read_network (const char *word)
{
  const char *slash = strchr (word, '/');
  guint64 bits;

  if (slash != NULL && !g_ascii_string_to_unsigned (slash + 1, 10, 0, 128, &bits, NULL))
    return NULL;
  return g_inet_address_mask_new_from_string (word, NULL);
}

/**
 * kontor_networks_parse:
 * @words: "192.0.2.7 2001:db8::/32"
 * @bad: (out): on failure, where in @words the first that is no network begins
 *
 * Returns: (transfer full) (element-type GInetAddressMask): the networks, or %NULL
 */
GPtrArray *
kontor_networks_parse (const char *words, const char **bad)
{
  g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func (g_object_unref);

  while (*(words += strspn (words, " ,")) != '\0')
    {
      gsize length = strcspn (words, " ,");
      g_autofree char *word = g_strndup (words, length);
      GInetAddressMask *mask = read_network (word);

      if (mask == NULL)
        {
          *bad = words;
          return NULL;
        }
      g_ptr_array_add (networks, mask);
      words += length;
    }
  return g_steal_pointer (&networks);
}

/**
 * kontor_networks_allow:
 * @networks: (nullable) (element-type GInetAddressMask): networks; %NULL is none
 * @address: an address
 *
 * An IPv4 address in IPv6's clothes (::ffff:192.0.2.7) is taken for what it is.
 *
 * Returns: whether @address lies in one of them
 */
gboolean
kontor_networks_allow (const GPtrArray *networks, GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  g_autoptr (GInetAddress) plain = NULL;

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && is_in (bytes, &wrappings[MAPPED].network))
    address = plain
        = g_inet_address_new_from_bytes (bytes + wrappings[MAPPED].at, G_SOCKET_FAMILY_IPV4);
  for (guint i = 0; networks != NULL && i < networks->len; i++)
    if (g_inet_address_mask_matches (g_ptr_array_index (networks, i), address))
      return TRUE;
  return FALSE;
}

/**
 * kontor_address_is_public:
 * @address: an address
 *
 * An address that wraps one of IPv4 (mapped, NAT64, 6to4) is as public as that one.
 *
 * Returns: whether it is one that the whole internet shares
 */
gboolean
kontor_address_is_public (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  gboolean is_v4 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;

  for (guint i = 0; !is_v4 && i < G_N_ELEMENTS (wrappings); i++)
    if (is_in (bytes, &wrappings[i].network))
      {
        bytes += wrappings[i].at;
        is_v4 = TRUE;
      }
  if (is_v4)
    return !is_in_any (bytes, v4_special, G_N_ELEMENTS (v4_special));
  return is_in (bytes, &v6_global) && !is_in_any (bytes, v6_special, G_N_ELEMENTS (v6_special));
}
