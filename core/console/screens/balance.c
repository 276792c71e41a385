/* balance.c: the screen of the balance: what there is by currency, and all that changed it. */
#include <string.h>

#include "core/console/screen.h"
#include "core/console/screens/journal.h"
#include "core/console/screens/tables.h"
#include "core/console/text.h"
#include "core/resources/balance_transaction.h"
#include "core/sync.h"

enum
{
  PATH_TYPE,
  PATH_CURRENCY,
  PATH_NET,
  PATH_AMOUNT,
  PATH_FEE,
  PATH_AVAILABLE,
  PATH_SOURCE,
};

static const KontorIndexPath paths[] = {
  [PATH_TYPE] = { "type", KONTOR_PATH_TEXT },
  [PATH_CURRENCY] = { "currency", KONTOR_PATH_TEXT },
  [PATH_NET] = { "net", KONTOR_PATH_NUMBER },
  [PATH_AMOUNT] = { "amount", KONTOR_PATH_NUMBER },
  [PATH_FEE] = { "fee", KONTOR_PATH_NUMBER },
  [PATH_AVAILABLE] = { "available_on", KONTOR_PATH_NUMBER },
  [PATH_SOURCE] = { "source", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[] = {
  { KONTOR_KIND_BALANCE_TRANSACTION, paths, G_N_ELEMENTS (paths), KONTOR_INDEX_NO_COLUMN },
};

/* What is summed under the list is the first amount: the net, as the balance is. */
static const KontorIndexColumn index_columns[] = {
  [KONTOR_BALANCE_TYPE] = { "type", KONTOR_INDEX_WORD },
  [KONTOR_BALANCE_CURRENCY] = { "currency", KONTOR_INDEX_WORD },
  [KONTOR_BALANCE_NET] = { "net", KONTOR_INDEX_AMOUNT },
  [KONTOR_BALANCE_AMOUNT] = { "amount", KONTOR_INDEX_AMOUNT },
  [KONTOR_BALANCE_FEE] = { "fee", KONTOR_INDEX_AMOUNT },
  [KONTOR_BALANCE_AVAILABLE] = { "available", KONTOR_INDEX_TIME },
  [KONTOR_BALANCE_CREATED] = { "created", KONTOR_INDEX_TIME },
  [KONTOR_BALANCE_ABOUT] = { "about", KONTOR_INDEX_NUMBER },
  [KONTOR_BALANCE_SOURCE] = { "source", KONTOR_INDEX_TEXT },
};

static const KontorFindField fields[] = {
  { "type", KONTOR_FIND_WORD, NULL, NULL, N_ ("What moved it, such as charge or refund."),
    KONTOR_BALANCE_TYPE },
  { "net", KONTOR_FIND_MONEY, NULL, NULL, N_ ("By how much, after fees, as in >100 or <0eur."),
    KONTOR_BALANCE_NET },
  { "amount", KONTOR_FIND_MONEY, NULL, NULL, N_ ("By how much, before fees."),
    KONTOR_BALANCE_AMOUNT },
  { "currency", KONTOR_FIND_WORD, NULL, NULL, N_ ("Its currency, such as eur."),
    KONTOR_BALANCE_CURRENCY },
  { "available", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it can be paid out, as in >today."),
    KONTOR_BALANCE_AVAILABLE },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was booked, as in 7d or 2026-10."),
    KONTOR_BALANCE_CREATED },
  { "fee", KONTOR_FIND_MONEY, NULL, NULL, N_ ("What it cost."), KONTOR_BALANCE_FEE },
  { "source", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The id of the charge or refund."),
    KONTOR_BALANCE_SOURCE },
  { NULL },
};

static gint64
key_of (const char *id)
{
  const KontorResource *resource = id != NULL ? kontor_resource_by_prefix (id) : NULL;

  return resource != NULL ? MAX (kontor_sync_row (resource->kind, id), 0) : 0;
}

static gint64
number (KontorIndexValue value)
{
  return value.number == KONTOR_NONE ? 0 : value.number;
}

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *change = values[0];

  row->texts[KONTOR_BALANCE_TYPE] = change[PATH_TYPE].text;
  row->texts[KONTOR_BALANCE_CURRENCY] = change[PATH_CURRENCY].text;
  row->numbers[KONTOR_BALANCE_NET] = number (change[PATH_NET]);
  row->numbers[KONTOR_BALANCE_AMOUNT] = number (change[PATH_AMOUNT]);
  row->numbers[KONTOR_BALANCE_FEE] = number (change[PATH_FEE]);
  row->numbers[KONTOR_BALANCE_AVAILABLE] = number (change[PATH_AVAILABLE]);
  row->numbers[KONTOR_BALANCE_CREATED] = created;
  row->numbers[KONTOR_BALANCE_ABOUT] = key_of (change[PATH_SOURCE].text);
  row->texts[KONTOR_BALANCE_SOURCE] = change[PATH_SOURCE].text;
  return TRUE;
}

const KontorIndexTable kontor_balance_table
    = { "balance", 1, index_columns, G_N_ELEMENTS (index_columns), KONTOR_BALANCE_CURRENCY,
        parts,     1, make };

/* ----------------------------------------------------------------------------------- the head -- */

/* What became, or becomes, available within some time, by currency. */
static char *
sum_within (KontorIndex *index, const KontorFormat *format, gint64 from, gint64 to)
{
  static const KontorFindField field
      = { "available", KONTOR_FIND_TIME, NULL, NULL, NULL, KONTOR_BALANCE_AVAILABLE };
  KontorFindValue value = { .tick = -1, .low = from, .high = to };
  KontorFindTerm term = { .field = &field, .n = 1, .values = &value, .text = "" };
  KontorFind find = { 1, &term };
  g_autoptr (KontorAnswer) answer = kontor_index_ask (index, &find, NULL, KONTOR_INDEX_NO_COLUMN);

  return kontor_screen_sum (answer, KONTOR_BALANCE_NET, format);
}

/* As GET /v1/balance has it: what is available follows from the time alone. */
static char *
head (KontorIndex *index, const KontorFormat *format, gint64 now)
{
  g_autofree char *available = sum_within (index, format, 0, now);
  g_autofree char *pending = sum_within (index, format, now + 1, G_MAXUINT32);

  return g_strdup_printf (_ ("Available  %s\nPending  %s"), *available != '\0' ? available : "0",
                          *pending != '\0' ? pending : "0");
}

/* --------------------------------------------------------------------------------- the screen -- */

static const KontorBalanceTransaction *
change_of (const KontorRecord *record)
{
  return (const KontorBalanceTransaction *) record->object;
}

static char *
type_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, change_of (record)->type);
}

static char *
amount_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_money (format, change_of (record)->amount, change_of (record)->currency);
}

static char *
fee_cell (const KontorRecord *record, const KontorFormat *format)
{
  const KontorBalanceTransaction *change = change_of (record);

  return change->fee != 0 ? kontor_format_money (format, change->fee, change->currency)
                          : g_strdup ("");
}

static char *
net_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_money (format, change_of (record)->net, change_of (record)->currency);
}

static char *
available_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, change_of (record)->available_on);
}

static char *
created_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_time (format, record->object->created);
}

static char *
source_cell (const KontorRecord *record, const KontorFormat *format)
{
  return kontor_format_text (format, change_of (record)->source);
}

static char *
id_cell (const KontorRecord *record, const KontorFormat *format)
{
  return g_strdup (record->object->id);
}

static const KontorColumn columns[] = {
  { "net", N_ ("Net"), KONTOR_COLUMN_MONEY, 15, 0, TRUE, FALSE, KONTOR_BALANCE_NET, net_cell },
  { "type", N_ ("Type"), KONTOR_COLUMN_TEXT, 14, 1, FALSE, FALSE, KONTOR_BALANCE_TYPE, type_cell },
  { "amount", N_ ("Amount"), KONTOR_COLUMN_MONEY, 15, 4, TRUE, FALSE, KONTOR_BALANCE_AMOUNT,
    amount_cell },
  { "fee", N_ ("Fee"), KONTOR_COLUMN_MONEY, 12, 5, TRUE, FALSE, KONTOR_BALANCE_FEE, fee_cell },
  { "created", N_ ("Date"), KONTOR_COLUMN_TIME, 16, 2, FALSE, FALSE, KONTOR_BALANCE_CREATED,
    created_cell },
  { "available", N_ ("Available"), KONTOR_COLUMN_TIME, 16, 3, FALSE, FALSE,
    KONTOR_BALANCE_AVAILABLE, available_cell },
  { "source", N_ ("Of"), KONTOR_COLUMN_ID, 28, 6, FALSE, FALSE, KONTOR_BALANCE_SOURCE,
    source_cell },
  { "id", N_ ("Id"), KONTOR_COLUMN_ID, 28, 7, FALSE, TRUE, KONTOR_INDEX_NO_COLUMN, id_cell },
  { NULL },
};

static void
write_detail (KontorDetailWriter *writer)
{
  const KontorRecord *record = writer->record;
  const KontorFormat *format = writer->format;
  const KontorBalanceTransaction *change = change_of (record);

  kontor_detail_section (writer, _ ("Balance entry"));
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Type"), change->type, NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_MONEY, _ ("Amount"), amount_cell (record, format));
  if (change->fee != 0)
    kontor_detail_take (writer, KONTOR_DETAIL_MONEY, _ ("Fee"), fee_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_MONEY, _ ("Net"), net_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_STATUS, _ ("Status"),
                     change->available_on <= writer->now ? "available" : "pending", NULL);
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Available"), available_cell (record, format));
  kontor_detail_take (writer, KONTOR_DETAIL_TIME, _ ("Booked"), created_cell (record, format));
  kontor_detail_add (writer, KONTOR_DETAIL_LINK, _ ("Of"), change->source, change->source);
  kontor_detail_add (writer, KONTOR_DETAIL_TEXT, _ ("Description"), change->description, NULL);
  kontor_detail_add (writer, KONTOR_DETAIL_ID, _ ("Id"), record->object->id, NULL);
  kontor_journal_write (writer, record->object->id);
  kontor_detail_json (writer, NULL);
}

const KontorScreenDeclaration kontor_balance_screen = {
  .name = "balance",
  .title = N_ ("Balance"),
  .letter = 'b',
  .path = "/v1/balance_transactions/%s",
  .table = &kontor_balance_table,
  .fields = fields,
  .columns = columns,
  .sort = KONTOR_BALANCE_CREATED,
  .facet = KONTOR_BALANCE_TYPE,
  .detail = write_detail,
  .head = head,
};
