/* script.h: the console driven by a file of keys, as tests and habits need it. */
#pragma once

#include "tui/app.h"

G_BEGIN_DECLS

typedef struct _TuiScript TuiScript;

TuiScript *tui_script_load   (const char *path, GError **error);
void       tui_script_free   (TuiScript *script);
void       tui_script_start  (TuiScript *script, TuiApp *app);
int        tui_script_status (const TuiScript *script);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TuiScript, tui_script_free)

G_END_DECLS
