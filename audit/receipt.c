/* receipt.c: proof for outsiders that one entry is among those sealed. */
#include "audit/receipt.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>

static void
put_hex (JsonObject *object, const char *name, const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_malloc (length * 2 + 1);

  sodium_bin2hex (text, length * 2 + 1, bytes, length);
  json_object_set_string_member (object, name, text);
}

/* The block that holds @entry, and the one before it. */
static gboolean
find_block (AuditFile *file, gint64 entry, AuditBlock *before, AuditBlock *block)
{
  sqlite3_stmt *rows = audit_block_rows (file, 1);
  gboolean found = FALSE;

  memset (block, 0, sizeof *block);
  while (!found && audit_step (file, rows))
    {
      *before = *block;
      if (!audit_block_read (file, rows, block))
        break;
      found = block->last_entry >= entry;
    }
  audit_finish (rows);
  return found;
}

static JsonObject *
block_object (const AuditBlock *block)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", block->number);
  json_object_set_int_member (object, "last_entry", block->last_entry);
  json_object_set_int_member (object, "last_version", block->last_version);
  json_object_set_int_member (object, "created", block->created);
  put_hex (object, "root", block->root, sizeof block->root);
  put_hex (object, "previous", block->previous, sizeof block->previous);
  put_hex (object, "hash", block->hash, sizeof block->hash);
  put_hex (object, "signature", block->signature, sizeof block->signature);
  return object;
}

static void
put_path (JsonObject *receipt, const AuditTree *tree, guint index)
{
  g_autoptr (GByteArray) path = g_byte_array_new ();
  JsonArray *hashes = json_array_new ();

  audit_tree_path (tree, index, path);
  for (guint i = 0; i < path->len; i += 32)
    {
      char text[65];

      json_array_add_string_element (hashes,
                                     sodium_bin2hex (text, sizeof text, path->data + i, 32));
    }
  json_object_set_array_member (receipt, "path", hashes);
}

/**
 * audit_receipt:
 * @file: the file
 * @trust: what is remembered outside of it
 * @entry: number of a journal entry
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the entry's bytes, the way from their hash to the root of a block, and the
 *   signed block: docs/ledger.md says how to check it without the database; %NULL when it is not sealed
 */
JsonObject *
audit_receipt (AuditFile *file, const AuditTrust *trust, gint64 entry, GError **error)
{
  AuditBlock before, block;
  JsonObject *receipt = NULL;
  AuditTree tree;
  guint8 key[32];

  if (entry < 1 || !find_block (file, entry, &before, &block))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "no block holds entry %" G_GINT64_FORMAT, entry);
      return NULL;
    }
  audit_tree_init (&tree);
  {
    g_autoptr (AuditBooks) books = audit_books_new (file, before.last_entry);
    g_autoptr (AuditVersions) versions = audit_versions_new (file, before.last_version);

    audit_books_read_to (books, entry, &tree);
    receipt = json_object_new ();
    json_object_set_int_member (receipt, "entry", entry);
    put_hex (receipt, "leaf", audit_books_leaf (books)->data, audit_books_leaf (books)->len);
    audit_books_read_to (books, block.last_entry, &tree);
    audit_versions_read_to (versions, block.last_version, &tree);
  }
  json_object_set_int_member (receipt, "index", entry - before.last_entry - 1);
  json_object_set_int_member (receipt, "leaves", (gint64) tree.n_leaves);
  if (tree.n_leaves <= AUDIT_TREE_MAX && (guint64) (entry - before.last_entry) <= tree.n_leaves)
    put_path (receipt, &tree, (guint) (entry - before.last_entry - 1));
  json_object_set_object_member (receipt, "block", block_object (&block));
  if (audit_seal_key (file, trust, key))
    put_hex (receipt, "key", key, sizeof key);
  audit_tree_clear (&tree);
  return receipt;
}
