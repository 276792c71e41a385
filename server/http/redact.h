/* redact.h: parameters as they may be kept. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

void kontor_redact_params (const KontorShape *shape,
                           const KontorField *extra,
                           const KontorValue *params,
                           KontorBuffer      *out);

G_END_DECLS
