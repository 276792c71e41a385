/* journal.c: the journal's entries in the detail of what they book. */
#include "core/console/screens/journal.h"

#include <string.h>

#include "core/console/desk.h"
#include "core/console/text.h"
#include "core/json.h"
#include "core/resource.h"
#include "core/sync.h"

#define MOST_ENTRIES 8

enum
{
  PATH_SOURCE,
};

static const KontorIndexPath paths[] = {
  [PATH_SOURCE] = { "source", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[]
    = { { KONTOR_STREAM_LEDGER_ENTRY, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN } };

enum
{
  COLUMN_SOURCE,
};

static const KontorIndexColumn columns[] = {
  [COLUMN_SOURCE] = { "source", KONTOR_INDEX_NUMBER },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const char *source = values[0][PATH_SOURCE].text;
  gint64 key = source != NULL ? kontor_sync_row (KONTOR_KIND_BALANCE_TRANSACTION, source) : 0;

  row->numbers[COLUMN_SOURCE] = MAX (key, 0);
  return TRUE;
}

static const KontorIndexTable table
    = { "journal", 1, columns, G_N_ELEMENTS (columns), KONTOR_INDEX_NO_COLUMN, parts, 1, make };

/* The words of docs/ledger.md. */
static const struct
{
  const char *name, *title;
} accounts[] = {
  { "clearing", N_ ("Clearing") },
  { "pending", N_ ("Pending") },
  { "available", N_ ("Available") },
  { "fees", N_ ("Fees") },
};

static const char *
account_title (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    if (g_strcmp0 (accounts[i].name, name) == 0)
      return _ (accounts[i].title);
  return g_intern_string (name != NULL ? name : "");
}

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = kontor_value_get (object, name);

  return value != NULL && value->type != KONTOR_VALUE_NULL ? value->text : NULL;
}

/* One line: "debit 20.00 EUR", and for what waits since when it can be paid out. */
static void
write_posting (KontorDetailWriter *writer, const KontorValue *posting)
{
  const char *amount_text = text_of (posting, "amount"), *on = text_of (posting, "available_on");
  gint64 amount = amount_text != NULL ? g_ascii_strtoll (amount_text, NULL, 10) : 0;
  g_autofree char *money
      = kontor_format_money (writer->format, ABS (amount), text_of (posting, "currency"));
  g_autofree char *time
      = kontor_format_time (writer->format, on != NULL ? g_ascii_strtoll (on, NULL, 10) : 0);
  g_autofree char *side = g_strdup_printf (amount < 0 ? _ ("credit  %s") : _ ("debit   %s"), money);

  kontor_detail_take (writer, KONTOR_DETAIL_TEXT, account_title (text_of (posting, "account")),
                      *time != '\0' ? g_strdup_printf ("%s  %s", side, time) : g_strdup (side));
}

/* Only the server knows how far the books are sealed. */
static void
write_seal (KontorDetailWriter *writer, const char *entry)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  g_autofree char *path = g_strdup_printf ("/v1/kontor/ledger_entries/%s", entry);
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *answer = kontor_desk_fetch (desk, path), *problem, *number;
  const KontorValue *json
      = answer != NULL ? kontor_json_parse (arena, answer, strlen (answer), &problem) : NULL;
  const KontorValue *block = json != NULL ? kontor_value_get (json, "block") : NULL;

  if (block == NULL)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Seal"),
                       kontor_desk_is_online (desk) ? _ ("asking…") : _ ("needs the server"), NULL);
  else if (block->type != KONTOR_VALUE_OBJECT)
    kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Seal"), "pending", NULL);
  else if ((number = text_of (block, "number")) != NULL)
    kontor_detail_take (writer, KONTOR_DETAIL_TEXT, _ ("Seal"),
                        g_strdup_printf (_ ("in signed block %s"), number));
}

static void
write_entry (KontorDetailWriter *writer, const KontorRecord *entry)
{
  const KontorValue *postings = kontor_value_get (entry->json, "postings");

  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Entry"), kontor_item_id (entry->item), NULL);
  write_seal (writer, kontor_item_id (entry->item));
  for (const KontorValue *posting = postings != NULL ? postings->first : NULL; posting != NULL;
       posting = posting->next)
    if (posting->type == KONTOR_VALUE_OBJECT)
      write_posting (writer, posting);
}

/**
 * kontor_journal_write:
 * @writer: the detail being written
 * @transaction: the id of a balance transaction
 *
 * What the books say of it. The copy holds the journal's newest entries alone: where the entry is
 * not among them, that is said.
 */
void
kontor_journal_write (KontorDetailWriter *writer, const char *transaction)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  gint64 key = kontor_sync_row (KONTOR_KIND_BALANCE_TRANSACTION, transaction);
  g_autoptr (GArray) keys = desk != NULL && key >= 0 ? kontor_shelf_related (
                                kontor_desk_shelf (desk), &table, COLUMN_SOURCE, key, MOST_ENTRIES)
                                                     : NULL;

  kontor_detail_section (writer, _ ("Journal"));
  if (keys != NULL && keys->len == 0)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Entry"),
                       _ ("older than the journal of this copy"), NULL);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));

      if (item != NULL)
        write_entry (writer, kontor_desk_record (desk, item));
    }
}
