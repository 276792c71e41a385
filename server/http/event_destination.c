/* event_destination.c: webhook endpoints by their newer name and in their newer form, /v2/core/event_destinations.
 *
 * They are the same objects with the same ids. This form is JSON throughout, writes times as text, shows the URL and
 * the secret only when they are named in include[], and turns pages by a URL. */
#include "server/http/api.h"
#include "server/http/member.h"
#include "server/http/nouns.h"

#include "core/resources/event_destination.h"
#include "server/engine/event-object.h"
#include "server/engine/event.h"
#include "server/engine/webhook_delivery.h"
#include "server/engine/webhook_endpoint.h"

#define NOUN "v2.core.event_destination"
#define PATH "/v2/core/event_destinations"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 100 /* as the table says */

/* What include[] may name. */
enum
{
  SHOW_URL    = 1 << 0,
  SHOW_SECRET = 1 << 1,
};

static const struct
{
  const char *name;
  guint       bit;
} includes[] = {
  { "webhook_endpoint.url", SHOW_URL },
  { "webhook_endpoint.signing_secret", SHOW_SECRET },
};

static gboolean
read_includes (KontorCall *call, guint *shown, KontorError *error)
{
  const KontorValue *list = kontor_params_object (call->params, "include");
  guint n = 0;

  for (const KontorValue *item = list != NULL ? list->first : NULL; item != NULL;
       item = item->next, n++)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (includes) && !g_str_equal (includes[i].name, item->text))
        i++;
      if (i == G_N_ELEMENTS (includes))
        return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST,
                                 kontor_arena_printf (call->arena, "include[%u]", n),
                                 "'%.80s' cannot be included.", item->text);
      *shown |= includes[i].bit;
    }
  return TRUE;
}

static void
write_time (KontorBuffer *out, const char *name, gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.000Z");

  kontor_member_text (out, name, text);
}

static void
write_events (KontorBuffer *out, const KontorStrings *events)
{
  kontor_buffer_literal (out, ",\"enabled_events\":[");
  for (guint i = 0; events != NULL && i < events->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, events->items[i]);
    }
  kontor_buffer_char (out, ']');
}

static void
write_metadata (KontorBuffer *out, const KontorMap *metadata)
{
  kontor_buffer_literal (out, ",\"metadata\":{");
  for (guint i = 0; metadata != NULL && i < metadata->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, metadata->pairs[i].key);
      kontor_buffer_char (out, ':');
      kontor_buffer_string (out, metadata->pairs[i].value);
    }
  kontor_buffer_char (out, '}');
}

static void
write_status (KontorBuffer *out, const KontorWebhookEndpoint *endpoint)
{
  kontor_member_text (out, "status", endpoint->status);
  if (endpoint->disabled_reason == NULL)
    kontor_member_text (out, "status_details", NULL);
  else
    kontor_buffer_printf (out, ",\"status_details\":{\"disabled\":{\"reason\":\"%s\"}}",
                          endpoint->disabled_reason);
}

static void
write_target (KontorBuffer *out, const KontorWebhookEndpoint *endpoint, guint shown)
{
  if (shown == 0)
    {
      kontor_member_text (out, "webhook_endpoint", NULL);
      return;
    }
  kontor_buffer_literal (out, ",\"webhook_endpoint\":{\"signing_secret\":");
  if (shown & SHOW_SECRET && endpoint->secret != NULL)
    kontor_buffer_string (out, endpoint->secret);
  else
    kontor_buffer_literal (out, "null");
  kontor_member_text (out, "url", shown & SHOW_URL ? endpoint->url : NULL);
  kontor_buffer_char (out, '}');
}

static void
write_destination (KontorBuffer *out, const KontorWebhookEndpoint *endpoint, guint shown)
{
  const char *name = endpoint->name != NULL ? endpoint->name : endpoint->description;

  kontor_buffer_printf (out, "{\"id\":\"%s\",\"object\":\"" NOUN "\"", endpoint->head.id);
  kontor_member_text (out, "amazon_eventbridge", NULL);
  kontor_member_text (out, "azure_event_grid", NULL);
  write_time (out, "created", endpoint->head.created);
  kontor_member_text (out, "description",
                      endpoint->description != NULL ? endpoint->description : "");
  write_events (out, endpoint->enabled_events);
  kontor_member_text (out, "event_payload", "snapshot");
  kontor_buffer_printf (out, ",\"events_from\":[\"%s\"]",
                        endpoint->connect == 1 ? "@accounts" : "@self");
  kontor_member_bool (out, "livemode", kontor_key_scope (endpoint->head.key) & 1);
  write_metadata (out, endpoint->metadata);
  kontor_member_text (out, "name", name != NULL ? name : endpoint->url);
  kontor_member_text (out, "snapshot_api_version",
                      endpoint->api_version != NULL ? endpoint->api_version
                                                    : KONTOR_EVENT_API_VERSION);
  write_status (out, endpoint);
  kontor_member_text (out, "type", "webhook_endpoint");
  write_time (out, "updated",
              endpoint->updated != KONTOR_NONE ? endpoint->updated : endpoint->head.created);
  write_target (out, endpoint, shown);
  kontor_buffer_char (out, '}');
}

static gboolean
answer (KontorCall *call, const KontorWebhookEndpoint *endpoint, guint shown)
{
  write_destination (&call->reply->body, endpoint, shown);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

/* Parameters that name what is here, or is not. */
static gboolean
check_word (KontorCall *call, const char *param, const char *wanted, KontorError *error)
{
  const char *word = kontor_params_string (call->params, param);

  return g_strcmp0 (word, wanted) == 0
         || kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, param,
                              "Invalid %s: this server knows no other than '%s', not '%.40s'.",
                              param, wanted, word != NULL ? word : "");
}

static gboolean
read_source (KontorCall *call, KontorWebhookEndpoint *endpoint, KontorError *error)
{
  const KontorValue *list = kontor_params_object (call->params, "events_from");
  const KontorValue *first = list != NULL ? list->first : NULL;

  if (first == NULL)
    return TRUE;
  endpoint->connect = g_str_equal (first->text, "@accounts");
  if (first->next == NULL && (endpoint->connect || g_str_equal (first->text, "@self")))
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "events_from",
                           "Events come from @self or from @accounts, one of the two. There are no"
                           " organizations here.");
}

static void
read_url (KontorCall *call, KontorWebhookEndpoint *endpoint)
{
  const KontorValue *target = kontor_params_object (call->params, "webhook_endpoint");

  if (target != NULL)
    endpoint->url = kontor_params_string (target, "url");
}

static gboolean
create (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_tx_new (call->tx, &kontor_webhook_endpoint_resource);
  guint shown = 0;

  if (!check_word (call, "type", "webhook_endpoint", error)
      || !check_word (call, "event_payload", "snapshot", error)
      || !read_source (call, endpoint, error) || !read_includes (call, &shown, error))
    return FALSE;
  kontor_params_apply (&kontor_event_destination_resource.shape, KONTOR_IN_CREATE, call->params,
                       call->arena, endpoint);
  read_url (call, endpoint);
  if (!kontor_webhook_endpoint_add (call->tx, &call->api->vault, endpoint,
                                    &kontor_event_destination_names, error))
    return FALSE;
  call->seal_reply = TRUE;
  return answer (call, endpoint, shown);
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_call_require (call, &kontor_webhook_endpoint_resource, call->ids[0], error);
  guint shown = 0;

  if (endpoint == NULL || !read_includes (call, &shown, error))
    return FALSE;
  if (endpoint->deleted)
    return kontor_error_missing (error, "webhook_endpoint", call->ids[0], "id");
  return answer (call, endpoint, shown);
}

static gboolean
update (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);
  guint shown = 0;

  if (endpoint == NULL || !read_includes (call, &shown, error)
      || !kontor_params_metadata_fits (call->params, endpoint->metadata, error))
    return FALSE;
  kontor_params_apply (&kontor_event_destination_resource.shape, KONTOR_IN_UPDATE, call->params,
                       call->arena, endpoint);
  read_url (call, endpoint);
  return kontor_webhook_endpoint_save (call->tx, endpoint, &kontor_event_destination_names, error)
         && answer (call, endpoint, shown);
}

static gboolean
enable (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  kontor_webhook_endpoint_enable (call->tx, endpoint);
  return answer (call, endpoint, 0);
}

static gboolean
disable (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  kontor_webhook_endpoint_disable (call->tx, endpoint, "user");
  return answer (call, endpoint, 0);
}

/* What is sent is an event as any other; what is answered is its newer form, which only names its object. */
static gboolean
ping (KontorCall *call, KontorError *error)
{
  const KontorWebhookEndpoint *endpoint
      = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);
  KontorBuffer *out = &call->reply->body;
  gint64 event;

  if (endpoint == NULL
      || !kontor_webhook_delivery_test (call->tx, endpoint, KONTOR_EVENT_PING, &event, error))
    return FALSE;
  kontor_buffer_printf (out, "{\"id\":\"%s\",\"object\":\"v2.core.event\",\"context\":null",
                        kontor_tx_event_id (call->tx, event));
  write_time (out, "created", call->now);
  kontor_member_bool (out, "livemode", call->scope & 1);
  kontor_member_text (out, "reason", NULL);
  kontor_buffer_printf (
      out, ",\"related_object\":{\"id\":\"%s\",\"type\":\"" NOUN "\",\"url\":\"" PATH "/%s\"}",
      endpoint->head.id, endpoint->head.id);
  kontor_member_text (out, "type", KONTOR_EVENT_PING);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

static gboolean delete (KontorCall *call, KontorError *error)
{
  KontorWebhookEndpoint *endpoint = kontor_webhook_endpoint_require (call->tx, call->ids[0], error);

  if (endpoint == NULL)
    return FALSE;
  kontor_webhook_endpoint_delete (call->tx, endpoint);
  kontor_buffer_printf (&call->reply->body, "{\"id\":\"%s\",\"object\":\"" NOUN "\"}\n",
                        endpoint->head.id);
  return TRUE;
}

/* A page by itself says all there is to say of it, since clients that turn pages may add their parameters or leave
 * them out: "a20u_we_…" is twenty after that one, with URLs; "b20_we_…" twenty before it. */
static const char *
page_url (KontorCall *call, char side, const KontorListQuery *query, guint shown, gconstpointer row)
{
  const KontorObject *object = row;

  return kontor_arena_printf (call->arena, PATH "?page=%c%u%s_%s", side, query->limit,
                              shown & SHOW_URL ? "u" : "", object->id);
}

static gboolean
read_page (KontorCall *call, KontorListQuery *query, guint *shown, KontorError *error)
{
  const char *page = kontor_params_string (call->params, "page");
  const KontorObject *object = NULL;
  char *rest;
  guint64 limit;

  query->limit = (guint) kontor_params_int (call->params, "limit", DEFAULT_LIMIT);
  if (page == NULL)
    return TRUE;
  limit = *page == 'a' || *page == 'b' ? g_ascii_strtoull (page + 1, &rest, 10) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT)
    {
      query->limit = (guint) limit;
      *shown |= *rest == 'u' ? SHOW_URL : 0;
      rest += *rest == 'u';
      object = *rest == '_' ? kontor_store_object_get (call->store, call->arena,
                                                       &kontor_webhook_endpoint_resource,
                                                       call->scope, rest + 1, &call->failure)
                            : NULL;
    }
  if (object == NULL)
    return call->failure == NULL
           && kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "page",
                                "This is no page of the list.");
  *(*page == 'a' ? &query->after : &query->before) = object->key;
  return TRUE;
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorListQuery query = {
    .resource = &kontor_webhook_endpoint_resource,
    .scope = call->scope,
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
    .n_filters = 1,
    .filters = { { .column = "deleted", .number = 0 } },
  };
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorBuffer *out = &call->reply->body;
  gboolean has_more, has_next, has_previous;
  guint shown = 0;

  if (!read_includes (call, &shown, error) || !read_page (call, &query, &shown, error)
      || !kontor_store_object_list (call->store, call->arena, &query, found, &has_more,
                                    &call->failure))
    return FALSE;
  has_next = found->len > 0 && (query.before != 0 || has_more);
  has_previous = found->len > 0 && (query.before != 0 ? has_more : query.after != 0);
  kontor_buffer_literal (out, "{\"data\":[");
  for (guint i = 0; i < found->len; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_destination (out, found->pdata[i], shown);
    }
  kontor_buffer_char (out, ']');
  kontor_member_text (out, "next_page_url",
                      has_next ? page_url (call, 'a', &query, shown, found->pdata[found->len - 1])
                               : NULL);
  kontor_member_text (out, "previous_page_url",
                      has_previous ? page_url (call, 'b', &query, shown, found->pdata[0]) : NULL);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

#define MAY_READ KONTOR_SCOPE_WEBHOOK_ENDPOINTS_READ
#define MAY_WRITE KONTOR_SCOPE_WEBHOOK_ENDPOINTS_WRITE

const KontorRoute kontor_event_destination_routes[] = {
  { "POST", PATH, MAY_WRITE, &kontor_event_destination_resource, KONTOR_IN_CREATE, create,
    KONTOR_ROUTE_OTHER, NULL, "Makes an event destination." },
  { "GET", PATH, MAY_READ, &kontor_event_destination_resource, KONTOR_IN_DESTINATION_LIST, list,
    KONTOR_ROUTE_READ | KONTOR_ROUTE_OTHER, NULL, "Lists event destinations, newest first." },
  { "GET", PATH "/:id", MAY_READ, &kontor_event_destination_resource,
    KONTOR_IN_DESTINATION_RETRIEVE, retrieve, KONTOR_ROUTE_READ | KONTOR_ROUTE_OTHER, NULL,
    "Shows an event destination." },
  { "POST", PATH "/:id", MAY_WRITE, &kontor_event_destination_resource, KONTOR_IN_UPDATE, update,
    KONTOR_ROUTE_OTHER, NULL, "Changes an event destination." },
  { "DELETE", PATH "/:id", MAY_WRITE, NULL, 0, delete, 0, NULL, "Deletes an event destination." },
  { "POST", PATH "/:id/enable", MAY_WRITE, NULL, 0, enable, 0, NULL, "Sends to it again." },
  { "POST", PATH "/:id/disable", MAY_WRITE, NULL, 0, disable, 0, NULL, "Stops sending to it." },
  { "POST", PATH "/:id/ping", MAY_WRITE, NULL, 0, ping, 0, NULL, "Sends it an event to test it." },
  { NULL },
};
