/* charge.h: the shape of one attempt to take money. */
#pragma once

#include "core/resources/card.h"
#include "core/resources/common.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_CHARGE_PENDING,
  KONTOR_CHARGE_SUCCEEDED,
  KONTOR_CHARGE_FAILED,
} KontorChargeStatus;

typedef struct
{
  const char *stripe_report;
  const char *user_report;
} KontorFraudDetails;

typedef struct
{
  const char *advice_code;
  const char *network_advice_code;
  const char *network_decline_code;
  const char *network_status;
  const char *reason;
  const char *risk_level;
  gint64      risk_score;
  const char *rule;
  const char *seller_message;
  const char *type;
} KontorOutcome;

typedef struct
{
  KontorChargeCard *card;
  const char       *type;
} KontorPaymentMethodDetails;

typedef struct
{
  KontorObject                head;
  gint64                      amount;
  gint64                      amount_captured;
  gint64                      amount_refunded;
  const char                 *authorization_code;
  const char                 *balance_transaction;
  KontorBillingDetails       *billing_details;
  const char                 *calculated_statement_descriptor;
  int                         captured;
  const char                 *currency;
  const char                 *customer;
  const char                 *description;
  int                         disputed;
  const char                 *failure_balance_transaction;
  const char                 *failure_code;
  const char                 *failure_message;
  KontorFraudDetails         *fraud_details;
  KontorMap                  *metadata;
  KontorOutcome              *outcome;
  int                         paid;
  const char                 *payment_intent;
  const char                 *payment_method;
  KontorPaymentMethodDetails *payment_method_details;
  const char                 *receipt_email;
  const char                 *receipt_number;
  const char                 *receipt_url;
  int                         refunded;
  KontorShipping             *shipping;
  const char                 *statement_descriptor;
  const char                 *statement_descriptor_suffix;
  int                         status; /* KontorChargeStatus */
  const char                 *transfer_group;
  /* hidden */
  const char                 *acquirer_reference; /* the rail's name of the authorisation */
  /* Unix seconds; KONTOR_NONE once captured at once */
  gint64                      authorized_until;
  int                         settles_at_once;
} KontorCharge;

extern const KontorShape    kontor_fraud_details_shape;
extern const KontorShape    kontor_outcome_shape;
extern const KontorShape    kontor_payment_method_details_shape;
extern const KontorResource kontor_charge_resource;

G_END_DECLS
