/* server.h: the sockets: reads requests, sends replies. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

typedef struct
{
  const char *listen;          /* "127.0.0.1:8420", "[::1]:0", ":8420" */
  guint       n_threads;
  guint       max_connections;
  gboolean    trust_forwarded; /* a proxy in front names the client in X-Forwarded-For */
} KontorServerOptions;

typedef struct _KontorServer KontorServer;

KontorServer *kontor_server_new   (KontorApi                 *api,
                                   const KontorServerOptions *options,
                                   GError                   **error);
void          kontor_server_start (KontorServer *server);
const char   *kontor_server_url   (KontorServer *server); /* "http://127.0.0.1:8420" */
void          kontor_server_drain (KontorServer *server, guint patience_s);
void          kontor_server_free  (KontorServer *server);

G_END_DECLS
