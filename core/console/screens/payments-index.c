/* payments-index.c: what payments are searched and sorted by, with their latest charge's facts. */
#include "core/console/screens/tables.h"

#include "core/console/text.h"
#include "core/id.h"
#include "core/resource.h"

static const char *const statuses[]
    = { "succeeded",  "partially_refunded", "refunded",        "disputed",   "failed", "canceled",
        "uncaptured", "processing",         "requires_action", "incomplete", NULL };
static const char *const flags[] = { "refunded", "disputed", "captured", "off_session", NULL };

enum
{
  INTENT_STATUS,
  INTENT_AMOUNT,
  INTENT_CURRENCY,
  INTENT_CUSTOMER,
  INTENT_DESCRIPTION,
  INTENT_RECEIPT_EMAIL,
  INTENT_ERROR,
  INTENT_METADATA,
  INTENT_OFF_SESSION,
  INTENT_LATEST_CHARGE,
};

static const KontorIndexPath intent_paths[] = {
  [INTENT_STATUS] = { "status", KONTOR_PATH_TEXT },
  [INTENT_AMOUNT] = { "amount", KONTOR_PATH_NUMBER },
  [INTENT_CURRENCY] = { "currency", KONTOR_PATH_TEXT },
  [INTENT_CUSTOMER] = { "customer", KONTOR_PATH_TEXT },
  [INTENT_DESCRIPTION] = { "description", KONTOR_PATH_TEXT },
  [INTENT_RECEIPT_EMAIL] = { "receipt_email", KONTOR_PATH_TEXT },
  [INTENT_ERROR] = { "last_payment_error", KONTOR_PATH_PRESENCE },
  [INTENT_METADATA] = { "metadata", KONTOR_PATH_TEXTS },
  [INTENT_OFF_SESSION] = { "off_session", KONTOR_PATH_NUMBER },
  [INTENT_LATEST_CHARGE] = { "latest_charge", KONTOR_PATH_TEXT },
};

enum
{
  CHARGE_STATUS,
  CHARGE_REFUNDED,
  CHARGE_DISPUTED,
  CHARGE_CAPTURED,
  CHARGE_FAILURE,
  CHARGE_BRAND,
  CHARGE_LAST4,
  CHARGE_INTENT,
};

static const KontorIndexPath charge_paths[] = {
  [CHARGE_STATUS] = { "status", KONTOR_PATH_TEXT },
  [CHARGE_REFUNDED] = { "amount_refunded", KONTOR_PATH_NUMBER },
  [CHARGE_DISPUTED] = { "disputed", KONTOR_PATH_NUMBER },
  [CHARGE_CAPTURED] = { "captured", KONTOR_PATH_NUMBER },
  [CHARGE_FAILURE] = { "failure_code", KONTOR_PATH_TEXT },
  [CHARGE_BRAND] = { "payment_method_details.card.brand", KONTOR_PATH_TEXT },
  [CHARGE_LAST4] = { "payment_method_details.card.last4", KONTOR_PATH_TEXT },
  [CHARGE_INTENT] = { "payment_intent", KONTOR_PATH_TEXT },
};

static const KontorIndexPart parts[] = {
  { KONTOR_KIND_PAYMENT_INTENT, intent_paths, G_N_ELEMENTS (intent_paths), INTENT_LATEST_CHARGE },
  { KONTOR_KIND_CHARGE, charge_paths, G_N_ELEMENTS (charge_paths), CHARGE_INTENT },
};

static const KontorIndexColumn columns[] = {
  [KONTOR_PAYMENT_STATUS] = { "status", KONTOR_INDEX_WORD, statuses },
  [KONTOR_PAYMENT_CURRENCY] = { "currency", KONTOR_INDEX_WORD },
  [KONTOR_PAYMENT_BRAND] = { "card", KONTOR_INDEX_WORD },
  [KONTOR_PAYMENT_FLAGS] = { "is", KONTOR_INDEX_FLAGS },
  [KONTOR_PAYMENT_AMOUNT] = { "amount", KONTOR_INDEX_AMOUNT },
  [KONTOR_PAYMENT_CREATED] = { "created", KONTOR_INDEX_TIME },
  [KONTOR_PAYMENT_CUSTOMER] = { "customer", KONTOR_INDEX_REFERENCE },
  [KONTOR_PAYMENT_DESCRIPTION] = { "description", KONTOR_INDEX_TEXT },
  [KONTOR_PAYMENT_LAST4] = { "last4", KONTOR_INDEX_TEXT },
  [KONTOR_PAYMENT_EMAIL] = { "email", KONTOR_INDEX_TEXT },
  [KONTOR_PAYMENT_FAILURE] = { "failure", KONTOR_INDEX_TEXT },
  [KONTOR_PAYMENT_METADATA] = { "metadata", KONTOR_INDEX_TEXT },
};

const KontorFindField kontor_payment_fields[] = {
  { "status", KONTOR_FIND_WORD, statuses, NULL, N_ ("How far the payment is."),
    KONTOR_PAYMENT_STATUS },
  { "amount", KONTOR_FIND_MONEY, NULL, NULL, N_ ("How much, as in >100 or 10..20eur."),
    KONTOR_PAYMENT_AMOUNT },
  { "currency", KONTOR_FIND_WORD, NULL, NULL, N_ ("Its currency, such as eur."),
    KONTOR_PAYMENT_CURRENCY },
  { "created", KONTOR_FIND_TIME, NULL, NULL, N_ ("When it was made, as in 7d, today or 2026-10."),
    KONTOR_PAYMENT_CREATED },
  { "customer", KONTOR_FIND_REFERENCE, NULL, "cus_", N_ ("Who pays: words of theirs, or an id."),
    KONTOR_PAYMENT_CUSTOMER },
  { "card", KONTOR_FIND_WORD, NULL, NULL, N_ ("The card's brand, such as visa."),
    KONTOR_PAYMENT_BRAND },
  { "last4", KONTOR_FIND_TEXT, NULL, NULL, N_ ("The card's last four digits."),
    KONTOR_PAYMENT_LAST4 },
  { "is", KONTOR_FIND_FLAG, flags, NULL, N_ ("What happened to it, such as refunded."),
    KONTOR_PAYMENT_FLAGS },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Where its receipt goes."), KONTOR_PAYMENT_EMAIL },
  { "description", KONTOR_FIND_TEXT, NULL, NULL, N_ ("What it is for."),
    KONTOR_PAYMENT_DESCRIPTION },
  { "failure", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Why it failed, such as card_declined."),
    KONTOR_PAYMENT_FAILURE },
  { "metadata", KONTOR_FIND_TEXT, NULL, NULL, N_ ("Words of its metadata."),
    KONTOR_PAYMENT_METADATA },
  { NULL },
};

/**
 * kontor_payment_status:
 * @status: (nullable): the payment intent's
 * @has_error: whether the intent's last attempt went wrong
 * @charge_failed: whether its latest charge failed
 * @amount: what was to be paid
 * @refunded: what of it was given back
 * @disputed: whether the customer objects
 *
 * Returns: what people call it, in one word
 */
const char *
kontor_payment_status (const char *status,
                       gboolean has_error,
                       gboolean charge_failed,
                       gint64 amount,
                       gint64 refunded,
                       gboolean disputed)
{
  if (g_strcmp0 (status, "canceled") == 0)
    return "canceled";
  if (g_strcmp0 (status, "requires_capture") == 0)
    return "uncaptured";
  if (g_strcmp0 (status, "processing") == 0)
    return "processing";
  if (g_strcmp0 (status, "requires_action") == 0)
    return "requires_action";
  if (g_strcmp0 (status, "succeeded") != 0)
    return charge_failed || has_error ? "failed" : "incomplete";
  if (disputed)
    return "disputed";
  if (refunded >= amount)
    return "refunded";
  return refunded > 0 ? "partially_refunded" : "succeeded";
}

static gint64
number (gint64 value)
{
  return value == KONTOR_NONE ? 0 : value;
}

static gint64
key_of (guint kind, const char *id)
{
  gint64 tick = kontor_id_tick (id);

  return tick < 0 ? 0 : kontor_key (kind, tick);
}

static gboolean
make (const KontorIndexValue *const *values, gint64 created, KontorIndexRow *row)
{
  const KontorIndexValue *intent = values[0], *charge = values[1];
  gint64 refunded = charge != NULL ? number (charge[CHARGE_REFUNDED].number) : 0;
  gboolean disputed = charge != NULL && charge[CHARGE_DISPUTED].number == 1;
  gboolean failed = charge != NULL && g_strcmp0 (charge[CHARGE_STATUS].text, "failed") == 0;

  row->texts[KONTOR_PAYMENT_STATUS]
      = kontor_payment_status (intent[INTENT_STATUS].text, intent[INTENT_ERROR].number == 1, failed,
                               number (intent[INTENT_AMOUNT].number), refunded, disputed);
  row->texts[KONTOR_PAYMENT_CURRENCY] = intent[INTENT_CURRENCY].text;
  row->numbers[KONTOR_PAYMENT_AMOUNT] = number (intent[INTENT_AMOUNT].number);
  row->numbers[KONTOR_PAYMENT_CREATED] = created;
  row->numbers[KONTOR_PAYMENT_CUSTOMER]
      = key_of (KONTOR_KIND_CUSTOMER, intent[INTENT_CUSTOMER].text);
  row->texts[KONTOR_PAYMENT_DESCRIPTION] = intent[INTENT_DESCRIPTION].text;
  row->texts[KONTOR_PAYMENT_EMAIL] = intent[INTENT_RECEIPT_EMAIL].text;
  row->texts[KONTOR_PAYMENT_METADATA] = intent[INTENT_METADATA].text;
  row->numbers[KONTOR_PAYMENT_FLAGS] = (refunded > 0 ? 1 : 0) | (disputed ? 2 : 0)
                                       | (intent[INTENT_OFF_SESSION].number == 1 ? 8 : 0);
  if (charge != NULL)
    {
      row->numbers[KONTOR_PAYMENT_FLAGS] |= charge[CHARGE_CAPTURED].number == 1 ? 4 : 0;
      row->texts[KONTOR_PAYMENT_BRAND] = charge[CHARGE_BRAND].text;
      row->texts[KONTOR_PAYMENT_LAST4] = charge[CHARGE_LAST4].text;
      row->texts[KONTOR_PAYMENT_FAILURE] = charge[CHARGE_FAILURE].text;
    }
  return TRUE;
}

const KontorIndexTable kontor_payment_table = { "payments",
                                                1,
                                                columns,
                                                G_N_ELEMENTS (columns),
                                                KONTOR_PAYMENT_CURRENCY,
                                                parts,
                                                G_N_ELEMENTS (parts),
                                                make,
                                                &kontor_customer_table };
