/* api-key.h: the keys that let a program in, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint8      hash[32];     /* keyed hash of the whole text */
  guint       scope;
  const char *type;         /* "secret", "publishable", "restricted" */
  const char *name, *hint;
  const char *scopes;       /* %NULL unless restricted: words by space */
  const char *ip_allow;     /* %NULL: from anywhere */
  gint64      created;
  gint64      expires;      /* 0: never */
  gint64      last_used;    /* 0: never */
} KontorApiKeyRow;

gboolean kontor_store_api_key_insert (KontorStore *store, KontorApiKeyRow *row, GError **error);
gboolean kontor_store_api_key_find   (KontorStore     *store,
                                      KontorArena     *arena,
                                      const guint8     hash[32],
                                      KontorApiKeyRow *row,
                                      gboolean        *found,
                                      GError         **error);
gboolean kontor_store_api_key_get    (KontorStore     *store,
                                      KontorArena     *arena,
                                      guint            scope,
                                      gint64           number,
                                      KontorApiKeyRow *row,
                                      gboolean        *found,
                                      GError         **error);
/* The keys of @scope, newest first, as KontorApiKeyRow; at most @limit below @before (0: from
 * the newest). */
gboolean kontor_store_api_key_list   (KontorStore *store,
                                      KontorArena *arena,
                                      guint        scope,
                                      gint64       before,
                                      guint        limit,
                                      GArray      *rows,
                                      GError     **error);
gboolean kontor_store_api_key_expire (KontorStore *store, gint64 number, gint64 at, GError **error);
gboolean kontor_store_api_key_used   (KontorStore *store, gint64 number, gint64 at, GError **error);

G_END_DECLS
