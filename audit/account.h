/* account.h: the accounts of the books, with the balances that the postings give them. */
#pragma once

#include "audit/file.h"

G_BEGIN_DECLS

typedef enum
{
  AUDIT_CLEARING  = 1 << 0,
  AUDIT_PENDING   = 1 << 1,
  AUDIT_AVAILABLE = 1 << 2,
  AUDIT_FEES      = 1 << 3,
} AuditAccountKind;

typedef struct
{
  gint64           number;
  gint64           scope;
  AuditAccountKind kind;         /* 0: none that is known */
  char            *name;         /* of the kind, as the file has it */
  char            *currency;
  gint64           available_on;
  gint64           balance;      /* as the file has it */
  gint64           sum;          /* of its postings */
} AuditAccount;

typedef struct _AuditAccounts AuditAccounts;

AuditAccounts *audit_accounts_load  (AuditFile *file);
void           audit_accounts_free  (AuditAccounts *accounts);
AuditAccount  *audit_accounts_find  (AuditAccounts *accounts, gint64 number);
/* Each balance is the sum of its postings. */
void           audit_accounts_check (AuditAccounts *accounts);

G_END_DECLS
