/* rail.c: asking the payment rail of the mode a request works in. */
#include "server/engine/rail.h"

/**
 * kontor_rail_of:
 * @tx: a unit of work
 * @error: gets %KONTOR_ERROR_RAIL_MISSING
 *
 * Returns: (transfer none) (nullable): the rail; live mode has one only when it was configured, since
 *   otherwise money would be invented
 */
KontorAcquirer *
kontor_rail_of (KontorTx *tx, KontorError *error)
{
  KontorAcquirer *rail = kontor_tx_is_live (tx) ? tx->settings->live_acquirer
                                                : tx->settings->test_acquirer;

  if (rail == NULL)
    kontor_error_set (error, KONTOR_ERROR_RAIL_MISSING, NULL, NULL);
  return rail;
}

/**
 * kontor_rail_ask:
 * @tx: a unit of work
 * @request: what is wanted
 * @answer: (out): what the rail says; a refusal is an answer
 * @error: gets %KONTOR_ERROR_RAIL_MISSING
 *
 * Returns: whether there was a rail to ask
 */
gboolean
kontor_rail_ask (KontorTx *tx,
                 const KontorRailRequest *request,
                 KontorRailAnswer *answer,
                 KontorError *error)
{
  KontorAcquirer *rail = kontor_rail_of (tx, error);

  if (rail == NULL)
    return FALSE;
  rail->ask (rail, request, tx->arena, tx->now, answer);
  return TRUE;
}

/* Sentences for the reasons that say more than “declined”. */
static const struct
{
  const char *decline_code, *message;
} reasons[] = {
  { "insufficient_funds", "Your card has insufficient funds." },
  { "authentication_required",
    "Your card was declined. This transaction requires authentication." },
  { "card_velocity_exceeded", "Your card was declined for making repeated attempts too frequently "
                              "or exceeding its amount limit." },
};

/**
 * kontor_rail_refusal:
 * @answer: a decline
 * @error: gets the card error
 *
 * Returns: always %FALSE
 */
gboolean
kontor_rail_refusal (const KontorRailAnswer *answer, KontorError *error)
{
  const char *message = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].decline_code, answer->decline_code) == 0)
      message = reasons[i].message;
  if (message != NULL)
    kontor_error_set (error, answer->error, NULL, "%s", message);
  else
    kontor_error_set (error, answer->error, NULL, NULL);
  g_strlcpy (error->decline_code,
             answer->decline_code != NULL ? answer->decline_code : error->info->code,
             sizeof error->decline_code);
  return FALSE;
}
