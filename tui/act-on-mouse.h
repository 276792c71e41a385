/* act-on-mouse.h: what clicks and the wheel do to a list and its detail. */
#pragma once

#include "tui/app.h"

void tui_act_on_mouse (TuiApp *app, const TuiInput *input);
