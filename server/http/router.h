/* router.h: finds the route of a method and a path. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

typedef struct _KontorRouter KontorRouter;

/* A route made ready: what is the same for each of its calls. */
struct _KontorEndpoint
{
  const KontorRoute *route;
  /* the route's and, for lists and searches, those of a page; may be %NULL */
  const KontorField *extra;
  guint              number;   /* from 0 */
};

KontorRouter         *kontor_router_new      (const KontorRoute *const *tables);
void                  kontor_router_free     (KontorRouter *router);
const KontorEndpoint *kontor_router_match    (const KontorRouter *router,
                                              const char         *method,
                                              const char         *path,
                                              KontorArena        *arena,
                                              const char         *ids[2]);
guint                 kontor_router_n        (const KontorRouter *router);
const KontorEndpoint *kontor_router_endpoint (const KontorRouter *router, guint number);

/* All route tables of the server, %NULL at the end. */
extern const KontorRoute *const kontor_route_tables[];

G_END_DECLS
