/* wide-curses.h: ncurses with wide letters, as every file here includes it. */
#pragma once

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1

#include <curses.h>
#include <stdio.h>
