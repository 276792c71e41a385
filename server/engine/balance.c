/* balance.c: what a merchant has with us, added up from the ledger. */
#include "server/engine/balance.h"

#include "server/engine/ledger.h"
#include "server/store/posting.h"

/* What the books owe the merchant is a credit: seen from the merchant it is positive. */
static KontorItems *
amounts_of (const GArray *accounts, KontorArena *arena)
{
  KontorItems *items = kontor_arena_new0 (arena, KontorItems);

  items->items = kontor_arena_new0_n (arena, gpointer, MAX (accounts->len, 1));
  for (guint i = 0; i < accounts->len; i++)
    {
      const KontorLedgerAccount *account = &g_array_index (accounts, KontorLedgerAccount, i);
      KontorBalanceAmount *amount = kontor_shape_new (&kontor_balance_amount_shape, arena);

      amount->amount = -account->balance;
      amount->currency = kontor_arena_strdup (arena, account->currency);
      amount->source_types = kontor_shape_new (&kontor_source_types_shape, arena);
      amount->source_types->card = amount->amount;
      items->items[items->n++] = amount;
    }
  return items;
}

/* A currency in which anything was ever taken is shown on both sides. */
static void
complete_side (GArray *side, const GArray *other)
{
  for (guint i = 0; i < other->len; i++)
    {
      KontorLedgerAccount account = g_array_index (other, KontorLedgerAccount, i);
      gboolean found = FALSE;

      for (guint j = 0; j < side->len && !found; j++)
        found
            = g_str_equal (g_array_index (side, KontorLedgerAccount, j).currency, account.currency);
      account.balance = 0;
      if (!found)
        g_array_append_val (side, account);
    }
}

/**
 * kontor_balance_read:
 * @store: a connection
 * @arena: where the balance is to live
 * @scope: whose
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): what is available and what is pending, by currency
 */
KontorBalance *
kontor_balance_read (KontorStore *store, KontorArena *arena, guint scope, GError **error)
{
  g_autoptr (GArray) available = g_array_new (FALSE, FALSE, sizeof (KontorLedgerAccount));
  g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (KontorLedgerAccount));
  KontorBalance *balance;

  if (!kontor_store_ledger_balances (store, scope, KONTOR_LEDGER_AVAILABLE, available, error)
      || !kontor_store_ledger_balances (store, scope, KONTOR_LEDGER_PENDING, pending, error))
    return NULL;
  complete_side (available, pending);
  complete_side (pending, available);
  balance = kontor_object_new (&kontor_balance_resource, arena);
  balance->head.key = kontor_key (scope, 0);
  balance->available = amounts_of (available, arena);
  balance->pending = amounts_of (pending, arena);
  return balance;
}
