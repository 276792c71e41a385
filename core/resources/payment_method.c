/* payment_method.c: the shape of a way in which a customer can pay. */
#include "core/resources/payment_method.h"

#include <string.h>

#include "core/resources/row.h"

/* The types this server can make; the table is open for more. */
static const char *const types[] = { "card", "link", "sepa_debit", "us_bank_account", NULL };

static const char *const redisplay_words[] = { "always", "limited", "unspecified", NULL };

static const KontorField preferred_network_fields[] = {
  { "preferred", KONTOR_STRING, PARAM | NESTED | CLEARABLE,
    .doc = "The network the customer prefers." },
  ROW_END,
};

static const KontorShape preferred_network_shape
    = { "preferred_network", 0, preferred_network_fields };

#define CARD_EXPIRY                                                                                \
  { "exp_month", KONTOR_INT, PARAM | NESTED, .doc = "The last month the card is good for." },      \
      { "exp_year", KONTOR_INT, PARAM | NESTED, .doc = "The year of that, two or four digits." },  \
  {                                                                                                \
    "networks", KONTOR_OBJECT, PARAM | NESTED, .shape = &preferred_network_shape,                  \
                                               .doc = "Which network the card should go over."     \
  }

static const KontorField card_params_fields[] = {
  { "number", KONTOR_STRING, PARAM | NESTED | SECRET, .doc = "The number; it is never stored." },
  CARD_EXPIRY,
  { "cvc", KONTOR_STRING, PARAM | NESTED | SECRET,
    .doc = "The security code; it is never stored." },
  { "token", KONTOR_STRING, PARAM | NESTED,
    .doc = "A token that stands for the card, instead of its number." },
  ROW_END,
};

static const KontorShape card_params_shape = { "new_card", 0, card_params_fields };

static const KontorField card_update_fields[] = {
  CARD_EXPIRY,
  ROW_END,
};

static const KontorShape card_update_shape = { "card_update", 0, card_update_fields };

/* What is sent beside a type that this server cannot make, so that the refusal speaks of the type. */
#define OTHER(type) ROW_TAKEN (type, CREATE | NESTED, "Details of a payment method of this type.")
#define OTHERS                                                                                     \
  OTHER ("acss_debit"), OTHER ("affirm"), OTHER ("afterpay_clearpay"), OTHER ("alipay"),           \
      OTHER ("alma"), OTHER ("amazon_pay"), OTHER ("au_becs_debit"), OTHER ("bacs_debit"),         \
      OTHER ("bancontact"), OTHER ("billie"), OTHER ("bizum"), OTHER ("blik"), OTHER ("boleto"),   \
      OTHER ("cashapp"), OTHER ("crypto"), OTHER ("custom"), OTHER ("customer_balance"),           \
      OTHER ("eps"), OTHER ("fpx"), OTHER ("giropay"), OTHER ("grabpay"), OTHER ("ideal"),         \
      OTHER ("interac_present"), OTHER ("kakao_pay"), OTHER ("klarna"), OTHER ("konbini"),         \
      OTHER ("kr_card"), OTHER ("link"), OTHER ("mb_way"), OTHER ("mobilepay"),                    \
      OTHER ("multibanco"), OTHER ("naver_pay"), OTHER ("nz_bank_account"), OTHER ("oxxo"),        \
      OTHER ("p24"), OTHER ("pay_by_bank"), OTHER ("payco"), OTHER ("paynow"), OTHER ("paypal"),   \
      OTHER ("paypay"), OTHER ("payto"), OTHER ("pix"), OTHER ("promptpay"),                       \
      OTHER ("revolut_pay"), OTHER ("samsung_pay"), OTHER ("satispay"), OTHER ("scalapay"),        \
      OTHER ("sepa_debit"), OTHER ("sequra"), OTHER ("sofort"), OTHER ("sunbit"), OTHER ("swish"), \
      OTHER ("twint"), OTHER ("upi"), OTHER ("us_bank_account"), OTHER ("wechat_pay"),             \
      OTHER ("zip")

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("payment_method"),
  { "allow_redisplay", KONTOR_STRING, CREATE | UPDATE, AT (KontorPaymentMethod, allow_redisplay),
    .values = redisplay_words, .fixed = "unspecified",
    .doc = "Whether it may be shown to the customer at a later checkout." },
  { "billing_details", KONTOR_OBJECT, CREATE | UPDATE, AT (KontorPaymentMethod, billing_details),
    .shape = &kontor_billing_details_shape, .doc = "Who pays with it." },
  { "card", KONTOR_OBJECT, OPTIONAL, AT (KontorPaymentMethod, card), .shape = &kontor_card_shape,
    .doc = "The card, when it is one." },
  ROW_CREATED,
  { "customer", KONTOR_ID, NULLABLE | EXPANDABLE | COLUMN | LIST,
    AT (KontorPaymentMethod, customer), .target = "customer", .doc = "Who it is attached to." },
  ROW_NULL ("customer_account", "The account that it is attached to as a customer."),
  ROW_LIVEMODE,
  ROW_METADATA (KontorPaymentMethod, CREATE | UPDATE | CLEARABLE),
  { "type", KONTOR_STRING, CREATE | LIST | COLUMN, AT (KontorPaymentMethod, type), .values = types,
    .doc = "What kind of payment method it is." },

  { "behaviour", KONTOR_STRING, HIDDEN, AT (KontorPaymentMethod, behaviour),
    .doc = "In test mode, the rail's name of the card it stands for." },
  { "cvc_given", KONTOR_BOOL, HIDDEN, AT (KontorPaymentMethod, cvc_given),
    .doc = "Whether a security code came with it." },
  { "spent", KONTOR_BOOL, HIDDEN, AT (KontorPaymentMethod, spent),
    .doc = "Whether it was used without a customer, or detached, and is good for nothing more." },
  { "set_up", KONTOR_BOOL, HIDDEN, AT (KontorPaymentMethod, set_up),
    .doc = "Whether the bank agreed to its use while the customer is away." },

  ROW_CREATED_RANGE,
  { "allow_redisplay", KONTOR_STRING, PARAM | LIST, .values = redisplay_words,
    .doc = "Only those that may be shown so." },
  { "card", KONTOR_OBJECT, PARAM | CREATE, .shape = &card_params_shape,
    .doc = "The card to make it of." },
  { "card", KONTOR_OBJECT, PARAM | UPDATE, .shape = &card_update_shape,
    .doc = "What is new about the card." },
  { "customer", KONTOR_STRING, PARAM | CREATE, .doc = "Whose method is copied." },
  { "customer", KONTOR_STRING, PARAM | ACTION | KONTOR_REQUIRED_ACTION,
    .doc = "Who to attach it to." },
  { "payment_method", KONTOR_STRING, PARAM | CREATE, .doc = "The method that is copied." },
  ROW_TAKEN ("customer_account", LIST | ACTION, "An account that acts as a customer."),
  ROW_TAKEN ("radar_options", CREATE, "What is known of the customer's browser."),
  ROW_TAKEN ("us_bank_account", UPDATE, "What is new about the bank account."),
  OTHERS,
  ROW_END,
};

/* What was sent with the method and no bank has looked at yet. */
static KontorCardChecks *
open_checks (const KontorPaymentMethod *method, KontorArena *arena)
{
  KontorCardChecks *checks = kontor_shape_new (&kontor_card_checks_shape, arena);
  const KontorAddress *address = method->billing_details != NULL ? method->billing_details->address
                                                                 : NULL;

  checks->cvc_check = method->cvc_given ? "unchecked" : NULL;
  checks->address_line1_check = address != NULL && address->line1 != NULL ? "unchecked" : NULL;
  checks->address_postal_code_check = address != NULL && address->postal_code != NULL ? "unchecked"
                                                                                      : NULL;
  return checks;
}

/* A usual card goes over its brand's own network and can be authenticated. */
static void
complete (gpointer object, KontorArena *arena)
{
  KontorPaymentMethod *method = object;
  KontorCard *card = method->card;

  if (method->billing_details == NULL)
    method->billing_details = kontor_shape_new (&kontor_billing_details_shape, arena);
  if (card == NULL)
    return;
  if (card->display_brand == NULL)
    card->display_brand = card->brand;
  if (card->networks == NULL && card->brand != NULL)
    card->networks = kontor_card_networks_new (arena, card->brand, NULL);
  if (card->checks == NULL)
    card->checks = open_checks (method, arena);
  if (card->three_d_secure_usage == NULL)
    card->three_d_secure_usage = kontor_shape_new (&kontor_three_d_secure_usage_shape, arena);
}

static gboolean
is_usual_network (const KontorCard *card)
{
  const KontorCardNetworks *networks = card->networks;

  return networks != NULL && networks->preferred == NULL && networks->available != NULL
         && networks->available->n == 1
         && g_strcmp0 (networks->available->items[0], card->brand) == 0;
}

static gboolean
is_open (const KontorCardChecks *checks, const KontorPaymentMethod *method, KontorArena *arena)
{
  const KontorCardChecks *open = open_checks (method, arena);

  return checks != NULL && g_strcmp0 (checks->cvc_check, open->cvc_check) == 0
         && g_strcmp0 (checks->address_line1_check, open->address_line1_check) == 0
         && g_strcmp0 (checks->address_postal_code_check, open->address_postal_code_check) == 0;
}

static void
trim (gpointer copy, KontorArena *arena)
{
  KontorPaymentMethod *method = copy;
  KontorCard *card;

  if (method->card != NULL)
    {
      card = memcpy (kontor_arena_alloc (arena, sizeof *card), method->card, sizeof *card);
      method->card = card;
      if (is_usual_network (card))
        card->networks = NULL;
      if (g_strcmp0 (card->display_brand, card->brand) == 0)
        card->display_brand = NULL;
      if (card->three_d_secure_usage != NULL && card->three_d_secure_usage->supported)
        card->three_d_secure_usage = NULL;
      if (is_open (card->checks, method, arena))
        card->checks = NULL;
    }
  if (kontor_billing_details_are_empty (method->billing_details))
    method->billing_details = NULL;
}

const KontorResource kontor_payment_method_resource = {
  .trim = trim,
  .complete = complete,
  .kind = KONTOR_KIND_PAYMENT_METHOD,
  .object = "payment_method",
  .table = "payment_methods",
  .prefix = "pm",
  .shape = { "payment_method", sizeof (KontorPaymentMethod), fields },
  .doc = "A way in which a customer can pay, such as a card.",
};

static const KontorField data_fields[] = {
  { "allow_redisplay", KONTOR_STRING, PARAM | NESTED, .values = redisplay_words,
    .doc = "Whether it may be shown to the customer at a later checkout." },
  { "billing_details", KONTOR_OBJECT, PARAM | NESTED, .shape = &kontor_billing_details_shape,
    .doc = "Who pays with it." },
  { "card", KONTOR_OBJECT, PARAM | NESTED, .shape = &card_params_shape,
    .doc = "The card to make it of." },
  { "metadata", KONTOR_MAP, PARAM | NESTED,
    .doc = "What the merchant wants to remember, by names of their own." },
  { "type", KONTOR_STRING, PARAM | NESTED | REQUIRED, .values = types,
    .doc = "What kind of payment method it is." },
  ROW_TAKEN ("radar_options", NESTED, "What is known of the customer's browser."),
  OTHERS,
  ROW_END,
};

const KontorShape kontor_payment_method_data_shape = { "payment_method_data", 0, data_fields };
