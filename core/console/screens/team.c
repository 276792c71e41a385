/* team.c: the screen of the people who may sign in, and what each of them may do. */
#include "core/console/online.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"

enum
{
  PATH_EMAIL,
  PATH_NAME,
  PATH_ROLE,
  PATH_DISABLED,
};

static const KontorIndexPath paths[] = {
  [PATH_EMAIL] = { "email", KONTOR_PATH_TEXT },
  [PATH_NAME] = { "name", KONTOR_PATH_TEXT },
  [PATH_ROLE] = { "role", KONTOR_PATH_TEXT },
  [PATH_DISABLED] = { "disabled", KONTOR_PATH_PRESENCE },
};

static const KontorIndexPart parts[]
    = { { KONTOR_SHEET_PERSON, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_EMAIL,
  COLUMN_NAME,
  COLUMN_ROLE,
  COLUMN_STATE,
  COLUMN_CREATED,
};

static const char *const states[] = { "active", "disabled", NULL };

static const KontorIndexColumn index_columns[] = {
  [COLUMN_EMAIL] = { "email", KONTOR_INDEX_TEXT },
  [COLUMN_NAME] = { "name", KONTOR_INDEX_TEXT },
  [COLUMN_ROLE] = { "role", KONTOR_INDEX_WORD },
  [COLUMN_STATE] = { "state", KONTOR_INDEX_WORD, states },
  [COLUMN_CREATED] = { "created", KONTOR_INDEX_TIME },
};

static const KontorFindField fields[] = {
  { "role", KONTOR_FIND_WORD, NULL, NULL, N_ ("What they may do, such as support."), COLUMN_ROLE },
  { "state", KONTOR_FIND_WORD, states, NULL, N_ ("Whether they may sign in."), COLUMN_STATE },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Their mail address."), COLUMN_EMAIL },
  { "name", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What they are called."), COLUMN_NAME },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->texts[COLUMN_EMAIL] = values[0][PATH_EMAIL].text;
  row->texts[COLUMN_NAME] = values[0][PATH_NAME].text;
  row->texts[COLUMN_ROLE] = values[0][PATH_ROLE].text;
  row->texts[COLUMN_STATE] = states[values[0][PATH_DISABLED].number == 1];
  row->numbers[COLUMN_CREATED] = created;
  return TRUE;
}

static const KontorIndexTable table
    = { "team", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,  1, make };

static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  kontor_online_fill (desk, screen, sheet, "/v1/kontor/users", KONTOR_SHEET_PERSON);
}

/* --------------------------------------------------------------------------------- the screen -- */

static char *
email_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "email"));
}

static char *
name_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "name"));
}

static char *
role_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "role"));
}

static char *
state_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (states[kontor_record_text (record, "disabled") != NULL]);
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, kontor_item_created (record->item));
}

static const KontorColumn columns[] = {
  { "email", N_ ("Mail"), KONTOR_COLUMN_TEXT, 28, 0, FALSE, FALSE, COLUMN_EMAIL, email_cell },
  { "name", N_ ("Name"), KONTOR_COLUMN_TEXT, 22, 2, FALSE, FALSE, COLUMN_NAME, name_cell },
  { "role", N_ ("Role"), KONTOR_COLUMN_TEXT, 11, 1, FALSE, FALSE, COLUMN_ROLE, role_cell },
  { "state", N_ ("State"), KONTOR_COLUMN_STATUS, 10, 3, FALSE, FALSE, COLUMN_STATE, state_cell },
  { "created", N_ ("Since"), KONTOR_COLUMN_TIME, 16, 4, FALSE, FALSE, COLUMN_CREATED,
    created_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  kontor_detail_section (writer, _ ("Person"));
  for (const KontorColumn *column = columns; column->name != NULL; column++)
    kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ (column->title),
                        column->cell (writer->record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), kontor_item_id (writer->record->item),
                     NULL);
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_team_screen = {
  .name = "team",
  .title = N_ ("Team"),
  .letter = 't',
  .prefix = "user",
  .path = "/v1/kontor/users/%s",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_CREATED,
  .facet = COLUMN_ROLE,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN,
};
