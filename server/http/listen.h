/* listen.h: a socket that waits for connections. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kontor_listen (const char *where, char **url, GError **error);

G_END_DECLS
