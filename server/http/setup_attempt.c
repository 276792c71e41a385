/* setup_attempt.c: the route that lists the tries of a setup intent. */
#include "server/http/nouns.h"

#include "core/resources/setup_attempt.h"

static gboolean
list (KontorCall *call, KontorError *error)
{
  if (kontor_params_string (call->params, "setup_intent") == NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETER_MISSING, "setup_intent", NULL);
  return kontor_handle_list (call, error);
}

const KontorRoute kontor_setup_attempt_routes[] = {
  { "GET", "/v1/setup_attempts", KONTOR_SCOPE_SETUP_INTENTS_READ, &kontor_setup_attempt_resource,
    KONTOR_IN_LIST, list, KONTOR_ROUTE_READ, NULL,
    "Lists the tries of a setup intent, newest first." },
  { NULL },
};
