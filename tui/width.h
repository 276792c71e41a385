/* width.h: how many columns of a terminal a text takes, and where to cut it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint tui_letter_width (gunichar letter);
guint tui_width        (const char *text);
gsize tui_fit          (const char *text, guint columns, guint *used);
char *tui_clean        (const char *text, gssize length);

G_END_DECLS
