/* keys.c: the screen of API keys, as the server tells them: never the keys themselves. */
#include "core/console/online.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"

enum
{
  PATH_TYPE,
  PATH_NAME,
  PATH_HINT,
  PATH_LAST_USED,
  PATH_EXPIRES,
};

static const KontorIndexPath paths[] = {
  [PATH_TYPE] = { "type", KONTOR_PATH_TEXT },
  [PATH_NAME] = { "name", KONTOR_PATH_TEXT },
  [PATH_HINT] = { "hint", KONTOR_PATH_TEXT },
  [PATH_LAST_USED] = { "last_used", KONTOR_PATH_NUMBER },
  [PATH_EXPIRES] = { "expires", KONTOR_PATH_NUMBER },
};

static const KontorIndexPart parts[]
    = { { KONTOR_SHEET_KEY, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_STATE,
  COLUMN_TYPE,
  COLUMN_NAME,
  COLUMN_HINT,
  COLUMN_USED,
  COLUMN_CREATED,
};

static const char *const states[] = { "active", "expired", NULL };

static const KontorIndexColumn index_columns[] = {
  [COLUMN_STATE] = { "state", KONTOR_INDEX_WORD, states },
  [COLUMN_TYPE] = { "type", KONTOR_INDEX_WORD },
  [COLUMN_NAME] = { "name", KONTOR_INDEX_TEXT },
  [COLUMN_HINT] = { "hint", KONTOR_INDEX_TEXT },
  [COLUMN_USED] = { "used", KONTOR_INDEX_TIME },
  [COLUMN_CREATED] = { "created", KONTOR_INDEX_TIME },
};

static const KontorFindField fields[] = {
  { "state", KONTOR_FIND_WORD, states, NULL, N_ ("Whether the server still takes it."),
    COLUMN_STATE },
  { "type", KONTOR_FIND_WORD, NULL, NULL, N_ ("What it may be used for, such as secret."),
    COLUMN_TYPE },
  { "name", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What it is called."), COLUMN_NAME },
  { "used", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was last used, as in 30d."), COLUMN_USED },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was made."), COLUMN_CREATED },
  { NULL },
};

/* A key that was rolled or deleted has expired. */
static const char *
state_of (gint64 expires)
{
  return states[expires > 0 && expires <= g_get_real_time () / G_USEC_PER_SEC];
}

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  gint64 used = values[0][PATH_LAST_USED].number;

  row->texts[COLUMN_STATE] = state_of (MAX (values[0][PATH_EXPIRES].number, 0));
  row->texts[COLUMN_TYPE] = values[0][PATH_TYPE].text;
  row->texts[COLUMN_NAME] = values[0][PATH_NAME].text;
  row->texts[COLUMN_HINT] = values[0][PATH_HINT].text;
  row->numbers[COLUMN_USED] = used == KONTOR_NONE ? 0 : used;
  row->numbers[COLUMN_CREATED] = created;
  return TRUE;
}

static const KontorIndexTable table
    = { "keys", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,  1, make };

static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  kontor_online_fill (desk, screen, sheet, "/v1/kontor/api_keys", KONTOR_SHEET_KEY);
}

/* --------------------------------------------------------------------------------- the screen -- */

static char *
name_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "name"));
}

static char *
type_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (kontor_record_text (record, "type"));
}

static char *
state_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (state_of (kontor_record_number (record, "expires")));
}

static char *
hint_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "hint"));
}

static char *
time_or_never (const KontorRecord *record, const KontorFormat *format, const char *name)
{
  gint64 time = kontor_record_number (record, name);

  return time > 0 ? kontor_format_time (format, time) : g_strdup (_ ("never"));
}

static char *
used_cell (const KontorRecord *record, const KontorFormat *format)
{
  return time_or_never (record, format, "last_used");
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return time_or_never (record, format, "created");
}

static char *
expires_cell (const KontorRecord *record, const KontorFormat *format)
{
  return time_or_never (record, format, "expires");
}

static const KontorColumn columns[] = {
  { "name", N_ ("Name"), KONTOR_COLUMN_TEXT, 24, 0, FALSE, FALSE, COLUMN_NAME, name_cell },
  { "state", N_ ("State"), KONTOR_COLUMN_STATUS, 8, 1, FALSE, FALSE, COLUMN_STATE, state_cell },
  { "type", N_ ("Type"), KONTOR_COLUMN_TEXT, 12, 1, FALSE, FALSE, COLUMN_TYPE, type_cell },
  { "hint", N_ ("Key"), KONTOR_COLUMN_ID, 18, 3, FALSE, FALSE, COLUMN_HINT, hint_cell },
  { "used", N_ ("Last used"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, COLUMN_USED, used_cell },
  { "created", N_ ("Made"), KONTOR_COLUMN_TIME, 16, 4, FALSE, FALSE, COLUMN_CREATED, created_cell },
  { "expires", N_ ("Expires"), KONTOR_COLUMN_TIME, 16, 5, FALSE, FALSE, KONTOR_INDEX_NO_COLUMN,
    expires_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;

  kontor_detail_section (writer, _ ("API key"));
  for (const KontorColumn *column = columns; column->name != NULL; column++)
    kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ (column->title),
                        column->cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), kontor_item_id (record->item), NULL);
  kontor_detail_list (writer, _ ("May do"), "scopes", _ ("Everything"));
  kontor_detail_list (writer, _ ("Only from"), "ip_allow", _ ("Anywhere"));
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_keys_screen = {
  .name = "keys",
  .title = N_ ("API keys"),
  .letter = 'k',
  .prefix = "key",
  .path = "/v1/kontor/api_keys/%s",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_CREATED,
  .facet = COLUMN_STATE,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN,
};
