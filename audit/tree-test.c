/* tree-test.c: the hash tree of a block, straight from the definition in RFC 6962. */
#include "audit/tree.h"

#include <sodium.h>
#include <string.h>

static void
fill (AuditTree *tree, guint n)
{
  audit_tree_init (tree);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GByteArray) leaf = g_byte_array_new ();
      guint8 byte = (guint8) i;

      g_byte_array_append (leaf, &byte, 1);
      audit_tree_add (tree, leaf);
    }
}

static void
combine (const guint8 left[32], const guint8 right[32], guint8 hash[32])
{
  guint8 both[65] = { 1 };

  memcpy (both + 1, left, 32);
  memcpy (both + 33, right, 32);
  crypto_generichash (hash, 32, both, sizeof both, NULL, 0);
}

/* As a receiver of a receipt does it: from index and size alone it knows on which side each sibling stands. */
static void
climb (guint index, guint n, const guint8 *leaf, const GByteArray *path, guint8 root[32])
{
  guint last = n - 1;

  memcpy (root, leaf, 32);
  for (guint at = 0; at < path->len; at += 32)
    {
      if (index % 2 == 1 || index == last)
        {
          combine (path->data + at, root, root);
          while (index % 2 == 0 && index != 0)
            {
              index /= 2;
              last /= 2;
            }
        }
      else
        combine (root, path->data + at, root);
      index /= 2;
      last /= 2;
    }
}

static void
test_paths (void)
{
  for (guint n = 1; n <= 70; n++)
    {
      AuditTree tree;
      guint8 root[32], reached[32];

      fill (&tree, n);
      audit_tree_root (&tree, root);
      for (guint i = 0; i < n; i++)
        {
          g_autoptr (GByteArray) path = g_byte_array_new ();

          audit_tree_path (&tree, i, path);
          climb (i, n, tree.hashes->data + i * 32, path, reached);
          g_assert_cmpmem (reached, 32, root, 32);
        }
      audit_tree_clear (&tree);
    }
}

static void
test_shape (void)
{
  AuditTree three, two;
  guint8 root[32], left[32], wanted[32];

  fill (&three, 3);
  fill (&two, 2);
  audit_tree_root (&three, root);
  audit_tree_root (&two, left);
  combine (left, three.hashes->data + 64, wanted);
  g_assert_cmpmem (root, 32, wanted, 32);
  audit_tree_clear (&three);
  audit_tree_clear (&two);
}

static void
test_every_leaf_counts (void)
{
  AuditTree tree;
  guint8 root[32], other[32];

  fill (&tree, 21);
  audit_tree_root (&tree, root);
  for (guint i = 0; i < 21; i++)
    {
      tree.hashes->data[i * 32] ^= 1;
      audit_tree_root (&tree, other);
      g_assert_false (memcmp (root, other, 32) == 0);
      tree.hashes->data[i * 32] ^= 1;
    }
  audit_tree_clear (&tree);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sodium_init () >= 0);
  g_test_add_func ("/audit/tree/a-path-leads-from-each-leaf-to-the-root", test_paths);
  g_test_add_func ("/audit/tree/an-odd-leaf-stands-beside-a-full-half", test_shape);
  g_test_add_func ("/audit/tree/every-leaf-counts", test_every_leaf_counts);
  return g_test_run ();
}
