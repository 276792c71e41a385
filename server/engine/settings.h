/* settings.h: what the operator may set of the engine's rules. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KontorAcquirer KontorAcquirer;
typedef struct _KontorSettings KontorSettings;

typedef struct
{
  char   currency[4]; /* "" : any other currency */
  gint64 rate_ppm;    /* 29000 is 2.9 % */
  gint64 fixed;       /* minor units of the charge's currency */
} KontorFee;

struct _KontorSettings
{
  guint            n_fees;
  KontorFee        fees[32];          /* the first row whose currency fits */
  gint64           payout_delay_days; /* pending → available; 2 as Stripe US */
  gint64           authorization_days; /* an uncaptured card authorisation lapses after; 7 */
  KontorAcquirer  *test_acquirer;     /* the simulator */
  KontorAcquirer  *live_acquirer;     /* %NULL: live mode refuses to confirm */
  /* "http://127.0.0.1:8420", without a slash at its end: for next_action and receipts */
  const char      *public_url;
  /* (element-type GInetAddressMask) private addresses that events may be sent to; %NULL: none */
  GPtrArray       *webhook_allow;
};

G_END_DECLS
