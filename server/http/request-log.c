/* request-log.c: keeps what was asked and how it ended.
 *
 * A write is logged with its operation, in the same transaction. What never reached the engine waits in
 * a bounded queue and is written a batch at a time; when more comes than the disk can take, lines are
 * lost rather than requests held up. */
#include "server/http/request-log.h"

#include <string.h>

#include "server/engine/outbox.h"
#include "server/http/list.h"
#include "server/http/pending.h"
#include "server/http/redact.h"
#include "server/http/wait.h"

#define MAX_WAITING 4096
#define MAX_PATH 500
#define MAX_PARAMS 16384

typedef struct _Line Line;

struct _Line
{
  Line *next;
  gint64 pending; /* of its call */
  KontorRequestRow row;
  char text[]; /* its strings, one after the other */
};

struct _KontorLogQueue
{
  KontorOp op; /* at most one is under way */
  KontorApi *api;
  GMutex lock;
  Line *writing;      /* the engine's */
  Line *first, *last; /* under lock, as all of these */
  guint waiting;
  gboolean busy;
};

/* Names the members of a row that are strings, for copying them. */
static const gsize strings[] = {
  G_STRUCT_OFFSET (KontorRequestRow, id),     G_STRUCT_OFFSET (KontorRequestRow, method),
  G_STRUCT_OFFSET (KontorRequestRow, path),   G_STRUCT_OFFSET (KontorRequestRow, idempotency_key),
  G_STRUCT_OFFSET (KontorRequestRow, remote), G_STRUCT_OFFSET (KontorRequestRow, api_version),
  G_STRUCT_OFFSET (KontorRequestRow, params), G_STRUCT_OFFSET (KontorRequestRow, error),
  G_STRUCT_OFFSET (KontorRequestRow, user),
};

static void
free_lines (Line *line)
{
  while (line != NULL)
    {
      Line *next = line->next;

      g_free (line);
      line = next;
    }
}

static Line *
copy_line (const KontorRequestRow *row)
{
  gsize size = 0;
  Line *line;
  char *at;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      const char *text = G_STRUCT_MEMBER (const char *, row, strings[i]);

      size += text != NULL ? strlen (text) + 1 : 0;
    }
  line = g_malloc (sizeof *line + size);
  line->next = NULL;
  line->row = *row;
  at = line->text;
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      const char *text = G_STRUCT_MEMBER (const char *, row, strings[i]);

      if (text == NULL)
        continue;
      G_STRUCT_MEMBER (const char *, &line->row, strings[i]) = at;
      at = stpcpy (at, text) + 1;
    }
  return line;
}

static void
write_waiting (KontorOp *op, KontorTx *tx)
{
  KontorLogQueue *queue = (KontorLogQueue *) op;
  GError *problem = NULL;
  Line *lines;

  g_mutex_lock (&queue->lock);
  lines = queue->first;
  queue->first = queue->last = NULL;
  queue->waiting = 0;
  g_mutex_unlock (&queue->lock);
  for (const Line *line = lines; line != NULL && problem == NULL; line = line->next)
    kontor_store_request_insert (tx->store, &line->row, &problem);
  if (problem != NULL)
    kontor_tx_fail (tx, problem);
  kontor_outbox_touch (tx->outbox, KONTOR_COMMIT_REQUESTS);
  queue->writing = lines;
}

static void
waiting_written (KontorOp *op, gboolean committed)
{
  KontorLogQueue *queue = (KontorLogQueue *) op;
  gboolean again;

  for (Line *line = queue->writing; line != NULL; line = line->next)
    kontor_pending_leave (queue->api->pending, &line->pending);
  g_clear_pointer (&queue->writing, free_lines);
  g_mutex_lock (&queue->lock);
  again = queue->busy = queue->first != NULL;
  g_mutex_unlock (&queue->lock);
  if (again)
    kontor_engine_submit (queue->api->engine, &queue->op);
}

/**
 * kontor_log_queue_new:
 * @api: whose requests are logged
 *
 * Returns: (transfer full): an empty queue
 */
KontorLogQueue *
kontor_log_queue_new (KontorApi *api)
{
  KontorLogQueue *queue = g_new0 (KontorLogQueue, 1);

  queue->op.run = write_waiting;
  queue->op.done = waiting_written;
  queue->api = api;
  g_mutex_init (&queue->lock);
  return queue;
}

/**
 * kontor_log_queue_free:
 * @queue: (transfer full): a queue whose engine has stopped
 */
void
kontor_log_queue_free (KontorLogQueue *queue)
{
  free_lines (queue->first);
  g_mutex_clear (&queue->lock);
  g_free (queue);
}

static KontorRequestRow
make_row (KontorCall *call)
{
  const KontorRequest *request = call->request;
  const char *code = call->refusal != KONTOR_ERROR_NONE ? kontor_error_info (call->refusal)->code
                                                        : NULL;

  return (KontorRequestRow){
    .key = kontor_key (call->scope, request->tick),
    .id = request->id,
    .created = call->now,
    .method = request->method,
    .path = strlen (request->path) <= MAX_PATH
                ? request->path
                : kontor_arena_strndup (call->arena, request->path, MAX_PATH),
    .status = call->reply->status,
    .duration_us = g_get_monotonic_time () - request->started_us,
    .api_key = call->key.number,
    .user = call->person != NULL ? call->person->id : NULL,
    .idempotency_key = request->idempotency_key,
    .remote = request->remote,
    /* What the server speaks by itself is not worth a column. */
    .api_version = g_strcmp0 (call->reply->api_version, KONTOR_API_VERSION) != 0
                       ? call->reply->api_version
                       : NULL,
    .params = call->logged_params,
    .error = code != NULL                         ? code
             : call->refusal != KONTOR_ERROR_NONE ? kontor_error_info (call->refusal)->type
                                                  : NULL,
  };
}

/* Whether the configuration asks for this one. */
static gboolean
is_wanted (const KontorCall *call)
{
  switch (call->api->request_log)
    {
    case KONTOR_LOG_ALL:
      return call->reply->status >= 400 || call->route == NULL
             || (call->route->flags & KONTOR_ROUTE_QUIET) == 0;
    case KONTOR_LOG_ERRORS:
      return call->reply->status >= 400;
    default:
      return call->reply->status >= 400 || call->tx != NULL;
    }
}

/**
 * kontor_request_log_params:
 * @call: a call with its parameters as they were sent
 *
 * Keeps them, redacted, for the log.
 */
void
kontor_request_log_params (KontorCall *call)
{
  const KontorRoute *route = call->route;
  g_auto (KontorBuffer) out = { 0 };

  if (call->params->n_children == 0 || call->logged_params != NULL)
    return;
  kontor_redact_params (route->resource != NULL ? &route->resource->shape : NULL, route->extra,
                        call->params, &out);
  if (out.length <= MAX_PARAMS)
    call->logged_params = kontor_arena_strndup (call->arena, out.data, out.length);
}

/**
 * kontor_request_log_write:
 * @call: a call that ran in the engine, with its reply
 *
 * Logs it with its operation.
 */
void
kontor_request_log_write (KontorCall *call)
{
  KontorRequestRow row;

  if ((call->key.number == 0 && call->person == NULL) || !is_wanted (call))
    return;
  row = make_row (call);
  kontor_tx_record_request (call->tx, &row);
}

/**
 * kontor_request_log_late:
 * @call: a call that was answered without the engine
 *
 * Logs it soon, if it is to be logged: only requests with a key of ours belong to anybody.
 */
void
kontor_request_log_late (KontorCall *call)
{
  KontorLogQueue *queue = call->api->log;
  gboolean start = FALSE;
  KontorRequestRow row;
  Line *line;

  if ((call->key.number == 0 && call->person == NULL) || !is_wanted (call))
    return;
  row = make_row (call);
  line = copy_line (&row);
  g_mutex_lock (&queue->lock);
  if (queue->waiting < MAX_WAITING)
    {
      line->pending = call->pending;
      call->pending = 0;
      if (queue->last != NULL)
        queue->last->next = line;
      else
        queue->first = line;
      queue->last = g_steal_pointer (&line);
      queue->waiting++;
      start = !queue->busy;
      queue->busy = TRUE;
    }
  g_mutex_unlock (&queue->lock);
  g_free (line);
  if (start)
    kontor_engine_submit (queue->api->engine, &queue->op);
}

static void
text_member (KontorBuffer *out, const char *name, const char *text)
{
  kontor_buffer_char (out, '"');
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, "\":");
  if (text != NULL)
    kontor_buffer_string (out, text);
  else
    kontor_buffer_literal (out, "null");
  kontor_buffer_char (out, ',');
}

static void
int_member (KontorBuffer *out, const char *name, gint64 value)
{
  kontor_buffer_char (out, '"');
  kontor_buffer_puts (out, name);
  kontor_buffer_literal (out, "\":");
  kontor_buffer_int (out, value);
  kontor_buffer_char (out, ',');
}

static void
write_row (const KontorRequestRow *row, KontorBuffer *out)
{
  kontor_buffer_literal (out, "{");
  text_member (out, "id", row->id);
  kontor_buffer_literal (out, "\"object\":\"kontor.request_log\",");
  text_member (out, "api_version", row->api_version);
  int_member (out, "created", row->created);
  int_member (out, "duration_us", row->duration_us);
  text_member (out, "error", row->error);
  text_member (out, "idempotency_key", row->idempotency_key);
  if (row->api_key != 0)
    kontor_buffer_printf (out, "\"key\":\"key_%" G_GINT64_FORMAT "\",", row->api_key);
  else
    text_member (out, "key", NULL);
  kontor_buffer_puts (out, kontor_key_scope (row->key) & 1 ? "\"livemode\":true,"
                                                           : "\"livemode\":false,");
  text_member (out, "method", row->method);
  kontor_buffer_literal (out, "\"params\":");
  kontor_buffer_puts (out, row->params != NULL ? row->params : "null");
  kontor_buffer_char (out, ',');
  text_member (out, "path", row->path);
  text_member (out, "remote", row->remote);
  int_member (out, "status", row->status);
  text_member (out, "user", row->user);
  out->length--;
  kontor_buffer_char (out, '}');
}

static gboolean
find (KontorCall *call,
      const char *id,
      KontorRequestRow *row,
      const char *param,
      KontorError *error)
{
  gint64 tick = kontor_id_tick (id);
  gboolean found = FALSE;

  if (tick >= 0
      && !kontor_store_request_get (call->store, call->arena, kontor_key (call->scope, tick), row,
                                    &found, &call->failure))
    return FALSE;
  if (!found || !g_str_equal (row->id, id))
    return kontor_error_missing (error, "request_log", id, param);
  return TRUE;
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorRequestRow row;

  if (!find (call, call->ids[0], &row, "id", error))
    return FALSE;
  call->reply->status = 200;
  write_row (&row, &call->reply->body);
  kontor_buffer_char (&call->reply->body, '\n');
  return TRUE;
}

static gboolean
read_cursor (KontorCall *call, const char *name, gint64 *key, KontorError *error)
{
  const char *id = kontor_params_string (call->params, name);
  KontorRequestRow row;

  if (id == NULL)
    return TRUE;
  if (!find (call, id, &row, name, error))
    return FALSE;
  *key = row.key;
  return TRUE;
}

static gboolean
read_query (KontorCall *call, KontorRequestQuery *query, KontorError *error)
{
  const KontorValue *params = call->params;
  const char *key = kontor_params_string (params, "key");

  query->scope = call->scope;
  query->limit = (guint) kontor_params_int (params, "limit", 10);
  query->method = kontor_params_string (params, "method");
  query->path = kontor_params_string (params, "path");
  query->user = kontor_params_string (params, "user");
  query->api_key
      = key != NULL && g_str_has_prefix (key, "key_") ? g_ascii_strtoll (key + 4, NULL, 10) : 0;
  if (key != NULL && query->api_key == 0)
    return kontor_error_missing (error, "api_key", key, "key");
  kontor_list_range (params, "created", &query->created_min, &query->created_max);
  kontor_list_range (params, "status", &query->status_min, &query->status_max);
  query->status_max = query->status_max == KONTOR_NONE ? 0 : query->status_max;
  return read_cursor (call, "starting_after", &query->after, error)
         && read_cursor (call, "ending_before", &query->before, error);
}

static void
write_rows (const GArray *rows, gboolean oldest_first, KontorBuffer *out)
{
  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < rows->len; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_row (&g_array_index (rows, KontorRequestRow, oldest_first ? rows->len - 1 - i : i),
                 out);
    }
  kontor_buffer_literal (out, "]");
}

/* Following. */

/* How soon who follows is answered, with nothing if need be, when a row is there that is not certain yet. */
#define SOON_US (100 * 1000)

/* The newest row up to @until: where somebody who has seen all goes on. */
static gboolean
find_newest (KontorCall *call, gint64 until, KontorRequestRow *row)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorRequestRow));
  KontorRequestQuery query = { .scope = call->scope,
                               .limit = 1,
                               .after = until + 1,
                               .created_min = KONTOR_NONE,
                               .created_max = KONTOR_NONE,
                               .status_min = KONTOR_NONE };
  gboolean has_more;

  if (!kontor_store_request_list (call->store, call->arena, &query, rows, &has_more,
                                  &call->failure))
    return FALSE;
  if (rows->len > 0)
    *row = g_array_index (rows, KontorRequestRow, 0);
  return TRUE;
}

static gboolean
read_start (KontorCall *call, gint64 until, KontorRequestQuery *query, KontorError *error)
{
  static const char *const others[] = { "starting_after", "ending_before" };
  const char *after = kontor_params_string (call->params, "after");
  KontorRequestRow row = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (kontor_params_string (call->params, others[i]) != NULL)
      return kontor_error_set (error, KONTOR_ERROR_PARAMETERS_EXCLUSIVE, others[i],
                               "You may only specify one of these parameters: after, %s.",
                               others[i]);
  query->before = kontor_key (call->scope, 0);
  if (call->waiting.seen != 0)
    query->before = call->waiting.seen;
  else if (g_str_equal (after, "now"))
    {
      if (!find_newest (call, until, &row))
        return FALSE;
    }
  else if (!find (call, after, &row, "after", error))
    return FALSE;
  query->before = MAX (query->before, row.key);
  query->after = until + 1;
  return TRUE;
}

static gboolean
write_followed (KontorCall *call, const GArray *rows, gint64 until, gboolean has_more)
{
  KontorBuffer *out = &call->reply->body;
  KontorRequestRow last = { 0 };

  /* What a filter left out need not be looked at again. */
  if (has_more)
    last = g_array_index (rows, KontorRequestRow, 0);
  else if (!find_newest (call, until, &last))
    return FALSE;
  write_rows (rows, TRUE, out);
  kontor_buffer_printf (out, ",\"has_more\":%s,\"next\":", has_more ? "true" : "false");
  kontor_buffer_string (out, last.id != NULL ? last.id : "now");
  kontor_buffer_literal (out, ",\"url\":\"/v1/kontor/request_logs\"}\n");
  return TRUE;
}

/* An earlier request may be done any moment, and wakes nobody when it is not to be logged. */
static gboolean
wait_for_more (KontorCall *call, gint64 until, KontorError *error)
{
  KontorRequestRow newest = { 0 };

  if (!find_newest (call, kontor_key (call->scope, KONTOR_TICK_MASK), &newest)
      || !kontor_call_wait (call, KONTOR_COMMIT_REQUESTS, error))
    return FALSE;
  if (newest.key > until)
    call->waiting.until_us = MIN (call->waiting.until_us, g_get_monotonic_time () + SOON_US);
  return TRUE;
}

/* The oldest first, and none that another could still be put before. */
static gboolean
follow (KontorCall *call, KontorRequestQuery *query, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorRequestRow));
  gboolean has_more;
  gint64 until;

  kontor_pending_leave (call->api->pending, &call->pending);
  until = kontor_key (call->scope,
                      kontor_pending_certain (call->api->pending, call->api->ids, call->now));
  if (!read_start (call, until, query, error)
      || !kontor_store_request_list (call->store, call->arena, query, rows, &has_more,
                                     &call->failure))
    return FALSE;
  call->waiting.seen = query->before;
  if (rows->len == 0 && kontor_call_may_wait (call))
    return wait_for_more (call, until, error);
  return write_followed (call, rows, MAX (until, query->before), has_more);
}

static gboolean
list (KontorCall *call, KontorError *error)
{
  KontorRequestQuery query = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorRequestRow));
  KontorBuffer *out = &call->reply->body;
  gboolean has_more;

  if (!read_query (call, &query, error))
    return FALSE;
  if (kontor_params_has (call->params, "after"))
    return follow (call, &query, error);
  if (!kontor_store_request_list (call->store, call->arena, &query, rows, &has_more,
                                  &call->failure))
    return FALSE;
  if (rows->len == 0 && kontor_call_may_wait (call))
    return kontor_call_wait (call, KONTOR_COMMIT_REQUESTS, error);
  write_rows (rows, FALSE, out);
  kontor_buffer_literal (out, ",\"has_more\":");
  kontor_buffer_puts (out, has_more ? "true" : "false");
  kontor_buffer_literal (out, ",\"url\":\"/v1/kontor/request_logs\"}\n");
  return TRUE;
}

#define FILTER KONTOR_PARAM_ONLY | KONTOR_IN_LIST

static const KontorField list_params[] = {
  { .name = "after",
    .type = KONTOR_STRING,
    .flags = FILTER,
    .doc = "The id of a request, or now: what came later, the oldest first, each in its place." },
  { .name = "created", .type = KONTOR_RANGE, .flags = FILTER, .doc = "When the request came." },
  { .name = "status",
    .type = KONTOR_RANGE,
    .flags = FILTER,
    .doc = "The HTTP status it earned, or a range." },
  { .name = "method", .type = KONTOR_STRING, .flags = FILTER, .doc = "GET, POST or DELETE." },
  { .name = "path", .type = KONTOR_STRING, .flags = FILTER, .doc = "The path, without the query." },
  { .name = "key",
    .type = KONTOR_STRING,
    .flags = FILTER,
    .doc = "The API key that was used, key_…." },
  KONTOR_WAIT_FIELD,
  { .name = "user",
    .type = KONTOR_STRING,
    .flags = FILTER,
    .doc = "The person who asked, user_…." },
  { NULL },
};

const KontorRoute kontor_request_log_routes[] = {
  { .method = "GET",
    .path = "/v1/kontor/request_logs",
    .scope = KONTOR_SCOPE_KONTOR_READ,
    .operation = KONTOR_IN_LIST,
    .handler = list,
    /* else whoever follows the log would keep it going */
    .flags = KONTOR_ROUTE_READ | KONTOR_ROUTE_QUIET,
    .extra = list_params,
    .doc = "What was asked of the API, newest first." },
  { .method = "GET",
    .path = "/v1/kontor/request_logs/:id",
    .scope = KONTOR_SCOPE_KONTOR_READ,
    .handler = retrieve,
    .flags = KONTOR_ROUTE_READ,
    .doc = "One request." },
  { NULL },
};
