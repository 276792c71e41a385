/* resource-help.h: what an operation of the API takes, as a page for people. */
#pragma once

#include "cli/api.h"
#include "cli/cli.h"

G_BEGIN_DECLS

void kontor_resource_help_noun      (const KontorStyle *style, const char *noun);
void kontor_resource_help_operation (const KontorStyle        *style,
                                     const KontorApiOperation *operation,
                                     const KontorFlag         *flags);

G_END_DECLS
