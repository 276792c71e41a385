/* webhooks.h: sends events to the webhook endpoints that want them, until they are taken. */
#pragma once

#include "server/engine/engine.h"
#include "server/engine/vault.h"
#include "server/store/webhook.h"
#include "server/webhook/settings.h"

G_BEGIN_DECLS

typedef struct _KontorWebhooks KontorWebhooks;

/* Since the start, for /metrics. */
typedef struct
{
  guint64 attempts[KONTOR_N_OUTCOMES];
  guint64 given_up;
  guint64 under_way;   /* now */
  guint64 in_memory;   /* now: deliveries that have no row */
  guint64 lag_seconds; /* now: how long the one that is due longest has been due */
} KontorWebhookFigures;

typedef struct
{
  const char                  *data_dir;
  KontorEngine                *engine;     /* as all of these: outlives what is made */
  KontorClock                 *clock;
  const KontorWebhookSettings *settings;
  const KontorVault           *vault;      /* where signing secrets are sealed */
  const GPtrArray             *allow;      /* networks that need not be public; %NULL: none */
  const char                  *public_url; /* says who sends */
} KontorWebhooksSpec;

KontorWebhooks *kontor_webhooks_new     (const KontorWebhooksSpec *spec, GError **error);
/* Begins no request any more, leaves those under way a few seconds, and writes down what came of
 * them. */
void            kontor_webhooks_free    (KontorWebhooks *webhooks);
/* Comes back when nothing is due and nothing is under way, or after a while; any thread but the
 * engine's. */
void            kontor_webhooks_run_due (KontorWebhooks *webhooks);
void            kontor_webhooks_figures (KontorWebhooks *webhooks, KontorWebhookFigures *figures);

G_END_DECLS
