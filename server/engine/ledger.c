/* ledger.c: double entry: the books that every movement of money is written into. */
#include "server/engine/ledger.h"

#include "core/money.h"
#include "server/store/posting.h"

/* A ledger account's balance, summed in memory and written once a batch. */
typedef struct
{
  KontorLedgerAccount row;
  gboolean changed;
} Account;

struct _KontorBooks
{
  KontorStore *store;
  GHashTable *accounts; /* Account → itself, by scope, kind, currency and day */
  GPtrArray *changed;   /* Account, borrowed */
  gint64 next_entry;
};

static guint
account_hash (gconstpointer data)
{
  const KontorLedgerAccount *row = data;

  return row->scope * 31 + (guint) row->available_on * 17 + g_str_hash (row->kind)
         + (guint) (row->currency[0] << 16 | row->currency[1] << 8 | row->currency[2]);
}

static gboolean
account_equal (gconstpointer a, gconstpointer b)
{
  const KontorLedgerAccount *x = a, *y = b;

  return x->scope == y->scope && x->available_on == y->available_on
         && memcmp (x->currency, y->currency, sizeof x->currency) == 0
         && g_str_equal (x->kind, y->kind);
}

/**
 * kontor_books_new:
 * @store: the writer's connection; must outlive the books
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the books as the database has them
 */
KontorBooks *
kontor_books_new (KontorStore *store, GError **error)
{
  KontorBooks *books = g_new0 (KontorBooks, 1);

  books->store = store;
  books->accounts = g_hash_table_new_full (account_hash, account_equal, NULL, g_free);
  books->changed = g_ptr_array_new ();
  if (kontor_books_reload (books, error))
    return books;
  kontor_books_free (books);
  return NULL;
}

/**
 * kontor_books_free:
 * @books: (transfer full): the books
 */
void
kontor_books_free (KontorBooks *books)
{
  g_ptr_array_unref (books->changed);
  g_hash_table_unref (books->accounts);
  g_free (books);
}

/**
 * kontor_books_reload:
 * @books: the books
 * @error: return location for a #GError
 *
 * Forgets what is in memory: after a rollback the database is right and the cache is not.
 *
 * Returns: whether the database could be read
 */
gboolean
kontor_books_reload (KontorBooks *books, GError **error)
{
  g_ptr_array_set_size (books->changed, 0);
  g_hash_table_remove_all (books->accounts);
  if (!kontor_store_integer (books->store, "SELECT max(number) FROM entries", &books->next_entry,
                             error))
    return FALSE;
  books->next_entry++;
  return TRUE;
}

static Account *
find_account (KontorBooks *books,
              guint scope,
              const char *kind,
              const char *currency,
              gint64 available_on,
              GError **error)
{
  KontorLedgerAccount wanted = { .scope = scope, .kind = kind, .available_on = available_on };
  Account *account;

  g_strlcpy (wanted.currency, currency, sizeof wanted.currency);
  account = g_hash_table_lookup (books->accounts, &wanted);
  if (account != NULL)
    return account;
  wanted.kind = g_intern_string (kind);
  if (!kontor_store_ledger_account (books->store, &wanted, error))
    return NULL;
  account = g_new0 (Account, 1);
  account->row = wanted;
  g_hash_table_add (books->accounts, account);
  return account;
}

static gboolean
post_line (KontorBooks *books,
           gint64 entry,
           guint line,
           Account *account,
           gint64 amount,
           GError **error)
{
  if (!kontor_money_add (account->row.balance, amount, &account->row.balance))
    {
      g_set_error (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_FAILED,
                   "ledger account %" G_GINT64_FORMAT " would overflow", account->row.number);
      return FALSE;
    }
  if (!account->changed)
    g_ptr_array_add (books->changed, account);
  account->changed = TRUE;
  return kontor_store_posting_insert (books->store, entry, line, account->row.number, amount,
                                      error);
}

/**
 * kontor_books_post:
 * @books: the books
 * @scope: whose money
 * @kind: what kind of movement: "charge", "refund" …
 * @currency: of all @lines
 * @source: key of the balance transaction that tells why; 0 when the server itself moved it
 * @created: Unix seconds
 * @lines: the postings; they sum to zero. Lines of amount 0 are left out
 * @error: return location for a #GError
 *
 * Returns: whether entry and postings were written; balances follow in kontor_books_flush()
 */
gboolean
kontor_books_post (KontorBooks *books,
                   guint scope,
                   const char *kind,
                   const char *currency,
                   gint64 source,
                   gint64 created,
                   const KontorLine *lines,
                   GError **error)
{
  KontorEntry entry = { books->next_entry, scope, kind, source, created };
  guint n = 0;

  if (!kontor_store_entry_insert (books->store, &entry, error))
    return FALSE;
  for (const KontorLine *line = lines; line->kind != NULL; line++)
    {
      Account *account;

      if (line->amount == 0)
        continue;
      account = find_account (books, scope, line->kind, currency, line->available_on, error);
      if (account == NULL || !post_line (books, entry.number, n++, account, line->amount, error))
        return FALSE;
    }
  books->next_entry++;
  return TRUE;
}

/**
 * kontor_books_flush:
 * @books: the books
 * @error: return location for a #GError
 *
 * Returns: whether every balance that changed in this batch was written
 */
gboolean
kontor_books_flush (KontorBooks *books, GError **error)
{
  for (guint i = 0; i < books->changed->len; i++)
    {
      Account *account = books->changed->pdata[i];

      if (!kontor_store_ledger_balance (books->store, account->row.number, account->row.balance,
                                        error))
        return FALSE;
      account->changed = FALSE;
    }
  g_ptr_array_set_size (books->changed, 0);
  return TRUE;
}

/**
 * kontor_books_balance:
 * @books: the books
 * @scope: whose
 * @kind: the account
 * @currency: its currency
 * @available_on: the day of a pending account, else 0
 * @balance: (out): debit minus credit, with what this batch posted
 * @error: return location for a #GError
 *
 * Returns: whether it could be read
 */
gboolean
kontor_books_balance (KontorBooks *books,
                      guint scope,
                      const char *kind,
                      const char *currency,
                      gint64 available_on,
                      gint64 *balance,
                      GError **error)
{
  const Account *account = find_account (books, scope, kind, currency, available_on, error);

  if (account == NULL)
    return FALSE;
  *balance = account->row.balance;
  return TRUE;
}
