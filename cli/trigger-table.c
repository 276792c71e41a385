/* trigger-table.c: for each type of event, the calls that make it happen in test mode. */
#include "cli/trigger.h"

#include <glib/gi18n.h>

#define INTENTS "/v1/payment_intents"
#define SETUPS  "/v1/setup_intents"
#define METHODS "/v1/payment_methods"

#define AMOUNT      "amount=2000&currency=usd&payment_method_types[]=card"
#define PAID(card)  AMOUNT "&confirm=true&payment_method=" card
#define HELD        PAID ("pm_card_visa") "&capture_method=manual"
#define SET_UP(card) "payment_method_types[]=card&confirm=true&payment_method=" card
#define NOTED       "metadata[triggered]=${unique:text}"

/* clang-format off: a table reads better in few lines */
#define PAYMENT(params)                                                                            \
  {                                                                                                \
    "payment_intent", "POST", INTENTS, params                                                      \
  }
#define PAYMENT_REFUSED                                                                            \
  {                                                                                                \
    "payment_intent", "POST", INTENTS, PAID ("pm_card_chargeDeclined"), KONTOR_STEP_REFUSED        \
  }
#define SETUP(params)                                                                              \
  {                                                                                                \
    "setup_intent", "POST", SETUPS, params                                                         \
  }
#define CUSTOMER                                                                                   \
  {                                                                                                \
    "customer", "POST", "/v1/customers", "name=Jenny Rosen"                                        \
  }
#define ATTACHED                                                                                   \
  {                                                                                                \
    "payment_method", "POST", METHODS "/pm_card_visa/attach", "customer=${customer:id}"            \
  }
#define REFUND                                                                                     \
  {                                                                                                \
    "refund", "POST", "/v1/refunds", "payment_intent=${payment_intent:id}"                         \
  }
#define ON(name, path)                                                                             \
  {                                                                                                \
    name, "POST", path                                                                             \
  }
#define NOTE(name, path)                                                                           \
  {                                                                                                \
    name, "POST", path, NOTED                                                                      \
  }

/* The first of them moves nothing: without such a clock it is refused before anything was made. */
#define CLOCK(seconds)                                                                             \
  {                                                                                                \
    "clock", "POST", "/v1/kontor/test_helpers/advance_clock", "seconds=" seconds                   \
  }
#define NEEDS_CLOCK      N_ ("a server started with KONTOR_TEST_CLOCK=1; its clock is moved")

/* An address that cannot be: nothing is sent to anybody. */
#define ENDPOINT(url)                                                                              \
  {                                                                                                \
    "webhook_endpoint", "POST", "/v1/webhook_endpoints",                                           \
        "enabled_events[]=kontor.webhook_endpoint.test&url=" url                                   \
  }
#define ENDPOINT_GOES                                                                              \
  {                                                                                                \
    "end", "DELETE", "/v1/webhook_endpoints/${webhook_endpoint:id}", NULL, KONTOR_STEP_AFTER       \
  }
#define TESTED           ON ("test", "/v1/kontor/webhook_endpoints/${webhook_endpoint:id}/test")

const KontorTrigger kontor_triggers[] = {
  { "account.updated",
    N_ ("it notes metadata[triggered] on the account, of both modes"),
    { { "account", "GET", "/v1/account" }, NOTE ("update", "/v1/accounts/${account:id}") } },
  { "balance.available" },
  { "charge.captured",
    NULL,
    { PAYMENT (HELD), ON ("capture", INTENTS "/${payment_intent:id}/capture") } },
  { "charge.dispute.closed" },
  { "charge.dispute.created" },
  { "charge.dispute.funds_reinstated" },
  { "charge.dispute.funds_withdrawn" },
  { "charge.dispute.updated" },
  { "charge.expired", NEEDS_CLOCK, { CLOCK ("0"), PAYMENT (HELD), CLOCK ("691200") } },
  { "charge.failed", NULL, { PAYMENT_REFUSED } },
  { "charge.pending" },
  { "charge.refund.updated",
    NULL,
    { PAYMENT (PAID ("pm_card_visa")), REFUND, NOTE ("update", "/v1/refunds/${refund:id}") } },
  { "charge.refunded", NULL, { PAYMENT (PAID ("pm_card_visa")), REFUND } },
  { "charge.succeeded", NULL, { PAYMENT (PAID ("pm_card_visa")) } },
  { "charge.updated",
    NULL,
    { PAYMENT (PAID ("pm_card_visa")),
      NOTE ("charge", "/v1/charges/${payment_intent:latest_charge}") } },
  { "customer.created", NULL, { CUSTOMER } },
  { "customer.deleted",
    NULL,
    { CUSTOMER, { "delete", "DELETE", "/v1/customers/${customer:id}" } } },
  { "customer.updated", NULL, { CUSTOMER, NOTE ("update", "/v1/customers/${customer:id}") } },
  { "payment_intent.amount_capturable_updated", NULL, { PAYMENT (HELD) } },
  { "payment_intent.canceled",
    NULL,
    { PAYMENT (AMOUNT), ON ("cancel", INTENTS "/${payment_intent:id}/cancel") } },
  { "payment_intent.created", NULL, { PAYMENT (AMOUNT) } },
  { "payment_intent.partially_funded" },
  { "payment_intent.payment_failed", NULL, { PAYMENT_REFUSED } },
  { "payment_intent.processing" },
  { "payment_intent.requires_action", NULL, { PAYMENT (PAID ("pm_card_authenticationRequired")) } },
  { "payment_intent.succeeded", NULL, { PAYMENT (PAID ("pm_card_visa")) } },
  { "payment_method.attached", NULL, { CUSTOMER, ATTACHED } },
  { "payment_method.automatically_updated" },
  { "payment_method.detached",
    NULL,
    { CUSTOMER, ATTACHED, ON ("detach", METHODS "/${payment_method:id}/detach") } },
  { "payment_method.updated",
    NULL,
    { CUSTOMER, ATTACHED, NOTE ("update", METHODS "/${payment_method:id}") } },
  { "refund.created", NULL, { PAYMENT (PAID ("pm_card_visa")), REFUND } },
  { "refund.failed",
    NEEDS_CLOCK,
    { CLOCK ("0"), PAYMENT (PAID ("pm_card_refundFail")), REFUND, CLOCK ("864000") } },
  { "refund.updated",
    NULL,
    { PAYMENT (PAID ("pm_card_visa")), REFUND, NOTE ("update", "/v1/refunds/${refund:id}") } },
  { "setup_intent.canceled",
    NULL,
    { SETUP ("payment_method_types[]=card"), ON ("cancel", SETUPS "/${setup_intent:id}/cancel") } },
  { "setup_intent.created", NULL, { SETUP ("payment_method_types[]=card") } },
  { "setup_intent.requires_action", NULL, { SETUP (SET_UP ("pm_card_authenticationRequired")) } },
  { "setup_intent.setup_failed",
    NULL,
    { { "setup_intent", "POST", SETUPS, SET_UP ("pm_card_chargeDeclined"),
        KONTOR_STEP_REFUSED } } },
  { "setup_intent.succeeded", NULL, { SETUP (SET_UP ("pm_card_visa")) } },
  { "kontor.webhook_endpoint.disabled",
    N_ ("a server on this machine with KONTOR_WEBHOOK_ALLOW=127.0.0.0/8"),
    { ENDPOINT ("${local:url}"), TESTED, ENDPOINT_GOES } },
  { "kontor.webhook_endpoint.test",
    NULL,
    { ENDPOINT ("https://kontor.invalid/"), TESTED, ENDPOINT_GOES } },
  { "v2.core.event_destination.ping",
    NULL,
    { ENDPOINT ("https://kontor.invalid/"),
      ON ("ping", "/v2/core/event_destinations/${webhook_endpoint:id}/ping"), ENDPOINT_GOES } },
  { NULL },
};
/* clang-format on */
