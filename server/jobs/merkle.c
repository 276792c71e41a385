/* merkle.c: a tree of hashes over leaves that come one after another, as RFC 6962 shapes it. */
#include "server/jobs/merkle.h"

#include <sodium.h>
#include <string.h>

/* A leaf can never be taken for an inner node: what is hashed begins differently. */
static const guint8 leaf_mark = 0x00;
static const guint8 node_mark = 0x01;

static void
hash_leaf (gconstpointer data, gsize length, guint8 hash[32])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, 32);
  crypto_generichash_update (&state, &leaf_mark, 1);
  crypto_generichash_update (&state, data, length);
  crypto_generichash_final (&state, hash, 32);
}

static void
hash_node (const guint8 left[32], const guint8 right[32], guint8 hash[32])
{
  guint8 bytes[65];

  bytes[0] = node_mark;
  memcpy (bytes + 1, left, 32);
  memcpy (bytes + 33, right, 32);
  crypto_generichash (hash, 32, bytes, sizeof bytes, NULL, 0);
}

/**
 * kontor_merkle_add:
 * @merkle: a tree
 * @data: what the next leaf holds
 * @length: of @data in bytes
 *
 * Adds a leaf at the right end.
 */
void
kontor_merkle_add (KontorMerkle *merkle, gconstpointer data, gsize length)
{
  guint8 hash[32];
  guint i;

  hash_leaf (data, length, hash);
  for (i = 0; merkle->n_leaves >> i & 1; i++)
    hash_node (merkle->peaks[i], hash, hash);
  memcpy (merkle->peaks[i], hash, 32);
  merkle->n_leaves++;
}

/**
 * kontor_merkle_root:
 * @merkle: a tree
 * @root: (out): the hash over all its leaves; that of nothing when it has none
 */
void
kontor_merkle_root (const KontorMerkle *merkle, guint8 root[32])
{
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (merkle->peaks); i++)
    if (merkle->n_leaves >> i & 1)
      {
        if (any)
          hash_node (merkle->peaks[i], root, root);
        else
          memcpy (root, merkle->peaks[i], 32);
        any = TRUE;
      }
  if (!any)
    crypto_generichash (root, 32, NULL, 0, NULL, 0);
}
