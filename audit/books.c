/* books.c: the journal: entries, their postings, and the balances that follow from them. */
#include "audit/books.h"

#include <string.h>

#include "audit/account.h"
#include "audit/bytes.h"

/* A posting's number is its entry's number and its line. */
#define LINE_BITS 6
#define MAX_LINES (1 << LINE_BITS)

/* The movements there are: which balance transaction each books, and which accounts it may touch. */
typedef struct
{
  const char *kind;
  const char *type; /* %NULL: none, the server itself moved it */
  guint       accounts;
} Flow;

static const Flow flows[] = {
  { "charge",         "charge",         AUDIT_CLEARING | AUDIT_PENDING | AUDIT_AVAILABLE | AUDIT_FEES },
  { "refund",         "refund",         AUDIT_CLEARING | AUDIT_PENDING | AUDIT_AVAILABLE },
  { "refund_failure", "refund_failure", AUDIT_CLEARING | AUDIT_PENDING | AUDIT_AVAILABLE },
  { "release",        NULL,             AUDIT_PENDING | AUDIT_AVAILABLE },
};

typedef struct
{
  const AuditAccount *account;
  gint64              amount;
} Line;

typedef struct
{
  gint64      number, scope, source, created;
  gboolean    has_source;
  const Flow *flow;
  guint       n_lines;
  Line        lines[MAX_LINES];
} Entry;

struct _AuditBooks
{
  AuditFile     *file;
  AuditAccounts *accounts;
  sqlite3_stmt  *entries, *postings, *sources;
  gboolean       has_entry, has_posting;
  gint64         last, n_sources, n_postings;
  Entry          entry;
  GByteArray    *leaf;
};

static void G_GNUC_PRINTF (3, 4)
    problem (AuditBooks *books, const char *check, const char *format, ...)
{
  g_autofree char *where = g_strdup_printf ("entry %" G_GINT64_FORMAT, books->entry.number);
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  audit_report_problem (books->file->report, check, where, "%s", sentence);
}

/**
 * audit_books_new:
 * @file: the file; must outlive the books
 * @after: the last entry that is not wanted, 0 for all
 *
 * Returns: (transfer full): the journal, before its first entry
 */
AuditBooks *
audit_books_new (AuditFile *file, gint64 after)
{
  AuditBooks *books = g_new0 (AuditBooks, 1);

  books->file = file;
  books->last = after;
  books->leaf = g_byte_array_new ();
  books->accounts = audit_accounts_load (file);
  books->entries = audit_prepare (
      file,
      "SELECT number, scope, kind, source, created FROM entries WHERE number > ?1 ORDER BY number");
  books->postings = audit_prepare (
      file, "SELECT number, account, amount FROM postings WHERE number >= ?1 ORDER BY number");
  books->sources = audit_prepare (file,
                                  "SELECT type, amount, fee, net, currency, available_on, created"
                                  " FROM balance_transactions WHERE key = ?1");
  sqlite3_bind_int64 (books->entries, 1, after);
  sqlite3_bind_int64 (books->postings, 1, after > 0 ? (after + 1) << LINE_BITS : G_MININT64);
  books->has_entry = audit_step (file, books->entries);
  books->has_posting = audit_step (file, books->postings);
  return books;
}

/**
 * audit_books_free:
 * @books: (transfer full): the journal
 */
void
audit_books_free (AuditBooks *books)
{
  audit_finish (books->entries);
  audit_finish (books->postings);
  audit_finish (books->sources);
  audit_accounts_free (books->accounts);
  g_byte_array_unref (books->leaf);
  g_free (books);
}

static gint64
posting_number (AuditBooks *books)
{
  return sqlite3_column_int64 (books->postings, 0);
}

static void
next_posting (AuditBooks *books)
{
  books->n_postings++;
  books->has_posting = audit_step (books->file, books->postings);
}

/* Postings that no entry owns, up to @before. */
static void
skip_strays (AuditBooks *books, gint64 before)
{
  while (books->has_posting && posting_number (books) < before)
    {
      g_autofree char *where
          = g_strdup_printf ("posting %" G_GINT64_FORMAT, posting_number (books));

      audit_report_problem (books->file->report, "posting-entry", where,
                            "belongs to an entry that is not there");
      next_posting (books);
    }
}

static void
read_entry (AuditBooks *books)
{
  Entry *entry = &books->entry;
  const char *kind = audit_string (books->file, books->entries, 2);

  entry->number = audit_int (books->file, books->entries, 0);
  entry->scope = audit_int (books->file, books->entries, 1);
  entry->has_source = sqlite3_column_type (books->entries, 3) != SQLITE_NULL;
  entry->source = audit_int (books->file, books->entries, 3);
  entry->created = audit_int (books->file, books->entries, 4);
  entry->n_lines = 0;
  entry->flow = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (flows); i++)
    if (strcmp (flows[i].kind, kind) == 0)
      entry->flow = &flows[i];
  if (entry->flow == NULL)
    problem (books, "entry-kind", "is of no known kind: “%s”", kind);
  g_byte_array_set_size (books->leaf, 0);
  audit_put_mark (books->leaf, 'E');
  audit_put_int (books->leaf, entry->number);
  audit_put_int (books->leaf, entry->scope);
  audit_put_text (books->leaf, kind, sqlite3_column_bytes (books->entries, 2));
  audit_put_int (books->leaf, entry->source);
  audit_put_int (books->leaf, entry->created);
}

static void
read_posting (AuditBooks *books)
{
  Entry *entry = &books->entry;
  gint64 number = audit_int (books->file, books->postings, 0);
  gint64 amount = audit_int (books->file, books->postings, 2);
  AuditAccount *account
      = audit_accounts_find (books->accounts, audit_int (books->file, books->postings, 1));

  if ((number & (MAX_LINES - 1)) != entry->n_lines)
    problem (books, "posting-line", "line %u is missing", entry->n_lines);
  audit_put_int (books->leaf, number);
  audit_put_int (books->leaf, account != NULL ? account->scope : 0);
  audit_put_text (books->leaf, account != NULL ? account->name : "", -1);
  audit_put_text (books->leaf, account != NULL ? account->currency : "", -1);
  audit_put_int (books->leaf, account != NULL ? account->available_on : 0);
  audit_put_int (books->leaf, amount);
  if (account == NULL)
    {
      problem (books, "posting-account", "line %u names a ledger account that is not there",
               entry->n_lines);
      return;
    }
  if (__builtin_add_overflow (account->sum, amount, &account->sum))
    problem (books, "balance", "the postings of ledger account %" G_GINT64_FORMAT " overflow",
             account->number);
  if (entry->n_lines < MAX_LINES)
    entry->lines[entry->n_lines++] = (Line){ account, amount };
}

static gint64
sum_of (const Entry *entry, guint kinds)
{
  __int128 sum = 0;

  for (guint i = 0; i < entry->n_lines; i++)
    if (entry->lines[i].account->kind & kinds)
      sum += entry->lines[i].amount;
  return (gint64) sum;
}

static void
check_lines (AuditBooks *books)
{
  const Entry *entry = &books->entry;

  if (entry->n_lines < 2)
    problem (books, "entry-postings", "has %u postings, two is the least", entry->n_lines);
  for (guint i = 0; i < entry->n_lines; i++)
    {
      const AuditAccount *account = entry->lines[i].account;
      __int128 sum = 0;

      for (guint k = 0; k < entry->n_lines; k++)
        if (strcmp (entry->lines[k].account->currency, account->currency) == 0)
          sum += entry->lines[k].amount;
      if (i == 0 && sum != 0)
        problem (books, "entry-sum", "its postings do not sum to zero in %s", account->currency);
      if (i > 0 && strcmp (account->currency, entry->lines[0].account->currency) != 0)
        problem (books, "entry-currency", "mixes %s and %s", account->currency,
                 entry->lines[0].account->currency);
      if (account->scope != entry->scope)
        problem (books, "entry-scope", "line %u is on another merchant's or mode's account", i);
      if (entry->flow != NULL && !(entry->flow->accounts & account->kind))
        problem (books, "entry-flow", "a %s does not touch “%s”", entry->flow->kind, account->name);
      if (entry->lines[i].amount == 0)
        problem (books, "entry-flow", "line %u moves nothing", i);
    }
}

static void
check_release (AuditBooks *books)
{
  const Entry *entry = &books->entry;

  if (entry->n_lines != 2)
    problem (books, "entry-flow", "a release has one line on each side");
  for (guint i = 0; i < entry->n_lines; i++)
    if (entry->lines[i].account->available_on > entry->created)
      problem (books, "entry-flow", "money is released before its day");
}

static void
check_amount (AuditBooks *books, const char *side, gint64 posted, gint64 wanted)
{
  if (posted != wanted)
    problem (books, "entry-source",
             "%s is %" G_GINT64_FORMAT " where its balance transaction says %" G_GINT64_FORMAT,
             side, posted, wanted);
}

static void
check_source (AuditBooks *books)
{
  const Entry *entry = &books->entry;
  sqlite3_stmt *row = books->sources;

  sqlite3_bind_int64 (row, 1, entry->source);
  if (entry->source >> 48 != entry->scope || !audit_step (books->file, row))
    {
      problem (books, "entry-source", "its balance transaction is not there");
      sqlite3_reset (row);
      return;
    }
  if (strcmp (audit_text (row, 0), entry->flow->type) != 0)
    problem (books, "entry-source", "books a balance transaction of type “%s”",
             audit_text (row, 0));
  check_amount (books, "clearing", sum_of (entry, AUDIT_CLEARING), audit_int (books->file, row, 1));
  check_amount (books, "fees", sum_of (entry, AUDIT_FEES), -audit_int (books->file, row, 2));
  check_amount (books, "the merchant's side", sum_of (entry, AUDIT_PENDING | AUDIT_AVAILABLE),
                -audit_int (books->file, row, 3));
  for (guint i = 0; i < entry->n_lines; i++)
    {
      const AuditAccount *account = entry->lines[i].account;

      if (strcmp (account->currency, audit_text (row, 4)) != 0)
        problem (books, "entry-source", "is in %s where its balance transaction says %s",
                 account->currency, audit_text (row, 4));
      if (account->kind == AUDIT_PENDING
          && account->available_on != audit_int (books->file, row, 5))
        problem (books, "entry-source",
                 "is pending until another day than its balance transaction says");
    }
  if (entry->created != audit_int (books->file, row, 6))
    problem (books, "entry-source", "is not of the time of its balance transaction");
  sqlite3_reset (row);
}

static void
check_entry (AuditBooks *books)
{
  const Entry *entry = &books->entry;

  if (entry->number != books->last + 1)
    problem (books, "entry-gap", "does not follow the one before: rows are missing");
  check_lines (books);
  books->n_sources += entry->has_source;
  if (entry->flow == NULL)
    return;
  if (entry->has_source != (entry->flow->type != NULL))
    problem (books, "entry-source",
             entry->has_source ? "a %s has no balance transaction"
                               : "a %s has a balance transaction",
             entry->flow->kind);
  else if (entry->has_source)
    check_source (books);
  else
    check_release (books);
}

/**
 * audit_books_read_to:
 * @books: the journal
 * @last: the last entry that is wanted now
 * @tree: (nullable): gets a leaf for each entry
 */
void
audit_books_read_to (AuditBooks *books, gint64 last, AuditTree *tree)
{
  while (books->has_entry && sqlite3_column_int64 (books->entries, 0) <= last)
    {
      read_entry (books);
      skip_strays (books, (gint64) ((guint64) books->entry.number << LINE_BITS));
      while (books->has_posting && posting_number (books) >> LINE_BITS == books->entry.number)
        {
          read_posting (books);
          next_posting (books);
        }
      check_entry (books);
      if (tree != NULL)
        audit_tree_add (tree, books->leaf);
      books->last = books->entry.number;
      books->has_entry = audit_step (books->file, books->entries);
    }
}

/**
 * audit_books_last:
 * @books: the journal
 *
 * Returns: the number of the entry read last
 */
gint64
audit_books_last (AuditBooks *books)
{
  return books->last;
}

/**
 * audit_books_leaf:
 * @books: the journal
 *
 * Returns: (transfer none): the bytes of the entry read last, as they are sealed
 */
GByteArray *
audit_books_leaf (AuditBooks *books)
{
  return books->leaf;
}

static void
report_rows (AuditBooks *books, const char *sql, const char *check, const char *sentence)
{
  sqlite3_stmt *row = audit_prepare (books->file, sql);

  while (audit_step (books->file, row))
    audit_report_problem (books->file->report, check, audit_text (row, 0), "%s", sentence);
  audit_finish (row);
}

/* No source twice, and as many sources as balance transactions: then each has its entry. */
static void
check_sources (AuditBooks *books)
{
  sqlite3_stmt *count = audit_prepare (books->file, "SELECT count(*) FROM balance_transactions");

  report_rows (books,
               "SELECT 'entry ' || max (number) FROM entries WHERE source IS NOT NULL GROUP BY "
               "source HAVING count(*) > 1",
               "entry-source", "books a balance transaction that another entry books already");
  if (audit_step (books->file, count) && sqlite3_column_int64 (count, 0) != books->n_sources)
    report_rows (books,
                 "SELECT id FROM balance_transactions WHERE key NOT IN (SELECT source FROM entries "
                 "WHERE source IS NOT NULL)",
                 "entry-source", "no entry of the journal books it");
  audit_finish (count);
}

/**
 * audit_books_finish:
 * @books: the journal, read to its end
 */
void
audit_books_finish (AuditBooks *books)
{
  skip_strays (books, G_MAXINT64);
  audit_accounts_check (books->accounts);
  check_sources (books);
  audit_report_count (books->file->report, "entries", books->last);
  audit_report_count (books->file->report, "postings", books->n_postings);
}
