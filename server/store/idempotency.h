/* idempotency.h: what was answered to which Idempotency-Key, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  guint8      key[16];      /* keyed hash of scope and Idempotency-Key */
  guint8      params[16];   /* keyed hash of method, path and parameters */
  gint64      created;
  gint64      request;      /* key of the request that used it first */
  guint       status;       /* HTTP */
  gint64      version;      /* the reply was this version of an object; 0: @body holds it */
  const void *body;
  gsize       body_length;
} KontorIdempotencyRow;

gboolean kontor_store_idempotency_insert (KontorStore *store,
                                          const KontorIdempotencyRow *row,
                                          GError **error);
/* The use of @key within 24 hours before @now, if any. */
gboolean kontor_store_idempotency_find   (KontorStore *store,
                                          KontorArena *arena,
                                          const guint8 key[16],
                                          gint64 now,
                                          KontorIdempotencyRow *row,
                                          gboolean *found,
                                          GError **error);
/* empties tomorrow's table */
gboolean kontor_store_idempotency_clear  (KontorStore *store, gint64 now, GError **error);

G_END_DECLS
