/* bytes.h: the byte forms that the seal is made of, as docs/ledger.md gives them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void audit_put_mark (GByteArray *bytes, char mark);
void audit_put_int  (GByteArray *bytes, gint64 value);
void audit_put_text (GByteArray *bytes, const char *text, gssize length); /* -1: up to its NUL */

G_END_DECLS
