/* api.h: what every request meets on its way, and what the way is made of. */
#pragma once

#include "server/engine/settings.h"
#include "server/engine/vault.h"
#include "server/http/call.h"
#include "server/http/rate.h"
#include "server/http/router.h"

G_BEGIN_DECLS

#define KONTOR_API_VERSION "2026-10-28.endive"

typedef enum
{
  KONTOR_LOG_WRITES, /* writes, and whatever was refused */
  KONTOR_LOG_ALL,    /* reads too */
  KONTOR_LOG_ERRORS, /* only what was refused: events then do not name their request */
} KontorRequestLog;

typedef struct _KontorAside      KontorAside;
typedef struct _KontorClaims     KontorClaims;
typedef struct _KontorFigures    KontorFigures;
typedef struct _KontorLogQueue   KontorLogQueue;
typedef struct _KontorWaits      KontorWaits;
typedef struct _KontorPending    KontorPending;
typedef struct _KontorSnapshots  KontorSnapshots;

struct _KontorApi
{
  KontorEngine         *engine;
  KontorClock          *clock;
  KontorIds            *ids;
  const KontorSettings *settings;
  const char           *data_dir;
  guint8                hash_key[32];    /* of API keys and idempotency keys */
  KontorVault           vault;           /* of secrets that are read again */
  KontorRequestLog      request_log;
  KontorRate            rate;
  gint64                session_s;       /* how long a session lasts at most */
  gint64                session_idle_s;  /* and how long when nobody uses it */
  void                (*run_due) (gpointer jobs); /* test clock only, else %NULL */
  gpointer              jobs;
  /* what others count, for /metrics; %NULL: nothing */
  void                (*more_figures) (gpointer data, KontorBuffer *out);
  gpointer              more_figures_data;

  /* made by kontor_api_start() */
  KontorRouter         *router;
  KontorLimits         *limits;
  KontorClaims         *claims;
  KontorAside          *aside;
  KontorFigures        *figures;
  KontorLogQueue       *log;
  KontorWaits          *waits;
  KontorPending        *pending;
  KontorSnapshots      *snapshots;
  /* atomic: raised when a key changes, so that caches forget */
  gint                  key_generation;
};

void     kontor_api_start  (KontorApi *api);
/* waits for what is being done beside the engine, which must still run */
void     kontor_api_settle (KontorApi *api);
void     kontor_api_stop   (KontorApi *api);

/* Takes @call (request, arena, finished and front are set; the rest is zero) as far as it goes
 * on this thread. %TRUE: the reply is ready. %FALSE: kontor_api_submit() sends it to the engine or
 * lets it wait, then finished() is called. */
gboolean kontor_api_begin  (KontorApi *api, KontorCall *call);
void     kontor_api_submit (KontorCall *call);
/* Runs a call that waits again, on any thread. Whether the reply is ready now. */
gboolean kontor_api_again  (KontorCall *call);
/* Counts and logs a reply; the front calls it once for each, when the reply is on its way. */
void     kontor_api_end    (KontorCall *call);

G_END_DECLS
