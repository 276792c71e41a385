/* tools.h: the commands of kontord that do one thing and end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kontor_key_create     (char **arguments);
int kontor_account_add    (char **arguments);
int kontor_backup         (char **arguments);
int kontor_restore        (char **arguments);
int kontor_migrate        (char **arguments);
int kontor_demo           (char **arguments);

/* Tells @error on stderr, once; gives the exit code: 2 when what was asked for is wrong, else 1. */
int kontor_tell           (GError *error);

G_END_DECLS
