/* audit-seal.c: signs the end of the audit log, so that it cannot be cut off or made anew.
 *
 * Each row's hash covers the one before, so one signature covers all rows up to its own. */
#include "server/jobs/audit-seal.h"

#include <sodium.h>

#include "core/buffer.h"
#include "server/jobs/seal-key.h"
#include "server/store/audit-log.h"

static void
put_int (KontorBuffer *bytes, gint64 value)
{
  guint64 big = GUINT64_TO_BE ((guint64) value);

  kontor_buffer_append (bytes, (const char *) &big, sizeof big);
}

/* The form of docs/operating/people.md. */
static gboolean
sign (KontorAuditSeal *seal, const char *data_dir, GError **error)
{
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  g_auto (KontorBuffer) bytes = { NULL };

  if (!kontor_seal_key_load (data_dir, FALSE, secret, error))
    return FALSE;
  kontor_buffer_char (&bytes, 'L');
  put_int (&bytes, seal->number);
  put_int (&bytes, seal->created);
  kontor_buffer_append (&bytes, (const char *) seal->hash, sizeof seal->hash);
  crypto_sign_detached (seal->signature, NULL, (const guint8 *) bytes.data, bytes.length, secret);
  sodium_memzero (secret, sizeof secret);
  return TRUE;
}

typedef struct
{
  KontorOp op;
  const KontorAuditSeal *seal;
} Sealing;

static void
sealing_run (KontorOp *op, KontorTx *tx)
{
  GError *error = NULL;

  if (!kontor_store_audit_seal_insert (tx->store, ((Sealing *) op)->seal, &error))
    kontor_tx_fail (tx, error);
}

/**
 * kontor_audit_seal_run:
 * @engine: what commits the seal
 * @reader: a read-only connection that nobody else uses meanwhile
 * @data_dir: where the key lies; the journal's first block has made it
 * @now: Unix seconds, the time the seal will bear
 * @error: return location for a #GError
 *
 * Signs the newest row, if no seal covers it yet. A commit that fails is made up for the next time.
 *
 * Returns: whether nothing was in the way
 */
gboolean
kontor_audit_seal_run (KontorEngine *engine,
                       KontorStore *reader,
                       const char *data_dir,
                       gint64 now,
                       GError **error)
{
  KontorAuditSeal seal;
  Sealing sealing = { .op = { .run = sealing_run }, .seal = &seal };

  if (!kontor_store_audit_unsealed (reader, &seal, error))
    return FALSE;
  if (seal.number == 0)
    return TRUE;
  seal.created = now;
  if (!sign (&seal, data_dir, error))
    return FALSE;
  kontor_engine_run (engine, &sealing.op);
  return TRUE;
}
