/* account.c: the shape of a merchant on this server. */
#include "core/resources/account.h"

#include "core/resources/row.h"

#define SET_BY_MERCHANT NULLABLE | NESTED | CLEARABLE

/* Nobody asks the owner of the server for papers. */
#define NOTHING_DUE                                                                                \
  "{\"alternatives\":[],\"current_deadline\":null,\"currently_due\":[],\"disabled_reason\":null,"  \
  "\"errors\":[],\"eventually_due\":[],\"past_due\":[],\"pending_verification\":[]}"

static const KontorField business_profile_fields[] = {
  ROW_NULL ("annual_revenue", "What they earn in a year."),
  ROW_NULL ("estimated_worker_count", "How many work there."),
  { "mcc", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBusinessProfile, mcc), .max = 4,
    .doc = "The card networks' four digits for the trade." },
  ROW_NULL ("minority_owned_business_designation", "Who owns the business."),
  { "name", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBusinessProfile, name),
    .doc = "What customers know the business as." },
  { "product_description", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorBusinessProfile, product_description), .max = 40000, .doc = "What is sold." },
  ROW_NULL ("specified_commercial_transactions_act_url", "The page Japanese law asks for."),
  { "support_address", KONTOR_OBJECT, SET_BY_MERCHANT, AT (KontorBusinessProfile, support_address),
    .shape = &kontor_address_shape, .doc = "Where customers can write to." },
  { "support_email", KONTOR_EMAIL, SET_BY_MERCHANT, AT (KontorBusinessProfile, support_email),
    .doc = "Where customers can mail to." },
  { "support_phone", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBusinessProfile, support_phone),
    .doc = "Where customers can call." },
  { "support_url", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBusinessProfile, support_url),
    .doc = "Where customers find help." },
  { "url", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBusinessProfile, url),
    .doc = "The business's own pages." },
  ROW_END,
};

const KontorShape kontor_business_profile_shape
    = { "business_profile", sizeof (KontorBusinessProfile), business_profile_fields };

static const KontorField branding_fields[] = {
  ROW_NULL_ID ("icon", "A square picture."),
  ROW_NULL_ID ("logo", "A picture with the name."),
  { "primary_color", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBranding, primary_color),
    .doc = "The business's colour, as #rrggbb." },
  { "secondary_color", KONTOR_STRING, SET_BY_MERCHANT, AT (KontorBranding, secondary_color),
    .doc = "Its second colour." },
  ROW_END,
};

const KontorShape kontor_branding_shape = { "branding", sizeof (KontorBranding), branding_fields };

static const KontorField decline_on_fields[] = {
  { "avs_failure", KONTOR_BOOL, NESTED, AT (KontorDeclineOn, avs_failure),
    .doc = "Whether a wrong postal code declines a card." },
  { "cvc_failure", KONTOR_BOOL, NESTED, AT (KontorDeclineOn, cvc_failure),
    .doc = "Whether a wrong security code declines a card." },
  ROW_END,
};

const KontorShape kontor_decline_on_shape
    = { "decline_on", sizeof (KontorDeclineOn), decline_on_fields };

static const KontorField card_payments_fields[] = {
  { "decline_on", KONTOR_OBJECT, NESTED, AT (KontorCardPaymentsSettings, decline_on),
    .shape = &kontor_decline_on_shape, .doc = "What declines a card that its bank would take." },
  { "statement_descriptor_prefix", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorCardPaymentsSettings, statement_descriptor_prefix), .max = 10,
    .doc = "What a card's statement begins with." },
  { "statement_descriptor_prefix_kana", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorCardPaymentsSettings, statement_descriptor_prefix_kana), .doc = "The same in kana." },
  { "statement_descriptor_prefix_kanji", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorCardPaymentsSettings, statement_descriptor_prefix_kanji),
    .doc = "The same in kanji." },
  ROW_END,
};

const KontorShape kontor_card_payments_settings_shape
    = { "card_payments_settings", sizeof (KontorCardPaymentsSettings), card_payments_fields };

static const KontorField dashboard_fields[] = {
  { "display_name", KONTOR_STRING, NULLABLE, AT (KontorDashboardSettings, display_name),
    .doc = "What the consoles call the account." },
  { "timezone", KONTOR_STRING, NULLABLE, AT (KontorDashboardSettings, timezone), .fixed = "Etc/UTC",
    .doc = "The time zone its days are counted in." },
  ROW_END,
};

const KontorShape kontor_dashboard_settings_shape
    = { "dashboard_settings", sizeof (KontorDashboardSettings), dashboard_fields };

static const KontorField payments_fields[] = {
  { "statement_descriptor", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorPaymentsSettings, statement_descriptor), .max = 22,
    .doc = "What customers read on their statements." },
  { "statement_descriptor_kana", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorPaymentsSettings, statement_descriptor_kana), .max = 22, .doc = "The same in kana." },
  { "statement_descriptor_kanji", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorPaymentsSettings, statement_descriptor_kanji), .max = 22,
    .doc = "The same in kanji." },
  ROW_NULL ("statement_descriptor_prefix_kana", "What it begins with, in kana."),
  ROW_NULL ("statement_descriptor_prefix_kanji", "What it begins with, in kanji."),
  ROW_END,
};

const KontorShape kontor_payments_settings_shape
    = { "payments_settings", sizeof (KontorPaymentsSettings), payments_fields };

static const KontorField payout_schedule_fields[] = {
  { "delay_days", KONTOR_INT, 0, AT (KontorPayoutSchedule, delay_days),
    .doc = "How many days money waits." },
  { "interval", KONTOR_STRING, 0, AT (KontorPayoutSchedule, interval), .fixed = "manual",
    .doc = "How often it is paid out." },
  ROW_END,
};

const KontorShape kontor_payout_schedule_shape
    = { "payout_schedule", sizeof (KontorPayoutSchedule), payout_schedule_fields };

static const KontorField payouts_fields[] = {
  { "debit_negative_balances", KONTOR_BOOL, NESTED,
    AT (KontorPayoutsSettings, debit_negative_balances),
    .doc = "Whether a debt is taken from the bank account." },
  { "schedule", KONTOR_OBJECT, 0, AT (KontorPayoutsSettings, schedule),
    .shape = &kontor_payout_schedule_shape, .doc = "When money is paid out." },
  { "statement_descriptor", KONTOR_STRING, SET_BY_MERCHANT,
    AT (KontorPayoutsSettings, statement_descriptor), .max = 22,
    .doc = "What the business reads on its own statements." },
  ROW_END,
};

const KontorShape kontor_payouts_settings_shape
    = { "payouts_settings", sizeof (KontorPayoutsSettings), payouts_fields };

static const KontorField settings_fields[] = {
  { "branding", KONTOR_OBJECT, NESTED, AT (KontorAccountSettings, branding),
    .shape = &kontor_branding_shape, .doc = "How pages for customers look." },
  { "card_payments", KONTOR_OBJECT, NESTED, AT (KontorAccountSettings, card_payments),
    .shape = &kontor_card_payments_settings_shape, .doc = "How cards are charged." },
  { "dashboard", KONTOR_OBJECT, 0, AT (KontorAccountSettings, dashboard),
    .shape = &kontor_dashboard_settings_shape, .doc = "How consoles show it." },
  { "invoices", KONTOR_FIXED, 0,
    .fixed = "{\"default_account_tax_ids\":null,\"hosted_payment_method_save\":null}",
    .doc = "How invoices are made." },
  { "payments", KONTOR_OBJECT, NESTED, AT (KontorAccountSettings, payments),
    .shape = &kontor_payments_settings_shape, .doc = "How payments are named." },
  { "payouts", KONTOR_OBJECT, NESTED, AT (KontorAccountSettings, payouts),
    .shape = &kontor_payouts_settings_shape, .doc = "How money is paid out." },
  ROW_END,
};

const KontorShape kontor_account_settings_shape
    = { "account_settings", sizeof (KontorAccountSettings), settings_fields };

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("account"),
  { "business_profile", KONTOR_OBJECT, UPDATE, AT (KontorAccount, business_profile),
    .shape = &kontor_business_profile_shape, .doc = "What customers should know of it." },
  { "business_type", KONTOR_STRING, NULLABLE | UPDATE, AT (KontorAccount, business_type),
    .values
    = (const char *const[]){ "company", "government_entity", "individual", "non_profit", NULL },
    .doc = "What kind of business it is." },
  { "capabilities", KONTOR_FIXED, 0,
    .fixed = "{\"card_payments\":\"active\",\"transfers\":\"active\"}", .doc = "What it can do." },
  { "charges_enabled", KONTOR_BOOL, 0, AT (KontorAccount, charges_enabled),
    .doc = "Whether it can take payments." },
  { "controller", KONTOR_FIXED, 0, .fixed = "{\"type\":\"account\"}", .doc = "Who controls it." },
  { "country", KONTOR_STRING, 0, AT (KontorAccount, country), .fixed = "US",
    .doc = "Where the business is: two letters of ISO 3166-1." },
  ROW_CREATED,
  { "default_currency", KONTOR_STRING, 0, AT (KontorAccount, default_currency), .fixed = "usd",
    .doc = "The currency it counts in." },
  { "details_submitted", KONTOR_BOOL, 0, AT (KontorAccount, details_submitted),
    .doc = "Whether all is known of it that has to be." },
  { "email", KONTOR_EMAIL, NULLABLE | UPDATE, AT (KontorAccount, email),
    .doc = "How to write to its owner." },
  { "future_requirements", KONTOR_FIXED, 0, .fixed = NOTHING_DUE,
    .doc = "What will have to be known of it." },
  ROW_NULL ("groups", "The groups it belongs to."),
  ROW_METADATA (KontorAccount, UPDATE | CLEARABLE),
  { "payouts_enabled", KONTOR_BOOL, 0, AT (KontorAccount, payouts_enabled),
    .doc = "Whether it can be paid out." },
  { "requirements", KONTOR_FIXED, 0, .fixed = NOTHING_DUE, .doc = "What has to be known of it." },
  { "settings", KONTOR_OBJECT, UPDATE, AT (KontorAccount, settings),
    .shape = &kontor_account_settings_shape, .doc = "How it works." },
  { "tos_acceptance", KONTOR_FIXED, 0, .fixed = "{\"date\":null,\"ip\":null,\"user_agent\":null}",
    .doc = "When its owner agreed to the terms." },
  { "type", KONTOR_FIXED, 0, .fixed = "\"standard\"", .doc = "What kind of account it is." },
  ROW_END,
};

const KontorResource kontor_account_resource = {
  .kind = KONTOR_KIND_ACCOUNT,
  .object = "account",
  .table = "accounts",
  .prefix = "acct",
  .shape = { "account", sizeof (KontorAccount), fields },
  .doc = "A merchant on this server.",
};
