/* payment_method.h: the shape of a way in which a customer can pay. */
#pragma once

#include "core/resources/card.h"
#include "core/resources/common.h"

G_BEGIN_DECLS

typedef struct
{
  KontorObject          head;
  const char           *allow_redisplay;
  KontorBillingDetails *billing_details;
  KontorCard           *card;
  const char           *customer;
  KontorMap            *metadata;
  const char           *type;
  /* hidden */
  const char           *behaviour;  /* test mode: the rail's name of the magic card */
  int                   cvc_given;
  int                   spent;      /* used once without a customer: never again */
  int                   set_up;     /* the bank agreed to its use while the customer is away */
} KontorPaymentMethod;

extern const KontorResource kontor_payment_method_resource;
/* parameter only: a method made on the way */
extern const KontorShape    kontor_payment_method_data_shape;

G_END_DECLS
