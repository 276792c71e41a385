/* look.h: which style the words of a status have. */
#pragma once

#include "core/console/tone.h"
#include "tui/terminal.h"

/* Static, since it is a table. */
static inline TuiStyle
tui_look_of (const char *word)
{
  static const TuiStyle styles[] = { TUI_PLAIN, TUI_GOOD, TUI_WAITING, TUI_BAD };

  return styles[kontor_tone (word)];
}
