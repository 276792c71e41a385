/* chain.h: the log of who did what: is each row as it was written, and none missing or added? */
#pragma once

#include "audit/file.h"
#include "audit/seal.h"

G_BEGIN_DECLS

void audit_chain_check (AuditFile *file, const AuditTrust *trust);

G_END_DECLS
