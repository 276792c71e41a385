/* card.c: what is known of a card: as a way to pay, and as it was used once. */
#include "core/resources/card.h"

#include "core/resources/row.h"

const char *const kontor_card_network_words[] = {
  "amex", "cartes_bancaires", "diners",   "discover", "eftpos_au", "girocard", "interac", "jcb",
  "link", "mastercard",       "unionpay", "unknown",  "visa",      NULL,
};

static const KontorField card_checks_fields[] = {
  { "address_line1_check", KONTOR_STRING, NULLABLE, AT (KontorCardChecks, address_line1_check),
    .doc = "What the bank said of the street." },
  { "address_postal_code_check", KONTOR_STRING, NULLABLE,
    AT (KontorCardChecks, address_postal_code_check),
    .doc = "What the bank said of the postal code." },
  { "cvc_check", KONTOR_STRING, NULLABLE, AT (KontorCardChecks, cvc_check),
    .doc = "What the bank said of the security code." },
  ROW_END,
};

const KontorShape kontor_card_checks_shape
    = { "card_checks", sizeof (KontorCardChecks), card_checks_fields };

static const KontorField card_networks_fields[] = {
  { "available", KONTOR_STRINGS, 0, AT (KontorCardNetworks, available),
    .doc = "The networks it can go over, its own first." },
  { "preferred", KONTOR_STRING, NULLABLE, AT (KontorCardNetworks, preferred),
    .doc = "The one the customer prefers." },
  ROW_END,
};

const KontorShape kontor_card_networks_shape
    = { "card_networks", sizeof (KontorCardNetworks), card_networks_fields };

/**
 * kontor_card_networks_new:
 * @arena: where it is to live
 * @first: the card's own network
 * @second: (nullable): another it can go over
 *
 * Returns: (transfer none): what the card shows of its networks
 */
KontorCardNetworks *
kontor_card_networks_new (KontorArena *arena, const char *first, const char *second)
{
  KontorCardNetworks *networks = kontor_shape_new (&kontor_card_networks_shape, arena);
  KontorStrings *available = kontor_arena_new0 (arena, KontorStrings);

  available->items = kontor_arena_new0_n (arena, const char *, 2);
  available->items[available->n++] = first;
  if (second != NULL)
    available->items[available->n++] = second;
  networks->available = available;
  return networks;
}

static const KontorField three_d_secure_usage_fields[] = {
  { "supported", KONTOR_BOOL, 0, AT (KontorThreeDSecureUsage, supported), .fixed = "true",
    .doc = "Whether its holder can be asked to authenticate." },
  ROW_END,
};

const KontorShape kontor_three_d_secure_usage_shape
    = { "three_d_secure_usage", sizeof (KontorThreeDSecureUsage), three_d_secure_usage_fields };

static const KontorField card_fields[] = {
  { "brand", KONTOR_STRING, 0, AT (KontorCard, brand),
    .doc = "Visa, Mastercard …, in lower case." },
  { "checks", KONTOR_OBJECT, NULLABLE, AT (KontorCard, checks), .shape = &kontor_card_checks_shape,
    .doc = "What the bank checked when it was added." },
  { "country", KONTOR_STRING, NULLABLE, AT (KontorCard, country), .doc = "Where it was issued." },
  { "display_brand", KONTOR_STRING, NULLABLE, AT (KontorCard, display_brand),
    .doc = "The brand to show to the customer." },
  { "exp_month", KONTOR_INT, 0, AT (KontorCard, exp_month),
    .doc = "The last month it is good for." },
  { "exp_year", KONTOR_INT, 0, AT (KontorCard, exp_year), .doc = "The year of that, four digits." },
  { "fingerprint", KONTOR_STRING, NULLABLE, AT (KontorCard, fingerprint),
    .doc = "The same for the same number, so that a card is known again." },
  { "funding", KONTOR_STRING, 0, AT (KontorCard, funding), .fixed = "credit",
    .doc = "Whether it is credit, debit, prepaid or unknown." },
  ROW_NULL ("generated_from", "The card reader's payment it came from."),
  { "last4", KONTOR_STRING, 0, AT (KontorCard, last4),
    .doc = "The last four digits of its number." },
  { "networks", KONTOR_OBJECT, NULLABLE, AT (KontorCard, networks),
    .shape = &kontor_card_networks_shape, .doc = "The networks it can go over." },
  { "regulated_status", KONTOR_STRING, NULLABLE, AT (KontorCard, regulated_status),
    .fixed = "unregulated", .doc = "Whether its interchange fee is capped by law." },
  { "three_d_secure_usage", KONTOR_OBJECT, NULLABLE, AT (KontorCard, three_d_secure_usage),
    .shape = &kontor_three_d_secure_usage_shape, .doc = "Whether it can be authenticated." },
  ROW_NULL ("wallet", "The wallet it was taken from."),
  ROW_END,
};

const KontorShape kontor_card_shape = { "card", sizeof (KontorCard), card_fields };

#define THREE_D_SECURE_BEFORE                                                                      \
  { "authentication_flow", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, authentication_flow),  \
    .doc = "Whether the holder was asked (challenge) or not (frictionless)." },                    \
  {                                                                                                \
    "electronic_commerce_indicator", KONTOR_STRING, NULLABLE,                                      \
        AT (KontorThreeDSecure, electronic_commerce_indicator),                                    \
        .doc = "What the network says of how it was authenticated."                                \
  }
#define THREE_D_SECURE_AFTER                                                                       \
  { "result", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, result),                            \
    .doc = "How it came out." },                                                                   \
      { "result_reason", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, result_reason),          \
        .doc = "Why it came out so." },                                                            \
      { "transaction_id", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, transaction_id),        \
        .doc = "The directory server's name of it." },                                             \
  {                                                                                                \
    "version", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, version),                          \
        .doc = "Version of the 3-D Secure protocol."                                               \
  }

static const KontorField three_d_secure_fields[] = {
  THREE_D_SECURE_BEFORE,
  { "exemption_indicator", KONTOR_STRING, NULLABLE, AT (KontorThreeDSecure, exemption_indicator),
    .doc = "The exemption that was asked for." },
  THREE_D_SECURE_AFTER,
  ROW_END,
};

const KontorShape kontor_three_d_secure_shape
    = { "three_d_secure", sizeof (KontorThreeDSecure), three_d_secure_fields };

static const KontorField setup_three_d_secure_fields[] = {
  THREE_D_SECURE_BEFORE,
  THREE_D_SECURE_AFTER,
  ROW_END,
};

const KontorShape kontor_setup_three_d_secure_shape
    = { "setup_three_d_secure", sizeof (KontorThreeDSecure), setup_three_d_secure_fields };

static const KontorField extended_authorization_fields[] = {
  { "status", KONTOR_STRING, 0, AT (KontorCardFeature, status), .fixed = "disabled",
    .doc = "Whether the authorization lasts longer: enabled or disabled." },
  ROW_END,
};

const KontorShape kontor_extended_authorization_shape
    = { "extended_authorization", sizeof (KontorCardFeature), extended_authorization_fields };

static const KontorField card_feature_fields[] = {
  { "status", KONTOR_STRING, 0, AT (KontorCardFeature, status), .fixed = "unavailable",
    .doc = "Whether the bank offers it: available or unavailable." },
  ROW_END,
};

const KontorShape kontor_card_feature_shape
    = { "card_feature", sizeof (KontorCardFeature), card_feature_fields };

static const KontorField overcapture_fields[] = {
  { "maximum_amount_capturable", KONTOR_INT, 0, AT (KontorOvercapture, maximum_amount_capturable),
    .doc = "The most that can be captured." },
  { "status", KONTOR_STRING, 0, AT (KontorOvercapture, status), .fixed = "unavailable",
    .doc = "Whether more than the authorized amount can be captured." },
  ROW_END,
};

const KontorShape kontor_overcapture_shape
    = { "overcapture", sizeof (KontorOvercapture), overcapture_fields };

static const KontorField charge_card_fields[] = {
  { "amount_authorized", KONTOR_INT, NULLABLE, AT (KontorChargeCard, amount_authorized),
    .doc = "What the bank authorized." },
  { "authorization_code", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, authorization_code),
    .doc = "The bank's code for it." },
  { "brand", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, brand),
    .doc = "Visa, Mastercard …, in lower case." },
  { "capture_before", KONTOR_TIME, OPTIONAL, AT (KontorChargeCard, capture_before),
    .doc = "When the authorization lapses if it is not captured." },
  { "checks", KONTOR_OBJECT, NULLABLE, AT (KontorChargeCard, checks),
    .shape = &kontor_card_checks_shape, .doc = "What the bank checked." },
  { "country", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, country),
    .doc = "Where the card was issued." },
  { "electronic_commerce_indicator", KONTOR_STRING, NULLABLE,
    AT (KontorChargeCard, electronic_commerce_indicator),
    .doc = "What the network was told of how it was authenticated." },
  { "exp_month", KONTOR_INT, 0, AT (KontorChargeCard, exp_month),
    .doc = "The last month the card is good for." },
  { "exp_year", KONTOR_INT, 0, AT (KontorChargeCard, exp_year),
    .doc = "The year of that, four digits." },
  { "extended_authorization", KONTOR_OBJECT, 0, AT (KontorChargeCard, extended_authorization),
    .shape = &kontor_extended_authorization_shape,
    .doc = "Whether the authorization lasts longer." },
  { "fingerprint", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, fingerprint),
    .doc = "The same for the same number." },
  { "funding", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, funding), .fixed = "credit",
    .doc = "Whether it is credit, debit, prepaid or unknown." },
  { "incremental_authorization", KONTOR_OBJECT, 0, AT (KontorChargeCard, incremental_authorization),
    .shape = &kontor_card_feature_shape, .doc = "Whether the authorization can be raised." },
  ROW_NULL ("installments", "The plan by which it is paid off."),
  { "last4", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, last4),
    .doc = "The last four digits of the number." },
  ROW_NULL_ID ("mandate", "The mandate it was charged under."),
  { "moto", KONTOR_BOOL, OPTIONAL, AT (KontorChargeCard, moto),
    .doc = "Whether the order came by mail or telephone." },
  { "multicapture", KONTOR_OBJECT, 0, AT (KontorChargeCard, multicapture),
    .shape = &kontor_card_feature_shape, .doc = "Whether it can be captured in several parts." },
  { "network", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, network),
    .doc = "The network it went over." },
  { "network_token", KONTOR_FIXED, 0, .fixed = "{\"used\":false}",
    .doc = "Whether a network's token stood for the number." },
  { "network_transaction_id", KONTOR_STRING, NULLABLE,
    AT (KontorChargeCard, network_transaction_id), .doc = "The network's name of it." },
  { "overcapture", KONTOR_OBJECT, OPTIONAL, AT (KontorChargeCard, overcapture),
    .shape = &kontor_overcapture_shape,
    .doc = "Whether more than was authorized can be captured." },
  { "regulated_status", KONTOR_STRING, NULLABLE, AT (KontorChargeCard, regulated_status),
    .fixed = "unregulated", .doc = "Whether the interchange fee is capped by law." },
  { "three_d_secure", KONTOR_OBJECT, NULLABLE, AT (KontorChargeCard, three_d_secure),
    .shape = &kontor_three_d_secure_shape, .doc = "How the holder was authenticated." },
  ROW_NULL ("transaction_link_id", "What links it to an earlier payment at the network."),
  ROW_NULL ("wallet", "The wallet the card was taken from."),
  ROW_END,
};

const KontorShape kontor_charge_card_shape
    = { "charge_card", sizeof (KontorChargeCard), charge_card_fields };

static const KontorField setup_attempt_card_fields[] = {
  { "brand", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, brand),
    .doc = "Visa, Mastercard …, in lower case." },
  { "checks", KONTOR_OBJECT, NULLABLE, AT (KontorSetupAttemptCard, checks),
    .shape = &kontor_card_checks_shape, .doc = "What the bank checked." },
  { "country", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, country),
    .doc = "Where the card was issued." },
  { "exp_month", KONTOR_INT, NULLABLE, AT (KontorSetupAttemptCard, exp_month),
    .doc = "The last month the card is good for." },
  { "exp_year", KONTOR_INT, NULLABLE, AT (KontorSetupAttemptCard, exp_year),
    .doc = "The year of that, four digits." },
  { "fingerprint", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, fingerprint),
    .doc = "The same for the same number." },
  { "funding", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, funding),
    .doc = "Whether it is credit, debit, prepaid or unknown." },
  { "last4", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, last4),
    .doc = "The last four digits of the number." },
  { "network", KONTOR_STRING, NULLABLE, AT (KontorSetupAttemptCard, network),
    .doc = "The network it went over." },
  { "three_d_secure", KONTOR_OBJECT, NULLABLE, AT (KontorSetupAttemptCard, three_d_secure),
    .shape = &kontor_setup_three_d_secure_shape, .doc = "How the holder was authenticated." },
  ROW_NULL ("wallet", "The wallet the card was taken from."),
  ROW_END,
};

const KontorShape kontor_setup_attempt_card_shape
    = { "setup_attempt_card", sizeof (KontorSetupAttemptCard), setup_attempt_card_fields };
