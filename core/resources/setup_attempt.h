/* setup_attempt.h: the shape of one try to set a payment method up. */
#pragma once

#include "core/resources/card.h"
#include "core/resources/common.h"

G_BEGIN_DECLS

typedef struct
{
  KontorSetupAttemptCard *card;
  const char             *type;
} KontorSetupAttemptDetails;

typedef struct
{
  KontorObject               head;
  const char                *customer;
  KontorStrings             *flow_directions;
  const char                *payment_method;
  KontorSetupAttemptDetails *payment_method_details;
  KontorLastError           *setup_error;
  const char                *setup_intent;
  const char                *status; /* requires_action, succeeded, failed, abandoned … */
  const char                *usage;
} KontorSetupAttempt;

extern const KontorShape    kontor_setup_attempt_details_shape;
extern const KontorResource kontor_setup_attempt_resource;

G_END_DECLS
