/* log.c: the screen of the request log: what was asked of the API, and how it ended. */
#include <string.h>

#include "core/buffer.h"
#include "core/console/curl.h"
#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/event.h"
#include "core/sync.h"

#define MOST_CAUSED 30

enum
{
  PATH_METHOD,
  PATH_PATH,
  PATH_STATUS,
  PATH_DURATION,
  PATH_KEY,
  PATH_ERROR,
  PATH_REMOTE,
  PATH_IDEMPOTENCY,
};

static const KontorIndexPath paths[] = {
  [PATH_METHOD] = { "method", KONTOR_PATH_TEXT },
  [PATH_PATH] = { "path", KONTOR_PATH_TEXT },
  [PATH_STATUS] = { "status", KONTOR_PATH_NUMBER },
  [PATH_DURATION] = { "duration_us", KONTOR_PATH_NUMBER },
  [PATH_KEY] = { "key", KONTOR_PATH_TEXT },
  [PATH_ERROR] = { "error", KONTOR_PATH_TEXT },
  [PATH_REMOTE] = { "remote", KONTOR_PATH_TEXT },
  [PATH_IDEMPOTENCY] = { "idempotency_key", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_STREAM_REQUEST_LOG, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_CLASS,
  COLUMN_METHOD,
  COLUMN_STATUS,
  COLUMN_DURATION,
  COLUMN_CREATED,
  COLUMN_PATH,
  COLUMN_KEY,
  COLUMN_CODE,
  COLUMN_REMOTE,
  COLUMN_IDEMPOTENCY,
};

static const char *const classes[] = { "2xx", "3xx", "4xx", "5xx", NULL };

static const KontorIndexColumn index_columns[] = {
  [COLUMN_CLASS] = { "class", KONTOR_INDEX_WORD, classes },
  [COLUMN_METHOD] = { "method", KONTOR_INDEX_WORD },
  [COLUMN_STATUS] = { "status", KONTOR_INDEX_NUMBER },
  [COLUMN_DURATION] = { "duration", KONTOR_INDEX_NUMBER },
  [COLUMN_CREATED] = { "created", KONTOR_INDEX_TIME },
  [COLUMN_PATH] = { "path", KONTOR_INDEX_TEXT },
  [COLUMN_KEY] = { "key", KONTOR_INDEX_TEXT },
  [COLUMN_CODE] = { "code", KONTOR_INDEX_TEXT },
  [COLUMN_REMOTE] = { "ip", KONTOR_INDEX_TEXT },
  [COLUMN_IDEMPOTENCY] = { "idempotency", KONTOR_INDEX_TEXT },
};

static const KontorFindField fields[] = {
  { "method", KONTOR_FIND_WORD, NULL, NULL, N_ ("What was to be done, such as post."),
    COLUMN_METHOD },
  { "path", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What was asked, such as customers or an id."),
    COLUMN_PATH },
  { "status", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("How it ended, as in 402 or >=400."),
    COLUMN_STATUS },
  { "class", KONTOR_FIND_WORD, classes, NULL, N_ ("How it ended, such as 4xx."), COLUMN_CLASS },
  { "code", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Why it was refused, such as card_declined."),
    COLUMN_CODE },
  { "key", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The API key that asked, such as key_3."),
    COLUMN_KEY },
  { "ip", KONTOR_FIND_TEXT, NULL, NULL, N_ ("From where it was asked."), COLUMN_REMOTE },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When, as in 1h, today or 2026-10."),
    COLUMN_CREATED },
  { "idempotency", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Its idempotency key."), COLUMN_IDEMPOTENCY },
  { "us", KONTOR_FIND_NUMBER, NULL, NULL, N_ ("How long it took, in microseconds."),
    COLUMN_DURATION },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *request = values[0];
  gint64 status = MAX (request[PATH_STATUS].number, 0);

  if (status >= 200 && status < 600)
    row->texts[COLUMN_CLASS] = classes[status / 100 - 2];
  row->texts[COLUMN_METHOD] = request[PATH_METHOD].text;
  row->numbers[COLUMN_STATUS] = status;
  row->numbers[COLUMN_DURATION] = MAX (request[PATH_DURATION].number, 0);
  row->numbers[COLUMN_CREATED] = created;
  row->texts[COLUMN_PATH] = request[PATH_PATH].text;
  row->texts[COLUMN_KEY] = request[PATH_KEY].text;
  row->texts[COLUMN_CODE] = request[PATH_ERROR].text;
  row->texts[COLUMN_REMOTE] = request[PATH_REMOTE].text;
  row->texts[COLUMN_IDEMPOTENCY] = request[PATH_IDEMPOTENCY].text;
  return TRUE;
}

static const KontorIndexTable table
    = { "requests", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,      1, make };

/* --------------------------------------------------------------------------------- the screen -- */

static char *
text_cell (const KontorRecord *record, const KontorFormat *format, const char *name)
{
  return kontor_format_text (format, kontor_record_text (record, name));
}

static char *
method_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "method");
}

static char *
path_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "path");
}

static char *
status_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "status");
}

/* In tenths of a millisecond: most take about one. */
static char *
duration_cell (const KontorRecord *record, const KontorFormat *format)
{
  gint64 tenths = (kontor_record_number (record, "duration_us") + 50) / 100;
  g_autofree char *whole = kontor_format_number (format, tenths / 10);

  return g_strdup_printf ("%s%s%d ms", whole,
                          format->decimal_point != NULL ? format->decimal_point : ".",
                          (int) (tenths % 10));
}

static char *
code_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "error");
}

static char *
key_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "key");
}

static char *
remote_cell (const KontorRecord *record, const KontorFormat *format)
{
  return text_cell (record, format, "remote");
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
  { "status", N_ ("Status"), KONTOR_COLUMN_STATUS, 6, 1, FALSE, FALSE, COLUMN_STATUS, status_cell },
  { "method", N_ ("Method"), KONTOR_COLUMN_ID, 6, 3, FALSE, FALSE, COLUMN_METHOD, method_cell },
  { "path", N_ ("Path"), KONTOR_COLUMN_TEXT, 36, 0, FALSE, FALSE, COLUMN_PATH, path_cell },
  { "code", N_ ("Error"), KONTOR_COLUMN_TEXT, 18, 5, FALSE, FALSE, COLUMN_CODE, code_cell },
  { "duration", N_ ("Took"), KONTOR_COLUMN_ID, 9, 4, TRUE, FALSE, COLUMN_DURATION, duration_cell },
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, COLUMN_CREATED, created_cell },
  { "key", N_ ("Key"), KONTOR_COLUMN_ID, 8, 6, FALSE, FALSE, COLUMN_KEY, key_cell },
  { "ip", N_ ("From"), KONTOR_COLUMN_ID, 15, 7, FALSE, FALSE, COLUMN_REMOTE, remote_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 28, 8, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

/* -------------------------------------------------------------------------------- the detail -- */

/* An id in the path: what the request was about. */
static void
write_subject (KontorDetailWriter *writer)
{
  const char *path = kontor_record_text (writer->record, "path");
  g_auto (GStrv) words = g_strsplit (path != NULL ? path : "", "/", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (kontor_id_tick (words[i]) >= 0)
      kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("About"), words[i], words[i]);
}

static void
write_parameters (KontorDetailWriter *writer)
{
  g_autofree char *params = kontor_record_json (writer->record, "params");

  if (params == NULL)
    return;
  kontor_detail_section (writer, _ ("Parameters"));
  kontor_detail_add (writer, KONTOR_DETAIL_JSON, "", params, NULL);
}

static void
write_event (KontorDetailWriter *writer, KontorItem *item, GHashTable *told)
{
  const KontorRecord *event = kontor_desk_record (kontor_screen_desk (writer->screen), item);
  g_autofree char *about = kontor_event_about (event, "id");

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Event"),
                     ((const KontorEvent *) event->object)->type, kontor_item_id (item));
  if (about == NULL || !g_hash_table_add (told, g_strdup (about)))
    return;
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Object"), about, about);
}

/* The events that it caused, oldest first, and the objects that they are about, each once. */
static void
write_caused (KontorDetailWriter *writer)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  gint64 key = kontor_item_key (writer->record->item);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) events
      = desk != NULL ? kontor_shelf_related (kontor_desk_shelf (desk), &kontor_event_table,
                                             KONTOR_EVENT_CAUSE, key, MOST_CAUSED)
                     : NULL;

  if (events == NULL || events->len == 0)
    return;
  kontor_detail_section (writer, _ ("What came of it"));
  for (guint i = events->len; i > 0; i--)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (events, gint64, i - 1));

      if (item != NULL)
        write_event (writer, item, told);
    }
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorFormat *format = writer->format;
  g_autofree char *path = kontor_screen_path (&kontor_log_screen, kontor_item_id (record->item));

  kontor_detail_section (writer, _ ("Request"));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Method"), method_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Path"), path_cell (record, format));
  write_subject (writer);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), kontor_item_id (record->item), NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Asked"), created_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Key"), kontor_record_text (record, "key"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Person"), kontor_record_text (record, "user"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("From"), kontor_record_text (record, "remote"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Idempotency key"),
                     kontor_record_text (record, "idempotency_key"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("API version"),
                     kontor_record_text (record, "api_version"), NULL);
  write_parameters (writer);
  kontor_detail_section (writer, _ ("Answer"));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Status"),
                     kontor_record_text (record, "status"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Error"), kontor_record_text (record, "error"),
                     NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Took"), duration_cell (record, format));
  write_caused (writer);
  kontor_detail_json (writer, path);
}

static char *
curl (const KontorRecord *record, const char *url)
{
  const char *method = kontor_record_text (record, "method");
  const char *path = kontor_record_text (record, "path");

  return method != NULL && path != NULL
             ? kontor_curl (url, method, path, kontor_value_get (record->json, "params"))
             : NULL;
}

const KontorScreenDeclaration kontor_log_screen = {
  .name = "log",
  .title = N_ ("Log"),
  .letter = 'l',
  .path = "/v1/kontor/request_logs/%s",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_CREATED,
  .facet = COLUMN_CLASS,
  .detail = write_detail,
  .prefix = "req",
  .curl = curl,
};
