/* rules.h: what must be true of the objects: of each row by itself, and between them. */
#pragma once

#include "audit/file.h"

G_BEGIN_DECLS

void audit_rules_check (AuditFile *file);

G_END_DECLS
