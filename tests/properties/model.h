/* model.h: what a merchant would keep on paper: payments, refunds, and what they did. */
#pragma once

#include "tests/properties/world.h"

G_BEGIN_DECLS

typedef enum
{
  CARD_GOOD,
  CARD_DECLINES,
  CARD_AT_ONCE, /* without the usual wait */
  CARD_ASKS,    /* the customer for a challenge */
  CARD_REFUND_PENDS,
  CARD_REFUND_FAILS,
  N_CARDS
} Card;

typedef enum { PAYMENT_ACTION, PAYMENT_RESERVED, PAYMENT_TAKEN, PAYMENT_DEAD } PaymentState;

typedef struct
{
  guint        scope;
  const char  *currency;
  Card         card;
  gboolean     manual, may_raise;
  gboolean     bare;     /* a charge without a payment; the bank can ask nobody */
  PaymentState state;
  gint64       amount, captured, refunded;
  gint64       available_on, lapses;
  char         id[64];
} Payment;

typedef struct
{
  guint    payment;      /* place in the model */
  gint64   amount;
  gboolean is_pending, fails;
  gint64   settles;      /* when the bank's last word comes; 0: it came */
  char     id[64];
} Refund;

/* One change of the balance. */
typedef struct
{
  guint       scope;
  const char *currency;
  gint64      amount, fee, available_on;
} Movement;

/* What is asked, in the model's own terms. */
typedef struct
{
  WorldVerb   verb;
  guint       target;    /* payment or refund */
  gint64      amount;    /* 0: not named */
  Payment     wish;      /* WORLD_PAY: what is wished */
} Step;

typedef struct
{
  gint64  now;
  GArray *payments, *refunds, *movements;
} Model;

Model   *model_new      (gint64 now);
void     model_free     (Model *model);
/* Takes the step and returns whether it may be taken; @id is the new object's. */
gboolean model_take     (Model *model, const Step *step, const char *id);
void     model_wait     (Model *model, gint64 seconds);
/* In the books' sign: debit positive. @kind: clearing, fees, pending, available. */
gint64   model_balance  (const Model *model, guint scope, const char *currency, const char *kind);
const char *model_status (const Payment *payment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)

G_END_DECLS
