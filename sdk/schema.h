/* schema.h: JSON schemas of what the tables in core/resources declare. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/resource.h"

G_BEGIN_DECLS

void kontor_schema_text      (JsonBuilder *builder, const char *name, const char *text);
void kontor_schema_reference (JsonBuilder *builder, const char *name, const char *suffix);
void kontor_schema_list      (JsonBuilder *builder, const char *object, const char *noun);
void kontor_schema_field     (JsonBuilder *builder, const KontorField *field, gboolean as_param);
void kontor_schema_params    (JsonBuilder *builder,
                              const KontorShape *shape,
                              const KontorField *extra,
                              guint32 operation,
                              gboolean with_expand);
void kontor_schema_all       (JsonBuilder *builder, const KontorField *const *extras);

/* Calls @each for every parameter of @operation: the rows of @shape, then those of @extra.
 * Either may be %NULL. */
typedef void (*KontorEachParam) (const KontorField *field, gpointer data);
void kontor_schema_each_param (const KontorShape *shape,
                               const KontorField *extra,
                               guint32 operation,
                               KontorEachParam each,
                               gpointer data);
gboolean kontor_schema_is_required (const KontorField *field, guint32 operation);

G_END_DECLS
