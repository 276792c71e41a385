/* submit.c: what a person decided on, as a call to the server. */
#include "core/console/submit.h"

#include <string.h>

#include "core/console/text.h"

/* %s of a path is the object; else it is the value of @parameter. */
static const struct
{
  const char *op, *path, *parameter;
} ways[] = {
  { "refund.create", "/v1/refunds", "payment_intent" },
  { "payment_intent.capture", "/v1/payment_intents/%s/capture", NULL },
  { "payment_intent.cancel", "/v1/payment_intents/%s/cancel", NULL },
  { "customer.update", "/v1/customers/%s", NULL },
};

static gboolean
add_arguments (KontorClientCall *call, const char *json, GError **error)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  const KontorValue *args = kontor_json_parse (arena, json, strlen (json), &problem);

  if (args == NULL || args->type != KONTOR_VALUE_OBJECT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("What was decided cannot be read."));
      return FALSE;
    }
  for (const KontorValue *arg = args->first; arg != NULL; arg = arg->next)
    kontor_client_call_add (call, arg->key, arg->text);
  return TRUE;
}

/**
 * kontor_intent_call:
 * @intent: what is to be done
 * @error: return location for a #GError
 *
 * The call gets an idempotency key of its own when it is sent, and keeps it when it is sent again.
 *
 * Returns: (transfer full): the call, or %NULL with a #GIOErrorEnum for what no console can do
 */
KontorClientCall *
kontor_intent_call (const KontorIntent *intent, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (strcmp (ways[i].op, intent->op) == 0)
      {
        g_auto (GStrv) parts = g_strsplit (ways[i].path, "%s", 2);
        g_autofree char *path = g_strjoinv (intent->on, parts);
        g_autoptr (KontorClientCall) call = kontor_client_call_new ("POST", path);

        if (ways[i].parameter != NULL)
          kontor_client_call_add (call, ways[i].parameter, intent->on);
        return add_arguments (call, intent->args, error) ? g_steal_pointer (&call) : NULL;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("“%s” cannot be asked for."),
               intent->op);
  return NULL;
}
