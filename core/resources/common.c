/* common.c: pieces that several objects are made of: addresses, next steps, what went wrong. */
#include "core/resources/common.h"

#include "core/resources/row.h"

/* What a person fills in: any of it may be unknown, and "" makes it so again. */
#define FILLED_IN NULLABLE | NESTED | CLEARABLE

const char *const kontor_payment_method_words[] = {
  "acss_debit",
  "affirm",
  "afterpay_clearpay",
  "alipay",
  "alma",
  "amazon_pay",
  "au_becs_debit",
  "bacs_debit",
  "bancontact",
  "billie",
  "bizum",
  "blik",
  "boleto",
  "card",
  "card_present",
  "cashapp",
  "crypto",
  "custom",
  "customer_balance",
  "eps",
  "fpx",
  "giropay",
  "grabpay",
  "ideal",
  "interac_present",
  "kakao_pay",
  "klarna",
  "konbini",
  "kr_card",
  "link",
  "mb_way",
  "mobilepay",
  "multibanco",
  "naver_pay",
  "nz_bank_account",
  "oxxo",
  "p24",
  "pay_by_bank",
  "payco",
  "paynow",
  "paypal",
  "paypay",
  "payto",
  "pix",
  "promptpay",
  "revolut_pay",
  "samsung_pay",
  "satispay",
  "scalapay",
  "sepa_debit",
  "sequra",
  "sofort",
  "sunbit",
  "swish",
  "twint",
  "upi",
  "us_bank_account",
  "wechat_pay",
  "zip",
  NULL,
};

static const KontorField address_fields[] = {
  { "city", KONTOR_STRING, FILLED_IN, AT (KontorAddress, city), .doc = "City or town." },
  { "country", KONTOR_STRING, FILLED_IN, AT (KontorAddress, country),
    .doc = "Country: two letters of ISO 3166-1." },
  { "line1", KONTOR_STRING, FILLED_IN, AT (KontorAddress, line1), .doc = "Street and number." },
  { "line2", KONTOR_STRING, FILLED_IN, AT (KontorAddress, line2),
    .doc = "Flat, floor or building." },
  { "postal_code", KONTOR_STRING, FILLED_IN, AT (KontorAddress, postal_code),
    .doc = "Postal code." },
  { "state", KONTOR_STRING, FILLED_IN, AT (KontorAddress, state), .doc = "State or province." },
  ROW_END,
};

const KontorShape kontor_address_shape = { "address", sizeof (KontorAddress), address_fields };

static const KontorField billing_details_fields[] = {
  { "address", KONTOR_OBJECT, NESTED | CLEARABLE, AT (KontorBillingDetails, address),
    .shape = &kontor_address_shape, .doc = "Where they live." },
  { "email", KONTOR_EMAIL, FILLED_IN, AT (KontorBillingDetails, email),
    .doc = "How to write to them." },
  { "name", KONTOR_STRING, FILLED_IN, AT (KontorBillingDetails, name), .doc = "Their full name." },
  { "phone", KONTOR_STRING, FILLED_IN, AT (KontorBillingDetails, phone),
    .doc = "How to call them, extension included." },
  { "tax_id", KONTOR_STRING, FILLED_IN, AT (KontorBillingDetails, tax_id),
    .doc = "Their tax number, where a way to pay asks for it." },
  ROW_END,
};

const KontorShape kontor_billing_details_shape
    = { "billing_details", sizeof (KontorBillingDetails), billing_details_fields };

#define SHIPPING_ADDRESS                                                                           \
  {                                                                                                \
    "address", KONTOR_OBJECT, NESTED | REQUIRED, AT (KontorShipping, address),                     \
        .shape = &kontor_address_shape, .doc = "Where it goes."                                    \
  }
#define SHIPPING_NAME                                                                              \
  {                                                                                                \
    "name", KONTOR_STRING, NESTED | REQUIRED, AT (KontorShipping, name), .doc = "Who receives it." \
  }
#define SHIPPING_PHONE                                                                             \
  {                                                                                                \
    "phone", KONTOR_STRING, FILLED_IN, AT (KontorShipping, phone),                                 \
        .doc = "How to call the receiver, extension included."                                     \
  }

static const KontorField shipping_fields[] = {
  SHIPPING_ADDRESS,
  { "carrier", KONTOR_STRING, FILLED_IN, AT (KontorShipping, carrier), .doc = "Who delivers it." },
  SHIPPING_NAME,
  SHIPPING_PHONE,
  { "tracking_number", KONTOR_STRING, FILLED_IN, AT (KontorShipping, tracking_number),
    .doc = "The carrier's number of the parcel; several are separated by commas." },
  ROW_END,
};

const KontorShape kontor_shipping_shape = { "shipping", sizeof (KontorShipping), shipping_fields };

static const KontorField customer_shipping_fields[] = {
  SHIPPING_ADDRESS,
  SHIPPING_NAME,
  SHIPPING_PHONE,
  ROW_END,
};

const KontorShape kontor_customer_shipping_shape
    = { "customer_shipping", sizeof (KontorShipping), customer_shipping_fields };

static const KontorField automatic_payment_methods_fields[] = {
  { "allow_redirects", KONTOR_STRING, NESTED | OPTIONAL,
    AT (KontorAutomaticPaymentMethods, allow_redirects),
    .values = (const char *const[]){ "always", "never", NULL },
    .doc = "Whether ways to pay that send the customer elsewhere are offered." },
  { "enabled", KONTOR_BOOL, NESTED | REQUIRED, AT (KontorAutomaticPaymentMethods, enabled),
    .doc = "Whether the server chooses the ways to pay." },
  ROW_END,
};

const KontorShape kontor_automatic_payment_methods_shape = { "automatic_payment_methods",
                                                             sizeof (KontorAutomaticPaymentMethods),
                                                             automatic_payment_methods_fields };

static const KontorField online_fields[] = {
  { "ip_address", KONTOR_STRING, PARAM | NESTED | REQUIRED,
    .doc = "The address the customer agreed from." },
  { "user_agent", KONTOR_STRING, PARAM | NESTED | REQUIRED,
    .doc = "The browser they agreed with." },
  ROW_END,
};

static const KontorShape online_shape = { "online", 0, online_fields };

static const KontorField customer_acceptance_fields[] = {
  { "accepted_at", KONTOR_TIME, PARAM | NESTED, .doc = "When the customer agreed." },
  ROW_TAKEN ("offline", NESTED, "They agreed on paper."),
  { "online", KONTOR_OBJECT, PARAM | NESTED, .shape = &online_shape,
    .doc = "How they agreed online." },
  { "type", KONTOR_STRING, PARAM | NESTED | REQUIRED,
    .values = (const char *const[]){ "offline", "online", NULL }, .doc = "Where they agreed." },
  ROW_END,
};

static const KontorShape customer_acceptance_shape
    = { "customer_acceptance", 0, customer_acceptance_fields };

static const KontorField mandate_data_fields[] = {
  { "customer_acceptance", KONTOR_OBJECT, PARAM | NESTED | REQUIRED,
    .shape = &customer_acceptance_shape, .doc = "How the customer agreed to be charged." },
  ROW_END,
};

const KontorShape kontor_mandate_data_shape = { "mandate_data", 0, mandate_data_fields };

static const KontorField redirect_to_url_fields[] = {
  { "return_url", KONTOR_STRING, NULLABLE, AT (KontorRedirectToUrl, return_url),
    .doc = "Where the customer comes back to." },
  { "url", KONTOR_STRING, NULLABLE, AT (KontorRedirectToUrl, url),
    .doc = "Where the customer has to go." },
  ROW_END,
};

const KontorShape kontor_redirect_to_url_shape
    = { "redirect_to_url", sizeof (KontorRedirectToUrl), redirect_to_url_fields };

static const KontorField next_action_fields[] = {
  { "redirect_to_url", KONTOR_OBJECT, OPTIONAL, AT (KontorNextAction, redirect_to_url),
    .shape = &kontor_redirect_to_url_shape, .doc = "A page the customer is to be sent to." },
  { "type", KONTOR_STRING, 0, AT (KontorNextAction, type), .doc = "What the customer has to do." },
  { "use_stripe_sdk", KONTOR_RAW, OPTIONAL, AT (KontorNextAction, use_stripe_sdk),
    .doc = "What a client library needs to carry the action out." },
  ROW_END,
};

const KontorShape kontor_next_action_shape
    = { "next_action", sizeof (KontorNextAction), next_action_fields };

static const KontorField last_error_fields[] = {
  { "advice_code", KONTOR_STRING, OPTIONAL, AT (KontorLastError, advice_code),
    .doc = "What the bank advises to do next." },
  { "charge", KONTOR_STRING, OPTIONAL, AT (KontorLastError, charge),
    .doc = "The charge that failed." },
  { "code", KONTOR_STRING, OPTIONAL, AT (KontorLastError, code), .doc = "The error's code." },
  { "decline_code", KONTOR_STRING, OPTIONAL, AT (KontorLastError, decline_code),
    .doc = "Why the bank declined." },
  { "doc_url", KONTOR_STRING, OPTIONAL, AT (KontorLastError, doc_url),
    .doc = "Where the code is explained." },
  { "message", KONTOR_STRING, OPTIONAL, AT (KontorLastError, message),
    .doc = "What to tell the customer." },
  { "network_decline_code", KONTOR_STRING, OPTIONAL, AT (KontorLastError, network_decline_code),
    .doc = "The card network's own code." },
  { "param", KONTOR_STRING, OPTIONAL, AT (KontorLastError, param),
    .doc = "The parameter that was wrong." },
  { "payment_method", KONTOR_RAW, OPTIONAL, AT (KontorLastError, payment_method),
    .doc = "The payment method that was tried, as it was then." },
  { "payment_method_type", KONTOR_STRING, OPTIONAL, AT (KontorLastError, payment_method_type),
    .doc = "Its type." },
  { "request_log_url", KONTOR_STRING, OPTIONAL, AT (KontorLastError, request_log_url),
    .doc = "Where the request is logged." },
  { "type", KONTOR_STRING, 0, AT (KontorLastError, type), .doc = "The kind of error." },
  ROW_END,
};

const KontorShape kontor_last_error_shape
    = { "last_error", sizeof (KontorLastError), last_error_fields };

/**
 * kontor_billing_details_are_empty:
 * @details: (nullable): whom to bill
 *
 * Returns: whether they say nothing at all
 */
gboolean
kontor_billing_details_are_empty (const KontorBillingDetails *details)
{
  return details == NULL
         || (details->address == NULL && details->email == NULL && details->name == NULL
             && details->phone == NULL && details->tax_id == NULL);
}
