/* attempts.c: the screen of attempts to send events: what was sent, what was answered. */
#include <string.h>

#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/sync.h"

enum
{
  PATH_OUTCOME,
  PATH_TYPE,
  PATH_STATUS,
  PATH_NUMBER,
  PATH_DURATION,
  PATH_ENDPOINT,
  PATH_URL,
  PATH_EVENT,
  PATH_OBJECT,
};

static const KontorIndexPath paths[] = {
  [PATH_OUTCOME] = { "outcome", KONTOR_PATH_TEXT },
  [PATH_TYPE] = { "event_type", KONTOR_PATH_TEXT },
  [PATH_STATUS] = { "response.status", KONTOR_PATH_NUMBER },
  [PATH_NUMBER] = { "attempt", KONTOR_PATH_NUMBER },
  [PATH_DURATION] = { "duration_us", KONTOR_PATH_NUMBER },
  [PATH_ENDPOINT] = { "endpoint", KONTOR_PATH_TEXT },
  [PATH_URL] = { "request.url", KONTOR_PATH_TEXT },
  [PATH_EVENT] = { "event", KONTOR_PATH_TEXT },
  [PATH_OBJECT] = { "about", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_STREAM_WEBHOOK_ATTEMPT, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_URL = KONTOR_ATTEMPT_OBJECT + 1,
};

static const char *const outcomes[] = { "succeeded", "failed", NULL };

static const KontorIndexColumn index_columns[] = {
  [KONTOR_ATTEMPT_OUTCOME] = { "outcome", KONTOR_INDEX_WORD, outcomes },
  [KONTOR_ATTEMPT_REASON] = { "reason", KONTOR_INDEX_WORD },
  [KONTOR_ATTEMPT_TYPE] = { "type", KONTOR_INDEX_WORD },
  [KONTOR_ATTEMPT_STATUS] = { "status", KONTOR_INDEX_NUMBER },
  [KONTOR_ATTEMPT_NUMBER] = { "attempt", KONTOR_INDEX_NUMBER },
  [KONTOR_ATTEMPT_DURATION] = { "duration", KONTOR_INDEX_NUMBER },
  [KONTOR_ATTEMPT_CREATED] = { "created", KONTOR_INDEX_TIME },
  [KONTOR_ATTEMPT_TO] = { "to", KONTOR_INDEX_NUMBER },
  [KONTOR_ATTEMPT_ENDPOINT] = { "endpoint", KONTOR_INDEX_TEXT },
  [KONTOR_ATTEMPT_EVENT] = { "event", KONTOR_INDEX_TEXT },
  [KONTOR_ATTEMPT_OBJECT] = { "object", KONTOR_INDEX_TEXT },
  [COLUMN_URL] = { "url", KONTOR_INDEX_TEXT },
};

static const KontorFindField fields[] = {
  { "outcome", KONTOR_FIND_WORD, outcomes, NULL, N_ ("How it ended: succeeded or failed."),
    KONTOR_ATTEMPT_OUTCOME },
  { "reason", KONTOR_FIND_WORD, NULL, NULL, N_ ("Why it failed, such as timeout or http_error."),
    KONTOR_ATTEMPT_REASON },
  { "type", KONTOR_FIND_WORD, NULL, NULL, N_ ("The event's, such as charge.refunded or charge.*."),
    KONTOR_ATTEMPT_TYPE },
  { "status", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("What was answered, as in 500 or >=400."),
    KONTOR_ATTEMPT_STATUS },
  { "endpoint", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of the endpoint."),
    KONTOR_ATTEMPT_ENDPOINT },
  { "url", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Where it was sent, or a part of that."), COLUMN_URL },
  { "event", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of the event."), KONTOR_ATTEMPT_EVENT },
  { "object", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of what the event is about."),
    KONTOR_ATTEMPT_OBJECT },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When, as in 1h, today or 2026-10."),
    KONTOR_ATTEMPT_CREATED },
  { "attempt", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("1 for the first of its delivery."),
    KONTOR_ATTEMPT_NUMBER },
  { "us", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("How long it took, in microseconds."),
    KONTOR_ATTEMPT_DURATION },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *attempt = values[0];
  gboolean succeeded = g_strcmp0 (attempt[PATH_OUTCOME].text, "succeeded") == 0;
  const char *endpoint = attempt[PATH_ENDPOINT].text;

  row->texts[KONTOR_ATTEMPT_OUTCOME] = outcomes[succeeded ? 0 : 1];
  row->texts[KONTOR_ATTEMPT_REASON] = succeeded ? NULL : attempt[PATH_OUTCOME].text;
  row->texts[KONTOR_ATTEMPT_TYPE] = attempt[PATH_TYPE].text;
  row->numbers[KONTOR_ATTEMPT_STATUS] = MAX (attempt[PATH_STATUS].number, 0);
  row->numbers[KONTOR_ATTEMPT_NUMBER] = MAX (attempt[PATH_NUMBER].number, 0);
  row->numbers[KONTOR_ATTEMPT_DURATION] = MAX (attempt[PATH_DURATION].number, 0);
  row->numbers[KONTOR_ATTEMPT_CREATED] = created;
  if (endpoint != NULL)
    row->numbers[KONTOR_ATTEMPT_TO]
        = MAX (kontor_sync_row (KONTOR_KIND_WEBHOOK_ENDPOINT, endpoint), 0);
  row->texts[KONTOR_ATTEMPT_ENDPOINT] = endpoint;
  row->texts[KONTOR_ATTEMPT_EVENT] = attempt[PATH_EVENT].text;
  row->texts[KONTOR_ATTEMPT_OBJECT] = attempt[PATH_OBJECT].text;
  row->texts[COLUMN_URL] = attempt[PATH_URL].text;
  return TRUE;
}

const KontorIndexTable kontor_attempt_table
    = { "attempts", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,      1, make };

/* --------------------------------------------------------------------------------- the screen -- */

static char *
text_cell (const KontorRecord *record, const KontorFormat *format, const char *path)
{
  return kontor_format_text (format, kontor_record_text (record, path));
}

static char *
outcome_cell (const KontorRecord *record, const KontorFormat *format)
{
  gboolean succeeded = g_strcmp0 (kontor_record_text (record, "outcome"), "succeeded") == 0;

  return g_strdup (outcomes[succeeded ? 0 : 1]);
}

/* Without an answer: why there is none. */
static char *
status_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_record_text (record, "response.status") != NULL
             ? text_cell (record, format, "response.status")
             : text_cell (record, format, "outcome");
}

static char *
type_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "event_type");
}

static char *
object_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "about");
}

static char *
url_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "request.url");
}

static char *
number_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "attempt");
}

static char *
milliseconds (const KontorRecord *record, const KontorFormat *format, const char *path)
{
  gint64 us = kontor_record_number (record, path);
  g_autofree char *whole = kontor_format_number (format, (us + 500) / 1000);

  return g_strdup_printf ("%s ms", whole);
}

static char *
duration_cell (const KontorRecord *record, const KontorFormat *format)
{
  return milliseconds (record, format, "duration_us");
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, kontor_item_created (record->item));
}

static char *
id_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (kontor_item_id (record->item));
}

static const KontorColumn columns[] = {
  { "outcome", N_ ("Outcome"), KONTOR_COLUMN_STATUS, 9, 0, FALSE, FALSE, KONTOR_ATTEMPT_OUTCOME,
    outcome_cell },
  { "status", N_ ("Answer"), KONTOR_COLUMN_TEXT, 12, 3, FALSE, FALSE, KONTOR_ATTEMPT_STATUS,
    status_cell },
  { "type", N_ ("Event"), KONTOR_COLUMN_TEXT, 26, 1, FALSE, FALSE, KONTOR_ATTEMPT_TYPE, type_cell },
  { "url", N_ ("Endpoint"), KONTOR_COLUMN_TEXT, 30, 4, FALSE, FALSE, COLUMN_URL, url_cell },
  { "object", N_ ("Object"), KONTOR_COLUMN_ID, 28, 6, FALSE, FALSE, KONTOR_ATTEMPT_OBJECT,
    object_cell },
  { "attempt", N_ ("Try"), KONTOR_COLUMN_ID, 3, 5, TRUE, FALSE, KONTOR_ATTEMPT_NUMBER,
    number_cell },
  { "duration", N_ ("Took"), KONTOR_COLUMN_ID, 8, 5, TRUE, FALSE, KONTOR_ATTEMPT_DURATION,
    duration_cell },
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, KONTOR_ATTEMPT_CREATED,
    created_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 20, 8, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

/* -------------------------------------------------------------------------------- the detail -- */

/* One line each: the copy keeps them as lines of text. */
static void
write_headers (KontorDetailWriter *writer, const char *path)
{
  const char *text = kontor_record_text (writer->record, path);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, g_intern_string (lines[i]),
                         g_strchug (colon + 1), NULL);
    }
}

/* What is JSON is shown as such, line by line; all else as it came. */
static void
write_body (KontorDetailWriter *writer, const char *body)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem;

  if (body == NULL || *body == '\0')
    return;
  kontor_detail_add (writer,
                     kontor_json_parse (arena, body, strlen (body), &problem) != NULL
                         ? KONTOR_DETAIL_JSON
                         : KONTOR_DETAIL_TEXT,
                     _ ("Body"), body, NULL);
}

/* The copy is not given what was sent: the server is asked while somebody looks at it. */
static void
write_sent (KontorDetailWriter *writer, const char *path)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *whole = desk != NULL ? kontor_desk_fetch (desk, path) : NULL, *problem;
  const KontorValue *json
      = whole != NULL ? kontor_json_parse (arena, whole, strlen (whole), &problem) : NULL;
  const KontorValue *request = json != NULL ? kontor_value_get (json, "request") : NULL;
  const KontorValue *body = request != NULL ? kontor_value_get (request, "body") : NULL;

  if (body != NULL)
    write_body (writer, body->text);
  else
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Body"),
                       _ ("Only the server has it: it is shown when it answers."), NULL);
}

static void
write_request (KontorDetailWriter *writer, const char *path)
{
  kontor_detail_section (writer, _ ("Request"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Sent to"),
                     kontor_record_text (writer->record, "request.url"), NULL);
  write_headers (writer, "request.headers");
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Signed"),
                     _ ("Stripe-Signature is over “t.body”, webhook-signature over"
                        " “id.timestamp.body”, each HMAC-SHA256 with the endpoint's secret."),
                     NULL);
  write_sent (writer, path);
}

static void
write_response (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;

  kontor_detail_section (writer, _ ("Answer"));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Status"),
                     kontor_record_text (record, "response.status"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Problem"),
                     kontor_record_text (record, "problem"), NULL);
  write_headers (writer, "response.headers");
  write_body (writer, kontor_record_text (record, "response.body"));
  if (kontor_record_number (record, "response.truncated") != 0)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, "", _ ("It may have gone on."), NULL);
}

static void
write_timing (KontorDetailWriter *writer)
{
  static const struct
  {
    const char *label, *path;
  } times[] = {
    { N_ ("Connected"), "connect_us" },
    { N_ ("First byte"), "wait_us" },
    { N_ ("Altogether"), "duration_us" },
  };

  kontor_detail_section (writer, _ ("Timing"));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (kontor_record_text (writer->record, times[i].path) != NULL)
      kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ (times[i].label),
                          milliseconds (writer->record, writer->format, times[i].path));
}

static void
write_link (KontorDetailWriter *writer, const char *label, const char *path)
{
  const char *id = kontor_record_text (writer->record, path);

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, label, id, id);
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  g_autofree char *path
      = kontor_screen_path (&kontor_attempts_screen, kontor_item_id (record->item));

  kontor_detail_section (writer, _ ("Attempt"));
  kontor_detail_take (writer, KONTOR_DETAIL_STATUS, _ ("Outcome"),
                      outcome_cell (record, writer->format));
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Sent"),
                      created_cell (record, writer->format));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Try"), number_cell (record, writer->format));
  if (kontor_record_number (record, "by_hand") != 0)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Why"), _ ("Somebody asked for it."), NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Type"), type_cell (record, writer->format));
  write_link (writer, _ ("Event"), "event");
  write_link (writer, _ ("Object"), "about");
  write_link (writer, _ ("Endpoint"), "endpoint");
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Delivery"),
                     kontor_record_text (record, "delivery"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), kontor_item_id (record->item), NULL);
  write_response (writer);
  write_request (writer, path);
  write_timing (writer);
  kontor_detail_json (writer, path);
}

const KontorScreenDeclaration kontor_attempts_screen = {
  .name = "attempts",
  .title = N_ ("Attempts"),
  .letter = 'a',
  .path = "/v1/kontor/webhook_attempts/%s",
  .table = &kontor_attempt_table,
  .fields = fields,
  .columns = columns,
  .sort = KONTOR_ATTEMPT_CREATED,
  .facet = KONTOR_ATTEMPT_OUTCOME,
  .detail = write_detail,
  .empty = N_ ("Nothing was sent to a webhook endpoint yet"),
  .prefix = "wha",
};
