/* webhook-secret.h: what webhook payloads are signed with, sealed, in the database. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

/* webhook_secrets.kind; numbers stand in files */
typedef enum
{
  KONTOR_SECRET_HMAC = 1,    /* "whsec_…" */
  KONTOR_SECRET_ED25519 = 2, /* the seed of 32 bytes */
} KontorSecretKind;

typedef struct
{
  gint64           number;
  gint64           endpoint; /* key */
  KontorSecretKind kind;
  const guint8    *sealed;   /* what kontor_vault_seal() gave */
  gsize            length;
  gint64           created;
  gint64           expires;  /* from this second it no longer signs; 0: the current one */
} KontorWebhookSecretRow;

gboolean kontor_store_webhook_secret_insert  (KontorStore *store,
                                              KontorWebhookSecretRow *row,
                                              GError **error);
/* Whatever signs for @endpoint, of that kind (0: any), stops at @at or earlier. */
gboolean kontor_store_webhook_secrets_expire (KontorStore *store,
                                              gint64 endpoint,
                                              KontorSecretKind kind,
                                              gint64 at,
                                              GError **error);
/* Forgets what no longer signs for @endpoint at @now. */
gboolean kontor_store_webhook_secrets_forget (KontorStore *store,
                                              gint64 endpoint,
                                              gint64 now,
                                              GError **error);
/* Those that sign for @endpoint at @now, as KontorWebhookSecretRow, newest first. */
gboolean kontor_store_webhook_secrets        (KontorStore *store,
                                              KontorArena *arena,
                                              gint64 endpoint,
                                              gint64 now,
                                              GArray *rows,
                                              GError **error);

G_END_DECLS
