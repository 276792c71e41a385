/* search.h: finding objects by a query of several conditions. */
#pragma once

#include "core/query.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  const KontorResource *resource;
  const KontorQuery    *query;
  guint                 scope;
  guint                 limit;
  gint64                after;       /* key; 0: from the newest */
  gboolean              wants_total;
} KontorSearch;

typedef struct
{
  guint    n;
  gint64  *keys;      /* newest first, @n of them */
  gboolean has_more;
  gint64   total;     /* when wanted */
} KontorSearchResult;

gboolean kontor_store_search (KontorStore        *store,
                              KontorArena        *arena,
                              const KontorSearch *search,
                              KontorSearchResult *result,
                              GError            **error);

G_END_DECLS
