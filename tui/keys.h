/* keys.h: what is typed and clicked, by the names that key tables use. */
#pragma once

#include "tui/terminal.h"

G_BEGIN_DECLS

typedef struct
{
  char     key[16];   /* of the last input */
  char     text[8];
  GString *pasted;
} TuiKeys;

void     tui_keys_begin (TuiKeys *keys);
void     tui_keys_use_mouse (gboolean use);
void     tui_keys_end   (TuiKeys *keys);
gboolean tui_keys_read  (TuiKeys *keys, TuiInput *input);

G_END_DECLS
