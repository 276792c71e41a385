/* seal.c: the chain of signed blocks: is it whole, and are the rows those that were sealed? */
#include "audit/seal.h"

#include <sodium.h>
#include <string.h>

#include "audit/bytes.h"

static void G_GNUC_PRINTF (3, 4) problem (AuditFile *file, gint64 number, const char *format, ...)
{
  g_autofree char *where = g_strdup_printf ("block %" G_GINT64_FORMAT, number);
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  audit_report_problem (file->report, "seal", where, "%s", sentence);
}

static char *
hex (const guint8 *bytes, gsize length)
{
  char *text = g_malloc (length * 2 + 1);

  return sodium_bin2hex (text, length * 2 + 1, bytes, length);
}

static gboolean
parse_hex (const char *text, guint8 bytes[32])
{
  gsize length = 0;

  return sodium_hex2bin (bytes, 32, text, strlen (text), "\r\n ", &length, NULL) == 0
         && length == 32;
}

/**
 * audit_block_rows:
 * @file: the file
 * @from: the first block that is wanted
 *
 * Returns: (transfer full) (nullable): a statement whose rows audit_block_read() takes
 */
sqlite3_stmt *
audit_block_rows (AuditFile *file, gint64 from)
{
  sqlite3_stmt *rows = audit_prepare (
      file, "SELECT number, last_entry, last_version, created, root, previous, signature"
            " FROM blocks WHERE number >= ?1 ORDER BY number");

  sqlite3_bind_int64 (rows, 1, from);
  return rows;
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

/* The bytes that are signed and hashed. */
static void
put_header (const AuditBlock *block, GByteArray *header)
{
  g_byte_array_set_size (header, 0);
  audit_put_mark (header, 'B');
  audit_put_int (header, block->number);
  audit_put_int (header, block->last_entry);
  audit_put_int (header, block->last_version);
  audit_put_int (header, block->created);
  g_byte_array_append (header, block->root, sizeof block->root);
  g_byte_array_append (header, block->previous, sizeof block->previous);
}

/**
 * audit_block_read:
 * @file: the file
 * @row: a statement of audit_block_rows(), on a row
 * @block: (out): the block, with its hash
 *
 * Returns: whether the row has the form of a block; if not, that is reported
 */
gboolean
audit_block_read (AuditFile *file, sqlite3_stmt *row, AuditBlock *block)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();

  block->number = audit_int (file, row, 0);
  block->last_entry = audit_int (file, row, 1);
  block->last_version = audit_int (file, row, 2);
  block->created = audit_int (file, row, 3);
  if (!read_bytes (row, 4, block->root, sizeof block->root)
      || !read_bytes (row, 5, block->previous, sizeof block->previous)
      || !read_bytes (row, 6, block->signature, sizeof block->signature))
    {
      problem (file, block->number, "its hashes or its signature are not of the right length");
      return FALSE;
    }
  put_header (block, header);
  crypto_generichash (block->hash, sizeof block->hash, header->data, header->len, NULL, 0);
  return TRUE;
}

/**
 * audit_seal_key:
 * @file: the file
 * @trust: what is remembered outside of it
 * @key: (out): the public key that the blocks should be signed with
 *
 * Returns: whether there is one; if not, that is reported
 */
gboolean
audit_seal_key (AuditFile *file, const AuditTrust *trust, guint8 key[32])
{
  g_autofree char *path = g_build_filename (file->data_dir, "keys", "seal.pub", NULL);
  g_autofree char *text = g_strdup (trust->key);

  if (text == NULL && !g_file_get_contents (path, &text, NULL, NULL))
    {
      audit_report_problem (file->report, "seal", path,
                            "the public key is not there, so no signature can be checked");
      return FALSE;
    }
  if (parse_hex (text, key))
    return TRUE;
  audit_report_problem (file->report, "seal", trust->key != NULL ? "--key" : path,
                        "this is no key of 64 hexadecimal digits");
  return FALSE;
}

static void
check_signature (AuditFile *file, const AuditBlock *block, const guint8 key[32])
{
  g_autoptr (GByteArray) header = g_byte_array_new ();

  put_header (block, header);
  if (crypto_sign_verify_detached (block->signature, header->data, header->len, key) != 0)
    problem (file, block->number, "its signature does not fit");
}

static void
check_link (AuditFile *file, const AuditBlock *last, const AuditBlock *block)
{
  if (block->number != last->number + 1)
    problem (file, block->number, "does not follow the one before: blocks are missing");
  if (memcmp (block->previous, last->hash, sizeof last->hash) != 0)
    problem (file, block->number, "does not name the hash of the block before it");
  if (block->last_entry < last->last_entry || block->last_version < last->last_version)
    problem (file, block->number, "ends before the block before it");
}

static void
check_rows (AuditFile *file,
            const AuditBlock *last,
            const AuditBlock *block,
            AuditTree *tree,
            AuditBooks *books,
            AuditVersions *versions)
{
  guint64 wanted = (guint64) (block->last_entry - last->last_entry)
                   + (guint64) (block->last_version - last->last_version);
  guint8 root[32];

  audit_tree_reset (tree);
  audit_books_read_to (books, block->last_entry, tree);
  audit_versions_read_to (versions, block->last_version, tree);
  audit_tree_root (tree, root);
  if (tree->n_leaves != wanted)
    problem (file, block->number, "sealed %" G_GUINT64_FORMAT " rows, there are %" G_GUINT64_FORMAT,
             wanted, tree->n_leaves);
  else if (memcmp (root, block->root, sizeof root) != 0)
    problem (file, block->number,
             "the rows are not those that were sealed: entries %" G_GINT64_FORMAT
             " to %" G_GINT64_FORMAT ", versions %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
             last->last_entry + 1, block->last_entry, last->last_version + 1, block->last_version);
}

/* @found: whether the block that is remembered outside was met. */
static void
compare_head (AuditFile *file, const AuditTrust *trust, const AuditBlock *block, gboolean *found)
{
  const char *colon = trust->head != NULL ? strchr (trust->head, ':') : NULL;
  guint8 hash[32];

  if (colon == NULL || g_ascii_strtoll (trust->head, NULL, 10) != block->number)
    return;
  *found = TRUE;
  if (!parse_hex (colon + 1, hash) || memcmp (hash, block->hash, sizeof hash) != 0)
    problem (file, block->number,
             "its hash is not the one that was noted before: history was rewritten");
}

static void
describe (AuditFile *file, const AuditBlock *head, AuditBooks *books, AuditVersions *versions)
{
  JsonObject *seal = json_object_new ();

  json_object_set_int_member (seal, "blocks", head->number);
  if (head->number > 0)
    {
      g_autofree char *hash = hex (head->hash, sizeof head->hash);
      g_autofree char *note = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", head->number, hash);

      json_object_set_string_member (seal, "head", note);
      json_object_set_int_member (seal, "sealed", head->created);
    }
  json_object_set_int_member (seal, "entries_not_sealed",
                              audit_books_last (books) - head->last_entry);
  json_object_set_int_member (seal, "versions_not_sealed",
                              audit_versions_last (versions) - head->last_version);
  audit_report_seal (file->report, seal);
}

/**
 * audit_seal_check:
 * @file: the file
 * @trust: what is remembered outside of it
 * @books: the journal, before its first entry
 * @versions: the version log, before its first row
 *
 * Reads both to their end, whether or not all of it is sealed.
 */
void
audit_seal_check (AuditFile *file,
                  const AuditTrust *trust,
                  AuditBooks *books,
                  AuditVersions *versions)
{
  sqlite3_stmt *rows = audit_block_rows (file, G_MININT64);
  AuditBlock last = { 0 }, block;
  AuditTree tree;
  guint8 key[32];
  gboolean has_key = FALSE, found_head = FALSE;

  audit_tree_init (&tree);
  while (audit_step (file, rows) && audit_block_read (file, rows, &block))
    {
      if (last.number == 0)
        has_key = audit_seal_key (file, trust, key);
      if (has_key)
        check_signature (file, &block, key);
      check_link (file, &last, &block);
      check_rows (file, &last, &block, &tree, books, versions);
      compare_head (file, trust, &block, &found_head);
      last = block;
    }
  audit_finish (rows);
  audit_tree_clear (&tree);
  if (trust->head != NULL && !found_head)
    audit_report_problem (file->report, "seal", trust->head,
                          "the block that was noted before is not there: history was cut off");
  audit_books_read_to (books, G_MAXINT64, NULL);
  audit_versions_read_to (versions, G_MAXINT64, NULL);
  describe (file, &last, books, versions);
}
