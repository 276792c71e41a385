/* value.c: a tree of names and values, what a JSON text or an HTML form says. */
#include "core/value.h"

#include <string.h>

/**
 * kontor_value_new:
 * @arena: where it lives
 * @type: what it is
 *
 * Returns: (transfer none): an empty value that stands alone
 */
KontorValue *
kontor_value_new (KontorArena *arena, KontorValueType type)
{
  KontorValue *value = kontor_arena_new0 (arena, KontorValue);

  value->type = type;
  return value;
}

/**
 * kontor_value_append:
 * @arena: where it lives
 * @parent: an object or an array
 * @key: (nullable): the name, borrowed for as long as the arena lives; %NULL in an array
 * @type: what it is
 *
 * Does not look whether @key is taken: kontor_value_get() finds the first of that name.
 *
 * Returns: (transfer none): a new last child of @parent
 */
KontorValue *
kontor_value_append (KontorArena *arena, KontorValue *parent, const char *key, KontorValueType type)
{
  KontorValue *value = kontor_value_new (arena, type);

  value->key = key;
  if (parent->last == NULL)
    parent->first = value;
  else
    parent->last->next = value;
  parent->last = value;
  parent->n_children++;
  return value;
}

/**
 * kontor_value_get:
 * @object: (nullable): a value of any type
 * @key: a name
 *
 * Returns: (transfer none) (nullable): the child of that name, %NULL when @object is no object
 */
const KontorValue *
kontor_value_get (const KontorValue *object, const char *key)
{
  if (object == NULL || object->type != KONTOR_VALUE_OBJECT)
    return NULL;

  for (const KontorValue *child = object->first; child != NULL; child = child->next)
    if (child->key[0] == key[0] && strcmp (child->key, key) == 0)
      return child;
  return NULL;
}

/**
 * kontor_value_is_empty:
 * @value: a value
 *
 * Returns: whether it is null or a text without letters, which as a parameter asks to unset something
 */
gboolean
kontor_value_is_empty (const KontorValue *value)
{
  return value->type == KONTOR_VALUE_NULL
         || (value->type == KONTOR_VALUE_STRING && value->length == 0);
}
