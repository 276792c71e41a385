/* screen-private.h: what the parts of a screen share: screen.c asks, screen-show.c tells. */
#pragma once

#include "core/console/screen.h"

G_BEGIN_DECLS

struct _KontorScreen
{
  GObject parent_instance;
  const KontorScreenDeclaration *declaration;
  const KontorFormat *format;
  KontorShelf *shelf;
  KontorDesk *desk; /* not owned; %NULL: it stands alone */
  KontorList *list;

  KontorIndex *index;     /* %NULL: nothing is known yet */
  gboolean is_partial;    /* @index holds the newest rows alone */
  gboolean shows_partial; /* and the list is of those still */
  GCancellable *cancellable;
  guint generation; /* of the question asked last */
  guint answered;   /* of the one whose answer is shown */
  guint n_under_way;

  char *query;
  KontorArena *find_arena; /* of @find */
  KontorFind find;
  KontorAnswer *answer; /* to @find, when it is of @index */
  KontorArena *answer_arena;
  KontorFind answer_find;  /* what @answer answers */
  KontorFindError mistake; /* message %NULL: none */
  char *banner;
  GPtrArray *facets; /* computed once for a question; %NULL: not yet */
  char *sums;        /* of all that is shown, likewise */

  guint sort;
  gboolean descending;
  guint cursor;
  gint64 cursor_key; /* the object at the cursor: it is kept there */

  GPtrArray *detail; /* of @detail_item, as it was in @detail_minute; %NULL: to be made */
  KontorItem *detail_item;
  gint64 detail_minute;
  char *head;           /* of @head_of, as it was in @head_minute */
  KontorIndex *head_of; /* not owned, only compared */
  gint64 head_minute;
};

void kontor_screen_forget_detail (KontorScreen *screen);

G_END_DECLS
