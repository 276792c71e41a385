/* merkle.h: a tree of hashes over leaves that come one after another, as RFC 6962 shapes it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 n_leaves;
  /* peaks[i]: a full subtree of 2^i leaves, there when bit i of @n_leaves is set */
  guint8  peaks[64][32];
} KontorMerkle; /* zeroed: an empty tree */

void kontor_merkle_add  (KontorMerkle *merkle, gconstpointer data, gsize length);
void kontor_merkle_root (const KontorMerkle *merkle, guint8 root[32]);

G_END_DECLS
