/* account.c: the accounts of the books, with the balances that the postings give them. */
#include "audit/account.h"

#include <string.h>

struct _AuditAccounts
{
  AuditFile  *file;
  GHashTable *by_number; /* gint64 → AuditAccount */
};

static const struct
{
  const char      *name;
  AuditAccountKind kind;
} names[] = {
  { "clearing", AUDIT_CLEARING },
  { "pending", AUDIT_PENDING },
  { "available", AUDIT_AVAILABLE },
  { "fees", AUDIT_FEES },
};

static AuditAccountKind
kind_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].name, name) == 0)
      return names[i].kind;
  return 0;
}

static void
free_account (gpointer data)
{
  AuditAccount *account = data;

  g_free (account->name);
  g_free (account->currency);
  g_free (account);
}

static gboolean
is_currency (const char *code)
{
  return strlen (code) == 3 && strspn (code, "abcdefghijklmnopqrstuvwxyz") == 3;
}

static void
check_account (AuditFile *file, const AuditAccount *account)
{
  g_autofree char *where = g_strdup_printf ("ledger account %" G_GINT64_FORMAT, account->number);

  if (account->kind == 0)
    audit_report_problem (file->report, "account-kind", where, "is of no known kind: “%s”",
                          account->name);
  if (!is_currency (account->currency))
    audit_report_problem (file->report, "account-kind", where, "“%s” is no currency",
                          account->currency);
  if ((account->kind == AUDIT_PENDING) != (account->available_on != 0))
    audit_report_problem (file->report, "account-kind", where,
                          "a pending account has a day, no other has one");
}

/**
 * audit_accounts_load:
 * @file: the file; must outlive the accounts
 *
 * Returns: (transfer full): all accounts, none of them with a sum yet
 */
AuditAccounts *
audit_accounts_load (AuditFile *file)
{
  AuditAccounts *accounts = g_new0 (AuditAccounts, 1);
  sqlite3_stmt *row = audit_prepare (
      file, "SELECT number, scope, kind, currency, available_on, balance FROM ledger_accounts");

  accounts->file = file;
  accounts->by_number = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_account);
  while (audit_step (file, row))
    {
      AuditAccount *account = g_new0 (AuditAccount, 1);

      account->number = audit_int (file, row, 0);
      account->scope = audit_int (file, row, 1);
      account->name = g_strdup (audit_string (file, row, 2));
      account->kind = kind_of (account->name);
      account->currency = g_strdup (audit_string (file, row, 3));
      account->available_on = audit_int (file, row, 4);
      account->balance = audit_int (file, row, 5);
      check_account (file, account);
      g_hash_table_replace (accounts->by_number, &account->number, account);
    }
  audit_finish (row);
  return accounts;
}

/**
 * audit_accounts_free:
 * @accounts: (transfer full): the accounts
 */
void
audit_accounts_free (AuditAccounts *accounts)
{
  g_hash_table_unref (accounts->by_number);
  g_free (accounts);
}

/**
 * audit_accounts_find:
 * @accounts: the accounts
 * @number: as a posting names it
 *
 * Returns: (transfer none) (nullable): the account
 */
AuditAccount *
audit_accounts_find (AuditAccounts *accounts, gint64 number)
{
  return g_hash_table_lookup (accounts->by_number, &number);
}

/**
 * audit_accounts_check:
 * @accounts: the accounts, after every posting was added to its account
 */
void
audit_accounts_check (AuditAccounts *accounts)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, accounts->by_number);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const AuditAccount *account = value;
      g_autofree char *where
          = g_strdup_printf ("ledger account %" G_GINT64_FORMAT, account->number);

      if (account->balance != account->sum)
        audit_report_problem (accounts->file->report, "balance", where,
                              "says %" G_GINT64_FORMAT
                              " %s, its postings add up to %" G_GINT64_FORMAT,
                              account->balance, account->currency, account->sum);
    }
  audit_report_count (accounts->file->report, "ledger_accounts",
                      g_hash_table_size (accounts->by_number));
}
