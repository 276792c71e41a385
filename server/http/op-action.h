/* op-action.h: what consoles may ask to be done. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

/* A word for a route of the API. */
typedef struct
{
  const char *name;      /* "refund.create" */
  const char *method, *path;  /* with ":on" in the place of the object's id */
  gboolean    on;        /* it is done to an object */
  /* The object's id becomes a parameter: of this name, or with "*" named by its prefix: "charge"
   * for "ch_…"; %NULL: it does not */
  const char *on_param;
  const char *name_of_flag, *flag; /* a parameter that is always the same; %NULL: none */
} KontorOpAction;

const KontorOpAction *kontor_op_action_find (const char *name);
/* Makes @call one on the route behind @action, with its parameters: not yet checked. */
gboolean              kontor_op_action_take (const KontorOpAction *action,
                                             KontorCall *call,
                                             const char *on,
                                             const KontorValue *args,
                                             KontorError *error);

G_END_DECLS
