/* worker.h: what each HTTP thread keeps to itself, so that no request waits for a lock. */
#pragma once

#include "server/http/api.h"
#include "server/http/event-pending.h"
#include "server/http/key.h"
#include "server/store/session.h"
#include "server/store/user.h"

G_BEGIN_DECLS

#define KONTOR_WORKER_KEYS 256
#define KONTOR_WORKER_SESSIONS 64

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

/* A session that was seen before on this thread. */
typedef struct
{
  gboolean         used;
  KontorArena     *arena;       /* of @row and @memberships; %NULL until first used */
  KontorSessionRow row;
  GArray          *memberships; /* KontorMembershipRow, by account */
  gint64           read_us;     /* monotonic: when it was read */
  KontorBucket    *bucket;
  gint64           touched;     /* when last_used was last written, Unix seconds */
} KontorCachedSession;

typedef struct
{
  KontorApi      *api;
  KontorStore    *store;       /* read only; %NULL until kontor_worker_store() */
  int             generation;  /* of api->key_generation, at which the caches were filled */
  KontorCachedKey keys[KONTOR_WORKER_KEYS];
  KontorCachedSession sessions[KONTOR_WORKER_SESSIONS];
  KontorWanting  *wanting;     /* %NULL: not known yet; see event-pending.c */
  guint           n_arenas;
  KontorArena    *arenas[64];  /* ready for the next requests */
} KontorWorker;

KontorWorker *kontor_worker_get           (KontorApi *api);
void          kontor_worker_leave         (void);
KontorStore  *kontor_worker_store         (KontorWorker *worker, GError **error);
KontorArena  *kontor_worker_take_arena    (KontorWorker *worker);
void          kontor_worker_give_arena    (KontorWorker *worker, KontorArena *arena);
void          kontor_worker_keep_fresh    (KontorWorker *worker);

G_END_DECLS
