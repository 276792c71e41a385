/* endpoints.c: the screen of webhook endpoints: where events are sent, and how that goes.
 *
 * How an endpoint fares stands in its attempts: so the rows are a sheet, made of the endpoints of
 * the copy and what is counted there. */
#include <string.h>

#include "core/buffer.h"
#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/id.h"
#include "core/resources/webhook_endpoint.h"

#define DAY_S 86400
#define MOST_ATTEMPTS 20 /* listed in a detail */

enum
{
  PATH_URL,
  PATH_DESCRIPTION,
  PATH_EVENTS,
  PATH_STATUS,
  PATH_STATE,
  PATH_FAILURES,
  PATH_SUCCESS,
};

/* Those of "health" are there on the sheet alone. */
static const KontorIndexPath paths[] = {
  [PATH_URL] = { "url", KONTOR_PATH_TEXT },
  [PATH_DESCRIPTION] = { "description", KONTOR_PATH_TEXT },
  [PATH_EVENTS] = { "enabled_events", KONTOR_PATH_TEXTS },
  [PATH_STATUS] = { "status", KONTOR_PATH_TEXT },
  [PATH_STATE] = { "health.state", KONTOR_PATH_TEXT },
  [PATH_FAILURES] = { "health.failures", KONTOR_PATH_NUMBER },
  [PATH_SUCCESS] = { "health.last_success", KONTOR_PATH_NUMBER },
};

static const KontorIndexPart parts[]
    = { { KONTOR_KIND_WEBHOOK_ENDPOINT, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_STATE,
  COLUMN_FAILURES,
  COLUMN_SUCCESS,
  COLUMN_CREATED,
  COLUMN_URL,
  COLUMN_DESCRIPTION,
  COLUMN_EVENTS,
};

static const char *const states[] = { "enabled", "failing", "disabled", NULL };

static const KontorIndexColumn index_columns[] = {
  [COLUMN_STATE] = { "status", KONTOR_INDEX_WORD, states },
  [COLUMN_FAILURES] = { "failures", KONTOR_INDEX_NUMBER },
  [COLUMN_SUCCESS] = { "success", KONTOR_INDEX_TIME },
  [COLUMN_CREATED] = { "created", KONTOR_INDEX_TIME },
  [COLUMN_URL] = { "url", KONTOR_INDEX_TEXT },
  [COLUMN_DESCRIPTION] = { "description", KONTOR_INDEX_TEXT },
  [COLUMN_EVENTS] = { "events", KONTOR_INDEX_TEXT },
};

static const KontorFindField fields[] = {
  { "status", KONTOR_FIND_WORD, states, NULL, N_ ("Such as failing: what was sent last failed."),
    COLUMN_STATE },
  { "url", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Where events are sent, or a part of that."),
    COLUMN_URL },
  { "events", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What it is sent, such as charge."),
    COLUMN_EVENTS },
  { "description", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What it is for."), COLUMN_DESCRIPTION },
  { "failures", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("Failed attempts of the last day."),
    COLUMN_FAILURES },
  { "success", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it last took an event."), COLUMN_SUCCESS },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was made."), COLUMN_CREATED },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *endpoint = values[0];

  row->texts[COLUMN_STATE] = endpoint[PATH_STATE].text;
  row->numbers[COLUMN_FAILURES] = MAX (endpoint[PATH_FAILURES].number, 0);
  row->numbers[COLUMN_SUCCESS] = MAX (endpoint[PATH_SUCCESS].number, 0);
  row->numbers[COLUMN_CREATED] = created;
  row->texts[COLUMN_URL] = endpoint[PATH_URL].text;
  row->texts[COLUMN_DESCRIPTION] = endpoint[PATH_DESCRIPTION].text;
  row->texts[COLUMN_EVENTS] = endpoint[PATH_EVENTS].text;
  return TRUE;
}

static const KontorIndexTable table
    = { "endpoints", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,       1, make };

/* ----------------------------------------------------------------------------------- the rows -- */

/* What is told of one endpoint by its attempts. */
typedef struct
{
  gint64   failures, last_success, newest;
  gboolean is_failing; /* the newest attempt failed */
} Health;

static void
count_attempt (const KontorIndex *attempts, guint row, gint64 day_ago, GHashTable *found)
{
  gint64 to = kontor_index_number (attempts, KONTOR_ATTEMPT_TO, row);
  gint64 created = kontor_index_number (attempts, KONTOR_ATTEMPT_CREATED, row);
  guint code = (guint) kontor_index_number (attempts, KONTOR_ATTEMPT_OUTCOME, row);
  gboolean failed = g_strcmp0 (kontor_index_word (attempts, KONTOR_ATTEMPT_OUTCOME, code), "failed")
                    == 0;
  Health *health = g_hash_table_lookup (found, &to);

  if (health == NULL)
    return;
  if (failed && created >= day_ago)
    health->failures++;
  if (!failed)
    health->last_success = MAX (health->last_success, created);
  if (kontor_index_key (attempts, row) > health->newest)
    {
      health->newest = kontor_index_key (attempts, row);
      health->is_failing = failed;
    }
}

static void
put (KontorSheet *sheet, KontorItem *item, const Health *health)
{
  const char *body = kontor_item_body (item), *end = strrchr (body, '}');
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem;
  const KontorValue *json = kontor_json_parse (arena, body, strlen (body), &problem);
  const KontorValue *status = json != NULL ? kontor_value_get (json, "status") : NULL;
  gboolean disabled = status != NULL && g_strcmp0 (status->text, "disabled") == 0;
  g_auto (KontorBuffer) out = { 0 };

  kontor_buffer_printf (&out, "%.*s%s\"health\":{\"state\":\"%s\",\"failures\":%" G_GINT64_FORMAT,
                        (int) (end - body), body, end - body > 1 ? "," : "",
                        states[disabled             ? 2
                               : health->is_failing ? 1
                                                    : 0],
                        health->failures);
  kontor_buffer_printf (&out, ",\"last_success\":%" G_GINT64_FORMAT "}}", health->last_success);
  kontor_sheet_put (sheet, (KontorSheetKind) KONTOR_KIND_WEBHOOK_ENDPOINT, kontor_item_key (item),
                    kontor_item_id (item), kontor_item_created (item), kontor_buffer_text (&out));
}

static GHashTable *
find_endpoints (const KontorIndex *endpoints)
{
  GHashTable *found = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);

  for (guint row = 0; row < kontor_index_size (endpoints); row++)
    {
      gint64 key = kontor_index_key (endpoints, row);

      if (key != 0)
        g_hash_table_insert (found, g_memdup2 (&key, sizeof key), g_new0 (Health, 1));
    }
  return found;
}

static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  KontorIndex *endpoints = kontor_shelf_index (kontor_desk_shelf (desk), &table);
  KontorIndex *attempts = kontor_shelf_index (kontor_desk_shelf (desk), &kontor_attempt_table);
  gint64 day_ago = g_get_real_time () / G_USEC_PER_SEC - DAY_S;
  g_autoptr (GHashTable) found = NULL;
  GHashTableIter iter;
  gpointer key, health;

  if (endpoints == NULL || attempts == NULL)
    return; /* they are being read; this is called again then */
  found = find_endpoints (endpoints);
  for (guint row = 0; row < kontor_index_size (attempts); row++)
    count_attempt (attempts, row, day_ago, found);
  kontor_sheet_begin (sheet);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &key, &health))
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, *(gint64 *) key);

      if (item != NULL)
        put (sheet, item, health);
    }
  kontor_sheet_end (sheet);
}

/* --------------------------------------------------------------------------------- the screen -- */

static const KontorWebhookEndpoint *
endpoint_of (const KontorRecord *record)
{
  return (const KontorWebhookEndpoint *) record->object;
}

/* (transfer full): what the sheet's row has beside the endpoint itself. */
static char *
health_of (const KontorRecord *record, const char *name)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *body = kontor_item_body (record->item), *problem;
  const KontorValue *json = body != NULL ? kontor_json_parse (arena, body, strlen (body), &problem)
                                         : NULL;
  const KontorValue *health = json != NULL ? kontor_value_get (json, "health") : NULL;
  const KontorValue *value = health != NULL ? kontor_value_get (health, name) : NULL;

  return g_strdup (value != NULL ? value->text : "");
}

static char *
state_cell (const KontorRecord *record, const KontorFormat *format)
{
  return health_of (record, "state");
}

static char *
url_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, endpoint_of (record)->url);
}

static char *
events_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorStrings *events = endpoint_of (record)->enabled_events;
  GString *text = g_string_new (NULL);

  for (guint i = 0; events != NULL && i < events->n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", events->items[i]);
  return g_string_free (text, FALSE);
}

static char *
failures_cell (const KontorRecord *record, const KontorFormat *format)
{
  g_autofree char *failures = health_of (record, "failures");

  return kontor_format_number (format, g_ascii_strtoll (failures, NULL, 10));
}

static char *
success_cell (const KontorRecord *record, const KontorFormat *format)
{
  g_autofree char *text = health_of (record, "last_success");
  gint64 at = g_ascii_strtoll (text, NULL, 10);

  return at > 0 ? kontor_format_time (format, at) : g_strdup ("");
}

static char *
description_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, endpoint_of (record)->description);
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, record->object->created);
}

static char *
id_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (record->object->id);
}

static const KontorColumn columns[] = {
  { "status", N_ ("Status"), KONTOR_COLUMN_STATUS, 9, 0, FALSE, FALSE, COLUMN_STATE, state_cell },
  { "url", N_ ("Sent to"), KONTOR_COLUMN_TEXT, 36, 0, FALSE, FALSE, COLUMN_URL, url_cell },
  { "failures", N_ ("Failed 24 h"), KONTOR_COLUMN_ID, 11, 2, TRUE, FALSE, COLUMN_FAILURES,
    failures_cell },
  { "success", N_ ("Last success"), KONTOR_COLUMN_TIME, 16, 3, FALSE, FALSE, COLUMN_SUCCESS,
    success_cell },
  { "events", N_ ("Events"), KONTOR_COLUMN_TEXT, 24, 4, FALSE, FALSE, COLUMN_EVENTS, events_cell },
  { "description", N_ ("Description"), KONTOR_COLUMN_TEXT, 20, 5, FALSE, FALSE, COLUMN_DESCRIPTION,
    description_cell },
  { "created", N_ ("Made"), KONTOR_COLUMN_TIME, 16, 6, FALSE, TRUE, COLUMN_CREATED, created_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 28, 7, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

/* -------------------------------------------------------------------------------- the detail -- */

static void
write_attempt (KontorDetailWriter *writer, KontorDesk *desk, gint64 key)
{
  g_autoptr (KontorItem) item = kontor_desk_load (desk, key);
  const KontorRecord *attempt = item != NULL ? kontor_desk_record (desk, item) : NULL;
  const char *status;
  g_autofree char *time = NULL, *text = NULL;

  if (attempt == NULL)
    return;
  status = kontor_record_text (attempt, "response.status");
  time = kontor_format_time (writer->format, kontor_item_created (item));
  text = g_strdup_printf ("%s  %s  %s", time,
                          status != NULL ? status : kontor_record_text (attempt, "outcome"),
                          kontor_record_text (attempt, "event_type"));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, "", text, kontor_item_id (item));
}

static void
write_attempts (KontorDetailWriter *writer)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  gint64 key = kontor_item_key (writer->record->item);
  g_autoptr (GArray) attempts
      = desk != NULL ? kontor_shelf_related (kontor_desk_shelf (desk), &kontor_attempt_table,
                                             KONTOR_ATTEMPT_TO, key, MOST_ATTEMPTS)
                     : NULL;

  if (attempts == NULL || attempts->len == 0)
    return;
  kontor_detail_section (writer, _ ("Newest attempts"));
  for (guint i = 0; i < attempts->len; i++)
    write_attempt (writer, desk, g_array_index (attempts, gint64, i));
}

/* What the server has counted since the endpoint was made. */
static void
write_counters (KontorDetailWriter *writer)
{
  static const struct
  {
    const char *label, *name;
  } rows[] = {
    { N_ ("Taken"), "succeeded" },          { N_ ("Failed"), "failed" },
    { N_ ("Given up"), "given_up" },        { N_ ("Waiting"), "pending" },
    { N_ ("Failed in a row"), "in_a_row" }, { N_ ("Milliseconds"), "average_duration_ms" },
  };
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autofree char *path
      = g_strdup_printf ("/v1/kontor/webhook_endpoints/%s", writer->record->object->id);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *text = desk != NULL ? kontor_desk_fetch (desk, path) : NULL, *problem;
  const KontorValue *json = text != NULL ? kontor_json_parse (arena, text, strlen (text), &problem)
                                         : NULL;
  const KontorValue *counters = json != NULL ? kontor_value_get (json, "counters") : NULL;

  if (counters == NULL)
    return;
  kontor_detail_section (writer, _ ("Since it was made"));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const KontorValue *value = kontor_value_get (counters, rows[i].name);

      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ (rows[i].label),
                         value != NULL ? value->text : NULL, NULL);
    }
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorFormat *format = writer->format;
  const KontorWebhookEndpoint *endpoint = endpoint_of (record);
  g_autofree char *attempts = g_strdup_printf ("attempts?endpoint:%s", record->object->id);

  kontor_detail_section (writer, _ ("Webhook endpoint"));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Attempts"), _ ("All that was sent to it"),
                     attempts);
  kontor_detail_take (writer, KONTOR_DETAIL_STATUS, _ ("Status"), state_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Why"), endpoint->disabled_reason, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Sent to"), url_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Events"), events_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Only if"), endpoint->filter, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Description"), endpoint->description, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("API version"), endpoint->api_version, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Signed by"), endpoint->signature_scheme, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Last success"),
                      success_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Failed 24 h"),
                      failures_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Made"), created_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), record->object->id, NULL);
  write_attempts (writer);
  write_counters (writer);
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_endpoints_screen = {
  .name = "webhooks",
  .title = N_ ("Webhooks"),
  .letter = 'w',
  .path = "/v1/webhook_endpoints/%s",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_CREATED,
  .facet = COLUMN_STATE,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN | KONTOR_FILL_ON_CHANGE,
  .empty = N_ ("No webhook endpoint is set up"),
};
