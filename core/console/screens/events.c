/* events.c: the screen of events: what happened, newest first. */
#include <string.h>

#include "core/console/screen.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/event.h"
#include "core/sync.h"

enum
{
  PATH_TYPE,
  PATH_ABOUT,
  PATH_KIND,
  PATH_REQUEST,
};

static const KontorIndexPath paths[] = {
  [PATH_TYPE] = { "type", KONTOR_PATH_TEXT },
  [PATH_ABOUT] = { "data.object.id", KONTOR_PATH_TEXT },
  [PATH_KIND] = { "data.object.object", KONTOR_PATH_TEXT },
  [PATH_REQUEST] = { "request.id", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_KIND_EVENT, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

static const KontorIndexColumn index_columns[] = {
  [KONTOR_EVENT_TYPE] = { "type", KONTOR_INDEX_WORD },
  [KONTOR_EVENT_KIND] = { "object", KONTOR_INDEX_WORD },
  [KONTOR_EVENT_ABOUT] = { "about", KONTOR_INDEX_NUMBER },
  [KONTOR_EVENT_CREATED] = { "created", KONTOR_INDEX_TIME },
  [KONTOR_EVENT_ID] = { "id", KONTOR_INDEX_TEXT },
  [KONTOR_EVENT_REQUEST] = { "request", KONTOR_INDEX_TEXT },
  [KONTOR_EVENT_CAUSE] = { "cause", KONTOR_INDEX_NUMBER },
};

static const KontorFindField fields[] = {
  { "type", KONTOR_FIND_WORD, NULL, NULL,
    N_ ("What happened, such as charge.refunded or charge.*."), KONTOR_EVENT_TYPE },
  { "object", KONTOR_FIND_WORD, NULL, NULL, N_ ("To what kind of thing, such as customer."),
    KONTOR_EVENT_KIND },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When, as in 1h, today or 2026-10."),
    KONTOR_EVENT_CREATED },
  { "id", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The object's id, or a part of it."), KONTOR_EVENT_ID },
  { "request", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The request that brought it about."),
    KONTOR_EVENT_REQUEST },
  { NULL },
};

static gint64
key_of (const char *id)
{
  const KontorResource *resource = id != NULL ? kontor_resource_by_prefix (id) : NULL;
  gint64 key = resource != NULL ? kontor_sync_row (resource->kind, id) : 0;

  return MAX (key, 0);
}

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *event = values[0];

  row->texts[KONTOR_EVENT_TYPE] = event[PATH_TYPE].text;
  row->texts[KONTOR_EVENT_KIND] = event[PATH_KIND].text;
  row->numbers[KONTOR_EVENT_ABOUT] = key_of (event[PATH_ABOUT].text);
  row->numbers[KONTOR_EVENT_CREATED] = created;
  row->texts[KONTOR_EVENT_ID] = event[PATH_ABOUT].text;
  row->texts[KONTOR_EVENT_REQUEST] = event[PATH_REQUEST].text;
  if (event[PATH_REQUEST].text != NULL)
    row->numbers[KONTOR_EVENT_CAUSE]
        = MAX (kontor_sync_row (KONTOR_STREAM_REQUEST_LOG, event[PATH_REQUEST].text), 0);
  return TRUE;
}

const KontorIndexTable kontor_event_table = { "events",
                                              2,
                                              index_columns,
                                              G_N_ELEMENTS (index_columns),
                                              KONTOR_INDEX_NO_COLUMN,
                                              parts,
                                              G_N_ELEMENTS (parts),
                                              make };

/* ----------------------------------------------------------------------------------- the screen -- */

static const KontorEvent *
event_of (const KontorRecord *record)
{
  return (const KontorEvent *) record->object;
}

/**
 * kontor_event_about:
 * @record: an event
 * @name: of what it tells of its object: "id", "object"
 *
 * Returns: (transfer full) (nullable): what stands there
 */
char *
kontor_event_about (const KontorRecord *record, const char *name)
{
  const KontorEvent *event = event_of (record);
  const char *json = event->data != NULL ? event->data->object : NULL, *problem;
  const KontorValue *object
      = json != NULL ? kontor_json_parse (record->arena, json, strlen (json), &problem) : NULL;
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return g_strdup (value != NULL ? value->text : NULL);
}

static char *
type_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, event_of (record)->type);
}

static char *
about_cell (const KontorRecord *record, const KontorFormat *format)
{
  char *id = kontor_event_about (record, "id");

  return id != NULL ? id : g_strdup ("");
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
  { "type", N_ ("Type"), KONTOR_COLUMN_TEXT, 34, 0, FALSE, FALSE, KONTOR_EVENT_TYPE, type_cell },
  { "object", N_ ("Object"), KONTOR_COLUMN_ID, 28, 2, FALSE, FALSE, KONTOR_EVENT_ID, about_cell },
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 1, FALSE, FALSE, KONTOR_EVENT_CREATED,
    created_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 28, 3, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorEvent *event = event_of (record);
  g_autofree char *object = kontor_event_about (record, "id");
  g_autofree char *path = kontor_screen_path (&kontor_events_screen, record->object->id);

  kontor_detail_section (writer, _ ("Event"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Type"), event->type, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), record->object->id, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Happened"),
                      created_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Object"), object, object);
  if (event->request != NULL)
    {
      kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Request"), event->request->id,
                         event->request->id);
      kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Idempotency key"),
                         event->request->idempotency_key, NULL);
    }
  kontor_detail_json (writer, path);
}

const KontorScreenDeclaration kontor_events_screen = {
  .name = "events",
  .title = N_ ("Events"),
  .letter = 'e',
  .path = "/v1/events/%s",
  .table = &kontor_event_table,
  .fields = fields,
  .columns = columns,
  .sort = KONTOR_EVENT_CREATED,
  .facet = KONTOR_EVENT_TYPE,
  .detail = write_detail,
};
