/* acquirer.h: what a payment rail must be able to do, whoever runs it. */
#pragma once

#include "core/arena.h"
#include "core/error.h"
#include "core/resources/payment_method.h"
#include "server/engine/settings.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_RAIL_AUTHORIZE,  /* reserve an amount; with @capture also take it */
  KONTOR_RAIL_CAPTURE,
  KONTOR_RAIL_INCREMENT,  /* raise what is reserved */
  KONTOR_RAIL_VOID,       /* release what is reserved */
  KONTOR_RAIL_REFUND,
  KONTOR_RAIL_VERIFY,     /* no money: is this method good for later? */
} KontorRailVerb;

typedef struct
{
  KontorRailVerb  verb;
  /* our id of this try: the rail acts on one attempt once, however often it is asked */
  const char     *attempt;
  /* the rail's own name of the authorisation, for what follows it; else %NULL */
  const char     *reference;
  gint64          amount;      /* minor units; for INCREMENT the new total */
  const char     *currency;
  const KontorPaymentMethod *method;
  gboolean        capture;
  gboolean        off_session; /* the customer is not there to authenticate */
  gboolean        authenticated; /* a 3DS challenge was passed for this payment */
  gboolean        challenge;   /* the merchant asks for a 3DS challenge */
  gboolean        set_up;      /* the method was set up for later use before */
} KontorRailRequest;

typedef enum
{
  KONTOR_RAIL_APPROVED,
  KONTOR_RAIL_DECLINED,
  KONTOR_RAIL_ACTION_REQUIRED, /* the customer must authenticate first */
  KONTOR_RAIL_PENDING,         /* the answer comes later */
} KontorRailOutcome;

typedef struct
{
  KontorRailOutcome outcome;
  KontorErrorCode   error;           /* of a decline */
  const char       *decline_code;    /* of a decline; may be %NULL */
  const char       *failure_reason;  /* of a refund that fails */
  const char       *reference;       /* the rail's name of it */
  const char       *authorization_code;
  const char       *network_transaction;
  const char       *network_status;  /* as Stripe's charge.outcome: approved_by_network … */
  /* authorized, issuer_declined, blocked, manual_review, invalid */
  const char       *outcome_type;
  const char       *outcome_reason;  /* may be %NULL */
  const char       *seller_message;
  const char       *risk_level;      /* normal, elevated, highest */
  gint64            risk_score;
  /* pass, fail, unavailable, unchecked or %NULL */
  const char       *cvc_check, *address_line1_check, *address_postal_code_check;
  gboolean          settles_at_once; /* the money is available without the usual wait */
  gboolean          authenticated;   /* 3DS was done, or was not needed */
  gboolean          fails_later;     /* refund: approved now, the bank sends it back */
  gint64            pending_until;   /* PENDING: when the answer is due */
} KontorRailAnswer;

/* What a rail knows of a card before any money is asked for. Strings are static. */
typedef struct
{
  /* kept with the payment method as its behaviour; %NULL where a rail has no such thing */
  const char *name;
  const char *number;     /* digits; never stored */
  const char *brand, *network, *funding, *country;
  gboolean    three_d_secure; /* usable with 3DS */
} KontorRailCard;

struct _KontorAcquirer
{
  const char *name;
  /* Finds the card behind a name ("pm_card_visa", "tok_visa") or a number that the rail knows;
   * %NULL: none of its own. */
  const KontorRailCard *(*find_card) (KontorAcquirer *self, const char *name_or_number);
  /* Is asked on the engine's thread, inside the transaction: must answer at once, without waiting
   * on anything. */
  void      (*ask) (KontorAcquirer          *self,
                    const KontorRailRequest *request,
                    KontorArena             *arena,
                    gint64                   now,
                    KontorRailAnswer        *answer);
};

G_END_DECLS
