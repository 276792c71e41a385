/* signature.c: hashes and codes that prove who said a thing. */
#include "core/signature.h"

#include <sodium.h>

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
