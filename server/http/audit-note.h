/* audit-note.h: what of a call goes into the audit log. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

/* In the engine, with the reply made: notes what was done, if it is to be noted. */
gboolean    kontor_audit_note_call     (KontorCall *call);
/* Whether @call, which was refused before it came to the engine, is to go there to be noted. */
gboolean    kontor_audit_wants_refusal (const KontorCall *call);
/* "refund.create" */
const char *kontor_audit_action        (KontorArena *arena, const char *method, const char *path);

G_END_DECLS
