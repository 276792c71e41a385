/* journal.h: the journal's entries in the detail of what they book. */
#pragma once

#include "core/console/detail.h"

G_BEGIN_DECLS

void kontor_journal_write (KontorDetailWriter *writer, const char *transaction);

G_END_DECLS
