/* address.h: where a server is and how it is reached. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  KONTOR_ADDRESS_HTTP,
  KONTOR_ADDRESS_HTTPS,
  KONTOR_ADDRESS_SSH,  /* by kontor sync --stdio on that machine */
  KONTOR_ADDRESS_UNIX, /* a socket of this machine that speaks HTTP */
} KontorAddressKind;

typedef struct
{
  KontorAddressKind kind;
  char   *user; /* SSH: or %NULL */
  char   *host; /* %NULL for UNIX */
  guint16 port; /* 0: the usual one */
  char   *path; /* UNIX: of the socket; HTTP and HTTPS: what stands before "/v1", often "" */
} KontorAddress;

KontorAddress *kontor_address_parse (const char *text, GError **error);
void           kontor_address_free  (KontorAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorAddress, kontor_address_free)

G_END_DECLS
