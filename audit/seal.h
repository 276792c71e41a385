/* seal.h: the chain of signed blocks: is it whole, and are the rows those that were sealed? */
#pragma once

#include "audit/books.h"
#include "audit/versions.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number, last_entry, last_version, created;
  guint8 root[32], previous[32], signature[64];
  guint8 hash[32]; /* what the next block's @previous must be */
} AuditBlock;

/* What somebody outside the data directory remembers; both may be unset. */
typedef struct
{
  const char *key;  /* 64 hexadecimal digits: the public key to trust instead of keys/seal.pub */
  const char *head; /* "NUMBER:HASH": a block that must be there, as an earlier audit printed it */
} AuditTrust;

sqlite3_stmt *audit_block_rows   (AuditFile *file, gint64 from);
gboolean      audit_block_read   (AuditFile *file, sqlite3_stmt *row, AuditBlock *block);
gboolean      audit_seal_key     (AuditFile *file, const AuditTrust *trust, guint8 key[32]);
/* Reads books and versions block by block, and then to their end. */
void          audit_seal_check   (AuditFile *file, const AuditTrust *trust, AuditBooks *books,
                                  AuditVersions *versions);

G_END_DECLS
