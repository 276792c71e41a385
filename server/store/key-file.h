/* key-file.h: the keys of the server itself: files of 32 bytes in the data directory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KONTOR_KEY_BYTES 32

/* Their names in keys/. */
#define KONTOR_HASH_KEY  "hash.key"  /* what API keys and idempotency keys are hashed under */
#define KONTOR_VAULT_KEY "vault.key" /* what secrets are sealed under that must be read again */

/* Reads the file, making it when there is none. */
gboolean kontor_key_file_load (const char *data_dir,
                               const char *name,
                               guint8      key[KONTOR_KEY_BYTES],
                               GError    **error);

G_END_DECLS
