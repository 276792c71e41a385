/* relay.h: requests from one stream to one server, and its answers to another stream. */
#pragma once

#include <gio/gio.h>

#include "core/client/profile.h"

G_BEGIN_DECLS

gboolean kontor_relay_run (const KontorProfile  *profile,
                           GInputStream         *requests,
                           GOutputStream        *answers,
                           GError              **error);

G_END_DECLS
