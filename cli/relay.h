/* relay.h: requests from one stream to one server, and its answers to another stream. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean kontor_relay_run (const char     *url,
                           const char     *key,
                           GInputStream   *requests,
                           GOutputStream  *answers,
                           GError        **error);

G_END_DECLS
