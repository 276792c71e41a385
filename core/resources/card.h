/* card.h: what is known of a card: as a way to pay, and as it was used once. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  const char *address_line1_check; /* pass, fail, unavailable, unchecked */
  const char *address_postal_code_check;
  const char *cvc_check;
} KontorCardChecks;

typedef struct
{
  KontorStrings *available; /* the networks it can go over, its own first */
  const char    *preferred;
} KontorCardNetworks;

typedef struct
{
  int supported;
} KontorThreeDSecureUsage;

/* A payment method's card. The number itself is never kept. */
typedef struct
{
  const char              *brand;
  KontorCardChecks        *checks;
  const char              *country;
  const char              *display_brand;
  gint64                   exp_month;
  gint64                   exp_year;
  const char              *fingerprint; /* the same for the same number in one scope */
  const char              *funding;     /* credit, debit, prepaid, unknown */
  const char              *last4;
  KontorCardNetworks      *networks;
  const char              *regulated_status;
  KontorThreeDSecureUsage *three_d_secure_usage;
} KontorCard;

/* How a payment or a setup was authenticated. */
typedef struct
{
  const char *authentication_flow;
  const char *electronic_commerce_indicator;
  const char *exemption_indicator;
  const char *result;
  const char *result_reason;
  const char *transaction_id;
  const char *version;
} KontorThreeDSecure;

/* Whether a bank offers something for one authorisation. */
typedef struct
{
  const char *status;
} KontorCardFeature;

typedef struct
{
  gint64      maximum_amount_capturable;
  const char *status;
} KontorOvercapture;

/* A card as a charge used it. */
typedef struct
{
  gint64              amount_authorized;
  const char         *authorization_code;
  const char         *brand;
  gint64              capture_before;
  KontorCardChecks   *checks;
  const char         *country;
  const char         *electronic_commerce_indicator;
  gint64              exp_month;
  gint64              exp_year;
  KontorCardFeature  *extended_authorization;    /* enabled, disabled */
  const char         *fingerprint;
  const char         *funding;
  KontorCardFeature  *incremental_authorization; /* available, unavailable */
  const char         *last4;
  int                 moto;
  KontorCardFeature  *multicapture;              /* available, unavailable */
  const char         *network;
  const char         *network_transaction_id;
  KontorOvercapture  *overcapture;
  const char         *regulated_status;
  KontorThreeDSecure *three_d_secure;
} KontorChargeCard;

/* A card as an attempt to set it up used it. */
typedef struct
{
  const char         *brand;
  KontorCardChecks   *checks;
  const char         *country;
  gint64              exp_month;
  gint64              exp_year;
  const char         *fingerprint;
  const char         *funding;
  const char         *last4;
  const char         *network;
  KontorThreeDSecure *three_d_secure;
} KontorSetupAttemptCard;

/* The networks that are known by name. */
extern const char *const kontor_card_network_words[];

/* A card of two networks can go over either; its own comes first. @second may be %NULL. */
KontorCardNetworks *kontor_card_networks_new (KontorArena *arena,
                                              const char *first,
                                              const char *second);

extern const KontorShape kontor_card_checks_shape;
extern const KontorShape kontor_card_networks_shape;
extern const KontorShape kontor_three_d_secure_usage_shape;
extern const KontorShape kontor_card_shape;
extern const KontorShape kontor_three_d_secure_shape;
extern const KontorShape kontor_extended_authorization_shape;
extern const KontorShape kontor_card_feature_shape;
extern const KontorShape kontor_overcapture_shape;
extern const KontorShape kontor_charge_card_shape;
extern const KontorShape kontor_setup_three_d_secure_shape; /* the same struct, less of it shown */
extern const KontorShape kontor_setup_attempt_card_shape;

G_END_DECLS
