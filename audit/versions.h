/* versions.h: the version log: each object's history is one unbroken line. */
#pragma once

#include "audit/file.h"
#include "audit/tree.h"

G_BEGIN_DECLS

typedef struct _AuditVersions AuditVersions;

/* Begins with the version after @after. */
AuditVersions *audit_versions_new        (AuditFile *file, gint64 after);
void           audit_versions_free       (AuditVersions *versions);
void           audit_versions_read_to    (AuditVersions *versions, gint64 last, AuditTree *tree);
gint64         audit_versions_last       (AuditVersions *versions);
/* Each noun's row stands at the end of one line, and no line is without a row. */
void           audit_versions_check_rows (AuditVersions *versions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuditVersions, audit_versions_free)

G_END_DECLS
