/* setup_intent.c: the shape of making a payment method ready for payments to come. */
#include "core/resources/setup_intent.h"

#include "core/resources/payment_method.h"
#include "core/resources/row.h"

#define CONFIRMS CREATE | CONFIRM /* create can confirm at once */
#define EITHER CREATE | UPDATE

static const char *const directions[] = { "inbound", "outbound", NULL };
static const char *const usages[] = { "off_session", "on_session", NULL };

/* In the order of KontorSetupIntentStatus. */
static const char *const statuses[] = { "requires_payment_method",
                                        "requires_confirmation",
                                        "requires_action",
                                        "processing",
                                        "succeeded",
                                        "canceled",
                                        NULL };

static const KontorField card_options_fields[] = {
  ROW_NULL ("mandate_options", "The terms of an Indian card mandate."),
  { "network", KONTOR_STRING, NESTED | NULLABLE, AT (KontorSetupIntentCardOptions, network),
    .values = kontor_card_network_words, .doc = "The network it should go over." },
  { "request_three_d_secure", KONTOR_STRING, NESTED | NULLABLE,
    AT (KontorSetupIntentCardOptions, request_three_d_secure),
    .values = (const char *const[]){ "any", "automatic", "challenge", NULL }, .fixed = "automatic",
    .doc = "When the holder is asked to authenticate." },

  { "moto", KONTOR_BOOL, NESTED | HIDDEN, AT (KontorSetupIntentCardOptions, moto),
    .doc = "Whether the order came by mail or telephone." },

  ROW_TAKEN ("mandate_options", NESTED, "The terms of an Indian card mandate."),
  ROW_TAKEN ("setup_credential_usage", NESTED, "What a kept card will be used for."),
  ROW_TAKEN ("three_d_secure", NESTED, "An authentication that another party has done."),
  ROW_END,
};

const KontorShape kontor_setup_intent_card_options_shape
    = { "setup_intent_card_options", sizeof (KontorSetupIntentCardOptions), card_options_fields };

#define OTHER(type) ROW_TAKEN (type, NESTED, "Options for payment methods of this type.")

static const KontorField options_fields[] = {
  { "card", KONTOR_OBJECT, NESTED, AT (KontorSetupIntentOptions, card),
    .shape = &kontor_setup_intent_card_options_shape, .doc = "Options for cards." },
  OTHER ("acss_debit"),
  OTHER ("amazon_pay"),
  OTHER ("bacs_debit"),
  OTHER ("bizum"),
  OTHER ("blik"),
  OTHER ("card_present"),
  OTHER ("klarna"),
  OTHER ("link"),
  OTHER ("paypal"),
  OTHER ("payto"),
  OTHER ("pix"),
  OTHER ("sepa_debit"),
  OTHER ("upi"),
  OTHER ("us_bank_account"),
  ROW_END,
};

const KontorShape kontor_setup_intent_options_shape
    = { "setup_intent_options", sizeof (KontorSetupIntentOptions), options_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("setup_intent"),
  { "allowed_payment_method_types", KONTOR_STRINGS, NULLABLE | EITHER | CONFIRM | CLEARABLE,
    AT (KontorSetupIntent, allowed_payment_method_types),
    .doc = "The ways to pay that automatic choice is narrowed to." },
  ROW_NULL_ID ("application", "The Connect application that made it."),
  { "automatic_payment_methods", KONTOR_OBJECT, NULLABLE | CREATE,
    AT (KontorSetupIntent, automatic_payment_methods),
    .shape = &kontor_automatic_payment_methods_shape,
    .doc = "Whether the server chooses the ways to pay." },
  { "cancellation_reason", KONTOR_STRING, NULLABLE | CANCEL,
    AT (KontorSetupIntent, cancellation_reason),
    .values = (const char *const[]){ "abandoned", "duplicate", "requested_by_customer", NULL },
    .doc = "Why it was canceled." },
  { "client_secret", KONTOR_CLIENT_SECRET, NULLABLE | SECRET, AT (KontorSetupIntent, client_secret),
    .doc = "Who knows it may act for the customer." },
  ROW_CREATED,
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE | EITHER | LIST | COLUMN,
    AT (KontorSetupIntent, customer), .target = "customer", .doc = "Whose method it is." },
  ROW_NULL ("customer_account", "The account whose method it is."),
  { "description", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE,
    AT (KontorSetupIntent, description), .max = 1000, .doc = "What it is for." },
  { "excluded_payment_method_types", KONTOR_STRINGS, NULLABLE | EITHER | CLEARABLE,
    AT (KontorSetupIntent, excluded_payment_method_types), .values = kontor_payment_method_words,
    .doc = "The ways to pay that automatic choice leaves out." },
  { "flow_directions", KONTOR_STRINGS, NULLABLE | EITHER, AT (KontorSetupIntent, flow_directions),
    .values = directions, .doc = "Which way money will flow." },
  { "last_setup_error", KONTOR_OBJECT, NULLABLE, AT (KontorSetupIntent, last_setup_error),
    .shape = &kontor_last_error_shape, .doc = "What went wrong at the last attempt." },
  { "latest_attempt", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorSetupIntent, latest_attempt),
    .target = "setup_attempt", .doc = "The last attempt." },
  ROW_LIVEMODE,
  ROW_NULL ("managed_payments", "Whether somebody else is the merchant of record."),
  ROW_NULL_ID ("mandate", "The mandate it led to."),
  ROW_METADATA (KontorSetupIntent, EITHER | CLEARABLE),
  { "next_action", KONTOR_OBJECT, NULLABLE, AT (KontorSetupIntent, next_action),
    .shape = &kontor_next_action_shape, .doc = "What the customer has to do next." },
  ROW_NULL_ID ("on_behalf_of", "The Connect account it is made for."),
  { "payment_method", KONTOR_ID, NULLABLE | EXPANDABLE | LIST | COLUMN,
    AT (KontorSetupIntent, payment_method), .target = "payment_method", .doc = "What is set up." },
  ROW_NULL ("payment_method_configuration_details",
            "The configuration that chose the ways to pay."),
  { "payment_method_options", KONTOR_OBJECT, EITHER | CONFIRM,
    AT (KontorSetupIntent, payment_method_options), .shape = &kontor_setup_intent_options_shape,
    .doc = "Options for each way to pay." },
  { "payment_method_types", KONTOR_STRINGS, EITHER, AT (KontorSetupIntent, payment_method_types),
    .values = kontor_payment_method_words, .fixed = "[\"card\"]",
    .doc = "The ways to pay that it takes." },
  ROW_NULL_ID ("single_use_mandate", "The mandate for one payment it led to."),
  { "status", KONTOR_ENUM, COLUMN, AT (KontorSetupIntent, status), .values = statuses,
    .doc = "How far it is." },
  { "usage", KONTOR_STRING, CREATE, AT (KontorSetupIntent, usage), .values = usages,
    .fixed = "off_session", .doc = "Whether the customer will be there when it is used." },

  { "return_url", KONTOR_STRING, HIDDEN, AT (KontorSetupIntent, return_url),
    .doc = "Where the customer comes back to." },

  ROW_CREATED_RANGE,
  { "attach_to_self", KONTOR_BOOL, PARAM | EITHER | LIST,
    .doc = "Whether it is the account's own." },
  { "client_secret", KONTOR_STRING, PARAM | UPDATE | CONFIRM | CANCEL | SECRET,
    .doc = "Lets a client act for the customer." },
  { "confirm", KONTOR_BOOL, PARAM | CREATE, .doc = "Whether to confirm at once." },
  { "mandate_data", KONTOR_OBJECT, PARAM | CONFIRMS | CLEARABLE,
    .shape = &kontor_mandate_data_shape, .doc = "How the customer agreed to be charged later." },
  { "payment_method", KONTOR_STRING, PARAM | EITHER | CONFIRM | CLEARABLE,
    .doc = "What to set up." },
  { "payment_method_data", KONTOR_OBJECT, PARAM | EITHER | CONFIRM,
    .shape = &kontor_payment_method_data_shape, .doc = "A payment method to be made and set up." },
  { "return_url", KONTOR_STRING, PARAM | CONFIRMS, .doc = "Where the customer comes back to." },
  { "use_stripe_sdk", KONTOR_BOOL, PARAM | CONFIRMS,
    .doc = "Whether a client library carries out the customer's action." },
  ROW_TAKEN ("confirmation_token", CONFIRMS, "What a client library collected."),
  ROW_TAKEN ("customer_account", EITHER | LIST, "An account that acts as a customer."),
  ROW_TAKEN ("on_behalf_of", CREATE, "The Connect account it would be made for."),
  ROW_TAKEN ("payment_method_configuration", EITHER, "What chooses the ways to pay."),
  ROW_TAKEN ("single_use", CREATE, "The one payment it would be used for."),
  ROW_END,
};

const KontorResource kontor_setup_intent_resource = {
  .kind = KONTOR_KIND_SETUP_INTENT,
  .object = "setup_intent",
  .table = "setup_intents",
  .prefix = "seti",
  .shape = { "setup_intent", sizeof (KontorSetupIntent), fields },
  .doc = "Making a payment method ready for payments to come.",
};
