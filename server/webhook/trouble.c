/* trouble.c: endpoints that are disabled because nothing reaches them any more. */
#include "server/engine/webhook_endpoint.h"
#include "server/webhook/sender.h"

#define DAY_S 86400

typedef struct
{
  KontorOp op;
  KontorWebhooks *sender;
  KontorTarget *target;
  gint64 endpoint;
  const char *reason;
} DisableOp;

static void
disable_run (KontorOp *op, KontorTx *tx)
{
  const DisableOp *disable = (const DisableOp *) op;
  KontorWebhookEndpoint *endpoint
      = kontor_tx_get_by_key (tx, &kontor_webhook_endpoint_resource, disable->endpoint);

  if (endpoint != NULL && endpoint->deleted != 1)
    kontor_webhook_endpoint_disable (tx, endpoint, disable->reason);
}

/* Committed or not: if it is still enabled, the next failure asks for it again. */
static gboolean
disabled_cb (gpointer data)
{
  g_autofree DisableOp *disable = data;

  disable->target->disabling = FALSE;
  disable->sender->n_other_ops--;
  kontor_sender_wake (disable->sender);
  return G_SOURCE_REMOVE;
}

/* On the engine's thread. */
static void
disable_done (KontorOp *op, gboolean committed)
{
  DisableOp *disable = (DisableOp *) op;

  g_main_context_invoke_full (disable->sender->context, G_PRIORITY_DEFAULT, disabled_cb, op, NULL);
}

static void
submit (KontorWebhooks *sender, KontorTarget *target, const char *reason)
{
  DisableOp *disable = g_new0 (DisableOp, 1);

  disable->op.run = disable_run;
  disable->op.done = disable_done;
  disable->op.scope = kontor_key_scope (target->key);
  disable->sender = sender;
  disable->target = target;
  disable->endpoint = target->key;
  disable->reason = reason;
  target->disabling = TRUE;
  sender->n_other_ops++;
  kontor_engine_submit (sender->engine, &disable->op);
}

/**
 * kontor_trouble_check:
 * @sender: the sender
 * @target: an endpoint
 * @outcome: of the last attempt, which its health counts already
 *
 * Disables it when it says that it is gone, or when nothing was taken for days.
 */
void
kontor_trouble_check (KontorWebhooks *sender, KontorTarget *target, KontorOutcome outcome)
{
  const KontorWebhookHealthRow *health = &target->health;
  gint64 limit_s = sender->settings->disable_after_days * DAY_S;

  if (target->disabling || !target->enabled || outcome == KONTOR_OUTCOME_TAKEN)
    return;
  if (outcome == KONTOR_OUTCOME_GONE)
    submit (sender, target, "gone");
  else if (limit_s > 0 && health->last_failure - health->failing_since >= limit_s)
    submit (sender, target, "failing");
}
