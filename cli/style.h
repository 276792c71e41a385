/* style.h: what a terminal can show: colours, its width, questions, progress. */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* What a piece of text means; the colour follows from it. */
typedef enum
{
  KONTOR_ROLE_PLAIN,
  KONTOR_ROLE_HEADING,
  KONTOR_ROLE_DIM,
  KONTOR_ROLE_GOOD,
  KONTOR_ROLE_WARNING,
  KONTOR_ROLE_BAD,
  KONTOR_ROLE_NAME,    /* of a member or a flag */
  KONTOR_ROLE_TEXT,
  KONTOR_ROLE_NUMBER,
  KONTOR_ROLE_WORD,    /* true, false, null */
} KontorRole;

typedef struct
{
  FILE    *stream;
  gboolean is_terminal, colours;
  guint    width;   /* columns; 0: no terminal, so lines may be as long as they are */
} KontorStyle;

void        kontor_style_init     (KontorStyle *style, FILE *stream, const char *colour);
const char *kontor_style_on       (const KontorStyle *style, KontorRole role);
const char *kontor_style_off      (const KontorStyle *style, KontorRole role);
void        kontor_style_progress (const KontorStyle *style,
                                   const char        *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void        kontor_style_progress_end (const KontorStyle *style);

gboolean    kontor_style_confirm  (const KontorStyle *style, const char *question);
void        kontor_style_restore  (void);

G_END_DECLS
