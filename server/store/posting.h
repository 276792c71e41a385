/* posting.h: the journal's rows: accounts, entries and postings. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint       scope;
  const char *kind;
  char        currency[4];
  gint64      available_on;
  gint64      balance;     /* debit minus credit */
} KontorLedgerAccount;

typedef struct
{
  gint64      number;
  guint       scope;
  const char *kind;
  gint64      source;      /* 0: none */
  gint64      created;
} KontorEntry;

/* Finds or makes the account that @account's scope, kind, currency and day name; sets number and
 * balance. */
gboolean kontor_store_ledger_account  (KontorStore *store,
                                       KontorLedgerAccount *account,
                                       GError **error);
gboolean kontor_store_ledger_balance  (KontorStore *store,
                                       gint64 number,
                                       gint64 balance,
                                       GError **error);
gboolean kontor_store_entry_insert    (KontorStore *store,
                                       const KontorEntry *entry,
                                       GError **error);
gboolean kontor_store_posting_insert  (KontorStore *store,
                                       gint64 entry,
                                       guint line,
                                       gint64 account,
                                       gint64 amount,
                                       GError **error);
/* All accounts of @kind in @scope that are not at zero, by currency: GArray of
 * KontorLedgerAccount (kind interned). */
gboolean kontor_store_ledger_balances (KontorStore *store,
                                       guint scope,
                                       const char *kind,
                                       GArray *accounts,
                                       GError **error);
/* Pending accounts of any scope whose day has come and that are not at zero. */
gboolean kontor_store_ledger_due      (KontorStore *store,
                                       gint64 now,
                                       GArray *accounts,
                                       GError **error);

G_END_DECLS
