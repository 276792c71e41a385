/* event.c: the routes of events. */
#include "server/http/event.h"

#include <string.h>

#include "server/engine/event-object.h"
#include "server/engine/event.h"
#include "server/http/event-pending.h"
#include "server/http/list.h"

#define MAX_TYPES 20

/**
 * kontor_call_event:
 * @call: a call
 * @id: (nullable): names an event of its scope
 * @param: (nullable): where @id comes from, %NULL for the URL
 * @row: (out): the event
 * @error: says that there is none
 *
 * Returns: whether there is one
 */
gboolean
kontor_call_event (KontorCall *call,
                   const char *id,
                   const char *param,
                   KontorEventRow *row,
                   KontorError *error)
{
  gint64 tick = id != NULL ? kontor_id_tick (id) : -1;
  gboolean found = FALSE;

  if (tick >= 0
      && !kontor_store_event_get (call->store, call->arena, kontor_key (call->scope, tick), row,
                                  &found, &call->failure))
    return FALSE;
  if (!found || !g_str_equal (row->id, id))
    return kontor_error_missing (error, "event", id, param);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorEventRow row;
  KontorEvent *event;

  if (!kontor_call_event (call, call->ids[0], NULL, &row, error))
    return FALSE;
  event = kontor_event_show (call->store, call->arena, &row, &call->failure);
  if (event == NULL || !kontor_call_pending (call, event))
    return FALSE;
  kontor_call_object (call, &event->head);
  return TRUE;
}

/* "noun.verb", perhaps with more between. */
static gboolean
could_be_type (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_.");
  const char *dot = strchr (name, '.');

  return dot != NULL && dot != name && dot[1] != '\0'
         && (name[length] == '\0' || g_str_equal (name + length - 1, ".*"));
}

/* Stripe has more types than are sent here. Who asks for one of those gets nothing, but no refusal. */
static gboolean
add_type (gint64 *types, const char *pattern, const char *param, KontorError *error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));

  /* No event has the number 0. */
  if (kontor_event_match (pattern, numbers) == 0 && could_be_type (pattern))
    *types |= 1;
  for (guint i = 0; i < numbers->len; i++)
    *types |= G_GINT64_CONSTANT (1) << g_array_index (numbers, int, i);
  if (numbers->len > 0 || could_be_type (pattern))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                           "No event is of the type '%.80s': name one such as charge.succeeded, or "
                           "a group such as charge.*.",
                           pattern);
}

/**
 * kontor_call_event_types:
 * @call: a call with the parameter type or types, or without
 * @types: (out): a bit for the number of each type that was asked for; 0: any
 * @error: says what is no type
 *
 * Either one type, which may be a group, or up to twenty.
 *
 * Returns: whether they could be understood
 */
gboolean
kontor_call_event_types (KontorCall *call, gint64 *types, KontorError *error)
{
  const KontorValue *params = call->params;
  const char *type = kontor_params_string (params, "type");
  const KontorValue *list = kontor_params_object (params, "types");

  *types = 0;
  if (type != NULL && list != NULL)
    return kontor_error_set (error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "types",
                             "You may only specify one of these parameters: type, types.");
  if (type != NULL)
    return add_type (types, type, "type", error);
  if (list != NULL && list->n_children > MAX_TYPES)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "types",
                             "types takes at most %d names.", MAX_TYPES);
  for (const KontorValue *item = list != NULL ? list->first : NULL; item != NULL; item = item->next)
    if (!add_type (types, item->text, "types", error))
      return FALSE;
  return TRUE;
}

static gboolean
read_cursors (KontorCall *call, KontorEventQuery *query, KontorError *error)
{
  const char *after = kontor_params_string (call->params, "starting_after");
  const char *before = kontor_params_string (call->params, "ending_before");
  KontorEventRow row;

  if (after != NULL && before != NULL)
    return kontor_error_set (
        error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, "ending_before",
        "You may only specify one of these parameters: starting_after, ending_before.");
  if (after != NULL && !kontor_call_event (call, after, "starting_after", &row, error))
    return FALSE;
  query->after = after != NULL ? row.key : 0;
  if (before != NULL && !kontor_call_event (call, before, "ending_before", &row, error))
    return FALSE;
  query->before = before != NULL ? row.key : 0;
  return TRUE;
}

static gboolean
read_rows (KontorCall *call, const KontorEventQuery *query, GArray *rows, gboolean *has_more)
{
  if (!kontor_params_has (call->params, "delivery_success"))
    return kontor_store_event_list (call->store, call->arena, query, rows, has_more,
                                    &call->failure);
  return kontor_store_event_by_success (
      call->store, call->arena, query, kontor_params_bool (call->params, "delivery_success", FALSE),
      rows, has_more, &call->failure);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorEventRow));
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorEventQuery query
      = { .scope = call->scope, .limit = (guint) kontor_params_int (call->params, "limit", 10) };
  gboolean has_more;

  kontor_list_range (call->params, "created", &query.created_min, &query.created_max);
  if (!kontor_call_event_types (call, &query.types, error) || !read_cursors (call, &query, error))
    return FALSE;
  if (!read_rows (call, &query, rows, &has_more))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      KontorEvent *event = kontor_event_show (
          call->store, call->arena, &g_array_index (rows, KontorEventRow, i), &call->failure);

      if (event == NULL || !kontor_call_pending (call, event))
        return FALSE;
      g_ptr_array_add (found, event);
    }
  kontor_list_write (call, found, has_more, "/v1/events", NULL, &call->reply->body);
  return TRUE;
}

const KontorRoute kontor_event_routes[] = {
  { "GET", "/v1/events", KONTOR_SCOPE_EVENTS_READ, &kontor_event_resource, KONTOR_IN_LIST, list,
    KONTOR_ROUTE_READ, NULL, "List events, the newest first." },
  { "GET", "/v1/events/:id", KONTOR_SCOPE_EVENTS_READ, &kontor_event_resource, 0, retrieve,
    KONTOR_ROUTE_READ, NULL, "Retrieve an event." },
  { NULL },
};
