/* prompt.h: questions to a person at a terminal, and answers that are not shown. */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

char *kontor_prompt_line    (FILE *stream);
char *kontor_prompt_secret  (FILE *stream, const char *question);
void  kontor_prompt_restore (void);

G_END_DECLS
