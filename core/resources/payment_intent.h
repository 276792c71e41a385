/* payment_intent.h: the shape of a payment that is to be collected. */
#pragma once

#include "core/resources/common.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_PAYMENT_INTENT_REQUIRES_PAYMENT_METHOD,
  KONTOR_PAYMENT_INTENT_REQUIRES_CONFIRMATION,
  KONTOR_PAYMENT_INTENT_REQUIRES_ACTION,
  KONTOR_PAYMENT_INTENT_PROCESSING,
  KONTOR_PAYMENT_INTENT_REQUIRES_CAPTURE,
  KONTOR_PAYMENT_INTENT_SUCCEEDED,
  KONTOR_PAYMENT_INTENT_CANCELED,
} KontorPaymentIntentStatus;

typedef struct
{
  const char *capture_method;
  const char *network;
  const char *request_extended_authorization;
  const char *request_incremental_authorization;
  const char *request_multicapture;
  const char *request_overcapture;
  const char *request_three_d_secure;
  int         require_cvc_recollection;
  const char *setup_future_usage;
  const char *statement_descriptor_suffix_kana;
  const char *statement_descriptor_suffix_kanji;
  int         moto; /* hidden */
} KontorPaymentIntentCardOptions;

typedef struct
{
  KontorPaymentIntentCardOptions *card;
} KontorPaymentIntentOptions;

typedef struct
{
  const char *customer_reference;
  const char *order_reference;
} KontorPaymentDetails;

typedef struct
{
  KontorObject                   head;
  KontorStrings                 *allowed_payment_method_types;
  gint64                         amount;
  gint64                         amount_capturable;
  gint64                         amount_received;
  KontorAutomaticPaymentMethods *automatic_payment_methods;
  gint64                         canceled_at;
  const char                    *cancellation_reason;
  const char                    *capture_method;
  const char                    *client_secret;
  const char                    *confirmation_method;
  const char                    *currency;
  const char                    *customer;
  const char                    *description;
  KontorStrings                 *excluded_payment_method_types;
  KontorLastError               *last_payment_error;
  const char                    *latest_charge;
  KontorMap                     *metadata;
  KontorNextAction              *next_action;
  KontorPaymentDetails          *payment_details;
  const char                    *payment_method;
  KontorPaymentIntentOptions    *payment_method_options;
  KontorStrings                 *payment_method_types;
  const char                    *receipt_email;
  const char                    *setup_future_usage;
  KontorShipping                *shipping;
  const char                    *statement_descriptor;
  const char                    *statement_descriptor_suffix;
  int                            status; /* KontorPaymentIntentStatus */
  const char                    *transfer_group;
  /* hidden */
  const char                    *authentication; /* of the challenge: pending, succeeded */
  /* the customer was not there at the last confirmation */
  int                            off_session;
  const char                    *return_url;
} KontorPaymentIntent;

extern const KontorShape    kontor_payment_intent_card_options_shape;
extern const KontorShape    kontor_payment_intent_options_shape;
extern const KontorShape    kontor_payment_details_shape;
extern const KontorResource kontor_payment_intent_resource;

G_END_DECLS
