/* webhook-url.h: where events may be sent to. */
#pragma once

#include "core/error.h"
#include <gio/gio.h>

G_BEGIN_DECLS

/* @allow: networks, %NULL for none: private addresses that may be named all the same. */
gboolean kontor_webhook_url_check (const char *url,
                                   gboolean is_live,
                                   const GPtrArray *allow,
                                   const char *param,
                                   KontorError *error);

G_END_DECLS
