/* json.h: reading JSON into a tree of values, strictly and within bounds. */
#pragma once

#include "core/value.h"
#include "core/buffer.h"

G_BEGIN_DECLS

#define KONTOR_JSON_MAX_DEPTH  32
/* a value takes some hundred bytes of memory, and as few as two of text */
#define KONTOR_JSON_MAX_VALUES 50000

KontorValue *kontor_json_parse (KontorArena *arena,
                                const char *text,
                                gsize length,
                                const char **problem);
void         kontor_json_write (KontorBuffer *buffer, const KontorValue *value);

G_END_DECLS
