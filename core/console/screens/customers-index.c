/* customers-index.c: what customers are searched and sorted by. */
#include "core/console/screens/tables.h"

#include "core/console/text.h"
#include "core/resource.h"

static const char *const flags[] = { "delinquent", NULL };

enum
{
  NAME,
  EMAIL,
  PHONE,
  DESCRIPTION,
  BUSINESS,
  METADATA,
  CURRENCY,
  BALANCE,
  DELINQUENT,
  DELETED,
};

static const KontorIndexPath paths[] = {
  [NAME] = { "name", KONTOR_PATH_TEXT },
  [EMAIL] = { "email", KONTOR_PATH_TEXT },
  [PHONE] = { "phone", KONTOR_PATH_TEXT },
  [DESCRIPTION] = { "description", KONTOR_PATH_TEXT },
  [BUSINESS] = { "business_name", KONTOR_PATH_TEXT },
  [METADATA] = { "metadata", KONTOR_PATH_TEXTS },
  [CURRENCY] = { "currency", KONTOR_PATH_TEXT },
  [BALANCE] = { "balance", KONTOR_PATH_NUMBER },
  [DELINQUENT] = { "delinquent", KONTOR_PATH_NUMBER },
  [DELETED] = { "deleted", KONTOR_PATH_NUMBER },
};

static const KontorIndexPart parts[] = { { KONTOR_KIND_CUSTOMER, paths, G_N_ELEMENTS (paths) } };

static const KontorIndexColumn columns[] = {
  [KONTOR_CUSTOMER_NAME] = { "name", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_EMAIL] = { "email", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_PHONE] = { "phone", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_DESCRIPTION] = { "description", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_BUSINESS] = { "business", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_METADATA] = { "metadata", KONTOR_INDEX_TEXT },
  [KONTOR_CUSTOMER_CURRENCY] = { "currency", KONTOR_INDEX_WORD },
  [KONTOR_CUSTOMER_BALANCE] = { "balance", KONTOR_INDEX_AMOUNT },
  [KONTOR_CUSTOMER_FLAGS] = { "is", KONTOR_INDEX_FLAGS },
  [KONTOR_CUSTOMER_CREATED] = { "created", KONTOR_INDEX_TIME },
};

const KontorFindField kontor_customer_fields[] = {
  { "name", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What they are called."), KONTOR_CUSTOMER_NAME },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Their mail address."), KONTOR_CUSTOMER_EMAIL },
  { "phone", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Their telephone number."), KONTOR_CUSTOMER_PHONE },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("Since when they are known, as in 7d or 2026-10."),
    KONTOR_CUSTOMER_CREATED },
  { "balance", KONTOR_FIND_MONEY, NULL, NULL, N_ ("What they owe; less than 0 is to their credit."),
    KONTOR_CUSTOMER_BALANCE },
  { "currency", KONTOR_FIND_WORD, NULL, NULL, N_ ("The currency they pay in."),
    KONTOR_CUSTOMER_CURRENCY },
  { "is", KONTOR_FIND_FLAG, flags, NULL, N_ ("How things stand with them."),
    KONTOR_CUSTOMER_FLAGS },
  { "description", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What is said of them."),
    KONTOR_CUSTOMER_DESCRIPTION },
  { "business", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The name of their business."),
    KONTOR_CUSTOMER_BUSINESS },
  { "metadata", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Words of their metadata."),
    KONTOR_CUSTOMER_METADATA },
  { NULL },
};

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *customer = values[0];

  if (customer[DELETED].number == 1)
    return FALSE;
  row->texts[KONTOR_CUSTOMER_NAME] = customer[NAME].text;
  row->texts[KONTOR_CUSTOMER_EMAIL] = customer[EMAIL].text;
  row->texts[KONTOR_CUSTOMER_PHONE] = customer[PHONE].text;
  row->texts[KONTOR_CUSTOMER_DESCRIPTION] = customer[DESCRIPTION].text;
  row->texts[KONTOR_CUSTOMER_BUSINESS] = customer[BUSINESS].text;
  row->texts[KONTOR_CUSTOMER_METADATA] = customer[METADATA].text;
  row->texts[KONTOR_CUSTOMER_CURRENCY] = customer[CURRENCY].text;
  if (customer[BALANCE].number != KONTOR_NONE)
    row->numbers[KONTOR_CUSTOMER_BALANCE] = customer[BALANCE].number;
  row->numbers[KONTOR_CUSTOMER_FLAGS] = customer[DELINQUENT].number == 1;
  row->numbers[KONTOR_CUSTOMER_CREATED] = created;
  return TRUE;
}

const KontorIndexTable kontor_customer_table
    = { "customers", 1, columns, G_N_ELEMENTS (columns), KONTOR_CUSTOMER_CURRENCY, parts, 1, make };
