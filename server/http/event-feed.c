/* event-feed.c: events in the order in which they happened, for those who follow them.
 *
 * Whoever asks for what came after an event misses nothing and gets nothing twice: an event takes its tick on
 * the engine's thread, which runs operations and commits them in one order, so within a scope no event ever
 * appears before one that could be seen already; nor after a restart, when ticks go on behind the last
 * event of every scope. */
#include "server/engine/event-object.h"
#include "server/http/event-pending.h"
#include "server/http/event.h"
#include "server/http/loader.h"
#include "server/http/nouns.h"
#include "server/http/wait.h"

#define DEFAULT_LIMIT 100

/* The newest event of the scope, or an empty row. */
static gboolean
find_newest (KontorCall *call, KontorEventRow *row)
{
  gint64 newest = 0;
  gboolean found = FALSE;

  return kontor_store_event_newest (call->store, call->scope, &newest, &call->failure)
         && (newest == 0
             || kontor_store_event_get (call->store, call->arena, newest, row, &found,
                                        &call->failure));
}

/* Where the reply begins: behind an event, at the newest, or at the first there ever was. */
static gboolean
read_start (KontorCall *call, KontorError *error)
{
  const char *after = kontor_params_string (call->params, "after");
  KontorEventRow row = { 0 };

  if (call->waiting.seen != 0)
    return TRUE;
  if (after != NULL && g_str_equal (after, "now") && !find_newest (call, &row))
    return FALSE;
  if (after != NULL && !g_str_equal (after, "now")
      && !kontor_call_event (call, after, "after", &row, error))
    return FALSE;
  call->waiting.seen = row.key != 0 ? row.key : kontor_key (call->scope, 0);
  return TRUE;
}

static gboolean
write_events (KontorCall *call, const GArray *rows)
{
  KontorBuffer *out = &call->reply->body;

  kontor_buffer_literal (out, "{\"object\":\"list\",\"data\":[");
  /* The list is read with the newest first, as all lists are. */
  for (guint i = rows->len; i > 0; i--)
    {
      KontorEvent *event = kontor_event_show (
          call->store, call->arena, &g_array_index (rows, KontorEventRow, i - 1), &call->failure);

      if (event == NULL || !kontor_call_pending (call, event))
        return FALSE;
      kontor_loader_write (call, &event->head, NULL, out);
      if (i > 1)
        kontor_buffer_char (out, ',');
    }
  return TRUE;
}

/* With a filter, the next request need not look again at what it left out of this one. */
static gboolean
write_end (KontorCall *call, const GArray *rows, gboolean has_more)
{
  KontorBuffer *out = &call->reply->body;
  KontorEventRow newest = { 0 };
  const char *next = NULL;

  if (has_more)
    next = g_array_index (rows, KontorEventRow, 0).id;
  else if (!find_newest (call, &newest))
    return FALSE;
  else
    next = newest.id;
  kontor_buffer_printf (out, "],\"has_more\":%s,\"next\":", has_more ? "true" : "false");
  if (next != NULL)
    kontor_buffer_string (out, next);
  else
    kontor_buffer_literal (out, "null");
  kontor_buffer_literal (out, ",\"url\":\"/v1/kontor/events\"}\n");
  return TRUE;
}

static gboolean
follow (KontorCall *call, KontorError *error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorEventRow));
  KontorEventQuery query = {
    .scope = call->scope,
    .limit = (guint) kontor_params_int (call->params, "limit", DEFAULT_LIMIT),
    .created_min = KONTOR_NONE,
    .created_max = KONTOR_NONE,
  };
  gboolean has_more;

  if (!kontor_call_event_types (call, &query.types, error) || !read_start (call, error))
    return FALSE;
  query.before = call->waiting.seen;
  if (!kontor_store_event_list (call->store, call->arena, &query, rows, &has_more, &call->failure))
    return FALSE;
  if (rows->len == 0 && kontor_call_may_wait (call))
    {
      gint64 newest;

      if (!kontor_store_event_newest (call->store, call->scope, &newest, &call->failure))
        return FALSE;
      call->waiting.seen = MAX (call->waiting.seen, newest);
      return kontor_call_wait (call, KONTOR_COMMIT_EVENTS | KONTOR_COMMIT_OUTBOX, error);
    }
  return write_events (call, rows) && write_end (call, rows, has_more);
}

#define PARAM KONTOR_PARAM_ONLY | KONTOR_IN_ANY

static const KontorField params[] = {
  { .name = "after",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "The id of an event, or now: what came later; from the first event when left out." },
  KONTOR_WAIT_FIELD,
  { .name = "limit",
    .type = KONTOR_INT,
    .flags = PARAM,
    .min = 1,
    .max = DEFAULT_LIMIT,
    .doc = "How many events to return, from 1 to 100; 100 when left out." },
  { .name = "type",
    .type = KONTOR_STRING,
    .flags = PARAM,
    .doc = "Only of this type, or of a group as charge.*." },
  { .name = "types", .type = KONTOR_STRINGS, .flags = PARAM, .doc = "Only of one of these types." },
  { NULL },
};

const KontorRoute kontor_event_feed_routes[] = {
  { .method = "GET",
    .path = "/v1/kontor/events",
    .scope = KONTOR_SCOPE_EVENTS_READ,
    .handler = follow,
    .flags = KONTOR_ROUTE_READ,
    .extra = params,
    .doc = "Events in the order in which they happened, the oldest first; may wait for the next." },
  { NULL },
};
