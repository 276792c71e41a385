/* columns.c: which members of each kind of object a list shows. */
#include "cli/columns.h"

#include <glib/gi18n.h>

#define TEXT(title, path)                                                                          \
  {                                                                                                \
    { title, .may_shrink = TRUE }, path, KONTOR_VIEW_TEXT                                          \
  }
#define ID(title, path)                                                                            \
  {                                                                                                \
    { title }, path, KONTOR_VIEW_ID                                                                \
  }
#define STATE(title, path)                                                                         \
  {                                                                                                \
    { title }, path, KONTOR_VIEW_STATE                                                             \
  }
#define MONEY(title, path)                                                                         \
  {                                                                                                \
    { title, .to_right = TRUE }, path, KONTOR_VIEW_MONEY                                           \
  }
#define COUNT(title, path)                                                                         \
  {                                                                                                \
    { title, .to_right = TRUE }, path, KONTOR_VIEW_COUNT                                           \
  }
#define TIME(title, path)                                                                          \
  {                                                                                                \
    { title }, path, KONTOR_VIEW_TIME                                                              \
  }
#define CREATED TIME (N_ ("CREATED"), "created")
#define END                                                                                        \
  {                                                                                                \
    {                                                                                              \
      NULL                                                                                         \
    }                                                                                              \
  }

static const KontorViewColumn api_keys[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("NAME"), "name"),
  STATE (N_ ("TYPE"), "type"),
  TEXT (N_ ("KEY"), "hint"),
  CREATED,
  END,
};

static const KontorViewColumn balance_transactions[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("TYPE"), "type"),
  MONEY (N_ ("AMOUNT"), "amount"),
  MONEY (N_ ("FEE"), "fee"),
  MONEY (N_ ("NET"), "net"),
  STATE (N_ ("STATUS"), "status"),
  TIME (N_ ("AVAILABLE ON"), "available_on"),
  END,
};

static const KontorViewColumn charges[] = {
  ID (N_ ("ID"), "id"),
  MONEY (N_ ("AMOUNT"), "amount"),
  MONEY (N_ ("REFUNDED"), "amount_refunded"),
  STATE (N_ ("STATUS"), "status"),
  ID (N_ ("CUSTOMER"), "customer"),
  CREATED,
  TEXT (N_ ("FAILURE"), "failure_code"),
  END,
};

static const KontorViewColumn customers[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("NAME"), "name"),
  TEXT (N_ ("EMAIL"), "email"),
  CREATED,
  TEXT (N_ ("DESCRIPTION"), "description"),
  END,
};

static const KontorViewColumn events[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("TYPE"), "type"),
  ID (N_ ("OBJECT"), "data.object.id"),
  COUNT (N_ ("PENDING"), "pending_webhooks"),
  CREATED,
  END,
};

static const KontorViewColumn payment_intents[] = {
  ID (N_ ("ID"), "id"),
  MONEY (N_ ("AMOUNT"), "amount"),
  STATE (N_ ("STATUS"), "status"),
  ID (N_ ("CUSTOMER"), "customer"),
  CREATED,
  TEXT (N_ ("DESCRIPTION"), "description"),
  END,
};

static const KontorViewColumn payment_methods[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("TYPE"), "type"),
  TEXT (N_ ("BRAND"), "card.brand"),
  TEXT (N_ ("LAST 4"), "card.last4"),
  COUNT (N_ ("MONTH"), "card.exp_month"),
  COUNT (N_ ("YEAR"), "card.exp_year"),
  ID (N_ ("CUSTOMER"), "customer"),
  CREATED,
  END,
};

static const KontorViewColumn refunds[] = {
  ID (N_ ("ID"), "id"),
  MONEY (N_ ("AMOUNT"), "amount"),
  STATE (N_ ("STATUS"), "status"),
  ID (N_ ("CHARGE"), "charge"),
  TEXT (N_ ("REASON"), "reason"),
  CREATED,
  END,
};

static const KontorViewColumn request_logs[] = {
  ID (N_ ("ID"), "id"),
  COUNT (N_ ("STATUS"), "status"),
  TEXT (N_ ("METHOD"), "method"),
  TEXT (N_ ("PATH"), "path"),
  CREATED,
  END,
};

static const KontorViewColumn setup_attempts[] = {
  ID (N_ ("ID"), "id"),
  STATE (N_ ("STATUS"), "status"),
  ID (N_ ("SETUP INTENT"), "setup_intent"),
  ID (N_ ("PAYMENT METHOD"), "payment_method"),
  CREATED,
  END,
};

static const KontorViewColumn setup_intents[] = {
  ID (N_ ("ID"), "id"),
  STATE (N_ ("STATUS"), "status"),
  ID (N_ ("CUSTOMER"), "customer"),
  ID (N_ ("PAYMENT METHOD"), "payment_method"),
  CREATED,
  END,
};

static const KontorViewColumn webhook_attempts[] = {
  ID (N_ ("ID"), "id"),
  STATE (N_ ("OUTCOME"), "outcome"),
  COUNT (N_ ("STATUS"), "response.status"),
  TEXT (N_ ("EVENT TYPE"), "event_type"),
  ID (N_ ("EVENT"), "event"),
  ID (N_ ("ENDPOINT"), "endpoint"),
  CREATED,
  END,
};

static const KontorViewColumn webhook_deliveries[] = {
  ID (N_ ("ID"), "id"),
  STATE (N_ ("STATE"), "state"),
  COUNT (N_ ("ATTEMPTS"), "attempts"),
  TEXT (N_ ("EVENT TYPE"), "event_type"),
  ID (N_ ("EVENT"), "event"),
  TIME (N_ ("DUE"), "due"),
  TEXT (N_ ("URL"), "url"),
  END,
};

static const KontorViewColumn webhook_endpoints[] = {
  ID (N_ ("ID"), "id"),
  STATE (N_ ("STATUS"), "status"),
  TEXT (N_ ("URL"), "url"),
  TEXT (N_ ("EVENTS"), "enabled_events"),
  CREATED,
  END,
};

/* What is shown of objects that are none of the above. */
static const KontorViewColumn others[] = {
  ID (N_ ("ID"), "id"),
  TEXT (N_ ("OBJECT"), "object"),
  STATE (N_ ("STATUS"), "status"),
  CREATED,
  END,
};

static const struct
{
  const char             *object;
  const KontorViewColumn *columns;
} views[] = {
  { "balance_transaction", balance_transactions },
  { "charge", charges },
  { "customer", customers },
  { "event", events },
  { "kontor.api_key", api_keys },
  { "kontor.request_log", request_logs },
  { "kontor.webhook_attempt", webhook_attempts },
  { "kontor.webhook_delivery", webhook_deliveries },
  { "payment_intent", payment_intents },
  { "payment_method", payment_methods },
  { "refund", refunds },
  { "setup_attempt", setup_attempts },
  { "setup_intent", setup_intents },
  { "webhook_endpoint", webhook_endpoints },
};

/**
 * kontor_columns_of:
 * @object: what the objects call themselves: "payment_intent"
 *
 * Returns: (transfer none): the columns of a list of them; ends with a row without path
 */
const KontorViewColumn *
kontor_columns_of (const char *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i].object, object))
      return views[i].columns;
  return others;
}
