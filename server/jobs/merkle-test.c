/* merkle-test.c: a tree of hashes over leaves that come one after another, as RFC 6962 shapes it. */
#include "server/jobs/merkle.h"

#include <sodium.h>
#include <string.h>

static void
hash (const char *text, gsize length, guint8 digest[32])
{
  crypto_generichash (digest, 32, (const guint8 *) text, length, NULL, 0);
}

/* The definition: n leaves split at the largest power of two below n. A leaf is its number, one byte. */
static void
defined_root (guint from, guint n, guint8 root[32])
{
  guint8 both[65] = { 1 };
  const char leaf[2] = { 0, (char) from };
  guint k = 1;

  if (n == 1)
    {
      hash (leaf, sizeof leaf, root);
      return;
    }
  while (k * 2 < n)
    k *= 2;
  defined_root (from, k, both + 1);
  defined_root (from + k, n - k, both + 33);
  hash ((const char *) both, sizeof both, root);
}

static void
test_definition (void)
{
  KontorMerkle merkle = { 0 };
  guint8 root[32], wanted[32];

  for (guint n = 1; n <= 130; n++)
    {
      guint8 leaf = (guint8) (n - 1);

      kontor_merkle_add (&merkle, &leaf, 1);
      kontor_merkle_root (&merkle, root);
      defined_root (0, n, wanted);
      g_assert_cmpmem (root, 32, wanted, 32);
    }
}

static void
test_nothing (void)
{
  KontorMerkle merkle = { 0 };
  guint8 root[32], wanted[32];

  kontor_merkle_root (&merkle, root);
  hash ("", 0, wanted);
  g_assert_cmpmem (root, 32, wanted, 32);
}

static void
test_order (void)
{
  KontorMerkle one = { 0 }, other = { 0 };
  guint8 root[32], swapped[32];

  kontor_merkle_add (&one, "a", 1);
  kontor_merkle_add (&one, "b", 1);
  kontor_merkle_add (&other, "b", 1);
  kontor_merkle_add (&other, "a", 1);
  kontor_merkle_root (&one, root);
  kontor_merkle_root (&other, swapped);
  g_assert_cmpint (memcmp (root, swapped, 32), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sodium_init () >= 0);
  g_test_add_func ("/merkle/grows-into-the-tree-that-is-defined", test_definition);
  g_test_add_func ("/merkle/of-nothing-is-the-hash-of-nothing", test_nothing);
  g_test_add_func ("/merkle/minds-the-order", test_order);
  return g_test_run ();
}
