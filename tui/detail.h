/* detail.h: all there is to say of one object, in lines that can be scrolled and followed. */
#pragma once

#include "core/console/screen.h"
#include "tui/terminal.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *lines;  /* of what was painted last */
  guint      first, at, page;
  TuiArea    area;
  gint64     key;    /* of the object that is shown: another one begins at its top */
} TuiDetail;

void        tui_detail_clear  (TuiDetail *detail);
void        tui_detail_paint  (TuiDetail    *detail,
                               KontorScreen *screen,
                               TuiArea       area,
                               gboolean      has_keys);
void        tui_detail_move   (TuiDetail *detail, gint64 by);
gboolean    tui_detail_section (TuiDetail *detail, guint number);
const char *tui_detail_target (const TuiDetail *detail);
gboolean    tui_detail_click  (TuiDetail *detail, int y, int x);
gboolean    tui_detail_find   (TuiDetail *detail, KontorScreen *screen, int direction);

G_END_DECLS
