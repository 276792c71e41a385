/* kinds.h: the kinds of object in the version log, and the tables that hold their newest state. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64      number; /* versions.kind */
  const char *table;
  const char *prefix; /* of its ids */
} AuditKind;

extern const AuditKind audit_kinds[]; /* ends with a row without table */

const AuditKind *audit_kind (gint64 number);

G_END_DECLS
