/* intent.c: what a person wants done, as a form hands it over. */
#include "core/replica/intent.h"

/**
 * kontor_intent_free:
 * @intent: (transfer full) (nullable): an intent
 */
void
kontor_intent_free (KontorIntent *intent)
{
  if (intent == NULL)
    return;
  g_free (intent->op);
  g_free (intent->on);
  g_free (intent->args);
  g_free (intent->base);
  g_free (intent);
}
