/* connection.h: one client's connection: reads requests, one after the other, and sends their
 * replies. */
#pragma once

#include <netinet/in.h>

#include "server/http/api.h"

G_BEGIN_DECLS

typedef struct _KontorConnection KontorConnection;
typedef struct _KontorExchange   KontorExchange;
typedef struct _KontorLoop       KontorLoop;

/* A thread that serves connections; made by server.c. */
struct _KontorLoop
{
  KontorApi        *api;
  KontorConnection *connections;     /* all of this loop */
  KontorConnection *eager;           /* sent a good piece of a file and could go on at once */
  KontorExchange   *finished;        /* atomic: replies from the engine, the newest first */
  int               wake_fd;         /* readable when @finished was empty and is not any more */
  gint              n_busy;          /* atomic: requests in the engine */
  gint             *stopping;        /* atomic, the server's: replies close their connection */
  gint             *n_open;          /* atomic, the server's: connections */
  gboolean          trust_forwarded;
  gint64            now_us;          /* monotonic: when this round of the loop began */
  char              date[40];        /* as a header shows it */
};

struct _KontorConnection
{
  KontorConnection *next, **link;    /* of the loop's */
  KontorConnection *next_eager;
  KontorLoop       *loop;
  int               fd;              /* -1: closed, and waiting for the engine */
  int               phase;
  gboolean          readable, peer_done, broken;
  gboolean          is_eager;        /* among the loop's eager ones */
  gboolean          last;            /* closed after this request */
  gint64            since_us;        /* when the phase began */
  char             *in;              /* read and not yet used; allocated @in_size + 1 */
  gsize             in_length, in_size, looked_at;
  KontorExchange   *exchange;        /* the request being read or answered */
  KontorBuffer      out;             /* head of the reply */
  gsize             sent;            /* of head and body together */
  gsize             noted;           /* what was sent of a file when its patience began anew */
  char              address[INET6_ADDRSTRLEN];
};

KontorConnection *kontor_connection_new     (KontorLoop *loop,
                                             int fd,
                                             const struct sockaddr *address);
void              kontor_connection_close   (KontorConnection *connection);
void              kontor_connection_event   (KontorConnection *connection, guint32 events);
void              kontor_connection_go_on  (KontorLoop *loop);
void              kontor_connection_answer  (KontorExchange *finished);
void              kontor_connection_look    (KontorConnection *connection);

G_END_DECLS
