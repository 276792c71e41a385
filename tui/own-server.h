/* own-server.h: a server of one's own, for who has no other yet. */
#pragma once

#include "core/client/local.h"
#include "core/client/profile.h"

G_BEGIN_DECLS

#define TUI_SAMPLES 20000

KontorProfile *tui_own_server_start (int samples, KontorLocal **local, GError **error);

G_END_DECLS
