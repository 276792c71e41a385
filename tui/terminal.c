/* terminal.c: the screen on the GLib main loop: styles, painting, the clipboard. */
#include "tui/terminal.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"
#include "tui/wide-curses.h"
#include "tui/keys.h"

#define ESCAPE_MS 25          /* how long the rest of an escape sequence may take */
#define MAX_INPUTS 32         /* taken at once, then the main loop has its turn */
#define MAX_COPY 74000        /* what terminals take of OSC 52 */

/* How each style looks with 256 colours, with 16 or 8, and with none. -1: the terminal's own. */
static const struct
{
  short  fg256, bg256, fg8, bg8;
  attr_t more;     /* besides the colours */
  attr_t mono;     /* instead of them */
} looks[TUI_N_STYLES] = {
  [TUI_PLAIN] = { -1, -1, -1, -1, 0, 0 },
  [TUI_DIM] = { 245, -1, -1, -1, 0, A_DIM },
  [TUI_STRONG] = { -1, -1, -1, -1, A_BOLD, A_BOLD },
  [TUI_HEADING] = { 110, -1, COLOR_CYAN, -1, A_BOLD, A_BOLD | A_UNDERLINE },
  [TUI_SELECTED] = { 231, 25, COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE },
  [TUI_SELECTED_FAR] = { -1, 238, -1, -1, A_UNDERLINE, A_UNDERLINE },
  [TUI_MARKED] = { 220, -1, COLOR_YELLOW, -1, A_BOLD, A_BOLD },
  [TUI_GOOD] = { 78, -1, COLOR_GREEN, -1, 0, 0 },
  [TUI_WAITING] = { 215, -1, COLOR_YELLOW, -1, 0, 0 },
  [TUI_BAD] = { 210, -1, COLOR_RED, -1, 0, A_BOLD },
  [TUI_LINK] = { 117, -1, COLOR_CYAN, -1, A_UNDERLINE, A_UNDERLINE },
  [TUI_CHART] = { 111, -1, COLOR_BLUE, -1, 0, 0 },
  [TUI_CHIP] = { 231, 60, COLOR_WHITE, COLOR_MAGENTA, 0, A_REVERSE },
  [TUI_HIT] = { 16, 220, COLOR_BLACK, COLOR_YELLOW, 0, A_REVERSE },
  [TUI_FIELD] = { 231, 236, -1, -1, A_UNDERLINE, A_UNDERLINE },
  [TUI_PROBLEM] = { 231, 124, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE | A_BOLD },
  [TUI_BAR] = { 252, 236, COLOR_BLACK, COLOR_WHITE, 0, A_REVERSE },
  [TUI_BAR_TEST] = { 16, 214, COLOR_BLACK, COLOR_YELLOW, A_BOLD, A_REVERSE },
  [TUI_BAR_LIVE] = { 231, 28, COLOR_WHITE, COLOR_GREEN, A_BOLD, A_REVERSE | A_BOLD },
};

static struct
{
  gboolean   open;
  SCREEN    *screen;
  FILE      *nothing;     /* what is painted goes there; %NULL: to the terminal */
  int        colors;      /* 0, 8, 16 or 256 */
  gboolean   is_utf8;
  attr_t     styles[TUI_N_STYLES];
  TuiHandler handler;
  guint      input_source, resize_source;
  int        cursor_y, cursor_x;
  TuiKeys    keys;
} terminal;

static void
prepare_styles (void)
{
  for (guint i = 0; i < TUI_N_STYLES; i++)
    {
      gboolean many = terminal.colors >= 256;
      short fg = many ? looks[i].fg256 : looks[i].fg8, bg = many ? looks[i].bg256 : looks[i].bg8;

      if (terminal.colors == 0)
        {
          terminal.styles[i] = looks[i].mono;
          continue;
        }
      init_pair ((short) (i + 1), fg, bg);
      terminal.styles[i] = (attr_t) COLOR_PAIR (i + 1) | looks[i].more;
      /* Grey of its own needs many colours. */
      if (i == TUI_DIM && !many)
        terminal.styles[i] |= A_DIM;
    }
}

static void
start_colors (int wanted)
{
  terminal.colors = 0;
  if (wanted == 0 || !has_colors ())
    return;
  start_color ();
  use_default_colors ();
  terminal.colors = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
  if (wanted > 0)
    terminal.colors = MIN (terminal.colors, wanted);
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer data)
{
  TuiInput input;

  if (condition & (G_IO_HUP | G_IO_ERR))
    {
      input = (TuiInput){ .key = "Hangup" };
      terminal.input_source = 0;
      terminal.handler.input (&input, terminal.handler.data);
      return G_SOURCE_REMOVE;
    }
  /* A mouse report can leave keys behind it that curses has read already: so more than one is taken. */
  for (guint i = 0; i < MAX_INPUTS && terminal.open && tui_keys_read (&terminal.keys, &input); i++)
    terminal.handler.input (&input, terminal.handler.data);
  return terminal.open ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
resize_cb (gpointer data)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
    resizeterm (size.ws_row, size.ws_col);
  clearok (stdscr, TRUE);
  terminal.handler.resize (terminal.handler.data);
  return G_SOURCE_CONTINUE;
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("This is no terminal that can be drawn on."));
  return FALSE;
}

static void
begin (int colors, const TuiHandler *handler)
{
  terminal.open = TRUE;
  terminal.is_utf8 = g_str_equal (nl_langinfo (CODESET), "UTF-8");
  terminal.handler = *handler;
  terminal.cursor_y = -1;
  set_escdelay (ESCAPE_MS);
  raw ();
  noecho ();
  nonl ();
  keypad (stdscr, TRUE);
  nodelay (stdscr, TRUE);
  start_colors (colors);
  prepare_styles ();
}

/**
 * tui_terminal_open:
 * @colors: how many to use at most: -1 for all there are, 0 for none
 * @handler: told of keys and of changes of size; copied
 * @error: return location for a #GError
 *
 * Takes the terminal over. There is one per program.
 *
 * Returns: whether there is a terminal that can be drawn on
 */
gboolean
tui_terminal_open (int colors, const TuiHandler *handler, GError **error)
{
  /* What curses asks of a terminal it does not know would end the program. */
  if (!isatty (STDIN_FILENO) || !isatty (STDOUT_FILENO)
      || (terminal.screen = newterm (NULL, stdout, stdin)) == NULL)
    return refuse (error);
  begin (colors, handler);
  tui_keys_begin (&terminal.keys);
  terminal.input_source
      = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, NULL);
  terminal.resize_source = g_unix_signal_add (SIGWINCH, resize_cb, NULL);
  return TRUE;
}

/**
 * tui_terminal_open_none:
 * @height: rows
 * @width: columns
 * @colors: as for tui_terminal_open()
 * @handler: likewise
 * @error: return location for a #GError
 *
 * For scripts: everything is painted, and can be read by tui_terminal_text(), but not seen.
 *
 * Returns: whether there is something to paint on
 */
gboolean
tui_terminal_open_none (int height,
                        int width,
                        int colors,
                        const TuiHandler *handler,
                        GError **error)
{
  terminal.nothing = fopen ("/dev/null", "r+");
  if (terminal.nothing == NULL
      || (terminal.screen = newterm ("xterm-256color", terminal.nothing, terminal.nothing)) == NULL)
    return refuse (error);
  begin (colors, handler);
  resizeterm (height, width);
  return TRUE;
}

/**
 * tui_terminal_resize:
 * @height: rows
 * @width: columns
 *
 * Of a terminal that is not seen.
 */
void
tui_terminal_resize (int height, int width)
{
  resizeterm (height, width);
}

/**
 * tui_terminal_close:
 *
 * Gives the terminal back as it was.
 */
void
tui_terminal_close (void)
{
  if (!terminal.open)
    return;
  terminal.open = FALSE;
  if (terminal.nothing == NULL)
    tui_keys_end (&terminal.keys);
  g_clear_handle_id (&terminal.input_source, g_source_remove);
  g_clear_handle_id (&terminal.resize_source, g_source_remove);
  curs_set (1);
  endwin ();
  delscreen (terminal.screen);
  g_clear_pointer (&terminal.nothing, fclose);
}

/**
 * tui_terminal_use_mouse:
 * @use: whether the mouse is asked for; else the terminal selects text with it
 */
void
tui_terminal_use_mouse (gboolean use)
{
  if (terminal.open && terminal.nothing == NULL)
    tui_keys_use_mouse (use);
}

/**
 * tui_terminal_use_colors:
 * @colors: as for tui_terminal_open()
 */
void
tui_terminal_use_colors (int colors)
{
  start_colors (colors);
  prepare_styles ();
}

/**
 * tui_terminal_height:
 *
 * Returns: the rows there are
 */
int
tui_terminal_height (void)
{
  return LINES;
}

/**
 * tui_terminal_width:
 *
 * Returns: the columns there are
 */
int
tui_terminal_width (void)
{
  return COLS;
}

static void
put_spaces (int n)
{
  static const char spaces[] = "                                                                ";

  for (; n > 0; n -= (int) sizeof spaces - 1)
    addnstr (spaces, MIN (n, (int) sizeof spaces - 1));
}

/**
 * tui_erase:
 * @area: part of the screen
 * @style: what it is filled with
 */
void
tui_erase (TuiArea area, TuiStyle style)
{
  attrset (terminal.styles[style]);
  for (int y = MAX (area.y, 0); y < area.y + area.height && y < LINES; y++)
    if (move (y, area.x) == OK)
      put_spaces (MIN (area.width, COLS - area.x));
}

/* Where letters of the whole world cannot be shown, the nearest ones can. */
static void
put_letters (const char *text, gsize length)
{
  g_autofree char *plain = NULL;

  if (terminal.is_utf8)
    {
      addnstr (text, (int) length);
      return;
    }
  plain = g_str_to_ascii (text, NULL);
  addnstr (plain, (int) MIN (length, strlen (plain)));
}

/**
 * tui_put:
 * @y: row
 * @x: column
 * @columns: how many it may take; the rest of them is filled with spaces
 * @style: how it looks
 * @align: at which end it stands
 * @text: UTF-8 on one line
 *
 * What does not fit ends with an ellipsis. A wide letter is never cut in half.
 *
 * Returns: the columns that the text itself takes
 */
guint
tui_put (int y, int x, guint columns, TuiStyle style, TuiAlign align, const char *text)
{
  guint width = kontor_text_width (text), used, before = 0;
  gboolean cut = width > columns;
  gsize length;

  if (y < 0 || y >= LINES || x < 0 || x >= COLS || columns == 0)
    return 0;
  columns = MIN (columns, (guint) (COLS - x));
  cut = width > columns;
  length = kontor_text_fit (text, cut ? columns - 1 : columns, &used);
  if (!cut && align != TUI_START)
    before = align == TUI_END ? columns - used : (columns - used) / 2;
  attrset (terminal.styles[style]);
  move (y, x);
  put_spaces ((int) before);
  put_letters (text, length);
  if (cut)
    addstr (terminal.is_utf8 ? "…" : "~");
  used += cut;
  put_spaces ((int) (columns - before - used));
  return used;
}

/**
 * tui_line:
 * @y: row
 * @x: column
 * @columns: how long
 * @style: how it looks
 */
void
tui_line (int y, int x, guint columns, TuiStyle style)
{
  attrset (terminal.styles[style]);
  mvhline_set (y, x, WACS_HLINE, (int) columns);
}

/**
 * tui_column:
 * @y: row
 * @x: column
 * @rows: how long
 * @style: how it looks
 */
void
tui_column (int y, int x, guint rows, TuiStyle style)
{
  attrset (terminal.styles[style]);
  mvvline_set (y, x, WACS_VLINE, (int) rows);
}

/**
 * tui_frame:
 * @area: what it encloses, itself included
 * @style: how it looks
 * @title: (nullable): stands in the upper edge
 */
void
tui_frame (TuiArea area, TuiStyle style, const char *title)
{
  int bottom = area.y + area.height - 1, right = area.x + area.width - 1;

  tui_line (area.y, area.x, (guint) area.width, style);
  tui_line (bottom, area.x, (guint) area.width, style);
  tui_column (area.y, area.x, (guint) area.height, style);
  tui_column (area.y, right, (guint) area.height, style);
  mvadd_wch (area.y, area.x, WACS_ULCORNER);
  mvadd_wch (area.y, right, WACS_URCORNER);
  mvadd_wch (bottom, area.x, WACS_LLCORNER);
  mvadd_wch (bottom, right, WACS_LRCORNER);
  if (title != NULL && area.width > 6)
    {
      guint width = MIN (kontor_text_width (title), (guint) area.width - 6);

      tui_put (area.y, area.x + 2, width + 2, TUI_STRONG, TUI_CENTER, title);
    }
}

/**
 * tui_cursor:
 * @y: row, or -1 for none to be seen
 * @x: column
 */
void
tui_cursor (int y, int x)
{
  terminal.cursor_y = y;
  terminal.cursor_x = x;
}

/**
 * tui_terminal_flush:
 *
 * Sends what changed since the last time.
 */
void
tui_terminal_flush (void)
{
  curs_set (terminal.cursor_y >= 0);
  if (terminal.cursor_y >= 0)
    move (terminal.cursor_y, terminal.cursor_x);
  refresh ();
}

/**
 * tui_terminal_repaint:
 *
 * Has the next flush send everything, whatever the terminal shows now.
 */
void
tui_terminal_repaint (void)
{
  clearok (curscr, TRUE);
}

/* Past curses, which does not know the sequence. */
static void
send (const char *sequence)
{
  FILE *file = terminal.nothing != NULL ? terminal.nothing : stdout;

  fputs (sequence, file);
  fflush (file);
}

/**
 * tui_terminal_copy:
 * @text: what to put on the clipboard
 *
 * The terminal does it, also at the far end of an SSH connection, if it is allowed to.
 */
void
tui_terminal_copy (const char *text)
{
  g_autofree char *coded = g_base64_encode ((const guchar *) text, MIN (strlen (text), MAX_COPY));
  g_autofree char *sequence = g_strdup_printf ("\033]52;c;%s\a", coded);

  send (sequence);
}

/**
 * tui_terminal_notify:
 * @rings: whether the bell rings
 * @text: (nullable): what the terminal is asked to show on the desktop (OSC 9); without control
 *   characters
 */
void
tui_terminal_notify (gboolean rings, const char *text)
{
  g_autofree char *sequence = text != NULL ? g_strdup_printf ("\033]9;%s\a", text) : NULL;

  if (sequence != NULL)
    send (sequence);
  if (rings)
    send ("\a");
}

/**
 * tui_terminal_text:
 *
 * Returns: (transfer full): what stands on the screen, a line for each row, without spaces at its end
 */
char *
tui_terminal_text (void)
{
  GString *text = g_string_new (NULL);

  for (int y = 0; y < LINES; y++)
    {
      g_autofree wchar_t *row = g_new0 (wchar_t, (gsize) COLS + 1);
      g_autofree char *line = NULL;

      mvinnwstr (y, 0, row, COLS);
      line = g_ucs4_to_utf8 ((const gunichar *) row, -1, NULL, NULL, NULL);
      g_string_append (text, line != NULL ? g_strchomp (line) : "");
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
