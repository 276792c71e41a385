/* grid.h: a screen's list: as many rows and columns as there is room for. */
#pragma once

#include "core/console/screen.h"
#include "tui/terminal.h"

G_BEGIN_DECLS

#define TUI_MOST_COLUMNS 24

/* How one screen's list is shown. */
typedef struct
{
  guint   first;      /* row at the top */
  guint   skipped;    /* columns left out at the start */
  guint32 toggled;    /* bits of columns that the person shows or hides against their declaration */
  guint   page;       /* rows as painted last */
  TuiArea area;       /* likewise, with the headings */
  struct { const KontorColumn *column; int x, width; } shown[TUI_MOST_COLUMNS];
  guint   n_shown;
} TuiGrid;

typedef enum { TUI_NOWHERE, TUI_ON_HEADING, TUI_ON_ROW } TuiPlace;

gboolean tui_grid_has_column (const TuiGrid *grid, const KontorColumn *columns, guint i);
void     tui_grid_scroll     (TuiGrid *grid, KontorScreen *screen, int by);
void     tui_grid_paint      (TuiGrid *grid, KontorScreen *screen, TuiArea area, gboolean has_keys);
TuiPlace tui_grid_at         (const TuiGrid      *grid,
                              KontorScreen       *screen,
                              int                 y,
                              int                 x,
                              guint              *row,
                              const KontorColumn **column);

G_END_DECLS
