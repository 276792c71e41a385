/* view.h: the shape of a saved view: what a console shows of a list, under a name. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  KontorObject   head;
  KontorStrings *columns;    /* empty: the screen's own choice */
  int            descending;
  const char    *name;
  const char    *owner;      /* "user_…" or "key_3" */
  const char    *query;      /* of the search language, or %NULL */
  const char    *screen;     /* "payments" */
  int            shared;     /* everybody's consoles show it */
  const char    *sort;       /* a column, or %NULL */
  /* hidden */
  int            deleted;
} KontorView;

extern const KontorResource kontor_view_resource;

G_END_DECLS
