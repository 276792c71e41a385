/* kinds.c: the kinds of object in the version log, and the tables that hold their newest state. */
#include "audit/kinds.h"

const AuditKind audit_kinds[] = {
  { 1, "accounts",             "acct" },
  { 2, "customers",            "cus"  },
  { 3, "payment_methods",      "pm"   },
  { 4, "setup_intents",        "seti" },
  { 5, "setup_attempts",       "setatt" },
  { 6, "payment_intents",      "pi"   },
  { 7, "charges",              "ch"   },
  { 8, "refunds",              "re"   },
  { 9, "balance_transactions", "txn"  },
  { 13, "webhook_endpoints",   "we"   },
  { 17, "notes",               "note" },
  { 18, "views",               "view" },
  { 0 },
};

/**
 * audit_kind:
 * @number: as it stands in versions.kind
 *
 * Returns: (transfer none) (nullable): the kind, or %NULL when there is none of that number
 */
const AuditKind *
audit_kind (gint64 number)
{
  for (const AuditKind *kind = audit_kinds; kind->table != NULL; kind++)
    if (kind->number == number)
      return kind;
  return NULL;
}
