/* actions.h: what commands of single screens do and when they can, for the table of commands. */
#pragma once

#include "core/console/command.h"

G_BEGIN_DECLS

/* queue.c */
const char *kontor_queue_can_confirm (const KontorCall *call);
const char *kontor_queue_can_retry   (const KontorCall *call);
const char *kontor_queue_can_discard (const KontorCall *call);
const char *kontor_queue_can_undo    (const KontorCall *call);
void        kontor_queue_confirm     (const KontorCall *call);
void        kontor_queue_retry       (const KontorCall *call);
void        kontor_queue_discard     (const KontorCall *call);
void        kontor_queue_undo        (const KontorCall *call);

G_END_DECLS
