/* receipt.h: proof for outsiders that one entry is among those sealed. */
#pragma once

#include "audit/seal.h"

G_BEGIN_DECLS

JsonObject *audit_receipt (AuditFile *file, const AuditTrust *trust, gint64 entry, GError **error);

G_END_DECLS
