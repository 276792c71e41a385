/* vault.c: secrets that must be read again lie sealed in the database, under a key outside it.
 *
 * A box is a nonce and what XChaCha20-Poly1305 makes of the secret; the owner is authenticated with it, so
 * that a row copied to another place in the database opens nothing. */
#include "server/engine/vault.h"

#include <sodium.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT (KONTOR_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

/**
 * kontor_vault_open:
 * @vault: (out caller-allocates): gets the key
 * @data_dir: the data directory
 * @error: return location for a #GError
 *
 * Returns: whether the key could be read, or made when there was none
 */
gboolean
kontor_vault_open (KontorVault *vault, const char *data_dir, GError **error)
{
  return kontor_key_file_load (data_dir, KONTOR_VAULT_KEY, vault->key, error);
}

/**
 * kontor_vault_close:
 * @vault: a vault, whose key is wiped
 */
void
kontor_vault_close (KontorVault *vault)
{
  sodium_memzero (vault, sizeof *vault);
}

/**
 * kontor_vault_seal:
 * @vault: a vault
 * @ids: gives the nonce
 * @arena: where the box is to live
 * @owner: whose secret it is
 * @secret: the bytes
 * @length: how many
 * @sealed_length: (out): how long the box is
 *
 * Returns: (transfer none): the box
 */
guint8 *
kontor_vault_seal (const KontorVault *vault,
                   KontorIds *ids,
                   KontorArena *arena,
                   gint64 owner,
                   gconstpointer secret,
                   gsize length,
                   gsize *sealed_length)
{
  guint8 *sealed = kontor_arena_alloc (arena, NONCE_BYTES + length + TAG_BYTES);
  gint64 whose = GINT64_TO_LE (owner);

  kontor_ids_bytes (ids, sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_BYTES, NULL, secret, length,
                                              (const guint8 *) &whose, sizeof whose, NULL, sealed,
                                              vault->key);
  *sealed_length = NONCE_BYTES + length + TAG_BYTES;
  return sealed;
}

/**
 * kontor_vault_unseal:
 * @vault: a vault
 * @arena: where the secret is to live
 * @owner: whose it must be
 * @sealed: a box
 * @sealed_length: how long it is
 * @length: (out) (optional): how many bytes the secret has
 *
 * Returns: (transfer none) (nullable): the secret with a NUL after it, or %NULL when this vault did not seal it for @owner
 */
guint8 *
kontor_vault_unseal (const KontorVault *vault,
                     KontorArena *arena,
                     gint64 owner,
                     const guint8 *sealed,
                     gsize sealed_length,
                     gsize *length)
{
  gint64 whose = GINT64_TO_LE (owner);
  guint8 *secret;

  if (sealed_length < NONCE_BYTES + TAG_BYTES)
    return NULL;
  secret = kontor_arena_alloc (arena, sealed_length - NONCE_BYTES - TAG_BYTES + 1);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (
          secret, NULL, NULL, sealed + NONCE_BYTES, sealed_length - NONCE_BYTES,
          (const guint8 *) &whose, sizeof whose, sealed, vault->key)
      != 0)
    return NULL;
  if (length != NULL)
    *length = sealed_length - NONCE_BYTES - TAG_BYTES;
  return secret;
}
