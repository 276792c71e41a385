/* language.h: the language and the habits of whoever runs the program. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void kontor_language_init (void);

G_END_DECLS
