/* patch.h: the difference between two JSON objects, as RFC 7396 writes it. */
#pragma once

#include "core/buffer.h"
#include "core/value.h"

G_BEGIN_DECLS

gboolean     kontor_value_equal  (const KontorValue *a, const KontorValue *b);
gboolean     kontor_patch_write  (const KontorValue *from,
                                  const KontorValue *to,
                                  KontorBuffer *out);
KontorValue *kontor_patch_apply  (KontorArena *arena,
                                  const KontorValue *target,
                                  const KontorValue *patch);

G_END_DECLS
