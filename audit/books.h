/* books.h: the journal: entries, their postings, and the balances that follow from them. */
#pragma once

#include "audit/file.h"
#include "audit/tree.h"

G_BEGIN_DECLS

typedef struct _AuditBooks AuditBooks;

/* Begins with the entry after @after. */
AuditBooks *audit_books_new     (AuditFile *file, gint64 after);
void        audit_books_free    (AuditBooks *books);
void        audit_books_read_to (AuditBooks *books, gint64 last, AuditTree *tree);
gint64      audit_books_last    (AuditBooks *books);
GByteArray *audit_books_leaf    (AuditBooks *books);
/* Once all was read: postings left over, balances, sources. */
void        audit_books_finish  (AuditBooks *books);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuditBooks, audit_books_free)

G_END_DECLS
