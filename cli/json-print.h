/* json-print.h: JSON as people read it: indented and coloured, each value as it was sent. */
#pragma once

#include "cli/style.h"

G_BEGIN_DECLS

void kontor_json_print (const KontorStyle *style, const char *json, gsize length, guint depth);

G_END_DECLS
