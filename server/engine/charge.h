/* charge.h: the rules of one attempt to take money. */
#pragma once

#include "core/resources/charge.h"
#include "core/resources/payment_intent.h"
#include "core/resources/payment_method.h"
#include "server/engine/acquirer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* What an attempt needs to know. */
typedef struct
{
  const KontorPaymentIntent *intent;  /* %NULL: a charge of its own */
  KontorPaymentMethod       *method;
  gint64      amount;
  const char *currency, *customer, *description, *receipt_email;
  const char *statement_descriptor, *statement_descriptor_suffix, *transfer_group;
  const KontorShipping *shipping;
  const KontorMap      *metadata;
  gboolean    capture;
  gboolean    off_session, authenticated, challenge;
  gboolean    may_increment; /* the merchant asked for an authorisation that can be raised */
} KontorChargeAttempt;

/* Asks the rail. APPROVED or DECLINED: *@charge is the saved charge with its money and events.
 * ACTION_REQUIRED: no charge was made. %FALSE: nothing could be asked, @error says why. A
 * decline is not an error here. */
gboolean kontor_charge_attempt (KontorTx *tx,
                                const KontorChargeAttempt *attempt,
                                KontorCharge **charge,
                                KontorRailAnswer *answer,
                                KontorError *error);

const char *kontor_charge_reference (const KontorCharge *charge);

gboolean kontor_charge_capture (KontorTx *tx,
                                KontorCharge *charge,
                                gint64 amount,
                                KontorError *error);
/* void what is not captured */
gboolean kontor_charge_release (KontorTx *tx,
                                KontorCharge *charge,
                                gboolean expired,
                                KontorError *error);
gboolean kontor_charge_increment (KontorTx *tx,
                                  KontorCharge *charge,
                                  gint64 amount,
                                  KontorError *error);

/* POST /v1/charges, /v1/charges/:id and /v1/charges/:id/capture. */
gboolean kontor_charge_create  (KontorTx *tx,
                                const KontorValue *params,
                                KontorCharge **charge,
                                gboolean *declined,
                                KontorError *error);
gboolean kontor_charge_update  (KontorTx *tx,
                                KontorCharge *charge,
                                const KontorValue *params,
                                KontorError *error);
gboolean kontor_charge_capture_alone (KontorTx *tx,
                                      KontorCharge *charge,
                                      const KontorValue *params,
                                      KontorError *error);

/* Checks an amount against what the currency allows; @param names it. */
gboolean kontor_check_amount (gint64 amount,
                              const char *currency,
                              const char *param,
                              KontorError *error);

G_END_DECLS
