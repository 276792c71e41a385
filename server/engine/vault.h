/* vault.h: secrets that must be read again lie sealed in the database, under a key outside it. */
#pragma once

#include "core/id.h"
#include "server/store/key-file.h"

G_BEGIN_DECLS

typedef struct
{
  guint8 key[KONTOR_KEY_BYTES];
} KontorVault;

/* keys/vault.key, which is made when there is none */
gboolean kontor_vault_open  (KontorVault *vault, const char *data_dir, GError **error);
void     kontor_vault_close (KontorVault *vault);

/* A box opens only as what it was made for: @owner is the key of an object, or any other number
 * that says whose the secret is. */
guint8  *kontor_vault_seal  (const KontorVault *vault,
                             KontorIds *ids,
                             KontorArena *arena,
                             gint64 owner,
                             gconstpointer secret,
                             gsize length,
                             gsize *sealed_length);
/* %NULL: it was sealed under another key, for another owner, or was altered. Ends with a NUL. */
guint8  *kontor_vault_unseal (const KontorVault *vault,
                              KontorArena *arena,
                              gint64 owner,
                              const guint8 *sealed,
                              gsize sealed_length,
                              gsize *length);

G_END_DECLS
