/* notice.h: what the people of an account should know and nobody asked for, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint       scope;
  gint64      created;
  const char *kind;      /* "webhook_endpoint.disabled" */
  const char *object;    /* id of what it is about */
  const char *message;   /* a sentence */
  gint64      dismissed; /* when somebody had read it; 0: nobody has */
} KontorNoticeRow;

gboolean kontor_store_notice_insert (KontorStore *store,
                                     const KontorNoticeRow *row,
                                     GError **error);

typedef struct
{
  guint  scope;
  guint  limit;
  gint64 after, before;            /* numbers; 0: none */
  gint64 created_min, created_max; /* inclusive; G_MININT64: open */
  int    dismissed;                /* 0: those that nobody has read; 1: the others; -1: any */
} KontorNoticeQuery;

gboolean kontor_store_notice_get     (KontorStore *store,
                                      KontorArena *arena,
                                      guint scope,
                                      gint64 number,
                                      KontorNoticeRow *row,
                                      gboolean *found,
                                      GError **error);
/* The newest first; @rows gets KontorNoticeRow. */
gboolean kontor_store_notice_list    (KontorStore *store,
                                      KontorArena *arena,
                                      const KontorNoticeQuery *query,
                                      GArray *rows,
                                      gboolean *has_more,
                                      GError **error);
gboolean kontor_store_notice_dismiss (KontorStore *store,
                                      gint64 number,
                                      gint64 now,
                                      GError **error);

G_END_DECLS
