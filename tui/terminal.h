/* terminal.h: the screen, the keys and the mouse, on the GLib main loop. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a text means; how it looks depends on how many colours there are. */
typedef enum
{
  TUI_PLAIN,
  TUI_DIM,
  TUI_STRONG,
  TUI_HEADING,       /* titles of columns and panes */
  TUI_SELECTED,      /* the row with the cursor */
  TUI_SELECTED_FAR,  /* … in a pane that does not have the keyboard */
  TUI_MARKED,
  TUI_GOOD,
  TUI_WAITING,
  TUI_BAD,
  TUI_LINK,
  TUI_CHART,         /* the bars of a chart */
  TUI_CHIP,          /* a condition of the search line */
  TUI_HIT,           /* what was searched for */
  TUI_FIELD,         /* where something can be typed */
  TUI_PROBLEM,       /* a message about what went wrong */
  TUI_BAR,           /* the lines at the top and the bottom */
  TUI_BAR_TEST,      /* … the top one of test mode */
  TUI_BAR_LIVE,      /* … of live mode */
  TUI_N_STYLES
} TuiStyle;

typedef enum { TUI_START, TUI_END, TUI_CENTER } TuiAlign;

/* In cells, from the upper left corner. */
typedef struct { int y, x, height, width; } TuiArea;

typedef struct
{
  /* "j", "G", "Space", "Enter", "Ctrl-d", "PgDn", "F1" …; %NULL: the mouse, or pasted text */
  const char *key;
  const char *text;     /* what it types; %NULL: nothing. Pasted text, whole */
  enum { TUI_NO_MOUSE, TUI_CLICK, TUI_DOUBLE_CLICK, TUI_WHEEL_UP, TUI_WHEEL_DOWN } mouse;
  int         y, x;     /* of the mouse */
} TuiInput;

typedef struct
{
  void (*input)  (const TuiInput *input, gpointer data);
  void (*resize) (gpointer data);   /* paint everything anew */
  gpointer data;
} TuiHandler;

/* @colors: -1: as many as the terminal has; 0: none, as NO_COLOR asks. */
gboolean tui_terminal_open    (int colors, const TuiHandler *handler, GError **error);
/* Nothing is shown; what would be can be read. */
gboolean tui_terminal_open_none (int               height,
                                 int               width,
                                 int               colors,
                                 const TuiHandler *handler,
                                 GError          **error);
void     tui_terminal_resize  (int height, int width);
void     tui_terminal_close   (void);
void     tui_terminal_use_mouse  (gboolean use);
void     tui_terminal_use_colors (int colors);

int      tui_terminal_height  (void);
int      tui_terminal_width   (void);

/* Painting: into memory, until tui_terminal_flush() sends what changed. */
void     tui_erase            (TuiArea area, TuiStyle style);
guint    tui_put              (int y, int x, guint columns, TuiStyle style, TuiAlign align,
                               const char *text);
void     tui_line             (int y, int x, guint columns, TuiStyle style);
void     tui_column           (int y, int x, guint rows, TuiStyle style);
void     tui_frame            (TuiArea area, TuiStyle style, const char *title);
void     tui_cursor           (int y, int x);       /* y < 0: none */
void     tui_terminal_flush   (void);
void     tui_terminal_repaint (void);               /* Ctrl-L */

void     tui_terminal_copy    (const char *text);   /* to the clipboard, over SSH too (OSC 52) */
void     tui_terminal_notify  (gboolean rings, const char *text); /* %NULL: nothing to show */
char    *tui_terminal_text    (void);               /* the screen as lines of text */

G_END_DECLS
