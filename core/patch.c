/* patch.c: the difference between two JSON objects, as RFC 7396 (JSON merge patch) writes it. */
#include "core/patch.h"

#include "core/json.h"

/**
 * kontor_value_equal:
 * @a: a value
 * @b: another
 *
 * Returns: whether both say the same, members in the same order
 */
gboolean
kontor_value_equal (const KontorValue *a, const KontorValue *b)
{
  const KontorValue *x, *y;

  if (a->type != b->type || a->n_children != b->n_children || g_strcmp0 (a->text, b->text) != 0)
    return FALSE;
  for (x = a->first, y = b->first; x != NULL && y != NULL; x = x->next, y = y->next)
    if (g_strcmp0 (x->key, y->key) != 0 || !kontor_value_equal (x, y))
      return FALSE;
  return TRUE;
}

static void
write_name (const char *name, gboolean *any, KontorBuffer *out)
{
  if (*any)
    kontor_buffer_char (out, ',');
  *any = TRUE;
  kontor_buffer_string (out, name);
  kontor_buffer_char (out, ':');
}

static gboolean
write_member (const KontorValue *old, const KontorValue *new, KontorBuffer *out)
{
  if (old != NULL && old->type == KONTOR_VALUE_OBJECT && new->type == KONTOR_VALUE_OBJECT)
    return kontor_patch_write (old, new, out);
  kontor_json_write (out, new);
  return TRUE;
}

/* A patch cannot say that a member is null: null takes it away. */
static gboolean
holds_null (const KontorValue *value)
{
  if (value->type == KONTOR_VALUE_NULL)
    return TRUE;
  for (const KontorValue *child = value->first; child != NULL; child = child->next)
    if (holds_null (child))
      return TRUE;
  return FALSE;
}

/**
 * kontor_patch_write:
 * @from: an object
 * @to: another
 * @out: gets the patch that makes @to of @from, except for the order of members
 *
 * Returns: %FALSE when no patch can, because @to holds a null that @from does not; then @out is spoilt
 */
gboolean
kontor_patch_write (const KontorValue *from, const KontorValue *to, KontorBuffer *out)
{
  gboolean any = FALSE;

  kontor_buffer_char (out, '{');
  for (const KontorValue *new = to->first; new != NULL; new = new->next)
    {
      const KontorValue *old = kontor_value_get (from, new->key);

      if (old != NULL && kontor_value_equal (old, new))
        continue;
      if (holds_null (new))
        return FALSE;
      write_name (new->key, &any, out);
      if (!write_member (old, new, out))
        return FALSE;
    }
  for (const KontorValue *old = from->first; old != NULL; old = old->next)
    if (kontor_value_get (to, old->key) == NULL)
      {
        write_name (old->key, &any, out);
        kontor_buffer_literal (out, "null");
      }
  kontor_buffer_char (out, '}');
  return TRUE;
}

static void
copy_into (KontorArena *arena, KontorValue *object, const char *key, const KontorValue *value)
{
  KontorValue *copy = kontor_value_append (arena, object, key, value->type);

  copy->text = value->text;
  copy->length = value->length;
  copy->first = value->first;
  copy->last = value->last;
  copy->n_children = value->n_children;
}

/**
 * kontor_patch_apply:
 * @arena: where the result is to live; it shares what did not change with @target and @patch
 * @target: an object, or whatever stood in its place
 * @patch: an object
 *
 * Returns: (transfer none): @target with @patch applied
 */
KontorValue *
kontor_patch_apply (KontorArena *arena, const KontorValue *target, const KontorValue *patch)
{
  KontorValue *result = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  gboolean is_object = target != NULL && target->type == KONTOR_VALUE_OBJECT;

  for (const KontorValue *old = is_object ? target->first : NULL; old != NULL; old = old->next)
    if (kontor_value_get (patch, old->key) == NULL)
      copy_into (arena, result, old->key, old);
  for (const KontorValue *new = patch->first; new != NULL; new = new->next)
    if (new->type == KONTOR_VALUE_OBJECT)
      copy_into (
          arena, result, new->key,
          kontor_patch_apply (arena, is_object ? kontor_value_get (target, new->key) : NULL, new));
    else if (new->type != KONTOR_VALUE_NULL)
      copy_into (arena, result, new->key, new);
  return result;
}
