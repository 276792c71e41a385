/* audit.c: the screen of the audit log: who did what, or was not let. */
#include "core/console/screen.h"
#include "core/console/text.h"
#include "core/sync.h"

enum
{
  PATH_ACTION,
  PATH_NAME,
  PATH_ACTOR,
  PATH_TARGET,
  PATH_OUTCOME,
  PATH_REMOTE,
};

static const KontorIndexPath paths[] = {
  [PATH_ACTION] = { "action", KONTOR_PATH_TEXT },
  [PATH_NAME] = { "actor.name", KONTOR_PATH_TEXT },
  [PATH_ACTOR] = { "actor.id", KONTOR_PATH_TEXT },
  [PATH_TARGET] = { "target", KONTOR_PATH_TEXT },
  [PATH_OUTCOME] = { "outcome", KONTOR_PATH_TEXT },
  [PATH_REMOTE] = { "remote", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_STREAM_AUDIT_ENTRY, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_ACTION,
  COLUMN_OUTCOME,
  COLUMN_CREATED,
  COLUMN_WHO,
  COLUMN_ACTOR,
  COLUMN_TARGET,
  COLUMN_REMOTE,
};

static const KontorIndexColumn index_columns[] = {
  [COLUMN_ACTION] = { "action", KONTOR_INDEX_WORD },
  [COLUMN_OUTCOME] = { "outcome", KONTOR_INDEX_WORD },
  [COLUMN_CREATED] = { "created", KONTOR_INDEX_TIME },
  [COLUMN_WHO] = { "who", KONTOR_INDEX_TEXT },
  [COLUMN_ACTOR] = { "actor", KONTOR_INDEX_TEXT },
  [COLUMN_TARGET] = { "on", KONTOR_INDEX_TEXT },
  [COLUMN_REMOTE] = { "ip", KONTOR_INDEX_TEXT },
};

static const KontorFindField fields[] = {
  { "who", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Who did it, by name."), COLUMN_WHO },
  { "action", KONTOR_FIND_WORD, NULL, NULL, N_ ("What was done, such as refund.*."),
    COLUMN_ACTION },
  { "on", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of what it was done to."), COLUMN_TARGET },
  { "outcome", KONTOR_FIND_WORD, NULL, NULL, N_ ("How it ended: ok, or why it was refused."),
    COLUMN_OUTCOME },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When, as in 1h, today or 2026-10."),
    COLUMN_CREATED },
  { "ip", KONTOR_FIND_TEXT, NULL, NULL, N_ ("From where."), COLUMN_REMOTE },
  { "actor", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of who did it: user_… or key_…."),
    COLUMN_ACTOR },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *entry = values[0];

  row->texts[COLUMN_ACTION] = entry[PATH_ACTION].text;
  row->texts[COLUMN_OUTCOME] = entry[PATH_OUTCOME].text;
  row->numbers[COLUMN_CREATED] = created;
  row->texts[COLUMN_WHO] = entry[PATH_NAME].text;
  row->texts[COLUMN_ACTOR] = entry[PATH_ACTOR].text;
  row->texts[COLUMN_TARGET] = entry[PATH_TARGET].text;
  row->texts[COLUMN_REMOTE] = entry[PATH_REMOTE].text;
  return TRUE;
}

static const KontorIndexTable table
    = { "audit", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_INDEX_NO_COLUMN,
        parts,   1, make };

/* --------------------------------------------------------------------------------- the screen -- */

static char *
who_cell (const KontorRecord *record, const KontorFormat *format)
{
  const char *name = kontor_record_text (record, "actor.name");

  return kontor_format_text (format, name != NULL ? name : kontor_record_text (record, "actor.id"));
}

static char *
action_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "action"));
}

static char *
target_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "target"));
}

static char *
outcome_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "outcome"));
}

static char *
remote_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "remote"));
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, kontor_item_created (record->item));
}

static char *
number_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, kontor_record_text (record, "number"));
}

static const KontorColumn columns[] = {
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 1, FALSE, FALSE, COLUMN_CREATED, created_cell },
  { "who", N_ ("Who"), KONTOR_COLUMN_TEXT, 20, 2, FALSE, FALSE, COLUMN_WHO, who_cell },
  { "action", N_ ("Action"), KONTOR_COLUMN_TEXT, 24, 0, FALSE, FALSE, COLUMN_ACTION, action_cell },
  { "outcome", N_ ("Outcome"), KONTOR_COLUMN_STATUS, 8, 3, FALSE, FALSE, COLUMN_OUTCOME,
    outcome_cell },
  { "on", N_ ("Object"), KONTOR_COLUMN_ID, 28, 4, FALSE, FALSE, COLUMN_TARGET, target_cell },
  { "ip", N_ ("From"), KONTOR_COLUMN_ID, 15, 5, FALSE, FALSE, COLUMN_REMOTE, remote_cell },
  { "number", N_ ("Number"), KONTOR_COLUMN_ID, 8, 6, TRUE, TRUE, KONTOR_INDEX_NO_COLUMN,
    number_cell },
  { NULL },
};

/* Each entry names the one before it by its hash: so none can be taken away or altered unseen. */
static void
write_chain (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;

  kontor_detail_section (writer, _ ("Chain"));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Number"),
                      number_cell (record, writer->format));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Hash"), kontor_record_text (record, "hash"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Before it"),
                     kontor_record_text (record, "previous"), NULL);
}

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorFormat *format = writer->format;
  const char *target = kontor_record_text (record, "target");
  const char *request = kontor_record_text (record, "request");
  const char *id = kontor_item_id (record->item);
  g_autofree char *path = kontor_screen_path (&kontor_audit_screen, id);
  g_autofree char *verified = g_strconcat (path, "?verify=true", NULL);
  g_autofree char *summary = kontor_record_json (record, "summary");

  kontor_detail_section (writer, _ ("Audit entry"));
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Who"), who_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Their id"),
                     kontor_record_text (record, "actor.id"), NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Action"), action_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Object"), target, target);
  kontor_detail_take (writer, KONTOR_DETAIL_STATUS, _ ("Outcome"), outcome_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("When"), created_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("From"), kontor_record_text (record, "remote"),
                     NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Request"), request, request);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), id, NULL);
  write_chain (writer);
  if (summary != NULL)
    {
      kontor_detail_section (writer, _ ("What was asked for"));
      kontor_detail_add (writer, KONTOR_DETAIL_JSON, "", summary, NULL);
    }
  kontor_detail_json (writer, verified);
}

const KontorScreenDeclaration kontor_audit_screen = {
  .name = "audit",
  .title = N_ ("Audit"),
  .letter = 'L',
  .path = "/v1/kontor/audit_log/%s",
  .table = &table,
  .fields = fields,
  .columns = columns,
  .sort = COLUMN_CREATED,
  .facet = COLUMN_OUTCOME,
  .detail = write_detail,
  .prefix = "alog",
  .empty = N_ ("Nothing to see: who reads this log needs a role or a key that may"),
};
