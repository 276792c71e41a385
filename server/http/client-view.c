/* client-view.c: what a customer's page may see of an object.
 *
 * A publishable key stands in the page's source. With an object's client secret it shows what the page needs to
 * take the customer through a payment, and nothing that the merchant noted for themselves. */
#include "server/http/client-view.h"

#include <string.h>

/* Kinds that a publishable key may see at all, and what is hidden of them. */
static const struct
{
  KontorKind  kind;
  const char *hidden[8];
} views[] = {
  { KONTOR_KIND_PAYMENT_INTENT,
    { "customer", "latest_charge", "metadata", "statement_descriptor",
      "statement_descriptor_suffix", "transfer_group" } },
  { KONTOR_KIND_SETUP_INTENT, { "customer", "latest_attempt", "mandate", "metadata" } },
  { KONTOR_KIND_PAYMENT_METHOD, { "customer", "metadata" } },
};

/* All of these are pointers, and without one the field is null or empty. */
static void
hide (KontorObject *copy, const char *name)
{
  const KontorField *field = kontor_shape_find (&copy->resource->shape, name);

  g_return_if_fail (field != NULL);
  if (field->type != KONTOR_FIXED)
    G_STRUCT_MEMBER (gpointer, copy, field->offset) = NULL;
}

/**
 * kontor_client_view:
 * @call: on whose behalf
 * @object: what is to be shown
 *
 * Returns: (transfer none) (nullable): @object itself for a secret or restricted key; for a publishable one what may be seen
 *   of it, %NULL when that is nothing
 */
const KontorObject *
kontor_client_view (KontorCall *call, const KontorObject *object)
{
  KontorObject *copy;

  if (call->key.type != KONTOR_KEY_PUBLISHABLE || call->key.number == 0)
    return object;
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (views[i].kind == object->resource->kind)
      {
        copy = kontor_arena_alloc (call->arena, object->resource->shape.size);
        memcpy (copy, object, object->resource->shape.size);
        for (const char *const *name = views[i].hidden; *name != NULL; name++)
          hide (copy, *name);
        return copy;
      }
  return NULL;
}
