/* preferences.c: the screen of what a person prefers: a row for each setting. */
#include "core/buffer.h"
#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"

enum
{
  PATH_TITLE,
  PATH_VALUE,
  PATH_HELP,
  PATH_NAME,
};

static const KontorIndexPath paths[] = {
  [PATH_TITLE] = { "title", KONTOR_PATH_TEXT },
  [PATH_VALUE] = { "shown", KONTOR_PATH_TEXT },
  [PATH_HELP] = { "help", KONTOR_PATH_TEXT },
  [PATH_NAME] = { "name", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_SHEET_SETTING, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_TITLE,
  COLUMN_VALUE,
  COLUMN_HELP,
  COLUMN_NAME,
  COLUMN_ORDER,
};

static const KontorIndexColumn index_columns[] = {
  [COLUMN_TITLE] = { "title", KONTOR_INDEX_TEXT }, [COLUMN_VALUE] = { "value", KONTOR_INDEX_WORD },
  [COLUMN_HELP] = { "help", KONTOR_INDEX_TEXT },   [COLUMN_NAME] = { "name", KONTOR_INDEX_TEXT },
  [COLUMN_ORDER] = { "order", KONTOR_INDEX_TIME },
};

static const KontorFindField fields[] = {
  { "value", KONTOR_FIND_WORD, NULL, NULL, N_ ("What it is now."), COLUMN_VALUE },
  { "name", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What it is called in the file."), COLUMN_NAME },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->texts[COLUMN_TITLE] = values[0][PATH_TITLE].text;
  row->texts[COLUMN_VALUE] = values[0][PATH_VALUE].text;
  row->texts[COLUMN_HELP] = values[0][PATH_HELP].text;
  row->texts[COLUMN_NAME] = values[0][PATH_NAME].text;
  row->numbers[COLUMN_ORDER] = created;
  return TRUE;
}

static const KontorIndexTable table
    = { "preferences", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,         1, make };

/* ----------------------------------------------------------------------------------- the rows -- */

static const char *
said (const KontorSetting *setting, const char *value)
{
  if (setting->kind == KONTOR_SETTING_BOOL)
    return g_str_equal (value, "true") ? _ ("yes") : _ ("no");
  return *value != '\0' ? value : _ ("this machine's");
}

static void
append_text (KontorBuffer *json, const char *name, const char *text)
{
  kontor_buffer_printf (json, "\"%s\":", name);
  kontor_buffer_string (json, text);
  kontor_buffer_char (json, ',');
}

static void
describe (KontorBuffer *json, const KontorSetting *setting, const char *value)
{
  kontor_buffer_char (json, '{');
  append_text (json, "name", setting->name);
  append_text (json, "title", _ (setting->title));
  append_text (json, "shown", said (setting, value));
  append_text (json, "initial", said (setting, setting->initial));
  append_text (json, "help", _ (setting->help));
  kontor_buffer_literal (json, "\"value\":");
  kontor_buffer_string (json, value);
  kontor_buffer_char (json, '}');
}

/* In the order of the table: the times are none, they only keep it. */
static void
fill (KontorDesk *desk, KontorScreen *screen, KontorSheet *sheet)
{
  kontor_sheet_begin (sheet);
  for (guint i = 0; kontor_settings_table[i].name != NULL; i++)
    {
      const KontorSetting *setting = &kontor_settings_table[i];
      g_auto (KontorBuffer) json = { 0 };
      g_autofree char *id = g_strdup_printf ("setting_%u", i + 1);

      describe (&json, setting, kontor_settings_text (kontor_desk_settings (desk), setting->name));
      kontor_sheet_put (sheet, KONTOR_SHEET_SETTING, i + 1, id, 1000 - (gint64) i,
                        kontor_buffer_text (&json));
    }
  kontor_sheet_end (sheet);
}

/* --------------------------------------------------------------------------------- the screen -- */

static char *
title_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "title"));
}

static char *
value_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "shown"));
}

static char *
help_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "help"));
}

static const KontorColumn columns[] = {
  { "title", N_ ("Setting"), KONTOR_COLUMN_TEXT, 23, 0, FALSE, FALSE, COLUMN_TITLE, title_cell },
  { "value", N_ ("Value"), KONTOR_COLUMN_TEXT, 16, 0, FALSE, FALSE, COLUMN_VALUE, value_cell },
  { "help", N_ ("What it does"), KONTOR_COLUMN_TEXT, 80, 1, FALSE, FALSE, KONTOR_INDEX_NO_COLUMN,
    help_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;

  kontor_detail_section (writer, kontor_record_text (record, "title"));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Value"), value_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("At first"),
                     kontor_record_text (record, "initial"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("What it does"),
                     kontor_record_text (record, "help"), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("In the file"),
                     kontor_record_text (record, "name"), NULL);
}

const KontorScreenDeclaration kontor_preferences_screen = {
  .name = "preferences",
  .title = N_ ("Preferences"),
  .letter = ',',
  .prefix = "setting",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_ORDER,
  .facet = COLUMN_VALUE,
  .detail = write_detail,
  .fill = fill,
  .filled = KONTOR_FILL_WHEN_SHOWN | KONTOR_FILL_ON_SETTING,
  .enter = "setting.change",
};
