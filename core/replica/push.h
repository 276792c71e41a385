/* push.h: sends what people want done, each once, and hears what became of it. */
#pragma once

#include "core/replica/outbox.h"
#include "core/replica/sync.h"

G_BEGIN_DECLS

/* Only the program that keeps the copy sends; others leave their wishes in the same queue. What
 * there is to tell, the outbox tells: its "changed" comes also when kontor_push_problem() is
 * another. */
#define KONTOR_TYPE_PUSH (kontor_push_get_type ())
G_DECLARE_FINAL_TYPE (KontorPush, kontor_push, KONTOR, PUSH, GObject)

KontorPush *kontor_push_new     (KontorClient  *client,
                                 KontorOutbox  *outbox,
                                 KontorReplica *replica,
                                 KontorSync    *sync);
void        kontor_push_start   (KontorPush *push);
void        kontor_push_stop    (KontorPush *push);
void        kontor_push_now     (KontorPush *push);
const char *kontor_push_problem (KontorPush *push);

G_END_DECLS
