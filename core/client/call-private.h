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
  char   *json;     /* the body, in the place of a form; %NULL: none */
  gboolean takes_text;
};

SoupMessage *kontor_client_call_message (const KontorClientCall  *call,
                                         const char              *url,
                                         GError                 **error);

SoupMessage *kontor_client_message (KontorClient           *client,
                                    const KontorClientCall *call,
                                    GError                **error);
SoupSession *kontor_client_session (KontorClient *client);
GError      *kontor_client_unreachable (KontorClient *client, const GError *error);

G_END_DECLS
