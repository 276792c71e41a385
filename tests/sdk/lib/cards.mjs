// cards.mjs: the test cards that Stripe documents, and what each of them is there to do.
//
// Columns: the number (null where only a name is documented), the `pm_card_…` names without their
// prefix, then what the payment method or its charge must say.

/** Cards that pay: number, names, brand, country, funding. */
export const GOOD = [
  ['4242424242424242', ['visa', 'us'], 'visa', 'US', 'credit'],
  ['4000056655665556', ['visa_debit'], 'visa', 'US', 'debit'],
  ['5555555555554444', ['mastercard'], 'mastercard', 'US', 'credit'],
  ['2223003122003222', [], 'mastercard', 'US', 'credit'],
  ['5200828282828210', ['mastercard_debit'], 'mastercard', 'US', 'debit'],
  ['5105105105105100', ['mastercard_prepaid'], 'mastercard', 'US', 'prepaid'],
  ['378282246310005', ['amex'], 'amex', 'US', 'credit'],
  ['371449635398431', [], 'amex', 'US', 'credit'],
  ['6011111111111117', ['discover'], 'discover', 'US', 'credit'],
  ['6011000990139424', [], 'discover', 'US', 'credit'],
  ['6011981111111113', [], 'discover', 'US', 'debit'],
  ['3056930009020004', ['diners'], 'diners', 'US', 'credit'],
  ['36227206271667', [], 'diners', 'US', 'credit'],
  ['3566002020360505', ['jcb'], 'jcb', 'JP', 'credit'],
  ['6200000000000005', ['unionpay'], 'unionpay', 'CN', 'credit'],
  ['6200000000000047', [], 'unionpay', 'CN', 'debit'],
  ['6205500000000000004', [], 'unionpay', 'CN', 'credit'],
  // Americas
  ['4000000320000021', ['ar'], 'visa', 'AR', 'credit'],
  ['4000000760000002', ['br'], 'visa', 'BR', 'credit'],
  ['4000001240000000', ['ca'], 'visa', 'CA', 'credit'],
  ['4000001520000001', ['cl'], 'visa', 'CL', 'credit'],
  ['4000001700000003', ['co'], 'visa', 'CO', 'credit'],
  ['4000001880000005', ['cr'], 'visa', 'CR', 'credit'],
  ['4000002180000000', ['ec'], 'visa', 'EC', 'credit'],
  ['4000004840008001', ['mx'], 'visa', 'MX', 'credit'],
  ['4000005910000000', ['pa'], 'visa', 'PA', 'credit'],
  ['4000006000000066', ['py'], 'visa', 'PY', 'credit'],
  ['4000006040000068', ['pe'], 'visa', 'PE', 'credit'],
  ['4000008580000003', ['uy'], 'visa', 'UY', 'credit'],
  // Europe, Middle East and Africa
  ['4000007840000001', ['ae'], 'visa', 'AE', 'credit'],
  ['5200007840000022', ['ae_mastercard'], 'mastercard', 'AE', 'credit'],
  ['4000000400000008', ['at'], 'visa', 'AT', 'credit'],
  ['4000000560000004', ['be'], 'visa', 'BE', 'credit'],
  ['4000001000000000', ['bg'], 'visa', 'BG', 'credit'],
  ['4000001120000005', ['by'], 'visa', 'BY', 'credit'],
  ['4000001910000009', ['hr'], 'visa', 'HR', 'credit'],
  ['4000001960000008', ['cy'], 'visa', 'CY', 'credit'],
  ['4000002030000002', ['cz'], 'visa', 'CZ', 'credit'],
  ['4000002080000001', ['dk'], 'visa', 'DK', 'credit'],
  ['4000002330000009', ['ee'], 'visa', 'EE', 'credit'],
  ['4000002460000001', ['fi'], 'visa', 'FI', 'credit'],
  ['4000002500000003', ['fr'], 'visa', 'FR', 'credit'],
  ['4000002760000016', ['de'], 'visa', 'DE', 'credit'],
  ['4000002920000005', ['gi'], 'visa', 'GI', 'credit'],
  ['4000003000000030', ['gr'], 'visa', 'GR', 'credit'],
  ['4000003480000005', ['hu'], 'visa', 'HU', 'credit'],
  ['4000003720000005', ['ie'], 'visa', 'IE', 'credit'],
  ['4000003800000008', ['it'], 'visa', 'IT', 'credit'],
  ['4000004280000005', ['lv'], 'visa', 'LV', 'credit'],
  ['4000004380000004', ['li'], 'visa', 'LI', 'credit'],
  ['4000004400000000', ['lt'], 'visa', 'LT', 'credit'],
  ['4000004420000006', ['lu'], 'visa', 'LU', 'credit'],
  ['4000004700000007', ['mt'], 'visa', 'MT', 'credit'],
  ['4000005280000002', ['nl'], 'visa', 'NL', 'credit'],
  ['4000005780000007', ['no'], 'visa', 'NO', 'credit'],
  ['4000006160000005', ['pl'], 'visa', 'PL', 'credit'],
  ['4000006200000007', ['pt'], 'visa', 'PT', 'credit'],
  ['4000006420000001', ['ro'], 'visa', 'RO', 'credit'],
  ['4000006820000007', ['sa'], 'visa', 'SA', 'credit'],
  ['4000007050000006', ['si'], 'visa', 'SI', 'credit'],
  ['4000007030000001', ['sk'], 'visa', 'SK', 'credit'],
  ['4000007240000007', ['es'], 'visa', 'ES', 'credit'],
  ['4000007520000008', ['se'], 'visa', 'SE', 'credit'],
  ['4000007560000009', ['ch'], 'visa', 'CH', 'credit'],
  ['4000008260000000', ['gb'], 'visa', 'GB', 'credit'],
  ['4000058260000005', ['gb_debit'], 'visa', 'GB', 'debit'],
  ['5555558265554449', ['gb_mastercard'], 'mastercard', 'GB', 'credit'],
  // Asia and the Pacific
  ['4000000360000006', ['au'], 'visa', 'AU', 'credit'],
  ['4000001560000002', ['cn'], 'visa', 'CN', 'credit'],
  ['4000003440000004', ['hk'], 'visa', 'HK', 'credit'],
  ['4000003560000008', ['in'], 'visa', 'IN', 'credit'],
  ['4000003920000003', ['jp'], 'visa', 'JP', 'credit'],
  ['4000004580000002', ['my'], 'visa', 'MY', 'credit'],
  ['4000005540000008', ['nz'], 'visa', 'NZ', 'credit'],
  ['4000007020000003', ['sg'], 'visa', 'SG', 'credit'],
  ['4000001580000008', ['tw'], 'visa', 'TW', 'credit'],
  ['4000007640000003', ['th_credit'], 'visa', 'TH', 'credit'],
  ['4000057640000008', ['th_debit'], 'visa', 'TH', 'debit'],
];

/** Cards that are declined when charged: number, names, code, decline code, attaching works (where documented). */
export const DECLINED = [
  [
    '4000000000000002',
    ['visa_chargeDeclined', 'chargeDeclined'],
    'card_declined',
    'generic_decline',
    false,
  ],
  [
    '4000000000009995',
    ['visa_chargeDeclinedInsufficientFunds', 'chargeDeclinedInsufficientFunds'],
    'card_declined',
    'insufficient_funds',
    false,
  ],
  [
    '4000000000009987',
    ['visa_chargeDeclinedLostCard'],
    'card_declined',
    'lost_card',
    false,
  ],
  [
    '4000000000009979',
    ['visa_chargeDeclinedStolenCard'],
    'card_declined',
    'stolen_card',
    false,
  ],
  ['4000000000000069', ['chargeDeclinedExpiredCard'], 'expired_card', undefined, false],
  ['4000000000000127', ['chargeDeclinedIncorrectCvc'], 'incorrect_cvc', undefined, false],
  ['4000000000000119', ['chargeDeclinedProcessingError'], 'processing_error', undefined, false],
  [
    '4000000000006975',
    ['visa_chargeDeclinedVelocityLimitExceeded'],
    'card_declined',
    'card_velocity_exceeded',
    false,
  ],
  ['4000000000000341', ['chargeCustomerFail'], 'card_declined', 'generic_decline', true],
  ['4100000000000019', ['radarBlock'], 'card_declined', 'fraudulent'],
];

/** Cards whose checks say something: number, names, the checks of the charge. */
export const CHECKS = [
  [
    '4000000000000010',
    ['avsFail'],
    { address_line1_check: 'fail', address_postal_code_check: 'fail' },
  ],
  ['4000000000000028', ['avsLine1Fail'], { address_line1_check: 'fail' }],
  ['4000000000000036', ['avsZipFail'], { address_postal_code_check: 'fail' }],
  [
    '4000000000000044',
    ['avsUnchecked'],
    { address_line1_check: 'unavailable', address_postal_code_check: 'unavailable' },
  ],
  ['4000000000000101', ['cvcCheckFail'], { cvc_check: 'fail' }],
];

/** Cards that pay with a remark on the risk: number, names, risk level. */
export const RISKY = [
  ['4000000000009235', ['riskLevelElevated'], 'elevated'],
  ['4000000000004954', ['riskLevelHighest'], 'highest'],
];

/** Cards that pay now and are disputed later. */
export const DISPUTED = [
  ['4000000000000259', ['createDispute']],
  ['4000000000002685', ['createDisputeProductNotReceived']],
  ['4000000000001976', ['createDisputeInquiry']],
  ['4000000000005423', ['createIssuerFraudRecord']],
  ['4000000404000079', ['createMultipleDisputes']],
];

/**
 * Cards and 3D Secure on session: number, names, whether a challenge comes, and how a payment ends
 * when it is passed ('succeeded' or the code of the error).
 */
export const SECURE = [
  ['4000002500003155', ['authenticationRequiredOnSetup'], true, 'succeeded'],
  ['4000002760003184', ['authenticationRequired'], true, 'succeeded'],
  ['4000003800000446', ['authenticationRequiredSetupForOffSession'], true, 'succeeded'],
  [
    '4000008260003178',
    ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    true,
    'card_declined',
  ],
  ['4000000000003220', ['threeDSecure2Required'], true, 'succeeded'],
  ['4000000000003063', ['threeDSecureRequired'], true, 'succeeded'],
  ['4000008400001629', ['threeDSecureRequiredChargeDeclined'], true, 'card_declined'],
  ['4000000000003055', ['threeDSecureOptional'], false, 'succeeded'],
  ['378282246310005', ['amex_threeDSecureNotSupported'], false, 'succeeded'],
];
