/* card.h: what a card's number, date and security code say before any rail is asked. */
#pragma once

#include "core/resources/payment_method.h"
#include "server/engine/acquirer.h"
#include "server/engine/tx.h"

G_BEGIN_DECLS

/* What is known of a card once its number has been read and forgotten. */
typedef struct
{
  KontorCard *card;
  const char *behaviour;  /* the test card's name, or %NULL */
  gboolean    cvc_given;
} KontorCardRead;

/* @params: the checked object "card" of a request; @path: what it is called there,
 * "payment_method_data[card]". */
gboolean kontor_card_read         (KontorTx *tx, const KontorValue *params, const char *path,
                                   KontorCardRead *read, KontorError *error);
/* A card by the name that the rail gives it, "pm_card_visa" or "tok_visa"; %FALSE: none of that. */
gboolean kontor_card_by_name      (KontorTx *tx, const char *name, KontorCardRead *read);
/* networks[preferred] of @params: one of those the card can go over. */
gboolean kontor_card_prefer       (KontorTx *tx, KontorCard *card, const KontorValue *params,
                                   const char *path, KontorError *error);
/* A @year of two digits becomes 20xx. */
gboolean kontor_card_check_expiry (gint64 now, gint64 month, gint64 *year, KontorError *error);

G_END_DECLS
