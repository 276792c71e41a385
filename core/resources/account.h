/* account.h: the shape of a merchant on this server. */
#pragma once

#include "core/resources/common.h"

G_BEGIN_DECLS

typedef struct
{
  const char    *mcc; /* the card networks' four digits for the trade */
  const char    *name;
  const char    *product_description;
  KontorAddress *support_address;
  const char    *support_email;
  const char    *support_phone;
  const char    *support_url;
  const char    *url;
} KontorBusinessProfile;

typedef struct
{
  const char *primary_color;
  const char *secondary_color;
} KontorBranding;

typedef struct
{
  int avs_failure;
  int cvc_failure;
} KontorDeclineOn;

typedef struct
{
  KontorDeclineOn *decline_on;
  const char      *statement_descriptor_prefix;
  const char      *statement_descriptor_prefix_kana;
  const char      *statement_descriptor_prefix_kanji;
} KontorCardPaymentsSettings;

typedef struct
{
  const char *display_name;
  const char *timezone; /* "Europe/Berlin" */
} KontorDashboardSettings;

typedef struct
{
  const char *statement_descriptor;
  const char *statement_descriptor_kana;
  const char *statement_descriptor_kanji;
} KontorPaymentsSettings;

typedef struct
{
  gint64      delay_days;
  const char *interval; /* daily, manual */
} KontorPayoutSchedule;

typedef struct
{
  int                   debit_negative_balances;
  KontorPayoutSchedule *schedule;
  const char           *statement_descriptor;
} KontorPayoutsSettings;

typedef struct
{
  KontorBranding             *branding;
  KontorCardPaymentsSettings *card_payments;
  KontorDashboardSettings    *dashboard;
  KontorPaymentsSettings     *payments;
  KontorPayoutsSettings      *payouts;
} KontorAccountSettings;

typedef struct
{
  KontorObject           head;
  KontorBusinessProfile *business_profile;
  const char            *business_type;
  int                    charges_enabled;
  const char            *country;
  const char            *default_currency;
  int                    details_submitted;
  const char            *email;
  KontorMap             *metadata;
  int                    payouts_enabled;
  KontorAccountSettings *settings;
} KontorAccount;

extern const KontorShape    kontor_business_profile_shape;
extern const KontorShape    kontor_branding_shape;
extern const KontorShape    kontor_decline_on_shape;
extern const KontorShape    kontor_card_payments_settings_shape;
extern const KontorShape    kontor_dashboard_settings_shape;
extern const KontorShape    kontor_payments_settings_shape;
extern const KontorShape    kontor_payout_schedule_shape;
extern const KontorShape    kontor_payouts_settings_shape;
extern const KontorShape    kontor_account_settings_shape;
extern const KontorResource kontor_account_resource;

G_END_DECLS
