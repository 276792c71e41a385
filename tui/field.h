/* field.h: one line of text that a person edits. */
#pragma once

#include "tui/terminal.h"

G_BEGIN_DECLS

typedef struct
{
  GString *text;
  gsize    cursor; /* in bytes */
  gsize    first;  /* the first byte that is shown */
} TuiField;

/* Bytes of the text that are wrong, underlined where they stand. */
typedef struct { gsize start, length; } TuiMistake;

TuiField *tui_field_new   (const char *text);
void      tui_field_free  (TuiField *field);
void      tui_field_set   (TuiField *field, const char *text);
gboolean  tui_field_input (TuiField *field, const TuiInput *input);
void      tui_field_paint (TuiField         *field,
                           TuiArea           area,
                           const TuiMistake *mistake,
                           gboolean          has_keys);

G_END_DECLS
