/* app.h: the console as it runs: its screens, what has the keyboard, and the server it talks to. */
#pragma once

#include "core/console/keymap.h"
#include "tui/detail.h"
#include "tui/field.h"
#include "tui/grid.h"
#include "tui/layer.h"

G_BEGIN_DECLS

#define TUI_MOST_SCREENS 24

/* One screen and how it is shown. */
typedef struct
{
  const KontorScreenDeclaration *declaration;
  KontorScreen *screen;  /* %NULL: not shown yet */
  TuiGrid       grid;
  TuiDetail     detail;
  gint64        range;   /* key of the row where a range to mark begins; 0: none */
} TuiView;

/* A place to which one can go back. */
typedef struct
{
  guint view;
  char *id;
} TuiVisit;

/* Whether the list goes to what is new by itself. */
typedef enum { TUI_NO_TAIL, TUI_TAIL, TUI_TAIL_PAUSED } TuiTail;

typedef enum { TUI_AT_LIST, TUI_AT_DETAIL, TUI_AT_SEARCH } TuiFocus;

typedef struct
{
  KontorDesk     *desk;
  KontorKeymap   *keymap;
  GMainLoop      *loop;

  TuiView         views[TUI_MOST_SCREENS];
  guint           n_views, at; /* the one that is shown */
  TuiFocus        focus;
  gboolean        detail_open, zoomed;
  TuiField       *search;
  char           *search_before; /* as it was when it began to be edited */
  GPtrArray      *layers;      /* of TuiLayer, the last one on top */
  GArray         *visits;      /* of TuiVisit */
  guint           visit;
  char           *wanted;      /* an id to go to once its list has an answer */

  char           *message;     /* until the next key */
  gboolean        is_problem;
  gboolean        shows_chords;
  guint           chord_source, paint_source;
  guint           n_under_way; /* calls to the server and exports */
  TuiTail         tail;
  guint           n_at_pause;  /* rows that were there then */
  gboolean        paints;
  gboolean        is_verifying; /* the copy, as the person asked */
  char           *next;        /* profile that was chosen to go on with; %NULL: none */
  gboolean        only_reads;  /* whatever is preferred */
} TuiApp;

/* app.c */
TuiApp    *tui_app_new         (KontorProfile  *profile,
                                const char     *folder,
                                KontorSettings *settings,
                                GError        **error);
void       tui_app_free        (TuiApp *app);
void       tui_app_start       (TuiApp *app);
void       tui_app_start_plain (TuiApp *app);
void       tui_app_command     (TuiApp *app, const KontorCommand *command, guint count);
void       tui_app_input       (TuiApp *app, const TuiInput *input);
TuiView   *tui_app_view        (TuiApp *app);
KontorCall tui_app_call        (TuiApp *app);
void       tui_app_paint_later (TuiApp *app);
void       tui_app_show        (TuiApp *app, guint view);
void       tui_app_go_to       (TuiApp *app, const char *id);
void       tui_app_push        (TuiApp *app, TuiLayer *layer);
void       tui_app_say         (TuiApp *app, gboolean is_problem, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
gboolean   tui_app_is_idle     (TuiApp *app);
void       tui_app_quit        (TuiApp *app);

/* prefer.c */
void       tui_prefer_begin    (TuiApp *app);
int        tui_prefer_colors   (TuiApp *app);
void       tui_prefer_read_only (TuiApp *app);
guint      tui_prefer_start    (TuiApp *app);
void       tui_prefer_recall   (TuiApp *app, TuiView *view);
void       tui_prefer_columns  (TuiApp *app, TuiView *view, guint32 toggled);

/* search.c */
void       tui_search_begin    (TuiApp *app);
void       tui_search_input    (TuiApp *app, const TuiInput *input);

/* act.c */
void       tui_act             (TuiApp *app, const KontorCommand *command, guint count);
gboolean   tui_can_act         (TuiApp *app, const KontorCommand *command);

/* paint.c */
void       tui_paint           (TuiApp *app);
gboolean   tui_shows_detail    (TuiApp *app);

/* choices.c */
void       tui_choose_command  (TuiApp *app);
void       tui_choose_action   (TuiApp *app);
void       tui_choose_word     (TuiApp *app);
void       tui_choose_sort     (TuiApp *app);
void       tui_choose_columns  (TuiApp *app);
void       tui_choose_copy     (TuiApp *app);
void       tui_choose_help     (TuiApp *app);
void       tui_choose_export   (TuiApp *app);
void       tui_choose_quit    (TuiApp *app);

/* views.c */
void       tui_choose_view    (TuiApp *app);

/* choose-account.c */
void       tui_choose_account  (TuiApp *app);

/* choose-setting.c */
void       tui_choose_setting  (TuiApp *app);

/* form.c */
TuiLayer  *tui_form_new        (TuiApp *app, const KontorFormDeclaration *declaration);

/* compare.c */
TuiLayer  *tui_compare_new     (TuiApp *app);

/* save.c */
void       tui_save_list       (TuiApp *app, const char *path);

G_END_DECLS
