/* extract.h: a few values out of an object's JSON, without reading the rest of it. */
#pragma once

#include "core/console/index.h"

G_BEGIN_DECLS

typedef struct _KontorExtract KontorExtract;

KontorExtract *kontor_extract_new  (const KontorIndexPath *paths, guint n);
void           kontor_extract_free (KontorExtract *extract);
void           kontor_extract_read (const KontorExtract *extract,
                                    const char *json,
                                    KontorArena *arena,
                                    KontorIndexValue *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorExtract, kontor_extract_free)

G_END_DECLS
