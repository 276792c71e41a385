/* tree.c: the hash tree of a block, straight from the definition in RFC 6962. */
#include "audit/tree.h"

#include <sodium.h>
#include <string.h>

/**
 * audit_tree_init:
 * @tree: (out caller-allocates): becomes a tree without leaves
 */
void
audit_tree_init (AuditTree *tree)
{
  tree->n_leaves = 0;
  tree->hashes = g_byte_array_new ();
}

/**
 * audit_tree_clear:
 * @tree: a tree
 */
void
audit_tree_clear (AuditTree *tree)
{
  g_byte_array_unref (tree->hashes);
}

/**
 * audit_tree_reset:
 * @tree: a tree that loses its leaves
 */
void
audit_tree_reset (AuditTree *tree)
{
  tree->n_leaves = 0;
  g_byte_array_set_size (tree->hashes, 0);
}

/**
 * audit_tree_add:
 * @tree: a tree
 * @leaf: what the next leaf holds
 */
void
audit_tree_add (AuditTree *tree, const GByteArray *leaf)
{
  crypto_generichash_state state;
  guint8 hash[32];
  guint8 zero = 0;

  if (tree->n_leaves++ >= AUDIT_TREE_MAX)
    return;
  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  crypto_generichash_update (&state, &zero, 1);
  crypto_generichash_update (&state, leaf->data, leaf->len);
  crypto_generichash_final (&state, hash, sizeof hash);
  g_byte_array_append (tree->hashes, hash, sizeof hash);
}

/* The largest power of two that is smaller than @n: where RFC 6962 splits @n leaves. */
static guint
split_of (guint n)
{
  guint k = 1;

  while (k * 2 < n)
    k *= 2;
  return k;
}

static void
hash_range (const AuditTree *tree, guint from, guint n, guint8 hash[32])
{
  guint8 both[65] = { 1 };
  guint k;

  if (n == 1)
    {
      memcpy (hash, tree->hashes->data + (gsize) from * 32, 32);
      return;
    }
  k = split_of (n);
  hash_range (tree, from, k, both + 1);
  hash_range (tree, from + k, n - k, both + 33);
  crypto_generichash (hash, 32, both, sizeof both, NULL, 0);
}

/**
 * audit_tree_root:
 * @tree: a tree
 * @root: (out): the hash over all its leaves; that of nothing when it has none or too many
 */
void
audit_tree_root (const AuditTree *tree, guint8 root[32])
{
  if (tree->n_leaves > 0 && tree->n_leaves <= AUDIT_TREE_MAX)
    hash_range (tree, 0, (guint) tree->n_leaves, root);
  else
    crypto_generichash (root, 32, NULL, 0, NULL, 0);
}

static void
path_in_range (const AuditTree *tree, guint from, guint n, guint index, GByteArray *path)
{
  guint8 sibling[32];
  guint k;

  if (n == 1)
    return;
  k = split_of (n);
  if (index < k)
    {
      path_in_range (tree, from, k, index, path);
      hash_range (tree, from + k, n - k, sibling);
    }
  else
    {
      path_in_range (tree, from + k, n - k, index - k, path);
      hash_range (tree, from, k, sibling);
    }
  g_byte_array_append (path, sibling, sizeof sibling);
}

/**
 * audit_tree_path:
 * @tree: a tree of %AUDIT_TREE_MAX leaves at most
 * @index: one of its leaves, from 0
 * @path: gets the hashes of the siblings from @index up to the root
 */
void
audit_tree_path (const AuditTree *tree, guint index, GByteArray *path)
{
  path_in_range (tree, 0, (guint) tree->n_leaves, index, path);
}
