/* setup_attempt.c: the shape of one try to set a payment method up. */
#include "core/resources/setup_attempt.h"

#include "core/resources/row.h"

static const KontorField details_fields[] = {
  { "card", KONTOR_OBJECT, OPTIONAL, AT (KontorSetupAttemptDetails, card),
    .shape = &kontor_setup_attempt_card_shape, .doc = "The card, as it was used." },
  { "type", KONTOR_STRING, 0, AT (KontorSetupAttemptDetails, type), .doc = "What was set up." },
  ROW_END,
};

const KontorShape kontor_setup_attempt_details_shape
    = { "setup_attempt_details", sizeof (KontorSetupAttemptDetails), details_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("setup_attempt"),
  ROW_NULL_ID ("application", "The Connect application that made it."),
  ROW_CREATED,
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorSetupAttempt, customer),
    .target = "customer", .doc = "Whose method it is." },
  ROW_NULL ("customer_account", "The account whose method it is."),
  { "flow_directions", KONTOR_STRINGS, NULLABLE, AT (KontorSetupAttempt, flow_directions),
    .doc = "Which way money will flow." },
  ROW_LIVEMODE,
  ROW_NULL_ID ("on_behalf_of", "The Connect account it was made for."),
  { "payment_method", KONTOR_ID, EXPANDABLE, AT (KontorSetupAttempt, payment_method),
    .target = "payment_method", .doc = "What was tried." },
  { "payment_method_details", KONTOR_OBJECT, 0, AT (KontorSetupAttempt, payment_method_details),
    .shape = &kontor_setup_attempt_details_shape, .doc = "The same as it then was." },
  { "setup_error", KONTOR_OBJECT, NULLABLE, AT (KontorSetupAttempt, setup_error),
    .shape = &kontor_last_error_shape, .doc = "Why it failed." },
  { "setup_intent", KONTOR_ID, EXPANDABLE | LIST | COLUMN | REQUIRED,
    AT (KontorSetupAttempt, setup_intent), .target = "setup_intent",
    .doc = "What it is an attempt of." },
  { "status", KONTOR_STRING, 0, AT (KontorSetupAttempt, status), .doc = "How it came out." },
  { "usage", KONTOR_STRING, 0, AT (KontorSetupAttempt, usage),
    .doc = "Whether the customer will be there when it is used." },

  ROW_CREATED_RANGE,
  ROW_END,
};

const KontorResource kontor_setup_attempt_resource = {
  .kind = KONTOR_KIND_SETUP_ATTEMPT,
  .object = "setup_attempt",
  .table = "setup_attempts",
  .prefix = "setatt",
  .shape = { "setup_attempt", sizeof (KontorSetupAttempt), fields },
  .doc = "One try to set a payment method up.",
};
