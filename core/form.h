/* form.h: reading application/x-www-form-urlencoded text with Stripe's bracket notation. */
#pragma once

#include "core/value.h"
#include "core/buffer.h"

G_BEGIN_DECLS

#define KONTOR_FORM_MAX_DEPTH   8
#define KONTOR_FORM_MAX_FIELDS  2000
#define KONTOR_FORM_MAX_MEMBERS 500 /* of one hash: each new name is compared with all of them */

/* Adds the pairs of @text to the object @into; @problem gets a sentence for a person. `a[b]=`
 * makes an OBJECT and `a[]=` an ARRAY. `a[0]=`, `a[1]=` make an OBJECT whose keys are digits, in
 * the order sent: only the parameter's table knows whether a list or a hash is meant, so the
 * parameter check turns it into an ARRAY where a list is declared. All leaves are
 * KONTOR_VALUE_STRING; keys and texts live in @arena, not in @text. */
gboolean kontor_form_parse (KontorArena *arena,
                            const char *text,
                            gsize length,
                            KontorValue *into,
                            const char **problem);

G_END_DECLS
