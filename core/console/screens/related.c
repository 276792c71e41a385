/* related.c: what belongs to an object, in the object's own detail: attempts, refunds, cards. */
#include "core/console/screens/related.h"

#include "core/console/desk.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/balance_transaction.h"
#include "core/resources/note.h"
#include "core/resources/refund.h"
#include "core/sync.h"

#define MOST_MOVES 20
#define MOST_NOTES 50

static gint64
key_of (const char *id)
{
  const KontorResource *resource = id != NULL ? kontor_resource_by_prefix (id) : NULL;

  return resource != NULL ? MAX (kontor_sync_row (resource->kind, id), 0) : 0;
}

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  row->numbers[KONTOR_RELATED_TO] = key_of (values[0][KONTOR_RELATED_TO].text);
  row->numbers[KONTOR_RELATED_CUSTOMER] = key_of (values[0][KONTOR_RELATED_CUSTOMER].text);
  return TRUE;
}

static const KontorIndexColumn columns[] = {
  [KONTOR_RELATED_TO] = { "to", KONTOR_INDEX_NUMBER },
  [KONTOR_RELATED_CUSTOMER] = { "customer", KONTOR_INDEX_NUMBER },
};

#define BELONGS_TO(member)                                                                         \
  {                                                                                                \
    [KONTOR_RELATED_TO] = { member, KONTOR_PATH_TEXT },                                            \
    [KONTOR_RELATED_CUSTOMER] = { "customer", KONTOR_PATH_TEXT },                                  \
  }

static const KontorIndexPath charge_paths[] = BELONGS_TO ("payment_intent");
static const KontorIndexPath refund_paths[] = BELONGS_TO ("charge");
static const KontorIndexPath method_paths[] = BELONGS_TO ("setup_intent");

static const KontorIndexPath note_paths[] = BELONGS_TO ("on");

static const KontorIndexPart charge_parts[]
    = { { KONTOR_KIND_CHARGE, charge_paths, 2, KONTOR_INDEX_NO_COLUMN } };
static const KontorIndexPart refund_parts[]
    = { { KONTOR_KIND_REFUND, refund_paths, 2, KONTOR_INDEX_NO_COLUMN } };
static const KontorIndexPart method_parts[]
    = { { KONTOR_KIND_PAYMENT_METHOD, method_paths, 2, KONTOR_INDEX_NO_COLUMN } };
static const KontorIndexPart note_parts[]
    = { { KONTOR_KIND_NOTE, note_paths, 2, KONTOR_INDEX_NO_COLUMN } };

static const KontorIndexTable note_table
    = { "notes", 1, columns, 2, KONTOR_INDEX_NO_COLUMN, note_parts, 1, make };
const KontorIndexTable kontor_charge_table
    = { "charges", 1, columns, 2, KONTOR_INDEX_NO_COLUMN, charge_parts, 1, make };
const KontorIndexTable kontor_refund_table
    = { "refunds", 1, columns, 2, KONTOR_INDEX_NO_COLUMN, refund_parts, 1, make };
const KontorIndexTable kontor_method_table
    = { "methods", 1, columns, 2, KONTOR_INDEX_NO_COLUMN, method_parts, 1, make };

/**
 * kontor_related_write:
 * @writer: the detail being written
 * @section: what they are called, translated; %NULL: without a heading
 * @table: of what belongs to something
 * @column: which of its columns names that
 * @id: (nullable): of what they belong to
 * @most: how many are written at most, the newest
 * @write: writes one
 *
 * Nothing is written as long as the table is being read: the screen tells when it is there.
 *
 * Returns: how many there were
 */
guint
kontor_related_write (KontorDetailWriter *writer,
                      const char *section,
                      const KontorIndexTable *table,
                      guint column,
                      const char *id,
                      guint most,
                      KontorRelatedFunc write)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  gint64 key = key_of (id);
  g_autoptr (GArray) keys
      = desk != NULL && key > 0
            ? kontor_shelf_related (kontor_desk_shelf (desk), table, column, key, most)
            : NULL;

  if (keys == NULL || keys->len == 0)
    return 0;
  if (section != NULL)
    kontor_detail_section (writer, section);
  for (guint i = 0; i < keys->len; i++)
    {
      g_autoptr (KontorItem) item = kontor_desk_load (desk, g_array_index (keys, gint64, i));

      if (item != NULL)
        write (writer, kontor_desk_record (desk, item));
    }
  return keys->len;
}

/**
 * kontor_related_refund:
 * @writer: the detail being written
 * @record: a refund
 *
 * Writes it in one line.
 */
void
kontor_related_refund (KontorDetailWriter *writer, const KontorRecord *record)
{
  const KontorRefund *refund = (const KontorRefund *) record->object;
  const KontorField *field = kontor_shape_find (&refund->head.resource->shape, "status");
  g_autofree char *time = kontor_format_moment (writer->format, refund->head.created, writer->now);
  g_autofree char *money = kontor_format_money (writer->format, refund->amount, refund->currency);
  g_autofree char *text = g_strdup_printf ("%s  %s  %s  %s", time, money,
                                           refund->status >= 0 ? field->values[refund->status] : "",
                                           refund->reason != NULL ? refund->reason : "");

  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, "", g_strchomp (text), NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, "", refund->head.id, NULL);
}

static void
write_note (KontorDetailWriter *writer, const KontorRecord *record)
{
  const KontorNote *note = (const KontorNote *) record->object;
  g_autofree char *time = kontor_format_moment (writer->format, note->head.created, writer->now);
  g_autofree char *head
      = g_strdup_printf ("%s  %s", time, note->author_name != NULL ? note->author_name : "");

  if (note->deleted == 1)
    return;
  kontor_detail_add (writer, KONTOR_DETAIL_ID, "", head, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, "", note->text, NULL);
}

/**
 * kontor_related_notes:
 * @writer: the detail being written
 * @id: of an object
 *
 * Writes what people wrote down about it, the newest first.
 */
void
kontor_related_notes (KontorDetailWriter *writer, const char *id)
{
  kontor_related_write (writer, _ ("Notes"), &note_table, KONTOR_RELATED_TO, id, MOST_NOTES,
                        write_note);
}

static void
write_move (KontorDetailWriter *writer, const KontorRecord *record)
{
  const KontorBalanceTransaction *change = (const KontorBalanceTransaction *) record->object;
  g_autofree char *time = kontor_format_moment (writer->format, change->head.created, writer->now);
  g_autofree char *net = kontor_format_money (writer->format, change->net, change->currency);
  g_autofree char *text = g_strdup_printf ("%s  %s  %s", time, change->type, net);

  kontor_detail_add (writer, KONTOR_DETAIL_LINK, "", text, change->head.id);
}

/**
 * kontor_related_moves:
 * @writer: the detail being written
 * @ids: (array zero-terminated=1): charges and refunds
 *
 * Writes what they did to the balance, net of fees; each line leads to the entry and its journal.
 */
void
kontor_related_moves (KontorDetailWriter *writer, const char *const *ids)
{
  const char *section = _ ("Balance entries");

  for (guint i = 0; ids[i] != NULL; i++)
    if (kontor_related_write (writer, section, &kontor_balance_table, KONTOR_BALANCE_ABOUT, ids[i],
                              MOST_MOVES, write_move)
        > 0)
      section = NULL;
}
