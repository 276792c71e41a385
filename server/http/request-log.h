/* request-log.h: keeps what was asked and how it ended. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorLogQueue *kontor_log_queue_new      (KontorApi *api);
void            kontor_log_queue_free     (KontorLogQueue *queue);
void            kontor_request_log_params (KontorCall *call);
void            kontor_request_log_write  (KontorCall *call);
void            kontor_request_log_late   (KontorCall *call);

extern const KontorRoute kontor_request_log_routes[];

G_END_DECLS
