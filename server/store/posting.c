/* posting.c: the journal's rows: accounts, entries and postings. */
#include "server/store/posting.h"

#include <string.h>

/* A posting's number is its entry's number and its line: found in a range, without an index. */
#define LINE_BITS 6

static gboolean
make_account (KontorStore *store, KontorLedgerAccount *account, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "INSERT INTO ledger_accounts (scope, kind, currency, "
                                       "available_on, balance) VALUES (?, ?, ?, ?, 0)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, account->scope);
  sqlite3_bind_text (statement, 2, account->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, account->currency, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, account->available_on);
  if (!kontor_store_run (store, statement, error))
    return FALSE;
  account->number = sqlite3_last_insert_rowid (kontor_store_handle (store));
  account->balance = 0;
  return TRUE;
}

/**
 * kontor_store_ledger_account:
 * @store: a connection with an open transaction
 * @account: (inout): scope, kind, currency and day say which; gets number and balance
 * @error: return location for a #GError
 *
 * Returns: whether the account was found or made
 */
gboolean
kontor_store_ledger_account (KontorStore *store, KontorLedgerAccount *account, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, balance FROM ledger_accounts"
             " WHERE scope = ? AND kind = ? AND currency = ? AND available_on = ?");
  gboolean found;

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, account->scope);
  sqlite3_bind_text (statement, 2, account->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, account->currency, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, account->available_on);
  found = sqlite3_step (statement) == SQLITE_ROW;
  if (found)
    {
      account->number = sqlite3_column_int64 (statement, 0);
      account->balance = sqlite3_column_int64 (statement, 1);
    }
  sqlite3_reset (statement);
  return found || make_account (store, account, error);
}

/**
 * kontor_store_ledger_balance:
 * @store: a connection with an open transaction
 * @number: an account
 * @balance: debit minus credit
 * @error: return location for a #GError
 *
 * Returns: whether the cached balance was written
 */
gboolean
kontor_store_ledger_balance (KontorStore *store, gint64 number, gint64 balance, GError **error)
{
  sqlite3_stmt *statement
      = kontor_store_statement (store, "UPDATE ledger_accounts SET balance = ?2 WHERE number = ?1");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, balance);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_entry_insert:
 * @store: a connection with an open transaction
 * @entry: a journal entry with the next free number
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_entry_insert (KontorStore *store, const KontorEntry *entry, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO entries (number, scope, kind, source, created) VALUES (?, ?, ?, ?, ?)");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, entry->number);
  sqlite3_bind_int64 (statement, 2, entry->scope);
  sqlite3_bind_text (statement, 3, entry->kind, -1, SQLITE_STATIC);
  if (entry->source == 0)
    sqlite3_bind_null (statement, 4);
  else
    sqlite3_bind_int64 (statement, 4, entry->source);
  sqlite3_bind_int64 (statement, 5, entry->created);
  return kontor_store_run (store, statement, error);
}

/**
 * kontor_store_posting_insert:
 * @store: a connection with an open transaction
 * @entry: the journal entry it belongs to
 * @line: its place in the entry, from 0
 * @account: the ledger account
 * @amount: debit positive, credit negative
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
kontor_store_posting_insert (KontorStore *store,
                             gint64 entry,
                             guint line,
                             gint64 account,
                             gint64 amount,
                             GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "INSERT INTO postings (number, account, amount) VALUES (?, ?, ?)");

  g_return_val_if_fail (line < 1 << LINE_BITS, FALSE);
  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, entry << LINE_BITS | line);
  sqlite3_bind_int64 (statement, 2, account);
  sqlite3_bind_int64 (statement, 3, amount);
  return kontor_store_run (store, statement, error);
}

static gboolean
read_accounts (KontorStore *store, sqlite3_stmt *statement, GArray *accounts, GError **error)
{
  int result;

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KontorLedgerAccount account = {
        .number = sqlite3_column_int64 (statement, 0),
        .scope = (guint) sqlite3_column_int64 (statement, 1),
        .kind = g_intern_string ((const char *) sqlite3_column_text (statement, 2)),
        .available_on = sqlite3_column_int64 (statement, 4),
        .balance = sqlite3_column_int64 (statement, 5),
      };

      g_strlcpy (account.currency, (const char *) sqlite3_column_text (statement, 3),
                 sizeof account.currency);
      g_array_append_val (accounts, account);
    }
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? TRUE : kontor_store_problem (store, error);
}

/**
 * kontor_store_ledger_balances:
 * @store: a connection
 * @scope: whose
 * @kind: of account
 * @accounts: gets #KontorLedgerAccount rows, one for each currency: pending days are added up
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_ledger_balances (KontorStore *store,
                              guint scope,
                              const char *kind,
                              GArray *accounts,
                              GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT 0, scope, kind, currency, 0, sum(balance) FROM ledger_accounts"
             " WHERE scope = ? AND kind = ? GROUP BY currency ORDER BY currency");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, scope);
  sqlite3_bind_text (statement, 2, kind, -1, SQLITE_STATIC);
  return read_accounts (store, statement, accounts, error);
}

/**
 * kontor_store_ledger_due:
 * @store: a connection
 * @now: Unix seconds
 * @accounts: gets the pending accounts, of any scope, whose day has come and that hold something
 * @error: return location for a #GError
 *
 * Returns: whether they could be read
 */
gboolean
kontor_store_ledger_due (KontorStore *store, gint64 now, GArray *accounts, GError **error)
{
  sqlite3_stmt *statement = kontor_store_statement (
      store, "SELECT number, scope, kind, currency, available_on, balance FROM ledger_accounts"
             " WHERE kind = 'pending' AND balance != 0 AND available_on <= ?");

  if (statement == NULL)
    return kontor_store_problem (store, error);
  sqlite3_bind_int64 (statement, 1, now);
  return read_accounts (store, statement, accounts, error);
}
