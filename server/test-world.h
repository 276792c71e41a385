/* test-world.h: a whole server without sockets, for tests of what is asked and answered. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

typedef struct
{
  char          *data_dir;
  KontorClock    clock;
  KontorSettings settings;
  KontorIds     *ids;
  KontorEngine  *engine;
  KontorApi      api;
  KontorStore   *store;     /* of the test's own thread, writable */
  const char    *key;       /* a secret test key of the first account */
  GPtrArray     *arenas;    /* of the calls, until the world ends */
} KontorWorld;

/* What is sent; all but @method and @path may be left out. */
typedef struct
{
  const char *method, *path, *query, *body, *type, *idempotency_key, *version, *account;
  const char *acting_for, *mode, *agent;
  const char *key;           /* %NULL: the world's own; "": none */
  const char *remote;
} KontorAsk;

KontorWorld       *kontor_world_new    (void);
void               kontor_world_free   (KontorWorld *world);
/* A key of scope 2 (test mode of the first account) unless @scope says otherwise. */
const char        *kontor_world_key    (KontorWorld *world,
                                        guint        scope,
                                        int          type,
                                        const char  *scopes,
                                        const char  *ip_allow,
                                        gint64       expires);
KontorCall        *kontor_world_begin  (KontorWorld *world, const KontorAsk *ask, gboolean *ready);
void               kontor_world_finish (KontorCall *call);
const KontorReply *kontor_world_ask    (KontorWorld *world, const KontorAsk *ask);
/* The body as text, and the value of the first string member of that name in it. */
const char        *kontor_world_text   (const KontorReply *reply);
char              *kontor_world_member (const KontorReply *reply, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorWorld, kontor_world_free)

G_END_DECLS
