/* tree.h: the hash tree of a block, straight from the definition in RFC 6962. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A block is far smaller; a tree this large is no block of ours, and its leaves are not kept. */
#define AUDIT_TREE_MAX 1000000

typedef struct
{
  guint64     n_leaves;
  GByteArray *hashes;   /* 32 bytes a leaf */
} AuditTree;

void   audit_tree_init  (AuditTree *tree);
void   audit_tree_clear (AuditTree *tree);
void   audit_tree_reset (AuditTree *tree);
void   audit_tree_add   (AuditTree *tree, const GByteArray *leaf);
void   audit_tree_root  (const AuditTree *tree, guint8 root[32]);
/* The hashes that lead from a leaf to the root, the lowest first: GByteArray of 32 each. */
void   audit_tree_path  (const AuditTree *tree, guint index, GByteArray *path);

G_END_DECLS
