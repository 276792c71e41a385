/* resource.c: objects of declared resources: found by name and made. */
#include "core/resource.h"

#include <string.h>

#include "core/shape.h"

/**
 * kontor_resource_by_name:
 * @object: "payment_intent"
 *
 * Returns: (transfer none) (nullable): the resource
 */
const KontorResource *
kontor_resource_by_name (const char *object)
{
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL && g_str_equal (kontor_resources[kind]->object, object))
      return kontor_resources[kind];
  return NULL;
}

/**
 * kontor_resource_by_prefix:
 * @id: "pi_…"
 *
 * Returns: (transfer none) (nullable): the resource whose ids begin so
 */
const KontorResource *
kontor_resource_by_prefix (const char *id)
{
  gsize length = strcspn (id, "_");

  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    {
      const KontorResource *resource = kontor_resources[kind];

      if (resource != NULL && resource->prefix != NULL && id[length] == '_'
          && strncmp (resource->prefix, id, length) == 0 && resource->prefix[length] == '\0')
        return resource;
    }
  return NULL;
}

/**
 * kontor_shape_find:
 * @shape: a declared shape
 * @name: of a field
 *
 * Returns: (transfer none) (nullable): its row
 */
const KontorField *
kontor_shape_find (const KontorShape *shape, const char *name)
{
  return kontor_plan_find (kontor_plan_of (shape), name, strlen (name), 0);
}

/**
 * kontor_shape_new:
 * @shape: a declared shape
 * @arena: where it is to live
 *
 * Returns: (transfer none): its struct, zeroed, with default texts, and every number, boolean and enum
 *   that may be null set to null. A hidden number is null, a hidden boolean false
 */
gpointer
kontor_shape_new (const KontorShape *shape, KontorArena *arena)
{
  return memcpy (kontor_arena_alloc (arena, shape->size), kontor_plan_of (shape)->fresh,
                 shape->size);
}

/**
 * kontor_object_new:
 * @resource: what to make
 * @arena: where it is to live
 *
 * Returns: (transfer none): an empty object without id
 */
gpointer
kontor_object_new (const KontorResource *resource, KontorArena *arena)
{
  KontorObject *object = kontor_shape_new (&resource->shape, arena);

  object->resource = resource;
  return object;
}

/**
 * kontor_object_trimmed:
 * @object: an object
 * @arena: where a copy may live
 *
 * Returns: (transfer none): @object, or a copy without what follows from the rest: to be written slim
 */
const KontorObject *
kontor_object_trimmed (const KontorObject *object, KontorArena *arena)
{
  const KontorResource *resource = object->resource;
  gpointer copy;

  if (resource->trim == NULL)
    return object;
  copy = memcpy (kontor_arena_alloc (arena, resource->shape.size), object, resource->shape.size);
  resource->trim (copy, arena);
  return copy;
}
