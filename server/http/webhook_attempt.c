/* webhook_attempt.c: the routes of requests to webhook endpoints and their answers. */
#include "core/resources/webhook_attempt.h"

#include <string.h>

#include "core/json.h"

#include "server/engine/event-object.h"
#include "server/engine/event.h"
#include "server/http/event.h"
#include "server/http/list.h"
#include "server/http/nouns.h"
#include "server/http/webhook_delivery.h"
#include "server/store/attempt-list.h"

#define PREFIX "wha_"

/* Of an answer's body so much is kept. */
#define KEPT_BODY 2048

static gboolean
find (KontorCall *call,
      const char *id,
      const char *param,
      KontorAttemptView *view,
      KontorError *error)
{
  guint64 number;
  gboolean found = FALSE;

  if (g_str_has_prefix (id, PREFIX)
      && g_ascii_string_to_unsigned (id + strlen (PREFIX), 10, 1, KONTOR_TICK_MASK, &number, NULL)
      && !kontor_store_attempt_find (call->store, call->arena, call->scope, (gint64) number, view,
                                     &found, &call->failure))
    return FALSE;
  return found || kontor_error_missing (error, "webhook_attempt", id, param);
}

static const char *
text_of (KontorArena *arena, const char *bytes, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize) length);

  return kontor_arena_strdup (arena, valid);
}

/* "Name: value" lines as an object; what has a name twice is one value, as HTTP says it may be. */
static const char *
headers_of (KontorArena *arena, const char *lines)
{
  g_auto (GStrv) split = g_strsplit (lines != NULL ? lines : "", "\n", -1);
  KontorValue *object = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  g_auto (KontorBuffer) json = { 0 };

  for (guint i = 0; split[i] != NULL; i++)
    {
      char *colon = strchr (split[i], ':');
      const char *name, *value;
      KontorValue *member;

      if (colon == NULL)
        continue;
      name = text_of (arena, split[i], (gsize) (colon - split[i]));
      g_strstrip (colon + 1);
      value = text_of (arena, colon + 1, strlen (colon + 1));
      member = (KontorValue *) kontor_value_get (object, name);
      if (member != NULL)
        value = kontor_arena_printf (arena, "%s, %s", member->text, value);
      else
        member = kontor_value_append (arena, object, name, KONTOR_VALUE_STRING);
      member->text = value;
      member->length = strlen (value);
    }
  kontor_json_write (&json, object);
  return kontor_arena_strndup (arena, json.data, json.length);
}

static KontorAttemptRequest *
show_request (KontorCall *call, const KontorAttemptView *view)
{
  KontorAttemptRequest *request = kontor_shape_new (&kontor_attempt_request_shape, call->arena);

  request->method = "POST";
  request->url = view->url;
  request->headers = headers_of (call->arena, view->request_headers);
  return request;
}

static KontorAttemptResponse *
show_response (KontorCall *call, const KontorAttemptView *view)
{
  KontorAttemptResponse *response;

  if (view->status == KONTOR_NONE)
    return NULL;
  response = kontor_shape_new (&kontor_attempt_response_shape, call->arena);
  response->status = view->status;
  response->headers = headers_of (call->arena, view->response_headers);
  response->body = text_of (call->arena, view->response_body, view->response_length);
  response->truncated = view->response_length >= KEPT_BODY;
  return response;
}

static KontorWebhookAttempt *
show (KontorCall *call, const KontorAttemptView *view, const KontorWebhookEndpoint *endpoint)
{
  KontorWebhookAttempt *attempt = kontor_object_new (&kontor_webhook_attempt_resource, call->arena);

  attempt->head.id = kontor_arena_printf (call->arena, PREFIX "%" G_GINT64_FORMAT, view->number);
  attempt->head.key = view->event;
  attempt->head.created = view->created;
  attempt->attempt = view->attempt;
  attempt->by_hand = view->by_hand;
  attempt->connect_us = view->connect_us;
  attempt->wait_us = view->wait_us;
  attempt->duration_us = view->duration_us;
  attempt->delivery = kontor_delivery_id (call->arena, view->event, view->endpoint);
  attempt->endpoint = endpoint->head.id;
  attempt->event = view->event_id;
  attempt->event_type = kontor_event_name (view->event_type);
  attempt->outcome = kontor_outcome_words[CLAMP (view->outcome, 0, KONTOR_N_OUTCOMES - 1)];
  attempt->problem = view->problem;
  attempt->request = show_request (call, view);
  attempt->response = show_response (call, view);
  return attempt;
}

/* What was sent is not kept: the event renders to the same bytes again, but for what it then said of
 * the endpoints that had not taken it yet, and that is kept. */
static gboolean
add_body (KontorCall *call, const KontorAttemptView *view, KontorWebhookAttempt *attempt)
{
  g_auto (KontorBuffer) json = { 0 };
  gboolean found = FALSE;
  KontorEventRow row;
  KontorEvent *event;

  if (!kontor_store_event_get (call->store, call->arena, view->event, &row, &found, &call->failure)
      || !found)
    return found;
  event = kontor_event_show (call->store, call->arena, &row, &call->failure);
  if (event == NULL)
    return FALSE;
  event->pending_webhooks = view->pending;
  kontor_object_write (&event->head, NULL, NULL, &json);
  attempt->request->body = kontor_arena_strndup (call->arena, json.data, json.length);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint;
  KontorWebhookAttempt *attempt;
  KontorAttemptView view;

  if (!find (call, call->ids[0], "id", &view, error))
    return FALSE;
  endpoint = kontor_call_endpoint_of (call, view.endpoint, NULL);
  if (endpoint == NULL)
    return FALSE;
  attempt = show (call, &view, endpoint);
  if (!add_body (call, &view, attempt))
    return FALSE;
  kontor_call_object (call, &attempt->head);
  return TRUE;
}

static int
outcome_of (const char *word)
{
  if (word == NULL)
    return KONTOR_OUTCOMES_ANY;
  for (int i = 0; kontor_outcome_words[i] != NULL; i++)
    if (g_str_equal (word, kontor_outcome_words[i]))
      return i;
  return KONTOR_OUTCOMES_FAILED;
}

static gboolean
read_cursor (KontorCall *call, const char *name, gint64 *number, KontorError *error)
{
  const char *id = kontor_params_string (call->params, name);
  KontorAttemptView view = { 0 };

  if (id != NULL && !find (call, id, name, &view, error))
    return FALSE;
  *number = view.number;
  return TRUE;
}

/* A delivery is an event and an endpoint; those that are named beside it must be the same. */
static gboolean
read_places (KontorCall *call, KontorAttemptQuery *query, KontorError *error)
{
  const char *delivery = kontor_params_string (call->params, "delivery");
  const char *event = kontor_params_string (call->params, "event");
  KontorDeliveryView view = { 0 };
  KontorEventRow row = { 0 };

  if (delivery != NULL && !kontor_call_delivery (call, delivery, "delivery", &view, error))
    return FALSE;
  if (event != NULL && !kontor_call_event (call, event, "event", &row, error))
    return FALSE;
  if (!kontor_call_endpoint (call, "endpoint", &query->endpoint, error))
    return FALSE;
  if (delivery != NULL && event != NULL && row.key != view.event)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "event",
                             "The delivery is one of another event.");
  if (delivery != NULL && query->endpoint != 0 && query->endpoint != view.endpoint)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "endpoint",
                             "The delivery is one to another endpoint.");
  query->event = delivery != NULL ? view.event : row.key;
  query->endpoint = delivery != NULL ? view.endpoint : query->endpoint;
  return TRUE;
}

static gboolean
read_query (KontorCall *call, KontorAttemptQuery *query, KontorError *error)
{
  query->scope = call->scope;
  query->limit = (guint) kontor_params_int (call->params, "limit", 10);
  query->outcome = outcome_of (kontor_params_string (call->params, "outcome"));
  kontor_list_range (call->params, "created", &query->created_min, &query->created_max);
  kontor_list_range (call->params, "status", &query->status_min, &query->status_max);
  return read_places (call, query, error) && kontor_call_one_cursor (call, error)
         && read_cursor (call, "starting_after", &query->after, error)
         && read_cursor (call, "ending_before", &query->before, error);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorAttemptView));
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const KontorWebhookEndpoint *endpoint = NULL;
  KontorAttemptQuery query = { 0 };
  gboolean has_more;

  if (!read_query (call, &query, error)
      || !kontor_store_attempt_list (call->store, call->arena, &query, rows, &has_more,
                                     &call->failure))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorAttemptView *view = &g_array_index (rows, KontorAttemptView, i);

      endpoint = kontor_call_endpoint_of (call, view->endpoint, endpoint);
      if (endpoint == NULL)
        return FALSE;
      g_ptr_array_add (found, show (call, view, endpoint));
    }
  kontor_list_write (call, found, has_more, call->request->path, NULL, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

#define READ KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ
#define ATTEMPT &kontor_webhook_attempt_resource

const KontorRoute kontor_webhook_attempt_routes[] = {
  { "GET", "/v1/kontor/webhook_attempts", READ, ATTEMPT, KONTOR_IN_LIST, list, KONTOR_ROUTE_READ,
    NULL, "List requests to webhook endpoints and what was answered, the newest first." },
  { "GET", "/v1/kontor/webhook_attempts/:id", READ, ATTEMPT, 0, retrieve, KONTOR_ROUTE_READ, NULL,
    "Retrieve one request to a webhook endpoint, with the body that was sent." },
  { NULL },
};
