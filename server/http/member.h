/* member.h: members of JSON that a handler writes by itself, each with the comma before it. */
#pragma once

#include "core/buffer.h"

G_BEGIN_DECLS

void kontor_member_text (KontorBuffer *out, const char *name, const char *text); /* %NULL: null */
/* KONTOR_NONE: null */
void kontor_member_int  (KontorBuffer *out, const char *name, gint64 number);
void kontor_member_time (KontorBuffer *out, const char *name, gint64 seconds); /* 0, NONE: null */
void kontor_member_bool (KontorBuffer *out, const char *name, gboolean yes);

G_END_DECLS
