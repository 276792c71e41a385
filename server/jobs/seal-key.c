/* seal-key.c: the pair of keys that blocks are signed with, in the data directory. */
#include "server/jobs/seal-key.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define SEED_BYTES crypto_sign_SEEDBYTES

/* A key stands in its file as one line of hexadecimal digits. */
static gboolean
write_key (const char *path, const guint8 *key, int mode, GError **error)
{
  char line[SEED_BYTES * 2 + 1];
  gboolean written;

  sodium_bin2hex (line, sizeof line, key, SEED_BYTES);
  line[SEED_BYTES * 2] = '\n';
  written = g_file_set_contents_full (path, line, sizeof line,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      mode, error);
  sodium_memzero (line, sizeof line);
  return written;
}

static gboolean
read_key (const char *path, guint8 *key, GError **error)
{
  g_autofree char *line = NULL;
  gsize length, n_bytes = 0;
  int result;

  if (!g_file_get_contents (path, &line, &length, error))
    return FALSE;
  result = sodium_hex2bin (key, SEED_BYTES, line, length, "\r\n ", &n_bytes, NULL);
  sodium_memzero (line, length);
  if (result == 0 && n_bytes == SEED_BYTES)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s does not hold a key of 64 hexadecimal digits", path);
  return FALSE;
}

/* The secret file is written last: while it is missing, no block can have been signed with it. */
static gboolean
make_keys (const char *data_dir, const char *path, GError **error)
{
  g_autofree char *folder = g_build_filename (data_dir, "keys", NULL);
  g_autofree char *public_path = g_build_filename (folder, "seal.pub", NULL);
  guint8 seed[SEED_BYTES], public_key[crypto_sign_PUBLICKEYBYTES],
      secret[crypto_sign_SECRETKEYBYTES];
  gboolean made;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made", folder);
      return FALSE;
    }
  randombytes_buf (seed, sizeof seed);
  crypto_sign_seed_keypair (public_key, secret, seed);
  made = write_key (public_path, public_key, 0644, error) && write_key (path, seed, 0600, error);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (secret, sizeof secret);
  return made;
}

/**
 * kontor_seal_key_load:
 * @data_dir: the data directory
 * @may_make: whether to make a pair when there is none: only as long as nothing was sealed, for a
 *   new key would leave the older blocks without one that fits
 * @secret: (out): for crypto_sign_detached(); to be wiped after use
 * @error: return location for a #GError
 *
 * Returns: whether @secret was set
 */
gboolean
kontor_seal_key_load (const char *data_dir, gboolean may_make, guint8 secret[64], GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "keys", "seal.key", NULL);
  guint8 seed[SEED_BYTES], public_key[crypto_sign_PUBLICKEYBYTES];

  if (sodium_init () < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "libsodium does not start");
      return FALSE;
    }
  if (may_make && !g_file_test (path, G_FILE_TEST_EXISTS) && !make_keys (data_dir, path, error))
    return FALSE;
  if (!read_key (path, seed, error))
    {
      g_prefix_error (error, "The books cannot be sealed: ");
      return FALSE;
    }
  crypto_sign_seed_keypair (public_key, secret, seed);
  sodium_memzero (seed, sizeof seed);
  return TRUE;
}
