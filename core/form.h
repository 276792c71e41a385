/* form.h: reading application/x-www-form-urlencoded text with Stripe's bracket notation. */
#pragma once

#include "core/value.h"
#include "core/buffer.h"

G_BEGIN_DECLS

#define KONTOR_FORM_MAX_DEPTH  8
#define KONTOR_FORM_MAX_FIELDS 2000

/* Adds the pairs of @text to the object @into; @problem gets a sentence for a person. */
gboolean kontor_form_parse (KontorArena *arena, const char *text, gsize length, KontorValue *into, const char **problem);

G_END_DECLS
