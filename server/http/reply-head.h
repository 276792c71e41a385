/* reply-head.h: the head of an HTTP reply. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

void kontor_reply_head_write (const KontorRequest *request,
                              const KontorReply   *reply,
                              const char          *date,
                              gboolean             is_last,
                              gboolean             to_browser,
                              KontorBuffer        *out);

G_END_DECLS
