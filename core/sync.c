/* sync.c: what a server and its consoles must say alike about copies of the data. */
#include "core/sync.h"

#include <sodium.h>
#include <string.h>

/* Bits stand in cursors: never reuse or change one. */
static const KontorSyncKind kinds[] = {
  { KONTOR_KIND_ACCOUNT, "account", TRUE, 0 },
  { KONTOR_KIND_CUSTOMER, "customer", TRUE, 1 },
  { KONTOR_KIND_PAYMENT_METHOD, "payment_method", TRUE, 2 },
  { KONTOR_KIND_SETUP_INTENT, "setup_intent", TRUE, 3 },
  { KONTOR_KIND_SETUP_ATTEMPT, "setup_attempt", TRUE, 4 },
  { KONTOR_KIND_PAYMENT_INTENT, "payment_intent", TRUE, 5 },
  { KONTOR_KIND_CHARGE, "charge", TRUE, 6 },
  { KONTOR_KIND_REFUND, "refund", TRUE, 7 },
  { KONTOR_KIND_BALANCE_TRANSACTION, "balance_transaction", TRUE, 8 },
  { KONTOR_KIND_WEBHOOK_ENDPOINT, "webhook_endpoint", TRUE, 9 },
  { KONTOR_KIND_EVENT, "event", FALSE, 10 },
  { KONTOR_STREAM_REQUEST_LOG, "request_log", FALSE, 11 },
  { KONTOR_STREAM_WEBHOOK_ATTEMPT, "webhook_attempt", FALSE, 12 },
  { KONTOR_STREAM_AUDIT_ENTRY, "audit_entry", FALSE, 13 },
  { KONTOR_STREAM_LEDGER_ENTRY, "ledger_entry", FALSE, 14 },
  { KONTOR_STREAM_NOTICE, "notice", FALSE, 15 },
  { KONTOR_KIND_NOTE, "note", TRUE, 16 },
  { KONTOR_KIND_VIEW, "view", TRUE, 17 },
};

/**
 * kontor_sync_kinds:
 * @n: (out): how many there are
 *
 * Returns: (transfer none): all kinds of rows that a copy may hold
 */
const KontorSyncKind *
kontor_sync_kinds (guint *n)
{
  *n = G_N_ELEMENTS (kinds);
  return kinds;
}

/**
 * kontor_sync_kind:
 * @kind: a number
 *
 * Returns: (transfer none) (nullable): what is known of that kind
 */
const KontorSyncKind *
kontor_sync_kind (guint kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return &kinds[i];
  return NULL;
}

/**
 * kontor_sync_kind_find:
 * @name: "charge"
 *
 * Returns: (transfer none) (nullable): the kind of that name
 */
const KontorSyncKind *
kontor_sync_kind_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

/**
 * kontor_sync_row:
 * @kind: what @id is
 * @id: "ch_…", or prefix and number for a stream whose rows are counted
 *
 * Returns: kind << 48 | tick, or the number in the place of the tick; -1 when @id has neither
 */
gint64
kontor_sync_row (guint kind, const char *id)
{
  gint64 tick = kontor_id_tick (id);

  if (tick < 0)
    {
      const char *number = strchr (id, '_');
      char *end;

      if (number == NULL || !g_ascii_isdigit (number[1]))
        return -1;
      tick = g_ascii_strtoll (number + 1, &end, 10);
      if (*end != '\0' || tick > KONTOR_TICK_MASK)
        return -1;
    }
  return kontor_key (kind, tick);
}

/**
 * kontor_sync_digest:
 * @id: of an object
 * @v: its version
 * @body: the slim JSON that stands for it
 * @length: of @body in bytes
 *
 * The first eight bytes, little-endian, of BLAKE2b-128 over the id, a zero byte, the version as eight bytes,
 * little-endian, and the body. A bucket's digest is the sum of its rows', modulo 2⁶⁴: so their order does not matter.
 *
 * Returns: what the row adds to the sum
 */
guint64
kontor_sync_digest (const char *id, gint64 v, const char *body, gsize length)
{
  crypto_generichash_state state;
  guint8 hash[crypto_generichash_BYTES_MIN];
  gint64 version = GINT64_TO_LE (v);
  guint64 sum;

  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  crypto_generichash_update (&state, (const guint8 *) id, strlen (id) + 1);
  crypto_generichash_update (&state, (const guint8 *) &version, sizeof version);
  crypto_generichash_update (&state, (const guint8 *) body, length);
  crypto_generichash_final (&state, hash, sizeof hash);
  memcpy (&sum, hash, sizeof sum);
  return GUINT64_FROM_LE (sum);
}
