/* simulator.c: the rail of test mode: every outcome on request, and no money.
 *
 * Which card does what is Stripe's published list of test cards, so that a merchant's test suite finds
 * here what it found there. Source: https://docs.stripe.com/testing */
#include "server/acquirers/simulator.h"

#include <string.h>

typedef enum
{
  DECLINES        = 1 << 0,  /* when charged or set up */
  CHARGE_DECLINES = 1 << 1,  /* when charged only: it can be saved */
  BLOCKED         = 1 << 2,  /* refused before the network is asked */
  NEEDS_3DS       = 1 << 3,  /* each payment needs a challenge */
  NEEDS_3DS_ONCE  = 1 << 4,  /* until it was set up for later use */
  NEEDS_3DS_HERE  = 1 << 5,  /* set up already: a challenge while the customer is there */
  SUPPORTS_3DS    = 1 << 6,  /* a challenge when the merchant asks for one */
  CVC_FAILS       = 1 << 7,
  LINE1_FAILS     = 1 << 8,
  POSTCODE_FAILS  = 1 << 9,
  ADDRESS_UNKNOWN = 1 << 10,
  SETTLES_AT_ONCE = 1 << 11,
  REFUND_PENDS    = 1 << 12,
  REFUND_FAILS    = 1 << 13,
  RISK_ELEVATED   = 1 << 14,
  RISK_HIGHEST    = 1 << 15,
  LOOKUP_FAILS    = 1 << 16, /* an error when the merchant asks for a challenge */
} Trait;

typedef struct
{
  KontorRailCard  card;
  guint           traits;
  KontorErrorCode error;
  const char     *decline_code;
} TestCard;

/* clang-format off: a table reads better in few lines */
#define CARD(name_, number_, brand_, network_, funding_, country_, ...) \
  {                                                                                                \
    { name_, number_, brand_, network_, funding_, country_, TRUE }, __VA_ARGS__                    \
  }
#define VISA(name, number, ...)      CARD (name, number, "visa", "visa", "credit", "US", __VA_ARGS__)
#define ABROAD(name, number, where)  CARD (name, number, "visa", "visa", "credit", where, 0)
#define DECLINED(code)               DECLINES, KONTOR_ERROR_CARD_DECLINED, code

/* The name is what follows "pm_card_" and "tok_". A token of a card that declines may also begin with "visa_". */
static const TestCard cards[] = {
  VISA ("visa", "4242424242424242", 0),
  CARD ("visa_debit", "4000056655665556", "visa", "visa", "debit", "US", 0),
  CARD ("mastercard", "5555555555554444", "mastercard", "mastercard", "credit", "US", 0),
  CARD ("mastercard_2_series", "2223003122003222", "mastercard", "mastercard", "credit", "US", 0),
  CARD ("mastercard_debit", "5200828282828210", "mastercard", "mastercard", "debit", "US", 0),
  CARD ("mastercard_prepaid", "5105105105105100", "mastercard", "mastercard", "prepaid", "US", 0),
  CARD ("amex", "378282246310005", "amex", "amex", "credit", "US", 0),
  CARD ("amex_2", "371449635398431", "amex", "amex", "credit", "US", 0),
  CARD ("discover", "6011111111111117", "discover", "discover", "credit", "US", 0),
  CARD ("discover_2", "6011000990139424", "discover", "discover", "credit", "US", 0),
  CARD ("discover_debit", "6011981111111113", "discover", "discover", "debit", "US", 0),
  CARD ("diners", "3056930009020004", "diners", "diners", "credit", "US", 0),
  CARD ("diners_14_digits", "36227206271667", "diners", "diners", "credit", "US", 0),
  CARD ("bccard", "6555900000604105", "discover", "discover", "credit", "KR", 0),
  CARD ("jcb", "3566002020360505", "jcb", "jcb", "credit", "JP", 0),
  CARD ("unionpay", "6200000000000005", "unionpay", "unionpay", "credit", "CN", 0),
  CARD ("unionpay_debit", "6200000000000047", "unionpay", "unionpay", "debit", "CN", 0),
  CARD ("unionpay_19_digits", "6205500000000000004", "unionpay", "unionpay", "credit", "CN", 0),
  CARD ("visa_cartesBancaires", "4000002500001001", "visa", "cartes_bancaires", "credit", "FR", 0),
  CARD ("mastercard_cartesBancaires",
        "5555552500001001",
        "mastercard",
        "cartes_bancaires",
        "credit",
        "FR",
        0),
  CARD ("visa_debit_eftposAuCoBranded", "4000050360000001", "visa", "eftpos_au", "debit", "AU", 0),
  CARD ("mastercard_debit_eftposAuCoBranded",
        "5555050360000080",
        "mastercard",
        "eftpos_au",
        "debit",
        "AU",
        0),
  CARD ("debit_visaFsaProductCode", "4000051230000072", "visa", "visa", "debit", "US", 0),
  CARD ("debit_visaHsaProductCode", "4000051230000072", "visa", "visa", "debit", "US", 0),
  CARD ("mastercard_debit_mastercardFsaProductCode",
        "5200828282828897",
        "mastercard",
        "mastercard",
        "debit",
        "US",
        0),

  VISA ("us", "4242424242424242", 0),
  ABROAD ("ar", "4000000320000021", "AR"),
  ABROAD ("br", "4000000760000002", "BR"),
  ABROAD ("ca", "4000001240000000", "CA"),
  ABROAD ("cl", "4000001520000001", "CL"),
  ABROAD ("co", "4000001700000003", "CO"),
  ABROAD ("cr", "4000001880000005", "CR"),
  ABROAD ("ec", "4000002180000000", "EC"),
  ABROAD ("mx", "4000004840008001", "MX"),
  ABROAD ("pa", "4000005910000000", "PA"),
  ABROAD ("py", "4000006000000066", "PY"),
  ABROAD ("pe", "4000006040000068", "PE"),
  ABROAD ("uy", "4000008580000003", "UY"),
  ABROAD ("ae", "4000007840000001", "AE"),
  ABROAD ("at", "4000000400000008", "AT"),
  ABROAD ("be", "4000000560000004", "BE"),
  ABROAD ("bg", "4000001000000000", "BG"),
  ABROAD ("by", "4000001120000005", "BY"),
  ABROAD ("hr", "4000001910000009", "HR"),
  ABROAD ("cy", "4000001960000008", "CY"),
  ABROAD ("cz", "4000002030000002", "CZ"),
  ABROAD ("dk", "4000002080000001", "DK"),
  ABROAD ("ee", "4000002330000009", "EE"),
  ABROAD ("fi", "4000002460000001", "FI"),
  ABROAD ("fr", "4000002500000003", "FR"),
  ABROAD ("de", "4000002760000016", "DE"),
  ABROAD ("gi", "4000002920000005", "GI"),
  ABROAD ("gr", "4000003000000030", "GR"),
  ABROAD ("hu", "4000003480000005", "HU"),
  ABROAD ("ie", "4000003720000005", "IE"),
  ABROAD ("it", "4000003800000008", "IT"),
  ABROAD ("lv", "4000004280000005", "LV"),
  ABROAD ("li", "4000004380000004", "LI"),
  ABROAD ("lt", "4000004400000000", "LT"),
  ABROAD ("lu", "4000004420000006", "LU"),
  ABROAD ("mt", "4000004700000007", "MT"),
  ABROAD ("nl", "4000005280000002", "NL"),
  ABROAD ("no", "4000005780000007", "NO"),
  ABROAD ("pl", "4000006160000005", "PL"),
  ABROAD ("pt", "4000006200000007", "PT"),
  ABROAD ("ro", "4000006420000001", "RO"),
  ABROAD ("sa", "4000006820000007", "SA"),
  ABROAD ("si", "4000007050000006", "SI"),
  ABROAD ("sk", "4000007030000001", "SK"),
  ABROAD ("es", "4000007240000007", "ES"),
  ABROAD ("se", "4000007520000008", "SE"),
  ABROAD ("ch", "4000007560000009", "CH"),
  ABROAD ("gb", "4000008260000000", "GB"),
  CARD ("ae_mastercard", "5200007840000022", "mastercard", "mastercard", "credit", "AE", 0),
  CARD ("gb_mastercard", "5555558265554449", "mastercard", "mastercard", "credit", "GB", 0),
  CARD ("gb_debit", "4000058260000005", "visa", "visa", "debit", "GB", 0),
  ABROAD ("au", "4000000360000006", "AU"),
  ABROAD ("cn", "4000001560000002", "CN"),
  ABROAD ("hk", "4000003440000004", "HK"),
  ABROAD ("in", "4000003560000008", "IN"),
  ABROAD ("jp", "4000003920000003", "JP"),
  ABROAD ("my", "4000004580000002", "MY"),
  CARD ("jcb_jp", "3530111333300000", "jcb", "jcb", "credit", "JP", 0),
  ABROAD ("nz", "4000005540000008", "NZ"),
  ABROAD ("sg", "4000007020000003", "SG"),
  ABROAD ("tw", "4000001580000008", "TW"),
  ABROAD ("th_credit", "4000007640000003", "TH"),
  CARD ("th_debit", "4000057640000008", "visa", "visa", "debit", "TH", 0),

  CARD ("carnet", "5062210000000009", "unknown", "unknown", "debit", "MX", 0),

  VISA ("chargeDeclined", "4000000000000002", DECLINED ("generic_decline")),
  VISA ("chargeDeclinedInsufficientFunds", "4000000000009995", DECLINED ("insufficient_funds")),
  CARD ("visa_debit_chargeDeclinedInsufficientFunds",
        "4000056655665556",
        "visa",
        "visa",
        "debit",
        "US",
        DECLINED ("insufficient_funds")),
  VISA ("chargeDeclinedLostCard", "4000000000009987", DECLINED ("lost_card")),
  VISA ("chargeDeclinedStolenCard", "4000000000009979", DECLINED ("stolen_card")),
  VISA ("chargeDeclinedFraudulent",
        "4100000000000019",
        BLOCKED | RISK_HIGHEST,
        KONTOR_ERROR_CARD_DECLINED,
        "fraudulent"),
  VISA ("radarBlock",
        "4100000000000019",
        BLOCKED | RISK_HIGHEST,
        KONTOR_ERROR_CARD_DECLINED,
        "fraudulent"),
  VISA ("chargeDeclinedExpiredCard", "4000000000000069", DECLINES, KONTOR_ERROR_EXPIRED_CARD, NULL),
  VISA ("chargeDeclinedIncorrectCvc",
        "4000000000000127",
        DECLINES | CVC_FAILS,
        KONTOR_ERROR_INCORRECT_CVC,
        NULL),
  VISA ("chargeDeclinedProcessingError",
        "4000000000000119",
        DECLINES,
        KONTOR_ERROR_PROCESSING_ERROR,
        NULL),
  VISA ("chargeDeclinedVelocityLimitExceeded",
        "4000000000006975",
        DECLINED ("card_velocity_exceeded")),
  VISA ("chargeCustomerFail",
        "4000000000000341",
        CHARGE_DECLINES,
        KONTOR_ERROR_CARD_DECLINED,
        "generic_decline"),
  VISA ("chargeCustomerFailLostCard",
        "4000000000000341",
        CHARGE_DECLINES,
        KONTOR_ERROR_CARD_DECLINED,
        "lost_card"),
  VISA ("chargeCustomerFailStolenCard",
        "4000000000000341",
        CHARGE_DECLINES,
        KONTOR_ERROR_CARD_DECLINED,
        "stolen_card"),
  VISA ("cvcCheckFail", "4000000000000101", CVC_FAILS),
  VISA ("avsFail", "4000000000000010", LINE1_FAILS | POSTCODE_FAILS),
  VISA ("avsLine1Fail", "4000000000000028", LINE1_FAILS),
  VISA ("avsZipFail", "4000000000000036", POSTCODE_FAILS),
  VISA ("avsUnchecked", "4000000000000044", ADDRESS_UNKNOWN),
  VISA ("riskLevelHighest", "4000000000004954", RISK_HIGHEST),
  VISA ("riskLevelElevated", "4000000000009235", RISK_ELEVATED),
  VISA ("cvcCheckFailElevatedRisk", "4000058400307872", CVC_FAILS | RISK_ELEVATED),
  VISA ("avsZipFailElevatedRisk", "4000058400306072", POSTCODE_FAILS | RISK_ELEVATED),
  VISA ("highFraudDisputeScore", "4000008400000407", 0),
  VISA ("highEfwScore", "4000008400000159", 0),
  VISA ("radarDynamicRiskThreshold", "4000008400001017", 0),
  VISA ("adaptive3dsChallenge", "4000008405600003", SUPPORTS_3DS),

  VISA ("createDispute", "4000000000000259", 0),
  VISA ("createDisputeProductNotReceived", "4000000000002685", 0),
  VISA ("createDisputeInquiry", "4000000000001976", 0),
  VISA ("createIssuerFraudRecord", "4000000000005423", 0),
  VISA ("createMultipleDisputes", "4000000404000079", 0),
  VISA ("createCe3EligibleDispute", "4000000404000038", 0),
  VISA ("createComplianceDispute", "4000008400000779", 0),
  CARD ("createMastercardComplianceDispute",
        "5105008400000002",
        "mastercard",
        "mastercard",
        "credit",
        "US",
        0),
  VISA ("createAutoRepresentmentEligibleDispute", "4000000001000043", 0),
  VISA ("createRapidDisputeResolutionDispute", "4000000404004816", 0),
  VISA ("createCe3BlockDispute", "4000000404005649", 0),
  CARD ("createEthocaAlert", "5105000300000018", "mastercard", "mastercard", "credit", "US", 0),

  VISA ("pendingRefund", "4000000000007726", REFUND_PENDS),
  VISA ("refundFail", "4000000000005126", REFUND_FAILS),
  VISA ("bypassPending", "4000000000000077", SETTLES_AT_ONCE),
  CARD ("bypassPendingInternational",
        "4000003720000278",
        "visa",
        "visa",
        "credit",
        "IE",
        SETTLES_AT_ONCE),

  CARD ("authenticationRequired", "4000002760003184", "visa", "visa", "credit", "DE", NEEDS_3DS),
  CARD ("authenticationRequiredOnSetup",
        "4000002500003155",
        "visa",
        "visa",
        "credit",
        "FR",
        NEEDS_3DS_ONCE),
  CARD ("authenticationRequiredSetupForOffSession",
        "4000003800000446",
        "visa",
        "visa",
        "credit",
        "IT",
        NEEDS_3DS_HERE),
  CARD ("authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
        "visa",
        "visa",
        "credit",
        "GB",
        NEEDS_3DS | CHARGE_DECLINES,
        KONTOR_ERROR_CARD_DECLINED,
        "insufficient_funds"),
  CARD ("threeDSecure2Required", "4000000000003220", "visa", "visa", "credit", "IE", NEEDS_3DS),
  VISA ("threeDSecure2Required_us", "4000008400000027", NEEDS_3DS),
  VISA ("threeDSecure_outOfBand", "4000582600000094", NEEDS_3DS),
  VISA ("threeDSecure_oneTimePasscode", "4000582600000045", NEEDS_3DS),
  VISA ("threeDSecure_singleSelect", "4000582600000102", NEEDS_3DS),
  VISA ("threeDSecure_multiSelect", "4000582600000110", NEEDS_3DS),
  VISA ("threeDSecure_frictionless", "4000000032200000", 0),
  VISA ("threeDSecureRequired", "4000000000003063", NEEDS_3DS),
  VISA ("threeDSecureOptional", "4000000000003055", SUPPORTS_3DS),
  VISA ("threeDSecureRequiredChargeDeclined",
        "4000008400001629",
        NEEDS_3DS | CHARGE_DECLINES,
        KONTOR_ERROR_CARD_DECLINED,
        "generic_decline"),
  VISA ("threeDSecureRequiredProcessingError", "4000008400001280", DECLINED ("generic_decline")),
  VISA ("threeDSecureOptionalProcessingError",
        "4000000000003097",
        LOOKUP_FAILS,
        KONTOR_ERROR_PROCESSING_ERROR,
        NULL),
  VISA ("captcha", "4000000000001208", 0),
  VISA ("captcha_2", "4000000000003725", 0),
  CARD ("amex_threeDSecureNotSupported", "378282246310005", "amex", "amex", "credit", "US", 0),
};
/* clang-format on */

static const TestCard *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    if (g_str_equal (cards[i].card.name, name))
      return &cards[i];
  return NULL;
}

static const TestCard *
find_number (const char *number)
{
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    if (g_str_equal (cards[i].card.number, number))
      return &cards[i];
  return NULL;
}

static const KontorRailCard *
find_card (KontorAcquirer *self, const char *name_or_number)
{
  const TestCard *card = NULL;
  const char *name = NULL;

  if (g_str_has_prefix (name_or_number, "pm_card_"))
    name = name_or_number + strlen ("pm_card_");
  else if (g_str_has_prefix (name_or_number, "tok_"))
    name = name_or_number + strlen ("tok_");
  if (name == NULL)
    card = find_number (name_or_number);
  else
    {
      card = find (name);
      if (card == NULL && g_str_has_prefix (name, "visa_"))
        card = find (name + strlen ("visa_"));
    }
  return card != NULL ? &card->card : NULL;
}

static const TestCard *
card_of (const KontorRailRequest *request)
{
  const TestCard *card = NULL;

  if (request->method != NULL && request->method->behaviour != NULL)
    card = find (request->method->behaviour);
  return card != NULL ? card : &cards[0];
}

static void
decline (KontorRailAnswer *answer, const TestCard *card)
{
  answer->outcome = KONTOR_RAIL_DECLINED;
  answer->error = card->error;
  answer->decline_code = card->decline_code;
  if (card->traits & BLOCKED)
    {
      answer->network_status = "not_sent_to_network";
      answer->outcome_type = "blocked";
      answer->outcome_reason = "highest_risk_level";
      answer->seller_message = "Blocked before the bank was asked, because the risk was too high.";
    }
  else
    {
      answer->network_status = "declined_by_network";
      answer->outcome_type = "issuer_declined";
      answer->outcome_reason = card->decline_code != NULL ? card->decline_code
                                                          : kontor_error_info (card->error)->code;
      answer->seller_message = "The bank refused the payment.";
    }
}

static gboolean
needs_challenge (const TestCard *card, const KontorRailRequest *request)
{
  if (request->authenticated)
    return FALSE;
  if (card->traits & NEEDS_3DS)
    return TRUE;
  if (card->traits & NEEDS_3DS_ONCE)
    return !(request->set_up && request->off_session);
  if (card->traits & NEEDS_3DS_HERE)
    return !request->off_session;
  return request->challenge && (card->traits & SUPPORTS_3DS) != 0;
}

static void
ask_for_money (const TestCard *card, const KontorRailRequest *request, KontorRailAnswer *answer)
{
  guint declines = request->verb == KONTOR_RAIL_VERIFY ? DECLINES : DECLINES | CHARGE_DECLINES;

  if (card->traits & BLOCKED)
    decline (answer, card);
  else if (needs_challenge (card, request) && request->off_session)
    {
      static const TestCard absent
          = { { 0 }, DECLINES, KONTOR_ERROR_AUTHENTICATION_REQUIRED, "authentication_required" };

      decline (answer, &absent);
    }
  else if (needs_challenge (card, request))
    answer->outcome = KONTOR_RAIL_ACTION_REQUIRED;
  else if ((card->traits & declines) || (request->challenge && (card->traits & LOOKUP_FAILS)))
    decline (answer, card);
}

static void
check_details (const TestCard *card, const KontorRailRequest *request, KontorRailAnswer *answer)
{
  const KontorAddress *address = request->method != NULL && request->method->billing_details != NULL
                                     ? request->method->billing_details->address
                                     : NULL;
  const char *unknown = card->traits & ADDRESS_UNKNOWN ? "unavailable" : NULL;

  if (request->method != NULL && request->method->cvc_given)
    answer->cvc_check = card->traits & CVC_FAILS ? "fail" : "pass";
  else if (card->traits & CVC_FAILS)
    answer->cvc_check = "fail";
  if ((address != NULL && address->line1 != NULL) || (card->traits & LINE1_FAILS))
    answer->address_line1_check = unknown != NULL              ? unknown
                                  : card->traits & LINE1_FAILS ? "fail"
                                                               : "pass";
  if ((address != NULL && address->postal_code != NULL) || (card->traits & POSTCODE_FAILS))
    answer->address_postal_code_check = unknown != NULL                 ? unknown
                                        : card->traits & POSTCODE_FAILS ? "fail"
                                                                        : "pass";
}

/* Six digits that look like an authorisation code, the same for the same attempt. */
static const char *
authorization_code (KontorArena *arena, const char *attempt)
{
  return kontor_arena_printf (arena, "%06u", g_str_hash (attempt) % 1000000);
}

static void
authorize (const TestCard *card,
           const KontorRailRequest *request,
           KontorArena *arena,
           KontorRailAnswer *answer)
{
  answer->network_status = "approved_by_network";
  answer->outcome_type = "authorized";
  answer->seller_message = "Payment complete.";
  answer->risk_level = card->traits & RISK_HIGHEST    ? "highest"
                       : card->traits & RISK_ELEVATED ? "elevated"
                                                      : "normal";
  answer->risk_score = card->traits & RISK_HIGHEST ? 95 : card->traits & RISK_ELEVATED ? 72 : 24;
  if (card->traits & RISK_ELEVATED)
    {
      answer->outcome_type = "manual_review";
      answer->outcome_reason = "elevated_risk_level";
    }
  answer->authorization_code = authorization_code (arena, request->attempt);
  answer->network_transaction
      = kontor_arena_printf (arena, "%010u%05u", g_str_hash (request->attempt),
                             (guint) strlen (request->attempt) * 7919 % 100000);
  answer->settles_at_once = (card->traits & SETTLES_AT_ONCE) != 0;
  answer->authenticated = request->authenticated;
  check_details (card, request, answer);
  ask_for_money (card, request, answer);
}

/* How long a refund that does not settle at once takes here. */
#define REFUND_DELAY_S 10

static void
refund (const TestCard *card, gint64 now, KontorRailAnswer *answer)
{
  if (card->traits & REFUND_PENDS)
    {
      answer->outcome = KONTOR_RAIL_PENDING;
      answer->pending_until = now + REFUND_DELAY_S;
    }
  if (card->traits & REFUND_FAILS)
    {
      answer->fails_later = TRUE;
      answer->failure_reason = "unknown";
      answer->pending_until = now + REFUND_DELAY_S;
    }
}

static void
ask (KontorAcquirer *self,
     const KontorRailRequest *request,
     KontorArena *arena,
     gint64 now,
     KontorRailAnswer *answer)
{
  const TestCard *card = card_of (request);

  memset (answer, 0, sizeof *answer);
  answer->outcome = KONTOR_RAIL_APPROVED;
  answer->reference = request->reference != NULL ? request->reference : request->attempt;
  switch (request->verb)
    {
    case KONTOR_RAIL_AUTHORIZE:
    case KONTOR_RAIL_VERIFY:
      authorize (card, request, arena, answer);
      break;
    case KONTOR_RAIL_REFUND:
      refund (card, now, answer);
      break;
    case KONTOR_RAIL_CAPTURE:
    case KONTOR_RAIL_INCREMENT:
    case KONTOR_RAIL_VOID:
      break;
    }
}

static KontorAcquirer simulator = { .name = "simulator", .find_card = find_card, .ask = ask };

/**
 * kontor_simulator:
 *
 * Returns: (transfer none): the rail of test mode
 */
KontorAcquirer *
kontor_simulator (void)
{
  return &simulator;
}

/**
 * kontor_simulator_card:
 * @place: from 0
 *
 * Returns: (transfer none) (nullable): the test card at that place in the list, %NULL past its end
 */
const KontorRailCard *
kontor_simulator_card (guint place)
{
  return place < G_N_ELEMENTS (cards) ? &cards[place].card : NULL;
}
