/* webhook-secret.c: what webhook payloads are signed with: made, rolled, and read by who signs. */
#include "server/engine/webhook-secret.h"

#include <sodium.h>
#include <string.h>

#include "core/signature.h"
#include "server/engine/engine.h"

#define LETTERS 32 /* base64 of 24 bytes, as standard-webhooks reads them */
#define SEED_BYTES 32

/**
 * kontor_webhook_secret_open:
 * @vault: what it is sealed in
 * @arena: where it is to live
 * @row: a secret as the database has it
 * @secret: (out caller-allocates): the secret
 *
 * Returns: whether it could be opened
 */
gboolean
kontor_webhook_secret_open (const KontorVault *vault,
                            KontorArena *arena,
                            const KontorWebhookSecretRow *row,
                            KontorWebhookSecret *secret)
{
  gsize length = 0;
  guint8 *bytes
      = kontor_vault_unseal (vault, arena, row->endpoint, row->sealed, row->length, &length);

  *secret = (KontorWebhookSecret){
    .number = row->number,
    .kind = row->kind,
    .text = row->kind == KONTOR_SECRET_HMAC ? (const char *) bytes : NULL,
    .seed = row->kind == KONTOR_SECRET_ED25519 && length == SEED_BYTES ? bytes : NULL,
    .created = row->created,
    .expires = row->expires,
  };
  return secret->text != NULL || secret->seed != NULL;
}

/**
 * kontor_webhook_secrets:
 * @store: a connection
 * @arena: where the secrets are to live
 * @vault: what they are sealed in
 * @endpoint: key of an endpoint
 * @now: Unix seconds
 * @secrets: gets #KontorWebhookSecret, newest first
 * @error: return location for a #GError
 *
 * One that the vault does not open is left out: as long as another signs, receivers can check who sent it.
 *
 * Returns: whether there is any that signs
 */
gboolean
kontor_webhook_secrets (KontorStore *store,
                        KontorArena *arena,
                        const KontorVault *vault,
                        gint64 endpoint,
                        gint64 now,
                        GArray *secrets,
                        GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KontorWebhookSecretRow));

  if (!kontor_store_webhook_secrets (store, arena, endpoint, now, rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      KontorWebhookSecret secret;

      if (kontor_webhook_secret_open (vault, arena,
                                      &g_array_index (rows, KontorWebhookSecretRow, i), &secret))
        g_array_append_val (secrets, secret);
    }
  if (secrets->len > 0)
    return TRUE;
  g_set_error_literal (error, KONTOR_STORE_ERROR, KONTOR_STORE_ERROR_CORRUPT,
                       rows->len > 0
                           ? "Its signing secret cannot be opened with keys/vault.key of this "
                             "server: put the right file there, or roll the secret"
                           : "It has no signing secret: roll it to make one");
  return FALSE;
}

static const char *
make_letters (KontorTx *tx)
{
  return kontor_arena_printf (tx->arena, KONTOR_WEBHOOK_SECRET "%s",
                              kontor_ids_secret (tx->ids, tx->arena, LETTERS));
}

/**
 * kontor_webhook_secret_make:
 * @tx: a unit of work in which everything is checked
 * @vault: what it is sealed in
 * @endpoint: key of an endpoint
 * @kind: which kind
 *
 * Returns: (transfer none) (nullable): the text that receivers check with, which is shown once; %NULL for a seed
 */
const char *
kontor_webhook_secret_make (KontorTx *tx,
                            const KontorVault *vault,
                            gint64 endpoint,
                            KontorSecretKind kind)
{
  const char *text = kind == KONTOR_SECRET_HMAC ? make_letters (tx) : NULL;
  KontorWebhookSecretRow row = { .endpoint = endpoint, .kind = kind, .created = tx->now };
  guint8 seed[SEED_BYTES];
  GError *error = NULL;

  if (text != NULL)
    row.sealed
        = kontor_vault_seal (vault, tx->ids, tx->arena, endpoint, text, strlen (text), &row.length);
  else
    {
      kontor_ids_bytes (tx->ids, seed, sizeof seed);
      row.sealed
          = kontor_vault_seal (vault, tx->ids, tx->arena, endpoint, seed, sizeof seed, &row.length);
      sodium_memzero (seed, sizeof seed);
    }
  if (!kontor_store_webhook_secret_insert (tx->store, &row, &error))
    kontor_tx_fail (tx, error);
  kontor_tx_webhooks_changed (tx);
  return text;
}
