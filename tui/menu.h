/* menu.h: a list to choose from: commands, columns, words, what to copy. */
#pragma once

#include "tui/layer.h"

G_BEGIN_DECLS

typedef struct _TuiMenu TuiMenu;

typedef struct
{
  char         *text;
  char         *note;    /* at the end of the line; may be %NULL */
  char         *refusal; /* why it cannot be chosen now; %NULL: it can */
  gboolean      checked;
  gconstpointer data;
} TuiMenuItem;

typedef struct
{
  const char *title;
  gboolean    is_typed_to;  /* what is typed narrows it */
  gboolean    has_checks;
  /* Adds what fits @typed. */
  void      (*fill)   (TuiMenu *menu, const char *typed, gpointer data);
  /* Returns: whether the menu stays. @typed: what stands in its field. */
  gboolean  (*choose) (const TuiMenuItem *item, const char *typed, gpointer data);
  const char *hint;         /* last line; may be %NULL */
} TuiMenuKind;

TuiLayer *tui_menu_new  (const TuiMenuKind *kind, gpointer data);
void      tui_menu_add  (TuiMenu *menu,
                         const char *text,
                         const char *note,
                         const char *refusal,
                         gboolean checked,
                         gconstpointer data);

G_END_DECLS
