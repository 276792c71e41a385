/* suggest.h: the word that somebody may have meant. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *kontor_suggest (const char *word, const GPtrArray *known);

G_END_DECLS
