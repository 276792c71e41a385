/* read.h: what commands read again and again: members of answers, and spans of time. */
#pragma once

#include "core/value.h"

G_BEGIN_DECLS

const KontorValue *kontor_read_member  (const KontorValue *object, const char *path);
const char        *kontor_read_text    (const KontorValue *object, const char *path);
gint64             kontor_read_number  (const KontorValue *object,
                                        const char        *path,
                                        gint64             fallback);
gboolean           kontor_read_true    (const KontorValue *object, const char *path);
char              *kontor_read_time    (const KontorValue *object, const char *path);
gboolean           kontor_read_seconds (const char *typed, gint64 *seconds);

G_END_DECLS
