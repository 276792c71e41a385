/* refund.h: the shape of money that is given back. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_REFUND_PENDING,
  KONTOR_REFUND_SUCCEEDED,
  KONTOR_REFUND_FAILED,
  KONTOR_REFUND_CANCELED,
  KONTOR_REFUND_REQUIRES_ACTION,
} KontorRefundStatus;

typedef struct
{
  const char *reference;
  const char *reference_status;
  const char *reference_type;
  const char *type; /* pending, refund, reversal */
} KontorRefundDestinationCard;

typedef struct
{
  KontorRefundDestinationCard *card;
  const char       *type;
} KontorRefundDestination;

typedef struct
{
  KontorObject              head;
  gint64                    amount;
  const char               *balance_transaction;
  const char               *charge;
  const char               *currency;
  const char               *customer;
  const char               *description;
  KontorRefundDestination *destination_details;
  const char               *failure_balance_transaction;
  const char               *failure_reason;
  const char               *instructions_email;
  KontorMap                *metadata;
  const char               *payment_intent;
  const char               *payment_method;
  const char               *pending_reason;
  const char               *reason;
  const char               *receipt_number;
  int                       status; /* KontorRefundStatus */
  /* hidden */
  const char               *acquirer_reference;
  const char               *fails_later; /* why it will fail: the bank sends the money back */
} KontorRefund;

extern const KontorShape    kontor_refund_destination_card_shape;
extern const KontorShape    kontor_refund_destination_shape;
extern const KontorResource kontor_refund_resource;

G_END_DECLS
