/* complete.h: what can stand next on a command line, for shells that complete it. */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

void kontor_complete (char **words, FILE *out);

G_END_DECLS
