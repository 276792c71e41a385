/* rail.h: asking the payment rail of the mode a request works in. */
#pragma once

#include "server/engine/acquirer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* %NULL with KONTOR_ERROR_RAIL_MISSING: live mode without a configured rail confirms nothing. */
KontorAcquirer *kontor_rail_of   (KontorTx *tx, KontorError *error);
gboolean        kontor_rail_ask  (KontorTx *tx,
                                  const KontorRailRequest *request,
                                  KontorRailAnswer *answer,
                                  KontorError *error);
/* Turns a refusal into the error a merchant sees: type card_error, code, decline_code, message.
 * Always %FALSE. */
gboolean        kontor_rail_refusal (const KontorRailAnswer *answer, KontorError *error);

G_END_DECLS
