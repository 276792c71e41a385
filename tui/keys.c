/* keys.c: what is typed and clicked, by the names that key tables use. */
#include "tui/keys.h"

#include <string.h>

#include "tui/wide-curses.h"

/* Beyond what curses numbers itself. */
enum
{
  KEY_PASTE_BEGIN = KEY_MAX + 1,
  KEY_PASTE_END,
  KEY_C_LEFT,
  KEY_C_RIGHT,
  KEY_A_LEFT,
  KEY_A_RIGHT,
};

#define MAX_PASTE 65536

static const struct
{
  const char *sequence;
  int         code;
} sequences[] = {
  { "\033[200~", KEY_PASTE_BEGIN }, { "\033[201~", KEY_PASTE_END }, { "\033[1;5D", KEY_C_LEFT },
  { "\033[1;5C", KEY_C_RIGHT },     { "\033[1;3D", KEY_A_LEFT },    { "\033[1;3C", KEY_A_RIGHT },
};

static const struct
{
  int         code;
  const char *name;
} names[] = {
  { KEY_DOWN, "Down" },         { KEY_UP, "Up" },
  { KEY_LEFT, "Left" },         { KEY_RIGHT, "Right" },
  { KEY_HOME, "Home" },         { KEY_END, "End" },
  { KEY_NPAGE, "PgDn" },        { KEY_PPAGE, "PgUp" },
  { KEY_BACKSPACE, "Backspace" }, { KEY_DC, "Delete" },
  { KEY_IC, "Insert" },         { KEY_ENTER, "Enter" },
  { KEY_BTAB, "Shift-Tab" },    { KEY_C_LEFT, "Ctrl-Left" },
  { KEY_C_RIGHT, "Ctrl-Right" }, { KEY_A_LEFT, "Alt-Left" },
  { KEY_A_RIGHT, "Alt-Right" }, { KEY_SUSPEND, "Ctrl-z" },
};

static const struct
{
  gunichar    letter;
  const char *name;
} letters[] = {
  { ' ', "Space" },     { '\t', "Tab" },      { '\r', "Enter" },    { '\n', "Enter" },
  { 27, "Esc" },        { 127, "Backspace" }, { 8, "Backspace" },
};

/* Sent past curses: it has no capability of this name. */
static void
tell_terminal (const char *sequence)
{
  fputs (sequence, stdout);
  fflush (stdout);
}

/**
 * tui_keys_use_mouse:
 * @use: whether clicks and the wheel are asked for
 */
void
tui_keys_use_mouse (gboolean use)
{
  /* A press and a release that are read at once are a click to curses, two of them a double one. */
  const mmask_t events = BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED
                         | BUTTON4_PRESSED | BUTTON5_PRESSED;

  mousemask (use ? events : 0, NULL);
}

/**
 * tui_keys_begin:
 * @keys: (out): what reads them
 *
 * On a screen that curses has begun to use.
 */
void
tui_keys_begin (TuiKeys *keys)
{
  keys->pasted = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++)
    define_key (sequences[i].sequence, sequences[i].code);
  tui_keys_use_mouse (TRUE);
  mouseinterval (0);
  tell_terminal ("\033[?2004h");
}

/**
 * tui_keys_end:
 * @keys: what tui_keys_begin() made
 */
void
tui_keys_end (TuiKeys *keys)
{
  tell_terminal ("\033[?2004l");
  mousemask (0, NULL);
  g_string_free (keys->pasted, TRUE);
}

/* To the end of what was pasted; control letters of it type nothing but a space. */
static void
read_pasted (TuiKeys *keys)
{
  wint_t letter;
  int kind;

  g_string_truncate (keys->pasted, 0);
  wtimeout (stdscr, 200);
  while ((kind = get_wch (&letter)) != ERR && !(kind == KEY_CODE_YES && letter == KEY_PASTE_END))
    if (kind == OK && keys->pasted->len < MAX_PASTE)
      g_string_append_unichar (keys->pasted, letter < ' ' || letter == 127 ? ' ' : letter);
  nodelay (stdscr, TRUE);
}

static gboolean
read_mouse (TuiInput *input)
{
  static gint64 last_us;
  static int last_y = -1, last_x = -1;
  MEVENT event;

  if (getmouse (&event) != OK)
    return FALSE;
  input->y = event.y;
  input->x = event.x;
  if (event.bstate & BUTTON4_PRESSED)
    input->mouse = TUI_WHEEL_UP;
  else if (event.bstate & BUTTON5_PRESSED)
    input->mouse = TUI_WHEEL_DOWN;
  else
    {
      gint64 now = g_get_monotonic_time ();
      gboolean again = event.y == last_y && event.x == last_x && now - last_us < 400000;

      input->mouse = again || (event.bstate & BUTTON1_DOUBLE_CLICKED) ? TUI_DOUBLE_CLICK
                                                                      : TUI_CLICK;
      last_us = again ? 0 : now;
      last_y = event.y;
      last_x = event.x;
    }
  return TRUE;
}

static gboolean
read_code (TuiKeys *keys, int code, TuiInput *input)
{
  if (code == KEY_MOUSE)
    return read_mouse (input);
  if (code == KEY_PASTE_BEGIN)
    {
      read_pasted (keys);
      input->text = keys->pasted->str;
      return TRUE;
    }
  if (code >= KEY_F (1) && code <= KEY_F (12))
    {
      g_snprintf (keys->key, sizeof keys->key, "F%d", code - KEY_F (0));
      input->key = keys->key;
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == code)
      {
        input->key = names[i].name;
        return TRUE;
      }
  return FALSE;
}

static void
read_letter (TuiKeys *keys, gunichar letter, TuiInput *input)
{
  input->key = keys->key;
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].letter == letter)
      {
        input->key = letters[i].name;
        input->text = letter == ' ' ? " " : NULL;
        return;
      }
  if (letter < ' ')
    {
      g_snprintf (keys->key, sizeof keys->key, "Ctrl-%c",
                  letter <= 26 ? 'a' + (char) letter - 1 : '@' + (char) letter);
      return;
    }
  keys->key[g_unichar_to_utf8 (letter, keys->key)] = '\0';
  g_strlcpy (keys->text, keys->key, sizeof keys->text);
  input->text = keys->text;
}

/**
 * tui_keys_read:
 * @keys: what reads them
 * @input: (out): what was done; its texts live until the next call
 *
 * Returns: whether there was something
 */
gboolean
tui_keys_read (TuiKeys *keys, TuiInput *input)
{
  wint_t letter;
  int kind;

  for (;;)
    {
      *input = (TuiInput){ 0 };
      kind = get_wch (&letter);
      if (kind == ERR)
        return FALSE;
      if (kind == OK)
        {
          read_letter (keys, letter, input);
          return TRUE;
        }
      /* A key that has no name here is passed over. */
      if (read_code (keys, (int) letter, input))
        return TRUE;
    }
}
