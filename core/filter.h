/* filter.h: conditions that the object of an event must meet to be sent to a webhook endpoint. */
#pragma once

#include "core/query.h"
#include "core/value.h"

G_BEGIN_DECLS

gboolean kontor_filter_parse   (const char *text,
                                KontorArena *arena,
                                KontorQuery *filter,
                                KontorError *error);
gboolean kontor_filter_matches (const KontorQuery *filter, const KontorValue *object);

G_END_DECLS
