/* setup_intent.h: the shape of making a payment method ready for payments to come. */
#pragma once

#include "core/resources/common.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_SETUP_INTENT_REQUIRES_PAYMENT_METHOD,
  KONTOR_SETUP_INTENT_REQUIRES_CONFIRMATION,
  KONTOR_SETUP_INTENT_REQUIRES_ACTION,
  KONTOR_SETUP_INTENT_PROCESSING,
  KONTOR_SETUP_INTENT_SUCCEEDED,
  KONTOR_SETUP_INTENT_CANCELED,
} KontorSetupIntentStatus;

typedef struct
{
  const char *network;
  const char *request_three_d_secure;
  int         moto; /* hidden */
} KontorSetupIntentCardOptions;

typedef struct
{
  KontorSetupIntentCardOptions *card;
} KontorSetupIntentOptions;

typedef struct
{
  KontorObject                   head;
  KontorStrings                 *allowed_payment_method_types;
  KontorAutomaticPaymentMethods *automatic_payment_methods;
  const char                    *cancellation_reason;
  const char                    *client_secret;
  const char                    *customer;
  const char                    *description;
  KontorStrings                 *excluded_payment_method_types;
  KontorStrings                 *flow_directions;
  KontorLastError               *last_setup_error;
  const char                    *latest_attempt;
  KontorMap                     *metadata;
  KontorNextAction              *next_action;
  const char                    *payment_method;
  KontorSetupIntentOptions      *payment_method_options;
  KontorStrings                 *payment_method_types;
  int                            status; /* KontorSetupIntentStatus */
  const char                    *usage;
  /* hidden */
  const char                    *return_url; /* where the customer comes back to */
} KontorSetupIntent;

extern const KontorShape    kontor_setup_intent_card_options_shape;
extern const KontorShape    kontor_setup_intent_options_shape;
extern const KontorResource kontor_setup_intent_resource;

G_END_DECLS
