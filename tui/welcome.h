/* welcome.h: what somebody who has no server yet is asked, before the screen is taken over. */
#pragma once

#include "core/client/local.h"
#include "core/client/profile.h"

G_BEGIN_DECLS

KontorProfile *tui_welcome (KontorProfiles *profiles, KontorLocal **local);

G_END_DECLS
