/* watch.h: sees of what changes in a desk's copy and queue what a person should be told. */
#pragma once

#include "core/console/desk.h"

G_BEGIN_DECLS

typedef struct _KontorWatch KontorWatch;

KontorWatch *kontor_watch_new  (KontorDesk *desk);
void         kontor_watch_free (KontorWatch *watch);

G_END_DECLS
