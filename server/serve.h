/* serve.h: kontord serve. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kontor_serve (char **arguments);

G_END_DECLS
