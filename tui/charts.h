/* charts.h: a screen's charts, drawn with letters. */
#pragma once

#include "core/console/desk.h"
#include "tui/terminal.h"

G_BEGIN_DECLS

int tui_charts_paint (KontorDesk *desk, const KontorScreenDeclaration *declaration, TuiArea area);

G_END_DECLS
