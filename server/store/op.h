/* op.h: what consoles asked to be done, and what became of it, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;    /* a tick */
  guint       scope;
  const char *id, *client, *actor, *action;
  const char *object;    /* %NULL: none */
  gint64      n;         /* -1: not said */
  guint8      hash[16];
  const char *state;     /* done, refused, conflict, expired */
  guint       status;
  const char *result;
  gsize       length;    /* of @result */
  gint64      made;      /* 0: not said */
  gint64      created;
} KontorOpRow;

/* Writes @row, and forgets some of those before @oldest. */
gboolean kontor_store_op_insert (KontorStore *store,
                                 const KontorOpRow *row,
                                 gint64 oldest,
                                 GError **error);
gboolean kontor_store_op_find   (KontorStore *store,
                                 KontorArena *arena,
                                 guint scope,
                                 const char *id,
                                 KontorOpRow *row,
                                 gboolean *found,
                                 GError **error);
/* Those of a client after @number, at most @limit, in order: GArray of KontorOpRow. */
gboolean kontor_store_op_after  (KontorStore *store,
                                 KontorArena *arena,
                                 guint scope,
                                 const char *client,
                                 gint64 number,
                                 guint limit,
                                 GArray *rows,
                                 GError **error);

G_END_DECLS
