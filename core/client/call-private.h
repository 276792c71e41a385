/* call-private.h: what a call holds, for the client that sends it. */
#pragma once

#include <libsoup/soup.h>

#include "core/client/client.h"

G_BEGIN_DECLS

typedef struct
{
  char *name, *value;
} KontorClientPair;

struct _KontorClientCall
{
  char   *method, *path;
  GArray *params;   /* of KontorClientPair */
  GArray *headers;  /* likewise */
};

SoupMessage *kontor_client_call_message (const KontorClientCall  *call,
                                         const char              *url,
                                         GError                 **error);

G_END_DECLS
