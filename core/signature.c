/* signature.c: hashes and codes that prove who said a thing. */
#include "core/signature.h"

#include <sodium.h>
#include <string.h>

/* Longer than any prefix of a body that is signed: an id, two points and a time. */
#define MAX_PREFIX 160

/**
 * kontor_hash16:
 * @out: the hash
 * @key: a secret of this server
 * @data: the bytes
 * @length: how many
 *
 * Keyed BLAKE2b of 16 bytes: a short name for @data that nobody without @key can compute.
 */
void
kontor_hash16 (guint8 out[16], const guint8 key[32], const void *data, gsize length)
{
  crypto_generichash (out, 16, data, length, key, 32);
}

/**
 * kontor_hash32:
 * @out: the hash
 * @key: (nullable): a secret of 32 bytes, or %NULL for a hash that anybody can check
 * @data: the bytes
 * @length: how many
 *
 * BLAKE2b of 32 bytes.
 */
void
kontor_hash32 (guint8 out[32], const guint8 *key, const void *data, gsize length)
{
  crypto_generichash (out, 32, data, length, key, key == NULL ? 0 : 32);
}

static void
mac (guint8 out[crypto_auth_hmacsha256_BYTES],
     gconstpointer key,
     gsize n_key,
     const char *prefix,
     gconstpointer body,
     gsize length)
{
  crypto_auth_hmacsha256_state state;

  crypto_auth_hmacsha256_init (&state, key, n_key);
  crypto_auth_hmacsha256_update (&state, (const guint8 *) prefix, strlen (prefix));
  crypto_auth_hmacsha256_update (&state, body, length);
  crypto_auth_hmacsha256_final (&state, out);
  sodium_memzero (&state, sizeof state);
}

/**
 * kontor_sign_stripe:
 * @header: the value of Stripe-Signature, empty before the first secret
 * @secret: the secret as it was shown, with its prefix: all of it is the key
 * @timestamp: Unix seconds; the same for each secret
 * @body: what is sent
 * @length: of it
 *
 * Adds `t=…,v1=…`, and for a further secret `,v1=…`.
 * Source: https://docs.stripe.com/webhooks#verify-manually
 */
void
kontor_sign_stripe (GString *header,
                    const char *secret,
                    gint64 timestamp,
                    gconstpointer body,
                    gsize length)
{
  guint8 code[crypto_auth_hmacsha256_BYTES];
  char hex[2 * sizeof code + 1], prefix[MAX_PREFIX];

  g_snprintf (prefix, sizeof prefix, "%" G_GINT64_FORMAT ".", timestamp);
  mac (code, secret, strlen (secret), prefix, body, length);
  sodium_bin2hex (hex, sizeof hex, code, sizeof code);
  if (header->len == 0)
    g_string_append_printf (header, "t=%" G_GINT64_FORMAT, timestamp);
  g_string_append (header, ",v1=");
  g_string_append (header, hex);
}

static void
add_signature (GString *header, const char *version, const guint8 *bytes, gsize n)
{
  g_autofree char *text = g_base64_encode (bytes, n);

  if (header->len > 0)
    g_string_append_c (header, ' ');
  g_string_append (header, version);
  g_string_append_c (header, ',');
  g_string_append (header, text);
}

static void
standard_prefix (char prefix[MAX_PREFIX], const char *id, gint64 timestamp)
{
  int length = g_snprintf (prefix, MAX_PREFIX, "%s.%" G_GINT64_FORMAT ".", id, timestamp);

  g_assert (length < MAX_PREFIX);
}

/**
 * kontor_sign_standard:
 * @header: the value of webhook-signature, empty before the first secret
 * @secret: the secret as it was shown; what follows the prefix is the key in base64
 * @id: the value of webhook-id
 * @timestamp: the value of webhook-timestamp, Unix seconds
 * @body: what is sent
 * @length: of it
 *
 * Adds `v1,…`, behind a space when there is one already.
 * Source: the specification at https://www.standardwebhooks.com
 */
void
kontor_sign_standard (GString *header,
                      const char *secret,
                      const char *id,
                      gint64 timestamp,
                      gconstpointer body,
                      gsize length)
{
  guint8 code[crypto_auth_hmacsha256_BYTES];
  char prefix[MAX_PREFIX];
  g_autofree guint8 *key = NULL;
  gsize n_key;

  if (g_str_has_prefix (secret, KONTOR_WEBHOOK_SECRET))
    secret += strlen (KONTOR_WEBHOOK_SECRET);
  key = g_base64_decode (secret, &n_key);
  standard_prefix (prefix, id, timestamp);
  mac (code, key, n_key, prefix, body, length);
  sodium_memzero (key, n_key);
  add_signature (header, "v1", code, sizeof code);
}

/**
 * kontor_sign_ed25519:
 * @header: the value of webhook-signature, empty before the first secret
 * @seed: of the pair of keys
 * @id: the value of webhook-id
 * @timestamp: the value of webhook-timestamp, Unix seconds
 * @body: what is sent
 * @length: of it
 *
 * Adds `v1a,…`, behind a space when there is something already. Source: as kontor_sign_standard().
 */
void
kontor_sign_ed25519 (GString *header,
                     const guint8 seed[32],
                     const char *id,
                     gint64 timestamp,
                     gconstpointer body,
                     gsize length)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES],
      signature[crypto_sign_BYTES];
  char prefix[MAX_PREFIX];
  g_autoptr (GByteArray) message = g_byte_array_new ();

  standard_prefix (prefix, id, timestamp);
  g_byte_array_append (message, (const guint8 *) prefix, (guint) strlen (prefix));
  g_byte_array_append (message, body, (guint) length);
  crypto_sign_seed_keypair (public_key, secret, seed);
  crypto_sign_detached (signature, NULL, message->data, message->len, secret);
  sodium_memzero (secret, sizeof secret);
  add_signature (header, "v1a", signature, sizeof signature);
}

/**
 * kontor_webhook_public_key:
 * @seed: of a pair of keys
 *
 * Returns: (transfer full): what kontor_sign_ed25519() with it can be checked by: "whpk_" and base64
 */
char *
kontor_webhook_public_key (const guint8 seed[32])
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
  g_autofree char *text = NULL;

  crypto_sign_seed_keypair (public_key, secret, seed);
  sodium_memzero (secret, sizeof secret);
  text = g_base64_encode (public_key, sizeof public_key);
  return g_strconcat (KONTOR_WEBHOOK_PUBLIC_KEY, text, NULL);
}
