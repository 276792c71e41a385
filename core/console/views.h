/* views.h: saved views of a list: what is looked for and in which order, under a name. */
#pragma once

#include "core/console/desk.h"

G_BEGIN_DECLS

/* One of the person's own, or one that somebody shares. */
typedef struct
{
  char    *id, *name, *query, *sort; /* @query and @sort: "" when there is none */
  gboolean descending, shared, own;
} KontorSavedView;

GPtrArray *kontor_views_of     (KontorDesk *desk, KontorScreen *screen);
void       kontor_views_show   (KontorScreen *screen, const KontorSavedView *view);
gboolean   kontor_views_save   (KontorDesk   *desk,
                                KontorScreen *screen,
                                const char   *name,
                                gboolean      shared,
                                GError      **error);
gboolean   kontor_views_delete (KontorDesk            *desk,
                                const KontorSavedView *view,
                                GError               **error);

G_END_DECLS
