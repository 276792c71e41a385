/* worker.h: what each HTTP thread keeps to itself, so that no request waits for a lock. */
#pragma once

#include "server/http/api.h"
#include "server/http/key.h"

G_BEGIN_DECLS

#define KONTOR_WORKER_KEYS 256

/* A key that was seen before on this thread. */
typedef struct
{
  guint8        hash[32];
  gboolean      used;
  KontorKey     key;
  gint64        expires;   /* 0: never */
  GPtrArray    *networks;  /* (element-type GInetAddressMask): %NULL: from anywhere */
  KontorBucket *bucket;
  gint64        touched;   /* when last_used was last written, Unix seconds */
} KontorCachedKey;

typedef struct
{
  KontorApi      *api;
  KontorStore    *store;       /* read only; %NULL until kontor_worker_store() */
  int             generation;  /* of api->key_generation, at which @keys was filled */
  KontorCachedKey keys[KONTOR_WORKER_KEYS];
  guint           n_arenas;
  KontorArena    *arenas[64];  /* ready for the next requests */
} KontorWorker;

KontorWorker *kontor_worker_get           (KontorApi *api);
void          kontor_worker_leave         (void);
KontorStore  *kontor_worker_store         (KontorWorker *worker, GError **error);
KontorArena  *kontor_worker_take_arena    (KontorWorker *worker);
void          kontor_worker_give_arena    (KontorWorker *worker, KontorArena *arena);
void          kontor_worker_forget_keys   (KontorWorker *worker);

G_END_DECLS
