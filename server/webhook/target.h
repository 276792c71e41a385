/* target.h: the webhook endpoints as the sender knows them. */
#pragma once

#include <gio/gio.h>
#include "core/filter.h"
#include "core/resources/webhook_endpoint.h"
#include "server/engine/vault.h"
#include "server/store/event.h"
#include "server/store/webhook-health.h"
#include "server/webhook/pace.h"
#include "server/webhook/settings.h"

G_BEGIN_DECLS

typedef struct _KontorWebhookLine    KontorWebhookLine;
typedef struct _KontorTarget  KontorTarget;
typedef struct _KontorTargets KontorTargets;

/* A secret; there are many endpoints, so none of them has an arena for its few. */
typedef struct
{
  gboolean is_seed;
  union
  {
    char   text[64]; /* "whsec_…" */
    guint8 seed[32]; /* of Ed25519 */
  };
} KontorSigner;

struct _KontorTarget
{
  /* what was set */
  gint64       key;
  guint64      mask;            /* bit N: events of that type are for it; 0: none is */
  gboolean     enabled, was_enabled, deleted, ed25519;
  gint64       max_concurrency; /* the server's when it says nothing */
  gint64       max_per_second;  /* 0: no limit */
  char        *url;             /* a GRefString: attempts that are noted keep it */
  GUri        *uri;
  KontorArena *filter_arena;    /* of @filter; %NULL: there is none */
  KontorQuery *filter;

  /* what payloads are signed with, read when first needed */
  GArray      *signers;         /* KontorSigner; %NULL: not read */
  gint64       secrets_until;   /* when the first of these stops signing; G_MAXINT64: none does */

  /* how it goes */
  gboolean               knows_health;
  KontorWebhookHealthRow health;
  KontorPace             pace;
  gint64                 answered_us; /* monotonic: when an attempt last ended */
  gboolean               slow;       /* its last answer took long */
  gboolean               disabling;  /* it was told to be disabled, and is not yet */
  gboolean               canceling;  /* all that is open for it goes */
  guint                  under_way;

  /* what is to be sent */
  GQueue       queue;           /* KontorWebhookLine whose first may be sent, in order */
  KontorWebhookLine  *lines;           /* all that are in memory */
  guint        n_lines;
  gint64       next_due;        /* of its rows, Unix seconds; G_MAXINT64: nothing is ready */
  gboolean     has_rows;        /* something may be open in rows */
  gboolean     starving;        /* waits for a connection */
  gint64       wake_us;         /* while in the heap: when to look again */
  guint        heap_place;      /* 0: not in it */
};

KontorTargets *kontor_targets_new     (const KontorWebhookSettings *settings);
void           kontor_targets_free    (KontorTargets *targets);
/* What changed since the last call. @changed is called for each. */
typedef void (*KontorTargetFunc) (KontorTarget *target, gpointer data);
gboolean       kontor_targets_refresh (KontorTargets *targets,
                                       KontorStore *store,
                                       KontorTargetFunc changed,
                                       gpointer data,
                                       GError **error);
KontorTarget  *kontor_targets_find    (KontorTargets *targets, gint64 key);
GPtrArray     *kontor_targets_of      (KontorTargets *targets, guint scope); /* %NULL: none */
void           kontor_targets_each    (KontorTargets *targets,
                                       KontorTargetFunc each,
                                       gpointer data);
/* (element-type guint) of endpoints, enabled or not */
void           kontor_targets_scopes  (KontorTargets *targets, GArray *scopes);

/* Whether it wants @event, as far as the type says, and what it says of the object. */
gboolean       kontor_target_wants    (const KontorTarget *target, const KontorEventRow *event);
/* Reads what it signs with and how it went, unless it is known. */
gboolean       kontor_target_load     (KontorTarget *target,
                                       KontorStore *store,
                                       const KontorVault *vault,
                                       gint64 now,
                                       GError **error);
gboolean       kontor_target_load_health (KontorTarget *target, KontorStore *store, GError **error);
void           kontor_target_forget_secrets (KontorTarget *target);

G_END_DECLS
