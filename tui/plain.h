/* plain.h: the console in lines, for speech and scripts: a command a line, its answer below. */
#pragma once

#include "tui/app.h"

int tui_plain_run (TuiApp *app);
