/* balance_transaction.h: the shape of one change of the merchant's balance. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_BALANCE_TRANSACTION_PENDING,
  KONTOR_BALANCE_TRANSACTION_AVAILABLE,
} KontorBalanceTransactionStatus;

typedef struct
{
  gint64      amount;
  const char *currency;
  const char *description;
  const char *type;
} KontorFeeDetail;

typedef struct
{
  KontorObject head;
  gint64       amount;       /* gross */
  gint64       available_on;
  const char  *currency;
  const char  *description;
  gint64       fee;
  KontorItems *fee_details;  /* of KontorFeeDetail */
  gint64       net;
  const char  *reporting_category;
  const char  *source;       /* the charge or refund it books */
  int          status;       /* KontorBalanceTransactionStatus */
  const char  *type;
} KontorBalanceTransaction;

extern const KontorShape    kontor_fee_detail_shape;
extern const KontorResource kontor_balance_transaction_resource;

G_END_DECLS
