/* file.h: the database under audit: opened for reading only, seen as it is at one moment. */
#pragma once

#include <sqlite3.h>

#include "audit/report.h"

G_BEGIN_DECLS

typedef struct
{
  char        *data_dir;
  sqlite3     *db;
  AuditReport *report; /* borrowed */
} AuditFile;

AuditFile    *audit_file_open  (const char *data_dir, AuditReport *report, GError **error);
void          audit_file_close (AuditFile *file);
void          audit_file_check_structure (AuditFile *file);

/* Reading: a statement that cannot be made or run is a problem of the file, and has no rows. */
sqlite3_stmt *audit_prepare    (AuditFile *file, const char *sql);
gboolean      audit_step       (AuditFile *file, sqlite3_stmt *statement);
const char   *audit_text       (sqlite3_stmt *statement, int column);
gint64        audit_int        (AuditFile *file, sqlite3_stmt *statement, int column);
const char   *audit_string   (AuditFile *file, sqlite3_stmt *statement, int column);
void          audit_finish     (sqlite3_stmt *statement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuditFile, audit_file_close)

G_END_DECLS
