/* event.c: the kinds of event the engine can produce. */
#include "server/engine/event.h"

#include <string.h>

/* The place in this table is the number in the database: only ever add at the end. */
static const char *const names[] = {
  NULL,
  "account.updated",
  "balance.available",
  "charge.captured",
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.funds_reinstated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.updated",
  "charge.expired",
  "charge.failed",
  "charge.pending",
  "charge.refund.updated",
  "charge.refunded",
  "charge.succeeded",
  "charge.updated",
  "customer.created",
  "customer.deleted",
  "customer.updated",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "payment_intent.created",
  "payment_intent.partially_funded",
  "payment_intent.payment_failed",
  "payment_intent.processing",
  "payment_intent.requires_action",
  "payment_intent.succeeded",
  "payment_method.attached",
  "payment_method.automatically_updated",
  "payment_method.detached",
  "payment_method.updated",
  "refund.created",
  "refund.failed",
  "refund.updated",
  "setup_intent.canceled",
  "setup_intent.created",
  "setup_intent.requires_action",
  "setup_intent.setup_failed",
  "setup_intent.succeeded",
  "kontor.webhook_endpoint.disabled",
  KONTOR_EVENT_TEST,
  KONTOR_EVENT_PING,
};

/**
 * kontor_n_events:
 *
 * Returns: the highest number of an event type
 */
guint
kontor_n_events (void)
{
  return G_N_ELEMENTS (names) - 1;
}

/**
 * kontor_event_number:
 * @name: "charge.succeeded"
 *
 * Returns: its number in the database, or 0
 */
int
kontor_event_number (const char *name)
{
  guint low = 1, high = G_N_ELEMENTS (names);

  /* The first release's names are sorted; what is added later is found by the walk below. */
  while (low < high)
    {
      guint middle = (low + high) / 2;
      int order = strcmp (name, names[middle]);

      if (order == 0)
        return (int) middle;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      return (int) i;
  return 0;
}

/**
 * kontor_event_name:
 * @number: of an event type
 *
 * Returns: (nullable): its name
 */
const char *
kontor_event_name (int number)
{
  return number > 0 && (guint) number < G_N_ELEMENTS (names) ? names[number] : NULL;
}

/**
 * kontor_event_match:
 * @pattern: "charge.refunded", "charge.*" or "*"
 * @numbers: gets the numbers, as int
 *
 * Returns: how many types it names
 */
guint
kontor_event_match (const char *pattern, GArray *numbers)
{
  gsize length = strlen (pattern);
  gboolean open = length > 0 && pattern[length - 1] == '*'
                  && (length == 1 || pattern[length - 2] == '.');
  guint found = 0;

  for (int i = 1; i < (int) G_N_ELEMENTS (names); i++)
    if (open ? strncmp (names[i], pattern, length - 1) == 0 : g_str_equal (names[i], pattern))
      {
        g_array_append_val (numbers, i);
        found++;
      }
  return found;
}
