/* api.c: what every request meets on its way: route, key, rate, version, parameters, handler, reply. */
#include "server/http/api.h"

#include <string.h>

#include "core/api-version.h"
#include "core/form.h"
#include "core/json.h"
#include "server/http/aside.h"
#include "server/http/audit-note.h"
#include "server/http/auth.h"
#include "server/http/figures.h"
#include "server/http/idempotency.h"
#include "server/http/pending.h"
#include "server/http/reply.h"
#include "server/http/request-log.h"
#include "server/http/search.h"
#include "server/http/sync-snapshot.h"
#include "server/http/wait.h"
#include "server/http/worker.h"

#define MAX_HEADER_LETTERS 1000

/**
 * kontor_api_start:
 * @api: with everything set above the line in api.h
 *
 * Makes the rest. Not thread-safe: before the first request.
 */
void
kontor_api_start (KontorApi *api)
{
  api->router = kontor_router_new (kontor_route_tables);
  api->limits = kontor_limits_new ();
  api->claims = kontor_claims_new ();
  api->aside = kontor_aside_new (api);
  api->figures = kontor_figures_new (api->router);
  api->pending = kontor_pending_new ();
  api->log = kontor_log_queue_new (api);
  api->snapshots = kontor_snapshots_new (api);
  api->waits = kontor_waits_new (api);
}

/**
 * kontor_api_settle:
 * @api: an API that nobody calls any more
 *
 * Before the engine stops: waits for what is still being done beside it.
 */
void
kontor_api_settle (KontorApi *api)
{
  g_clear_pointer (&api->aside, kontor_aside_free);
}

/**
 * kontor_api_stop:
 * @api: an API that nobody calls any more, whose engine has stopped
 */
void
kontor_api_stop (KontorApi *api)
{
  kontor_worker_leave ();
  g_clear_pointer (&api->waits, kontor_waits_free);
  g_clear_pointer (&api->snapshots, kontor_snapshots_free);
  g_clear_pointer (&api->log, kontor_log_queue_free);
  g_clear_pointer (&api->pending, g_free);
  g_clear_pointer (&api->figures, kontor_figures_free);
  g_clear_pointer (&api->claims, kontor_claims_free);
  g_clear_pointer (&api->limits, kontor_limits_free);
  g_clear_pointer (&api->router, kontor_router_free);
}

static gboolean
is_clean (const char *text)
{
  const char *at = text;

  if (text == NULL)
    return TRUE;
  while (*at >= ' ' && *at <= '~')
    at++;
  if (*at == '\0')
    return at - text <= MAX_HEADER_LETTERS;
  for (at = text; *at != '\0'; at++)
    if ((guchar) *at < ' ' || *at == 127)
      return FALSE;
  return at - text <= MAX_HEADER_LETTERS && g_utf8_validate (text, -1, NULL);
}

/* What is written into replies and logs must be text. */
static gboolean
check_front (const KontorRequest *request, KontorError *error)
{
  if (request->refusal != KONTOR_ERROR_NONE && request->problem == NULL)
    return kontor_error_set (error, request->refusal, NULL, NULL);
  if (request->refusal != KONTOR_ERROR_NONE)
    return kontor_error_set (error, request->refusal, NULL, "%s", request->problem);
  if (!is_clean (request->idempotency_key) || !is_clean (request->api_version)
      || !is_clean (request->account) || !is_clean (request->content_type)
      || !is_clean (request->acting_for) || !is_clean (request->mode))
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "A header of the request is too long or is not plain text.");
  if (!g_str_is_ascii (request->path))
    return kontor_error_set (
        error, KONTOR_ERROR_INVALID_REQUEST, NULL,
        "The URL is not valid: letters outside ASCII must be written as %%XX.");
  return TRUE;
}

static gboolean
find_route (KontorCall *call, KontorError *error)
{
  const KontorRequest *request = call->request;

  call->endpoint = kontor_router_match (call->api->router, request->method, request->path,
                                        call->arena, call->ids);
  if (call->endpoint == NULL)
    return kontor_error_set (error, KONTOR_ERROR_URL_UNKNOWN, NULL,
                             "Unrecognized request URL (%s: %.200s). Please see "
                             "https://stripe.com/docs or we can help at "
                             "https://support.stripe.com/.",
                             request->method, request->path);
  call->route = call->endpoint->route;
  return TRUE;
}

static gboolean
check_version (KontorCall *call, KontorError *error)
{
  const char *version = call->request->api_version, *end;

  call->reply->api_version = KONTOR_API_VERSION;
  if (version == NULL || *version == '\0')
    return TRUE;
  end = kontor_api_version_end (version);
  /* Names of previews may follow: "2026-10-28.endive; some_beta=v1" */
  if (end == NULL || (*end != '\0' && *end != ';' && *end != ' '))
    return kontor_error_set (error, KONTOR_ERROR_VERSION_INVALID, NULL,
                             "Invalid Stripe API version: %.80s", version);
  call->reply->api_version = version;
  return TRUE;
}

static gboolean
is_type (const char *content_type, const char *type)
{
  gsize length = strlen (type);

  return g_ascii_strncasecmp (content_type, type, length) == 0
         && (content_type[length] == '\0' || content_type[length] == ';'
             || content_type[length] == ' ');
}

static gboolean
read_form (KontorCall *call,
           const char *text,
           gsize length,
           KontorValue *params,
           KontorError *error)
{
  const char *problem = NULL;

  if (kontor_form_parse (call->arena, text, length, params, &problem))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL, "%s", problem);
}

static gboolean
read_json (KontorCall *call, KontorValue *params, KontorError *error)
{
  const char *problem = NULL;
  KontorValue *value
      = kontor_json_parse (call->arena, call->request->body, call->request->body_length, &problem);

  if (value == NULL)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL, "%s", problem);
  if (value->type != KONTOR_VALUE_OBJECT)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                             "The body must be a JSON object.");
  if (value->first == NULL)
    return TRUE;
  if (params->last == NULL)
    params->first = value->first;
  else
    params->last->next = value->first;
  params->last = value->last;
  params->n_children += value->n_children;
  return TRUE;
}

/* Parameters may stand in the query and in the body, which is a form or JSON. */
static gboolean
read_params (KontorCall *call, KontorError *error)
{
  const KontorRequest *request = call->request;
  const char *type = request->content_type;
  KontorValue *params = kontor_value_new (call->arena, KONTOR_VALUE_OBJECT);

  call->params = params;
  if (request->query != NULL
      && !read_form (call, request->query, strlen (request->query), params, error))
    return FALSE;
  if (request->body_length == 0)
    return TRUE;
  if (type == NULL || is_type (type, "application/x-www-form-urlencoded"))
    return read_form (call, request->body, request->body_length, params, error);
  if (is_type (type, "application/json"))
    return read_json (call, params, error);
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, NULL,
                           "Invalid Content-Type: %.80s. Send application/x-www-form-urlencoded or "
                           "application/json.",
                           type);
}

/**
 * kontor_call_check_params:
 * @call: a call whose route and parameters are known
 * @error: names the parameter that is wrong
 *
 * Returns: whether they are what the route takes
 */
gboolean
kontor_call_check_params (KontorCall *call, KontorError *error)
{
  const KontorRoute *route = call->route;
  gboolean is_search = (route->flags & KONTOR_ROUTE_SEARCH) != 0;
  gboolean is_list = is_search || (route->operation & KONTOR_IN_LIST) != 0;
  /* A search takes nothing of the noun's own, and neither does a route without an operation. */
  const KontorShape *shape = route->resource != NULL && !is_search && route->operation != 0
                                 ? &route->resource->shape
                                 : NULL;
  KontorValue *params = (KontorValue *) call->params;
  const KontorValue *expand;

  if (!kontor_params_check (shape, route->operation, call->endpoint->extra, call->arena, params,
                            error))
    return FALSE;
  expand = kontor_value_get (params, "expand");
  if (is_search)
    expand = kontor_search_take_total (call, expand);
  if (expand == NULL || route->resource == NULL)
    return TRUE;
  return kontor_expand_parse (route->resource, is_list, expand, call->arena, &call->expand, error);
}

static void
name_request (KontorApi *api, KontorCall *call)
{
  KontorRequest *request = (KontorRequest *) call->request;

  request->tick = kontor_ids_tick (api->ids);
  request->id = kontor_ids_make (api->ids, call->arena, "req", request->tick);
}

/* Everything before the handler; nothing here touches what others write. */
static gboolean
prepare (KontorCall *call, KontorWorker *worker, KontorError *error)
{
  if (!check_front (call->request, error) || !find_route (call, error))
    return FALSE;
  if (!(call->route->flags & KONTOR_ROUTE_OPEN) && !kontor_authenticate (call, worker, error))
    return FALSE;
  call->op.request = kontor_key (call->scope, call->request->tick);
  if (!check_version (call, error) || !read_params (call, error))
    return FALSE;
  if (!(call->route->flags & KONTOR_ROUTE_READ) || call->api->request_log == KONTOR_LOG_ALL)
    kontor_request_log_params (call);
  return kontor_call_check_params (call, error);
}

/* Ends a call whose handler said @went_well, in the one way there is. */
static void
conclude (KontorCall *call, gboolean went_well, const KontorError *error)
{
  if (call->failure != NULL || (!went_well && (error == NULL || error->info == NULL)))
    kontor_reply_failure (call, KONTOR_ERROR_API);
  else if (!went_well)
    kontor_reply_error (call, error);
}

/* One transaction, so that a page and what is expanded in it are of one moment. */
static gboolean
run_read (KontorCall *call, KontorWorker *worker, KontorError *error)
{
  gboolean went_well;

  call->store = kontor_worker_store (worker, &call->failure);
  if (call->store == NULL || !kontor_store_begin (call->store, &call->failure))
    return FALSE;
  went_well = call->route->handler (call, error);
  kontor_store_rollback (call->store);
  return went_well;
}

static void
run_handler (KontorCall *call, KontorTx *tx)
{
  KontorError error;
  gboolean replayed = FALSE, went_well;

  error.info = NULL;
  went_well = kontor_idempotency_replay (call, &error, &replayed)
              && (replayed || call->route->handler (call, &error));
  if (call->failure != NULL)
    {
      kontor_tx_fail (tx, g_steal_pointer (&call->failure));
      return;
    }
  if (!went_well)
    {
      if (!call->keep_writes)
        kontor_tx_discard (tx);
      conclude (call, FALSE, &error);
    }
  if (!replayed)
    kontor_idempotency_record (call);
  if (!replayed && !kontor_audit_note_call (call))
    kontor_tx_fail (tx, g_steal_pointer (&call->failure));
  kontor_request_log_write (call);
}

/* Of a call that was refused before it came here: that somebody tried. */
static void
refusal_run (KontorOp *op, KontorTx *tx)
{
  KontorCall *call = (KontorCall *) op;

  call->store = tx->store;
  if (!kontor_audit_note_call (call))
    kontor_tx_fail (tx, g_steal_pointer (&call->failure));
}

static void
call_run (KontorOp *op, KontorTx *tx)
{
  KontorCall *call = (KontorCall *) op;

  call->tx = tx;
  call->store = tx->store;
  call->now = tx->now;
  run_handler (call, tx);
}

static void
call_done (KontorOp *op, gboolean committed)
{
  KontorCall *call = (KontorCall *) op;

  if (!committed)
    kontor_reply_failure (call, KONTOR_ERROR_BUSY);
  if (call->keys_changed)
    g_atomic_int_inc (&call->api->key_generation);
  kontor_idempotency_release (call);
  call->finished (call);
}

static gboolean
goes_to_engine (KontorCall *call, void (*run) (KontorOp *op, KontorTx *tx))
{
  call->op.run = run;
  call->op.done = call_done;
  call->op.arena = call->arena;
  return TRUE;
}

/**
 * kontor_api_begin:
 * @api: the API
 * @call: a call with request, reply, arena, finished and front set and all else zero
 *
 * Takes @call as far as it goes on this thread.
 *
 * Returns: %TRUE when the reply is ready, %FALSE when kontor_api_submit() must send it on
 */
gboolean
kontor_api_begin (KontorApi *api, KontorCall *call)
{
  KontorWorker *worker = kontor_worker_get (api);
  KontorError error;
  gboolean went_well;

  error.info = NULL;
  call->api = api;
  call->now = kontor_clock_now (api->clock);
  call->reply->status = 200;
  call->reply->api_version = KONTOR_API_VERSION;
  call->pending = kontor_pending_enter (api->pending, call->now);
  name_request (api, call);
  went_well = prepare (call, worker, &error);
  if (went_well && !(call->route->flags & KONTOR_ROUTE_READ))
    {
      went_well = kontor_idempotency_claim (call, &error);
      if (went_well)
        return !goes_to_engine (call, call_run);
    }
  else if (went_well)
    went_well = run_read (call, worker, &error);
  if (went_well && (call->waiting.goes_on || call->later != NULL))
    return FALSE;
  conclude (call, went_well, &error);
  return !kontor_audit_wants_refusal (call) || !goes_to_engine (call, refusal_run);
}

/**
 * kontor_api_submit:
 * @call: a call for which kontor_api_begin() gave %FALSE
 *
 * Sends it to the engine, or to wait. Its finished() is called when the reply is ready, on another thread; that
 * may be before this returns.
 */
void
kontor_api_submit (KontorCall *call)
{
  if (call->waiting.goes_on)
    kontor_waits_add (call->api->waits, call);
  else if (call->later != NULL)
    call->later (call);
  else if (call->route->aside != NULL && call->refusal == KONTOR_ERROR_NONE)
    kontor_aside_push (call->api->aside, call);
  else
    kontor_engine_submit (call->api->engine, &call->op);
}

/* Who waits with a key that is revoked meanwhile must not see what comes then. */
static gboolean
check_key_again (KontorCall *call, KontorWorker *worker, KontorError *error)
{
  int generation = g_atomic_int_get (&call->api->key_generation);

  if (call->waiting.key_generation == generation)
    return TRUE;
  call->waiting.key_generation = generation;
  return kontor_authenticate (call, worker, error);
}

/**
 * kontor_api_again:
 * @call: a call whose handler waits
 *
 * Returns: whether the reply is ready now; else it waits further
 */
gboolean
kontor_api_again (KontorCall *call)
{
  KontorWorker *worker = kontor_worker_get (call->api);
  KontorError error;
  gboolean went_well;

  error.info = NULL;
  call->now = kontor_clock_now (call->api->clock);
  call->memo = NULL;
  call->waiting.goes_on = FALSE;
  /* Once more behind the read: what it saw may have come after the key was revoked. */
  went_well = check_key_again (call, worker, &error) && run_read (call, worker, &error)
              && check_key_again (call, worker, &error);
  if (went_well && call->waiting.goes_on)
    return FALSE;
  conclude (call, went_well, &error);
  return TRUE;
}

/**
 * kontor_call_finish:
 * @call: a read that its later() took over
 * @went_well: whether the reply is filled in
 * @error: (nullable): else why not, unless @call->failure is set
 */
void
kontor_call_finish (KontorCall *call, gboolean went_well, const KontorError *error)
{
  conclude (call, went_well, error);
  call->finished (call);
}

/**
 * kontor_api_end:
 * @call: a call whose reply is on its way
 */
void
kontor_api_end (KontorCall *call)
{
  kontor_figures_count (call->api->figures, call->endpoint, call->reply->status,
                        g_get_monotonic_time () - call->request->started_us);
  if (call->tx == NULL)
    kontor_request_log_late (call);
  kontor_pending_leave (call->api->pending, &call->pending);
}
