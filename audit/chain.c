/* chain.c: the log of who did what: is each row as it was written, and none missing or added?
 *
 * The byte form that is hashed is that of docs/operating/people.md. */
#include "audit/chain.h"

#include <sodium.h>
#include <string.h>

#include "audit/bytes.h"

#define HASH_BYTES 32

typedef struct
{
  AuditFile  *file;
  GHashTable *seals;            /* number of a row → Seal */
  guint8      key[32];          /* that seals are signed with */
  gboolean    has_key;
  gint64      number, sealed;   /* of the last row, and of the last that was found sealed */
  guint8      hash[HASH_BYTES]; /* of the last row */
} Chain;

typedef struct
{
  gint64 number, created;
  guint8 hash[HASH_BYTES], signature[crypto_sign_BYTES];
} Seal;

static void G_GNUC_PRINTF (3, 4) problem (AuditFile *file, gint64 number, const char *format, ...)
{
  g_autofree char *where = g_strdup_printf ("audit log %" G_GINT64_FORMAT, number);
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  audit_report_problem (file->report, "audit_log", where, "%s", sentence);
}

static gboolean
read_bytes (sqlite3_stmt *row, int column, guint8 *bytes, int length)
{
  if (sqlite3_column_type (row, column) != SQLITE_BLOB
      || sqlite3_column_bytes (row, column) != length)
    return FALSE;
  memcpy (bytes, sqlite3_column_blob (row, column), (gsize) length);
  return TRUE;
}

/* Nothing is something else than an empty text. */
static void
put_optional (AuditFile *file, sqlite3_stmt *row, int column, GByteArray *bytes)
{
  guint8 is_there = sqlite3_column_type (row, column) != SQLITE_NULL;

  g_byte_array_append (bytes, &is_there, 1);
  if (is_there)
    audit_put_text (bytes, audit_string (file, row, column), sqlite3_column_bytes (row, column));
}

/* Columns: number, at, scope, previous, hash, and the nine texts in the order of the hash. */
#define ROWS                                                                                       \
  "SELECT number, at, scope, previous, hash, actor_kind, actor, actor_name, action, object,"       \
  " summary, remote, request, outcome FROM audit_log ORDER BY number"
#define FIRST_TEXT 5
#define N_TEXTS 9

static void
hash_row (AuditFile *file, sqlite3_stmt *row, const guint8 previous[HASH_BYTES], guint8 *hash)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  audit_put_mark (bytes, 'A');
  g_byte_array_append (bytes, previous, HASH_BYTES);
  for (int column = 0; column < 3; column++)
    audit_put_int (bytes, audit_int (file, row, column));
  for (int column = FIRST_TEXT; column < FIRST_TEXT + N_TEXTS; column++)
    put_optional (file, row, column, bytes);
  crypto_generichash (hash, HASH_BYTES, bytes->data, bytes->len, NULL, 0);
}

static void
check_seal (Chain *chain, gint64 number)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const Seal *seal = g_hash_table_lookup (chain->seals, &number);

  if (seal == NULL)
    return;
  chain->sealed = number;
  if (memcmp (seal->hash, chain->hash, HASH_BYTES) != 0)
    problem (chain->file, number, "the row is not the one that was sealed");
  audit_put_mark (bytes, 'L');
  audit_put_int (bytes, seal->number);
  audit_put_int (bytes, seal->created);
  g_byte_array_append (bytes, seal->hash, HASH_BYTES);
  if (chain->has_key
      && crypto_sign_verify_detached (seal->signature, bytes->data, bytes->len, chain->key) != 0)
    problem (chain->file, number, "the seal over the row is not signed with the key");
  g_hash_table_remove (chain->seals, &number);
}

static void
check_row (Chain *chain, sqlite3_stmt *row)
{
  guint8 previous[HASH_BYTES] = { 0 }, hash[HASH_BYTES] = { 0 }, wanted[HASH_BYTES];
  gint64 number = audit_int (chain->file, row, 0);

  if (!read_bytes (row, 3, previous, HASH_BYTES) || !read_bytes (row, 4, hash, HASH_BYTES))
    problem (chain->file, number, "its hashes are not of the right length");
  if (number != chain->number + 1)
    problem (chain->file, number,
             "row %" G_GINT64_FORMAT " should come after row %" G_GINT64_FORMAT, chain->number + 1,
             chain->number);
  if (memcmp (previous, chain->hash, HASH_BYTES) != 0)
    problem (chain->file, number, "it does not follow the row before it");
  hash_row (chain->file, row, previous, wanted);
  if (memcmp (hash, wanted, HASH_BYTES) != 0)
    problem (chain->file, number, "it is not as it was written");
  chain->number = number;
  memcpy (chain->hash, hash, HASH_BYTES);
  check_seal (chain, number);
}

static GHashTable *
read_seals (AuditFile *file)
{
  GHashTable *seals = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  sqlite3_stmt *row
      = audit_prepare (file, "SELECT number, created, hash, signature FROM audit_seals");

  while (audit_step (file, row))
    {
      Seal *seal = g_new0 (Seal, 1);

      seal->number = audit_int (file, row, 0);
      seal->created = audit_int (file, row, 1);
      if (!read_bytes (row, 2, seal->hash, sizeof seal->hash)
          || !read_bytes (row, 3, seal->signature, sizeof seal->signature))
        problem (file, seal->number, "the seal over the row is not of the right length");
      g_hash_table_insert (seals, &seal->number, seal);
    }
  audit_finish (row);
  return seals;
}

static void
report_head (const Chain *chain)
{
  char hash[HASH_BYTES * 2 + 1];
  g_autofree char *head = NULL;

  sodium_bin2hex (hash, sizeof hash, chain->hash, HASH_BYTES);
  head = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", chain->number, hash);
  audit_report_log (chain->file->report, chain->number, chain->sealed, head);
}

/**
 * audit_chain_check:
 * @file: the file
 * @trust: what is remembered outside of it
 *
 * Reports each row that was altered, taken out or put in. What was cut off at the end is missed only if it was sealed,
 * as happens every second while a server runs.
 */
void
audit_chain_check (AuditFile *file, const AuditTrust *trust)
{
  Chain chain = { .file = file, .seals = read_seals (file) };
  sqlite3_stmt *row = audit_prepare (file, ROWS);
  GHashTableIter left;
  gpointer seal;

  chain.has_key = g_hash_table_size (chain.seals) > 0 && audit_seal_key (file, trust, chain.key);
  while (audit_step (file, row))
    check_row (&chain, row);
  audit_finish (row);
  g_hash_table_iter_init (&left, chain.seals);
  while (g_hash_table_iter_next (&left, NULL, &seal))
    problem (file, ((const Seal *) seal)->number, "this row was sealed and is not there");
  g_hash_table_unref (chain.seals);
  report_head (&chain);
}
