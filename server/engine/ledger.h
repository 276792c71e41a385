/* ledger.h: double entry: the books that every movement of money is written into. */
#pragma once

#include "server/engine/tx.h"

G_BEGIN_DECLS

/* The accounts of the books; docs/ledger.md explains each. */
#define KONTOR_LEDGER_CLEARING  "clearing"
#define KONTOR_LEDGER_PENDING   "pending"
#define KONTOR_LEDGER_AVAILABLE "available"
#define KONTOR_LEDGER_FEES      "fees"

KontorBooks *kontor_books_new    (KontorStore *store, GError **error);
void         kontor_books_free   (KontorBooks *books);
gboolean     kontor_books_reload (KontorBooks *books, GError **error); /* after a rollback */
/* write the balances that changed */
gboolean     kontor_books_flush  (KontorBooks *books, GError **error);
gboolean     kontor_books_post   (KontorBooks *books,
                                  guint scope,
                                  const char *kind,
                                  const char *currency,
                                  gint64 source,
                                  gint64 created,
                                  const KontorLine *lines,
                                  GError **error);

/* Debit minus credit as the open transaction sees it. */
gboolean     kontor_books_balance (KontorBooks *books,
                                   guint scope,
                                   const char *kind,
                                   const char *currency,
                                   gint64 available_on,
                                   gint64 *balance,
                                   GError **error);

G_END_DECLS
