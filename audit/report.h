/* report.h: what the audit found: counts and problems, as one JSON object. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _AuditReport AuditReport;

AuditReport *audit_report_new     (void);
void         audit_report_free    (AuditReport *report);
void         audit_report_count   (AuditReport *report, const char *what, gint64 n);
void         audit_report_seal    (AuditReport *report, JsonObject *seal);
void         audit_report_log     (AuditReport *report, gint64 rows, gint64 sealed,
                                   const char *head);
void         audit_report_problem (AuditReport *report, const char *check, const char *where,
                                   const char *format, ...) G_GNUC_PRINTF (4, 5);
gboolean     audit_report_is_ok   (AuditReport *report);
char        *audit_report_to_json (AuditReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuditReport, audit_report_free)

char        *audit_json_text      (JsonObject *object);

G_END_DECLS
