/* prune.c: forgets, a little at a time, what was sent so long ago that nobody looks at it any more. */
#include "server/store/attempt.h"
#include "server/webhook/sender.h"

#define DAY_S 86400
#define EVERY_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define ROWS_A_STEP 64
#define SCOPES_A_STEP 64

/* One step. What it leaves is the work of the next. */
typedef struct
{
  KontorOp op;
  KontorWebhooks *sender;
  gint64 before;     /* Unix seconds */
  gboolean attempts; /* there may be more of them */
  GArray *scopes;    /* guint: whose deliveries are still to be looked at */
  gint64 event;      /* of the last of these: where to go on; 0: at its beginning */
  gboolean committed;
} PruneOp;

static gboolean
forget_attempts (PruneOp *prune, KontorTx *tx, GError **error)
{
  guint deleted = 0;

  if (!kontor_store_attempt_forget (tx->store, kontor_tick_at (prune->before), ROWS_A_STEP,
                                    &deleted, error))
    return FALSE;
  prune->attempts = deleted == ROWS_A_STEP;
  return TRUE;
}

/* One step of a scope that has something, or many of such as have nothing. */
static gboolean
forget_deliveries (PruneOp *prune, KontorTx *tx, GError **error)
{
  for (guint i = 0; i < SCOPES_A_STEP && prune->scopes->len > 0 && prune->event == 0; i++)
    {
      guint scope = g_array_index (prune->scopes, guint, prune->scopes->len - 1);

      prune->event = kontor_key (scope, 0);
      if (!kontor_store_delivery_forget (tx->store, &prune->event,
                                         kontor_key (scope, kontor_tick_at (prune->before)),
                                         prune->before, ROWS_A_STEP, error))
        return FALSE;
      if (prune->event == 0)
        g_array_set_size (prune->scopes, prune->scopes->len - 1);
    }
  return TRUE;
}

static gboolean
go_on (PruneOp *prune, KontorTx *tx, GError **error)
{
  guint scope = g_array_index (prune->scopes, guint, prune->scopes->len - 1);

  if (!kontor_store_delivery_forget (tx->store, &prune->event,
                                     kontor_key (scope, kontor_tick_at (prune->before)),
                                     prune->before, ROWS_A_STEP, error))
    return FALSE;
  if (prune->event == 0)
    g_array_set_size (prune->scopes, prune->scopes->len - 1);
  return TRUE;
}

static void
run (KontorOp *op, KontorTx *tx)
{
  PruneOp *prune = (PruneOp *) op;
  GError *error = NULL;
  gboolean done = prune->attempts      ? forget_attempts (prune, tx, &error)
                  : prune->event != 0 ? go_on (prune, tx, &error)
                                      : forget_deliveries (prune, tx, &error);

  if (!done)
    kontor_tx_fail (tx, error);
}

static void
end (PruneOp *prune)
{
  KontorWebhooks *sender = prune->sender;

  sender->pruning = FALSE;
  sender->prune_us = kontor_sender_now_us (sender) + EVERY_US;
  g_array_unref (prune->scopes);
  g_free (prune);
}

static gboolean
pruned_cb (gpointer data)
{
  PruneOp *prune = data;
  KontorWebhooks *sender = prune->sender;

  sender->n_other_ops--;
  kontor_sender_wake (sender);
  if (!prune->committed || sender->stopping || (!prune->attempts && prune->scopes->len == 0))
    {
      end (prune);
      return G_SOURCE_REMOVE;
    }
  sender->n_other_ops++;
  kontor_engine_submit (sender->engine, &prune->op);
  return G_SOURCE_REMOVE;
}

/* On the engine's thread. */
static void
done_cb (KontorOp *op, gboolean committed)
{
  PruneOp *prune = (PruneOp *) op;

  prune->committed = committed;
  g_main_context_invoke_full (prune->sender->context, G_PRIORITY_DEFAULT, pruned_cb, op, NULL);
}

/**
 * kontor_prune_run:
 * @sender: the sender
 *
 * Once an hour of the clock, begins to forget what is older than the setting says.
 */
void
kontor_prune_run (KontorWebhooks *sender)
{
  gint64 now_us = kontor_sender_now_us (sender);
  PruneOp *prune;

  if (sender->pruning || now_us < sender->prune_us)
    return;
  prune = g_new0 (PruneOp, 1);
  prune->op.run = run;
  prune->op.done = done_cb;
  prune->sender = sender;
  prune->before = now_us / G_USEC_PER_SEC - sender->settings->log_days * DAY_S;
  prune->attempts = TRUE;
  prune->scopes = g_array_new (FALSE, FALSE, sizeof (guint));
  kontor_targets_scopes (sender->targets, prune->scopes);
  sender->pruning = TRUE;
  sender->n_other_ops++;
  kontor_engine_submit (sender->engine, &prune->op);
}
