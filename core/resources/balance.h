/* balance.h: the shape of what a merchant has with us. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 card;
} KontorSourceTypes;

typedef struct
{
  gint64             amount;       /* minor units */
  const char        *currency;
  KontorSourceTypes *source_types; /* the same, by what was paid with */
} KontorBalanceAmount;

/* Made up from the ledger whenever it is asked for; never stored. */
typedef struct
{
  KontorObject head;
  KontorItems *available; /* of KontorBalanceAmount */
  KontorItems *pending;   /* of KontorBalanceAmount */
} KontorBalance;

extern const KontorShape    kontor_source_types_shape;
extern const KontorShape    kontor_balance_amount_shape;
extern const KontorResource kontor_balance_resource;

G_END_DECLS
