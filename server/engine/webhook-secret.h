/* webhook-secret.h: what webhook payloads are signed with: made, rolled, and read by who signs. */
#pragma once

#include "server/engine/tx.h"
#include "server/engine/vault.h"
#include "server/store/webhook-secret.h"

G_BEGIN_DECLS

typedef struct
{
  gint64           number;
  KontorSecretKind kind;
  const char      *text;    /* HMAC: "whsec_…"; else %NULL */
  const guint8    *seed;    /* Ed25519: 32 bytes; else %NULL */
  gint64           created;
  gint64           expires; /* from this second it no longer signs; 0: the current one */
} KontorWebhookSecret;

/* Those that sign for @endpoint (a key) at @now, as KontorWebhookSecret, newest first. One that
 * cannot be opened is left out; an error when none is left. */
gboolean    kontor_webhook_secrets     (KontorStore *store,
                                        KontorArena *arena,
                                        const KontorVault *vault,
                                        gint64 endpoint,
                                        gint64 now,
                                        GArray *secrets,
                                        GError **error);

/* %FALSE: it was sealed under another key, or altered. */
gboolean    kontor_webhook_secret_open (const KontorVault *vault,
                                        KontorArena *arena,
                                        const KontorWebhookSecretRow *row,
                                        KontorWebhookSecret *secret);

/* A new one from now on; its text, or %NULL for a seed, which nobody is shown. Writes rows at
 * once: to be called when everything is checked. */
const char *kontor_webhook_secret_make (KontorTx *tx,
                                        const KontorVault *vault,
                                        gint64 endpoint,
                                        KontorSecretKind kind);

G_END_DECLS
