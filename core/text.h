/* text.h: text as a terminal shows it: how wide it is, cut, and without control characters. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kontor_text_clean (const char *text);
guint kontor_text_width (const char *text);
gsize kontor_text_fit   (const char *text, guint width, guint *taken);
char *kontor_text_cut   (const char *text, guint width);

G_END_DECLS
