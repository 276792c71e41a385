/* ledger-entry.h: how far an entry of the journal is sealed, over HTTP. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

extern const KontorRoute kontor_ledger_entry_routes[];

G_END_DECLS
