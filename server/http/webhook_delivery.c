/* webhook_delivery.c: the routes of events on their way to webhook endpoints. */
#include "server/http/webhook_delivery.h"

#include "core/resources/webhook_attempt.h"
#include "core/resources/webhook_delivery.h"
#include "server/engine/event.h"
#include "server/http/event.h"
#include "server/http/list.h"
#include "server/http/loader.h"
#include "server/http/nouns.h"

#define PREFIX "whd"

/**
 * kontor_delivery_id:
 * @arena: where the text is to live
 * @event: key of the event
 * @endpoint: key of the endpoint
 *
 * Returns: (transfer none): the name of the one's delivery to the other
 */
const char *
kontor_delivery_id (KontorArena *arena, gint64 event, gint64 endpoint)
{
  return kontor_id_of_two (arena, PREFIX, event & KONTOR_TICK_MASK, endpoint & KONTOR_TICK_MASK);
}

/**
 * kontor_call_delivery:
 * @call: a call
 * @id: names a delivery of its scope
 * @param: where @id comes from, "id" for the URL
 * @view: (out): the delivery
 * @error: says that there is none
 *
 * Returns: whether there is one
 */
gboolean
kontor_call_delivery (KontorCall *call,
                      const char *id,
                      const char *param,
                      KontorDeliveryView *view,
                      KontorError *error)
{
  gint64 event, endpoint;
  gboolean found = FALSE;

  if (kontor_id_read_two (id, PREFIX, &event, &endpoint)
      && !kontor_store_delivery_find (call->store, call->arena, kontor_key (call->scope, event),
                                      kontor_key (call->scope, endpoint), view, &found,
                                      &call->failure))
    return FALSE;
  return found || kontor_error_missing (error, "webhook_delivery", id, param);
}

/**
 * kontor_call_endpoint:
 * @call: a call
 * @param: a parameter that names a webhook endpoint, perhaps one that was deleted
 * @key: (out): which it is; 0 when the parameter is not there
 * @error: says that there is none of that name
 *
 * Returns: whether there is no more to say
 */
gboolean
kontor_call_endpoint (KontorCall *call, const char *param, gint64 *key, KontorError *error)
{
  const char *id = kontor_params_string (call->params, param);
  const KontorObject *endpoint;

  *key = 0;
  if (id == NULL)
    return TRUE;
  endpoint = kontor_loader_get (call, &kontor_webhook_endpoint_resource, id);
  if (endpoint == NULL)
    return call->failure == NULL && kontor_error_missing (error, "webhook_endpoint", id, param);
  *key = endpoint->key;
  return TRUE;
}

/**
 * kontor_call_endpoint_of:
 * @call: a call
 * @key: of a webhook endpoint
 * @previous: (nullable): what was answered last
 *
 * Rows beside each other are often of one endpoint, which is then read once.
 *
 * Returns: (nullable): the endpoint; %NULL when the database failed
 */
const KontorWebhookEndpoint *
kontor_call_endpoint_of (KontorCall *call, gint64 key, const KontorWebhookEndpoint *previous)
{
  const KontorWebhookEndpoint *endpoint;

  if (previous != NULL && previous->head.key == key)
    return previous;
  endpoint = kontor_store_object_get_by_key (
      call->store, call->arena, &kontor_webhook_endpoint_resource, key, &call->failure);
  if (endpoint == NULL && call->failure == NULL)
    g_set_error (&call->failure, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                 "there is no webhook endpoint %" G_GINT64_FORMAT, key);
  return endpoint;
}

/**
 * kontor_call_one_cursor:
 * @call: a call for a page
 * @error: says that it may begin or end somewhere, not both
 *
 * Returns: whether it has one cursor at most
 */
gboolean
kontor_call_one_cursor (KontorCall *call, KontorError *error)
{
  if (kontor_params_string (call->params, "starting_after") == NULL
      || kontor_params_string (call->params, "ending_before") == NULL)
    return TRUE;
  return kontor_error_set (
      error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "ending_before",
      "You may only specify one of these parameters: starting_after, ending_before.");
}

static const char *
state_word (int state)
{
  return kontor_delivery_words[state < KONTOR_DELIVERY_SUCCEEDED ? 0 : state - 1];
}

static KontorLastAttempt *
show_last (KontorCall *call, const KontorDeliveryView *view)
{
  KontorLastAttempt *last;

  if (view->last_number == 0)
    return NULL;
  last = kontor_shape_new (&kontor_last_attempt_shape, call->arena);
  last->id = kontor_arena_printf (call->arena, "wha_%" G_GINT64_FORMAT, view->last_number);
  last->created = view->last_created;
  last->duration_us = view->last_duration_us;
  last->outcome = kontor_outcome_words[CLAMP (view->last_outcome, 0, KONTOR_N_OUTCOMES - 1)];
  last->status = view->last_status;
  return last;
}

static KontorWebhookDelivery *
show (KontorCall *call, const KontorDeliveryView *view, const KontorWebhookEndpoint *endpoint)
{
  KontorWebhookDelivery *delivery
      = kontor_object_new (&kontor_webhook_delivery_resource, call->arena);

  delivery->head.id = kontor_delivery_id (call->arena, view->event, view->endpoint);
  delivery->head.key = view->event;
  delivery->head.created = view->event_created;
  delivery->attempts = view->attempts;
  delivery->due = view->state == KONTOR_DELIVERY_READY ? view->due : KONTOR_NONE;
  delivery->endpoint = endpoint->head.id;
  delivery->event = view->event_id;
  delivery->event_type = kontor_event_name (view->event_type);
  delivery->held = view->state == KONTOR_DELIVERY_HELD;
  delivery->last_attempt = show_last (call, view);
  delivery->state = state_word (view->state);
  delivery->url = endpoint->url;
  return delivery;
}

static gboolean
answer (KontorCall *call, const KontorDeliveryView *view)
{
  const KontorWebhookEndpoint *endpoint = kontor_call_endpoint_of (call, view->endpoint, NULL);

  if (endpoint == NULL)
    return FALSE;
  kontor_call_object (call, &show (call, view, endpoint)->head);
  return TRUE;
}

/**
 * kontor_call_show_delivery:
 * @call: a call that went well
 * @event: key of the event
 * @endpoint: key of the endpoint
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_call_show_delivery (KontorCall *call, gint64 event, gint64 endpoint)
{
  KontorDeliveryView view;
  gboolean found;

  if (!kontor_store_delivery_find (call->store, call->arena, event, endpoint, &view, &found,
                                   &call->failure))
    return FALSE;
  g_assert (found);
  return answer (call, &view);
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorDeliveryView view;

  return kontor_call_delivery (call, call->ids[0], "id", &view, error) && answer (call, &view);
}

/**
 * kontor_delivery_states:
 * @word: (nullable): one of #kontor_delivery_words
 *
 * Returns: bits of #KontorDeliveryState; 0 for %NULL: any
 */
guint
kontor_delivery_states (const char *word)
{
  if (word == NULL)
    return 0;
  if (g_str_equal (word, "pending"))
    return KONTOR_DELIVERIES_PENDING;
  for (int state = KONTOR_DELIVERY_SUCCEEDED; state <= KONTOR_DELIVERY_CANCELED; state++)
    if (g_str_equal (word, state_word (state)))
      return 1u << state;
  g_return_val_if_reached (0);
}

static gboolean
read_cursor (KontorCall *call, const char *name, KontorDeliveryPlace *place, KontorError *error)
{
  const char *id = kontor_params_string (call->params, name);
  KontorDeliveryView view;

  if (id == NULL)
    return TRUE;
  if (!kontor_call_delivery (call, id, name, &view, error))
    return FALSE;
  *place = (KontorDeliveryPlace){ view.event, view.endpoint };
  return TRUE;
}

static gboolean
read_query (KontorCall *call, KontorDeliveryQuery *query, KontorError *error)
{
  const char *event = kontor_params_string (call->params, "event");
  KontorEventRow row = { 0 };

  query->scope = call->scope;
  query->limit = (guint) kontor_params_int (call->params, "limit", 10);
  query->states = kontor_delivery_states (kontor_params_string (call->params, "state"));
  kontor_list_range (call->params, "created", &query->created_min, &query->created_max);
  if (event != NULL && !kontor_call_event (call, event, "event", &row, error))
    return FALSE;
  query->event = row.key;
  return kontor_call_endpoint (call, "endpoint", &query->endpoint, error)
         && kontor_call_event_types (call, &query->types, error)
         && kontor_call_one_cursor (call, error)
         && read_cursor (call, "starting_after", &query->after, error)
         && read_cursor (call, "ending_before", &query->before, error);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorDeliveryView));
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const KontorWebhookEndpoint *endpoint = NULL;
  KontorDeliveryQuery query = { 0 };
  gboolean has_more;

  if (!read_query (call, &query, error)
      || !kontor_store_delivery_list (call->store, call->arena, &query, rows, &has_more,
                                      &call->failure))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const KontorDeliveryView *view = &g_array_index (rows, KontorDeliveryView, i);

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
#define DELIVERY &kontor_webhook_delivery_resource

const KontorRoute kontor_webhook_delivery_routes[] = {
  { "GET", "/v1/kontor/webhook_deliveries", READ, DELIVERY, KONTOR_IN_LIST, list, KONTOR_ROUTE_READ,
    NULL, "List what was sent or is to be sent to webhook endpoints, the newest event first." },
  { "GET", "/v1/kontor/webhook_deliveries/:id", READ, DELIVERY, 0, retrieve, KONTOR_ROUTE_READ,
    NULL, "Retrieve a delivery." },
  { NULL },
};
