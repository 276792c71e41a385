/* next-action.c: what payment and setup intents show alike: the customer's next step, and what went wrong last. */
#include "server/engine/next-action.h"

#include "core/buffer.h"
#include "server/engine/settings.h"

/**
 * kontor_next_action_new:
 * @tx: a unit of work
 * @intent: id of the payment or setup intent that waits
 * @client_secret: its secret: who knows it may act for the customer
 * @return_url: (nullable): where the customer goes afterwards
 *
 * With a @return_url the browser is sent to the challenge; without, a client library opens it.
 *
 * Returns: (transfer none): what the intent shows as next_action
 */
KontorNextAction *
kontor_next_action_new (KontorTx *tx,
                        const char *intent,
                        const char *client_secret,
                        const char *return_url)
{
  KontorNextAction *action = kontor_shape_new (&kontor_next_action_shape, tx->arena);
  const char *url
      = kontor_arena_printf (tx->arena, "%s/v1/kontor/authenticate/%u/%s?client_secret=%s",
                             tx->settings->public_url, tx->scope, intent, client_secret);

  if (return_url != NULL)
    {
      action->type = "redirect_to_url";
      action->redirect_to_url = kontor_shape_new (&kontor_redirect_to_url_shape, tx->arena);
      action->redirect_to_url->return_url = return_url;
      action->redirect_to_url->url = url;
      return action;
    }
  action->type = "use_stripe_sdk";
  action->use_stripe_sdk = kontor_arena_printf (
      tx->arena, "{\"type\":\"three_d_secure_redirect\",\"stripe_js\":\"%s\"}", url);
  return action;
}

/**
 * kontor_last_error_new:
 * @tx: a unit of work
 * @error: the refusal as it is answered
 * @method: (nullable): what was tried
 *
 * Returns: (transfer none): what the intent remembers of it
 */
KontorLastError *
kontor_last_error_new (KontorTx *tx, const KontorError *error, const KontorPaymentMethod *method)
{
  KontorLastError *last = kontor_shape_new (&kontor_last_error_shape, tx->arena);

  last->type = error->info->type;
  last->code = error->info->code;
  last->message = kontor_arena_strdup (tx->arena, error->message);
  if (error->info->code != NULL)
    last->doc_url
        = g_strdelimit (kontor_arena_printf (tx->arena, "https://stripe.com/docs/error-codes/%s",
                                             error->info->code),
                        "_", '-');
  if (error->charge[0] != '\0')
    last->charge = kontor_arena_strdup (tx->arena, error->charge);
  if (error->decline_code[0] != '\0')
    last->decline_code = kontor_arena_strdup (tx->arena, error->decline_code);
  if (error->param[0] != '\0')
    last->param = kontor_arena_strdup (tx->arena, error->param);
  if (method != NULL)
    {
      g_auto (KontorBuffer) json = { 0 };

      kontor_object_write (&method->head, NULL, NULL, &json);
      last->payment_method = kontor_arena_strndup (tx->arena, json.data, json.length);
    }
  return last;
}
