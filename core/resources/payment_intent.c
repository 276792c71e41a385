/* payment_intent.c: the shape of a payment that is to be collected. */
#include "core/resources/payment_intent.h"

#include <string.h>

#include "core/resources/payment_method.h"
#include "core/resources/row.h"

#define CONFIRMS CREATE | CONFIRM /* create can confirm at once */
#define TERMS CREATE | UPDATE | CONFIRM

static const char *const capture_methods[] = { "automatic", "automatic_async", "manual", NULL };
static const char *const if_available_words[] = { "if_available", "never", NULL };
static const char *const usage_words[] = { "off_session", "on_session", NULL };

/* In the order of KontorPaymentIntentStatus. */
static const char *const statuses[] = {
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
  "processing",
  "requires_capture",
  "succeeded",
  "canceled",
  NULL,
};

#define IF_AVAILABLE(name, doc_)                                                                   \
  {                                                                                                \
#name, KONTOR_STRING, NESTED | OPTIONAL, AT(KontorPaymentIntentCardOptions, name),             \
        .values = if_available_words, .doc = doc_                                                  \
  }

static const KontorField card_options_fields[] = {
  { "capture_method", KONTOR_STRING, NESTED | OPTIONAL | CLEARABLE,
    AT (KontorPaymentIntentCardOptions, capture_method),
    .values = (const char *const[]){ "manual", NULL },
    .doc = "Manual: cards are only authorized, whatever the payment says." },
  ROW_NULL ("installments", "The plan by which it is paid off."),
  ROW_NULL ("mandate_options", "The terms of an Indian card mandate."),
  { "network", KONTOR_STRING, NESTED | NULLABLE, AT (KontorPaymentIntentCardOptions, network),
    .values = kontor_card_network_words, .doc = "The network it should go over." },
  IF_AVAILABLE (request_extended_authorization, "Whether to ask for a longer authorization."),
  IF_AVAILABLE (request_incremental_authorization, "Whether to ask for one that can be raised."),
  IF_AVAILABLE (request_multicapture, "Whether to ask for one that can be captured in parts."),
  IF_AVAILABLE (request_overcapture, "Whether to ask for one that lets more be captured."),
  { "request_three_d_secure", KONTOR_STRING, NESTED | NULLABLE,
    AT (KontorPaymentIntentCardOptions, request_three_d_secure),
    .values = (const char *const[]){ "any", "automatic", "challenge", NULL }, .fixed = "automatic",
    .doc = "When the holder is asked to authenticate." },
  { "require_cvc_recollection", KONTOR_BOOL, NESTED | OPTIONAL,
    AT (KontorPaymentIntentCardOptions, require_cvc_recollection),
    .doc = "Whether the security code is asked for again." },
  { "setup_future_usage", KONTOR_STRING, NESTED | OPTIONAL | CLEARABLE,
    AT (KontorPaymentIntentCardOptions, setup_future_usage),
    .values = (const char *const[]){ "none", "off_session", "on_session", NULL },
    .doc = "Whether a card is kept for later, whatever the payment says." },
  { "statement_descriptor_suffix_kana", KONTOR_STRING, NESTED | OPTIONAL | CLEARABLE,
    AT (KontorPaymentIntentCardOptions, statement_descriptor_suffix_kana), .max = 22,
    .doc = "The statement's text in kana." },
  { "statement_descriptor_suffix_kanji", KONTOR_STRING, NESTED | OPTIONAL | CLEARABLE,
    AT (KontorPaymentIntentCardOptions, statement_descriptor_suffix_kanji), .max = 17,
    .doc = "The statement's text in kanji." },

  { "moto", KONTOR_BOOL, NESTED | HIDDEN, AT (KontorPaymentIntentCardOptions, moto),
    .doc = "Whether the order came by mail or telephone." },

  { "cvc_token", KONTOR_STRING, PARAM | NESTED | SECRET, .doc = "A token for the security code." },
  ROW_TAKEN ("installments", NESTED, "Whether the customer may pay in parts."),
  ROW_TAKEN ("mandate_options", NESTED, "The terms of an Indian card mandate."),
  ROW_TAKEN ("setup_credential_usage", NESTED, "What a kept card will be used for."),
  ROW_TAKEN ("stored_credential_usage", NESTED, "What a kept card is used for."),
  ROW_TAKEN ("three_d_secure", NESTED, "An authentication that another party has done."),
  ROW_END,
};

const KontorShape kontor_payment_intent_card_options_shape
    = { "payment_intent_card_options", sizeof (KontorPaymentIntentCardOptions),
        card_options_fields };

#define OTHER(type) ROW_TAKEN (type, NESTED, "Options for payment methods of this type.")

static const KontorField options_fields[] = {
  { "card", KONTOR_OBJECT, NESTED, AT (KontorPaymentIntentOptions, card),
    .shape = &kontor_payment_intent_card_options_shape, .doc = "Options for cards." },
  OTHER ("acss_debit"),
  OTHER ("affirm"),
  OTHER ("afterpay_clearpay"),
  OTHER ("alipay"),
  OTHER ("alma"),
  OTHER ("amazon_pay"),
  OTHER ("au_becs_debit"),
  OTHER ("bacs_debit"),
  OTHER ("bancontact"),
  OTHER ("billie"),
  OTHER ("bizum"),
  OTHER ("blik"),
  OTHER ("boleto"),
  OTHER ("card_present"),
  OTHER ("cashapp"),
  OTHER ("crypto"),
  OTHER ("customer_balance"),
  OTHER ("eps"),
  OTHER ("fpx"),
  OTHER ("giropay"),
  OTHER ("grabpay"),
  OTHER ("ideal"),
  OTHER ("interac_present"),
  OTHER ("kakao_pay"),
  OTHER ("klarna"),
  OTHER ("konbini"),
  OTHER ("kr_card"),
  OTHER ("link"),
  OTHER ("mb_way"),
  OTHER ("mobilepay"),
  OTHER ("multibanco"),
  OTHER ("naver_pay"),
  OTHER ("nz_bank_account"),
  OTHER ("oxxo"),
  OTHER ("p24"),
  OTHER ("pay_by_bank"),
  OTHER ("payco"),
  OTHER ("paynow"),
  OTHER ("paypal"),
  OTHER ("paypay"),
  OTHER ("payto"),
  OTHER ("pix"),
  OTHER ("promptpay"),
  OTHER ("revolut_pay"),
  OTHER ("samsung_pay"),
  OTHER ("satispay"),
  OTHER ("scalapay"),
  OTHER ("sepa_debit"),
  OTHER ("sequra"),
  OTHER ("sofort"),
  OTHER ("sunbit"),
  OTHER ("swish"),
  OTHER ("twint"),
  OTHER ("upi"),
  OTHER ("us_bank_account"),
  OTHER ("wechat_pay"),
  OTHER ("zip"),
  ROW_END,
};

const KontorShape kontor_payment_intent_options_shape
    = { "payment_intent_options", sizeof (KontorPaymentIntentOptions), options_fields };

static const KontorField payment_details_fields[] = {
  { "customer_reference", KONTOR_STRING, NESTED | NULLABLE | CLEARABLE,
    AT (KontorPaymentDetails, customer_reference), .max = 25,
    .doc = "The merchant's own name of the customer." },
  { "order_reference", KONTOR_STRING, NESTED | NULLABLE | CLEARABLE,
    AT (KontorPaymentDetails, order_reference), .doc = "The merchant's own name of the order." },
  ROW_END,
};

const KontorShape kontor_payment_details_shape
    = { "payment_details", sizeof (KontorPaymentDetails), payment_details_fields };

static const KontorField radar_options_fields[] = {
  { "referrer", KONTOR_STRING, PARAM | NESTED | CLEARABLE,
    .doc = "The page the customer came from." },
  { "session", KONTOR_STRING, PARAM | NESTED, .doc = "What is known of the customer's browser." },
  ROW_END,
};

static const KontorShape radar_options_shape = { "radar_options", 0, radar_options_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("payment_intent"),
  { "allowed_payment_method_types", KONTOR_STRINGS, NULLABLE | TERMS,
    AT (KontorPaymentIntent, allowed_payment_method_types),
    .doc = "The ways to pay that automatic choice is narrowed to." },
  { "amount", KONTOR_INT, CREATE | UPDATE | REQUIRED | COLUMN, AT (KontorPaymentIntent, amount),
    .min = 1, .max = G_MAXINT64,
    .doc = "What is to be collected, in the currency's smallest unit." },
  { "amount_capturable", KONTOR_INT, 0, AT (KontorPaymentIntent, amount_capturable),
    .doc = "What is authorized and can be captured." },
  { "amount_received", KONTOR_INT, 0, AT (KontorPaymentIntent, amount_received),
    .doc = "What was collected." },
  ROW_NULL_ID ("application", "The Connect application that made it."),
  ROW_NULL ("application_fee_amount", "What a Connect platform keeps of it."),
  { "automatic_payment_methods", KONTOR_OBJECT, NULLABLE | CREATE,
    AT (KontorPaymentIntent, automatic_payment_methods),
    .shape = &kontor_automatic_payment_methods_shape,
    .doc = "Whether the server chooses the ways to pay." },
  { "canceled_at", KONTOR_TIME, NULLABLE, AT (KontorPaymentIntent, canceled_at),
    .doc = "When it was canceled." },
  { "cancellation_reason", KONTOR_STRING, NULLABLE, AT (KontorPaymentIntent, cancellation_reason),
    .doc = "Why it was canceled." },
  { "capture_method", KONTOR_STRING, TERMS, AT (KontorPaymentIntent, capture_method),
    .values = capture_methods, .fixed = "automatic_async",
    .doc = "Whether the money is taken at once or first only authorized." },
  { "client_secret", KONTOR_CLIENT_SECRET, NULLABLE | SECRET,
    AT (KontorPaymentIntent, client_secret), .doc = "Who knows it may act for the customer." },
  { "confirmation_method", KONTOR_STRING, CREATE, AT (KontorPaymentIntent, confirmation_method),
    .values = (const char *const[]){ "automatic", "manual", NULL }, .fixed = "automatic",
    .doc = "Whether it goes on by itself after the customer's action." },
  ROW_CREATED,
  { "currency", KONTOR_CURRENCY, CREATE | UPDATE | REQUIRED | COLUMN,
    AT (KontorPaymentIntent, currency), .doc = "Currency of the amounts, in lower case." },
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE | CREATE | UPDATE | LIST | COLUMN,
    AT (KontorPaymentIntent, customer), .target = "customer", .doc = "Who pays." },
  ROW_NULL ("customer_account", "The account that pays as a customer."),
  { "description", KONTOR_STRING, NULLABLE | CREATE | UPDATE | ACTION | CLEARABLE,
    AT (KontorPaymentIntent, description), .max = 1000, .doc = "What it is for." },
  { "excluded_payment_method_types", KONTOR_STRINGS, NULLABLE | TERMS | CLEARABLE,
    AT (KontorPaymentIntent, excluded_payment_method_types), .values = kontor_payment_method_words,
    .doc = "The ways to pay that automatic choice leaves out." },
  { "last_payment_error", KONTOR_OBJECT, NULLABLE, AT (KontorPaymentIntent, last_payment_error),
    .shape = &kontor_last_error_shape, .doc = "What went wrong at the last attempt." },
  { "latest_charge", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorPaymentIntent, latest_charge),
    .target = "charge", .doc = "The last attempt to take the money." },
  ROW_LIVEMODE,
  ROW_NULL ("managed_payments", "Whether somebody else is the merchant of record."),
  ROW_METADATA (KontorPaymentIntent, CREATE | UPDATE | CAPTURE | ACTION | CLEARABLE),
  { "next_action", KONTOR_OBJECT, NULLABLE, AT (KontorPaymentIntent, next_action),
    .shape = &kontor_next_action_shape, .doc = "What the customer has to do next." },
  ROW_NULL_ID ("on_behalf_of", "The Connect account it is made for."),
  { "payment_details", KONTOR_OBJECT, OPTIONAL | TERMS | CAPTURE | ACTION | CLEARABLE,
    AT (KontorPaymentIntent, payment_details), .shape = &kontor_payment_details_shape,
    .doc = "The merchant's own names of customer and order." },
  { "payment_method", KONTOR_ID, NULLABLE | EXPANDABLE, AT (KontorPaymentIntent, payment_method),
    .target = "payment_method", .doc = "What is paid with." },
  ROW_NULL ("payment_method_configuration_details",
            "The configuration that chose the ways to pay."),
  { "payment_method_options", KONTOR_OBJECT, TERMS,
    AT (KontorPaymentIntent, payment_method_options), .shape = &kontor_payment_intent_options_shape,
    .doc = "Options for each way to pay." },
  { "payment_method_types", KONTOR_STRINGS, CREATE | UPDATE,
    AT (KontorPaymentIntent, payment_method_types), .values = kontor_payment_method_words,
    .fixed = "[\"card\"]", .doc = "The ways to pay that it takes." },
  ROW_NULL_ID ("payment_record", "A record of payments made elsewhere."),
  ROW_NULL ("processing", "What the customer is told while the bank thinks."),
  { "receipt_email", KONTOR_EMAIL, NULLABLE | TERMS | CLEARABLE,
    AT (KontorPaymentIntent, receipt_email), .doc = "Where the receipt goes." },
  ROW_NULL_ID ("review", "The review it waits for."),
  { "setup_future_usage", KONTOR_STRING, NULLABLE | TERMS | CLEARABLE,
    AT (KontorPaymentIntent, setup_future_usage), .values = usage_words,
    .doc = "Whether what is paid with is kept for later." },
  { "shipping", KONTOR_OBJECT, NULLABLE | TERMS | CLEARABLE, AT (KontorPaymentIntent, shipping),
    .shape = &kontor_shipping_shape, .doc = "Where the goods go." },
  ROW_NULL_ID ("source", "The source of older clients."),
  { "statement_descriptor", KONTOR_STRING,
    NULLABLE | CREATE | UPDATE | CAPTURE | ACTION | CLEARABLE,
    AT (KontorPaymentIntent, statement_descriptor), .max = 22,
    .doc = "What the customer reads on their statement." },
  { "statement_descriptor_suffix", KONTOR_STRING, NULLABLE | CREATE | UPDATE | CAPTURE | CLEARABLE,
    AT (KontorPaymentIntent, statement_descriptor_suffix), .max = 22,
    .doc = "What follows the merchant's name on their statement." },
  { "status", KONTOR_ENUM, COLUMN, AT (KontorPaymentIntent, status), .values = statuses,
    .doc = "How far it is." },
  { "transfer_group", KONTOR_STRING, NULLABLE | CREATE | UPDATE | CLEARABLE,
    AT (KontorPaymentIntent, transfer_group), .doc = "Names payments that belong together." },

  { "authentication", KONTOR_STRING, HIDDEN, AT (KontorPaymentIntent, authentication),
    .doc = "How far the customer's authentication is: pending or succeeded." },
  { "off_session", KONTOR_BOOL, HIDDEN, AT (KontorPaymentIntent, off_session),
    .doc = "Whether the customer was away at the last confirmation." },
  { "return_url", KONTOR_STRING, HIDDEN, AT (KontorPaymentIntent, return_url),
    .doc = "Where the customer comes back to." },

  ROW_CREATED_RANGE,
  { "amount", KONTOR_INT, PARAM | ACTION | KONTOR_REQUIRED_ACTION, .min = 1, .max = G_MAXINT64,
    .doc = "The whole amount to be authorized from now on." },
  { "amount_to_capture", KONTOR_INT, PARAM | CAPTURE, .min = 1, .max = G_MAXINT64,
    .doc = "How much to take; all of it when left out." },
  { "cancellation_reason", KONTOR_STRING, PARAM | CANCEL,
    .values = (const char *const[]){ "abandoned", "duplicate", "fraudulent",
                                     "requested_by_customer", NULL },
    .doc = "Why it is canceled." },
  { "client_secret", KONTOR_STRING, PARAM | UPDATE | CONFIRM | CANCEL | SECRET,
    .doc = "Lets a client act for the customer." },
  { "confirm", KONTOR_BOOL, PARAM | CREATE, .doc = "Whether to confirm at once." },
  { "error_on_requires_action", KONTOR_BOOL, PARAM | CONFIRMS,
    .doc = "Whether the need of an action of the customer is a failure." },
  { "final_capture", KONTOR_BOOL, PARAM | CAPTURE, .doc = "Whether the rest is released." },
  { "mandate_data", KONTOR_OBJECT, PARAM | CONFIRMS | CLEARABLE,
    .shape = &kontor_mandate_data_shape, .doc = "How the customer agreed to be charged later." },
  { "off_session", KONTOR_STRING, PARAM | CONFIRMS,
    .values = (const char *const[]){ "true", "false", "one_off", "recurring", NULL },
    .doc = "Whether the customer is away." },
  { "payment_method", KONTOR_STRING, PARAM | TERMS | CLEARABLE, .doc = "What to pay with." },
  { "payment_method_data", KONTOR_OBJECT, PARAM | TERMS, .shape = &kontor_payment_method_data_shape,
    .doc = "A payment method to be made and paid with." },
  { "radar_options", KONTOR_OBJECT, PARAM | CONFIRMS, .shape = &radar_options_shape,
    .doc = "What is known of the customer's browser." },
  { "return_url", KONTOR_STRING, PARAM | CONFIRMS, .doc = "Where the customer comes back to." },
  { "source", KONTOR_STRING, PARAM | TERMS, .doc = "What to pay with, of older clients." },
  { "use_stripe_sdk", KONTOR_BOOL, PARAM | CONFIRMS,
    .doc = "Whether a client library carries out the customer's action." },
  ROW_TAKEN ("amount_details", TERMS | CAPTURE | ACTION, "What the amount is made of."),
  ROW_TAKEN ("amount_to_confirm", CONFIRM, "The amount the client believes it confirms."),
  ROW_TAKEN ("application_fee_amount",
             CREATE | UPDATE | CAPTURE | ACTION,
             "What a Connect platform would keep of it."),
  ROW_TAKEN ("confirmation_token", CONFIRMS, "What a client library collected."),
  ROW_TAKEN ("customer_account", CREATE | UPDATE | LIST, "An account that pays as a customer."),
  ROW_TAKEN ("hooks", TERMS | CAPTURE | ACTION, "What else is to be done with it."),
  ROW_TAKEN ("managed_payments", CREATE, "Whether somebody else is the merchant of record."),
  ROW_TAKEN ("mandate", CONFIRMS, "A mandate to charge under."),
  ROW_TAKEN ("on_behalf_of", CREATE, "The Connect account it would be made for."),
  ROW_TAKEN ("payment_method_configuration", CREATE | UPDATE, "What chooses the ways to pay."),
  ROW_TAKEN ("save_payment_method", TERMS, "An old word for setup_future_usage."),
  ROW_TAKEN ("transfer_data", CREATE | UPDATE | CAPTURE | ACTION, "Where Connect would send it."),
  ROW_END,
};

/* Whether the options say no more of cards than is usual. */
static gboolean
are_usual (const KontorPaymentIntentOptions *options, KontorArena *arena)
{
  const KontorPaymentIntentCardOptions *usual
      = kontor_shape_new (&kontor_payment_intent_card_options_shape, arena);

  return options->card != NULL && memcmp (options->card, usual, sizeof *usual) == 0;
}

/* What can be paid with a card has options for cards. */
static void
complete (gpointer object, KontorArena *arena)
{
  KontorPaymentIntent *intent = object;

  if (intent->payment_method_options == NULL)
    intent->payment_method_options = kontor_shape_new (&kontor_payment_intent_options_shape, arena);
  if (intent->payment_method_options->card == NULL)
    intent->payment_method_options->card
        = kontor_shape_new (&kontor_payment_intent_card_options_shape, arena);
}

static void
trim (gpointer copy, KontorArena *arena)
{
  KontorPaymentIntent *intent = copy;

  if (intent->payment_method_options != NULL && are_usual (intent->payment_method_options, arena))
    intent->payment_method_options = NULL;
}

const KontorResource kontor_payment_intent_resource = {
  .complete = complete,
  .trim = trim,
  .kind = KONTOR_KIND_PAYMENT_INTENT,
  .object = "payment_intent",
  .table = "payment_intents",
  .prefix = "pi",
  .shape = { "payment_intent", sizeof (KontorPaymentIntent), fields },
  .doc = "A payment that is to be collected, from the wish to the money.",
};
