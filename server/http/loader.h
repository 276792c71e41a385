/* loader.h: gets at the objects that a reply is asked to show whole. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

void                kontor_loader_write (KontorCall         *call,
                                         const KontorObject *object,
                                         const KontorExpand *expand,
                                         KontorBuffer       *out);
const KontorObject *kontor_loader_get   (KontorCall           *call,
                                         const KontorResource *resource,
                                         const char           *id);

G_END_DECLS
