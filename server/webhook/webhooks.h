/* webhooks.h: sends events to the webhook endpoints that want them, until they are taken. */
#pragma once

#include "server/engine/engine.h"
#include "server/engine/vault.h"
#include "server/store/webhook.h"
#include "server/webhook/settings.h"

G_BEGIN_DECLS

typedef struct _KontorWebhooks KontorWebhooks;

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
/* for /metrics; any thread */
void            kontor_webhooks_write_figures (KontorWebhooks *webhooks, KontorBuffer *out);

G_END_DECLS
