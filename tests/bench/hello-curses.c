/* hello-curses.c: a list in a terminal that does nothing: what ncurses and the terminal cost alone. */
#include <glib.h>
#include <locale.h>
#include <ncurses.h>

static void
draw (int first, int cursor)
{
  for (int row = 0; row < LINES - 2; row++)
    {
      attrset (row == cursor ? A_REVERSE : A_NORMAL);
      mvprintw (row + 1, 0, "%12d.%02d EUR  succeeded  Customer number %-8d", first + row, row,
                (first + row) * 7);
      clrtoeol ();
    }
  attrset (A_NORMAL);
  mvprintw (LINES - 1, 0, "%d of 1,000,000  ", first + cursor + 1);
  refresh ();
}

int
main (void)
{
  int first = 1, cursor = 0, key;

  setlocale (LC_ALL, "");
  initscr ();
  cbreak ();
  noecho ();
  keypad (stdscr, TRUE);
  set_escdelay (25);
  draw (first, cursor);
  while ((key = getch ()) != 'Q')
    {
      if (key == KEY_NPAGE)
        first += LINES - 2;
      else if (key == 'j')
        cursor = (cursor + 1) % (LINES - 2);
      draw (first, cursor);
    }
  endwin ();
  return 0;
}
