/* setup_attempt.c: the record of one try to make a payment method ready for later. */
#include "server/engine/setup_attempt.h"

static KontorSetupAttemptCard *
describe (KontorTx *tx, const KontorCard *card)
{
  KontorSetupAttemptCard *shown = kontor_shape_new (&kontor_setup_attempt_card_shape, tx->arena);

  shown->brand = card->brand;
  shown->country = card->country;
  shown->exp_month = card->exp_month;
  shown->exp_year = card->exp_year;
  shown->fingerprint = card->fingerprint;
  shown->funding = card->funding;
  shown->last4 = card->last4;
  shown->network = card->networks != NULL ? card->networks->available->items[0] : card->brand;
  shown->checks = card->checks;
  return shown;
}

/**
 * kontor_setup_attempt_begin:
 * @tx: a unit of work
 * @intent: what is tried; its latest_attempt becomes this one
 * @method: with what
 *
 * Returns: (transfer none): a new attempt, not yet saved
 */
KontorSetupAttempt *
kontor_setup_attempt_begin (KontorTx *tx,
                            KontorSetupIntent *intent,
                            const KontorPaymentMethod *method)
{
  KontorSetupAttempt *attempt = kontor_tx_new (tx, &kontor_setup_attempt_resource);

  attempt->setup_intent = intent->head.id;
  attempt->customer = intent->customer;
  attempt->payment_method = method->head.id;
  attempt->flow_directions = intent->flow_directions;
  attempt->usage = intent->usage;
  attempt->payment_method_details
      = kontor_shape_new (&kontor_setup_attempt_details_shape, tx->arena);
  attempt->payment_method_details->type = method->type;
  if (method->card != NULL)
    attempt->payment_method_details->card = describe (tx, method->card);
  intent->latest_attempt = attempt->head.id;
  return attempt;
}

/**
 * kontor_setup_attempt_wait:
 * @tx: a unit of work
 * @attempt: one that needs the customer
 */
void
kontor_setup_attempt_wait (KontorTx *tx, KontorSetupAttempt *attempt)
{
  attempt->status = "requires_action";
  kontor_tx_save (tx, attempt, NULL);
}

/**
 * kontor_setup_attempt_succeed:
 * @tx: a unit of work
 * @attempt: one that the bank agreed to
 * @method: with what the bank found out
 * @answer: the bank's
 */
void
kontor_setup_attempt_succeed (KontorTx *tx,
                              KontorSetupAttempt *attempt,
                              const KontorPaymentMethod *method,
                              const KontorRailAnswer *answer)
{
  KontorSetupAttemptCard *card = attempt->payment_method_details->card;

  attempt->status = "succeeded";
  if (card != NULL)
    card->checks = method->card->checks;
  if (card != NULL && answer->authenticated)
    {
      card->three_d_secure = kontor_shape_new (&kontor_setup_three_d_secure_shape, tx->arena);
      card->three_d_secure->authentication_flow = "challenge";
      card->three_d_secure->result = "authenticated";
      card->three_d_secure->version = "2.2.0";
    }
  kontor_tx_save (tx, attempt, NULL);
}

/**
 * kontor_setup_attempt_fail:
 * @tx: a unit of work
 * @attempt: one that was refused
 * @reason: why
 */
void
kontor_setup_attempt_fail (KontorTx *tx, KontorSetupAttempt *attempt, KontorLastError *reason)
{
  attempt->status = "failed";
  attempt->setup_error = reason;
  kontor_tx_save (tx, attempt, NULL);
}

/**
 * kontor_setup_attempt_abandon:
 * @tx: a unit of work
 * @intent: one that goes on without its latest attempt
 */
void
kontor_setup_attempt_abandon (KontorTx *tx, const KontorSetupIntent *intent)
{
  KontorSetupAttempt *attempt
      = kontor_tx_get (tx, &kontor_setup_attempt_resource, intent->latest_attempt);

  if (attempt == NULL || g_strcmp0 (attempt->status, "requires_action") != 0)
    return;
  attempt->status = "abandoned";
  kontor_tx_save (tx, attempt, NULL);
}
