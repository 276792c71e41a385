/* clock.c: moving the clock of a test server, and doing at once what is then due. */
#include "server/http/clock.h"

#include "server/http/api.h"

/* On the HTTP thread, since jobs are run by the engine and waited for. */
static gboolean
advance (KontorCall *call, KontorError *error)
{
  KontorApi *api = call->api;

  if (api->run_due == NULL || (call->scope & 1))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "The clock can be moved in test mode only, on a server started with "
                             "KONTOR_TEST_CLOCK=1.");
  /* What this thread read so far is of before. */
  kontor_store_rollback (call->store);
  kontor_clock_advance (api->clock, kontor_params_int (call->params, "seconds", 0));
  api->run_due (api->jobs);
  call->reply->status = 200;
  kontor_buffer_printf (&call->reply->body,
                        "{\"object\":\"kontor.clock\",\"now\":%" G_GINT64_FORMAT "}\n",
                        kontor_clock_now (api->clock));
  return TRUE;
}

static const KontorField advance_params[] = {
  { .name = "seconds",
    .type = KONTOR_INT,
    .flags = KONTOR_PARAM_ONLY | KONTOR_IN_ANY | KONTOR_REQUIRED,
    .min = 0,
    .max = 10 * 366 * 86400,
    .doc = "How far to move it." },
  { NULL },
};

const KontorRoute kontor_clock_routes[] = {
  { "POST", "/v1/kontor/test_helpers/advance_clock", KONTOR_SCOPE_KONTOR_WRITE, NULL, 0, advance,
    KONTOR_ROUTE_READ, advance_params,
    "Move the clock of a test server and run what is then due." },
  { NULL },
};
