/* expand.c: expand[]: which ids a reply is to show as whole objects. */
#include "core/resource.h"

#include <string.h>

#include "core/shape.h"

/* Stripe's bound. */
#define MAX_LEVELS 4

static KontorExpand *
child_named (KontorArena *arena, KontorExpand **children, const char *name, gsize length)
{
  for (KontorExpand *child = *children; child != NULL; child = child->next)
    if (strncmp (child->name, name, length) == 0 && child->name[length] == '\0')
      return child;

  KontorExpand *child = kontor_arena_new0 (arena, KontorExpand);

  child->name = kontor_arena_strndup (arena, name, length);
  child->next = *children;
  *children = child;
  return child;
}

static gboolean check_path (const KontorShape *shape, const char *path);

/* @rest goes on inside the object that @field names; several kinds may be meant. */
static gboolean
check_target (const KontorField *field, const char *rest)
{
  g_auto (GStrv) names = g_strsplit (field->target != NULL ? field->target : "", "|", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const KontorResource *resource = kontor_resource_by_name (names[i]);

      if (resource != NULL && check_path (&resource->shape, rest))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_path (const KontorShape *shape, const char *path)
{
  gsize length = strcspn (path, ".");
  const KontorField *field = kontor_plan_find (kontor_plan_of (shape), path, length, 0);
  const char *rest = path[length] == '.' ? path + length + 1 : NULL;

  if (field == NULL || (field->flags & KONTOR_HIDDEN))
    return FALSE;
  if (field->type == KONTOR_SUBLIST)
    {
      if (rest == NULL)
        return TRUE;
      if (g_str_equal (rest, "data"))
        return TRUE;
      return g_str_has_prefix (rest, "data.") && check_target (field, rest + 5);
    }
  if (field->type == KONTOR_OBJECT || field->type == KONTOR_OBJECTS)
    return rest != NULL && check_path (field->shape, rest);
  if (!(field->flags & KONTOR_EXPANDABLE))
    return FALSE;
  return rest == NULL || check_target (field, rest);
}

static guint
levels_of (const char *path)
{
  guint levels = 1;

  for (; *path != '\0'; path++)
    levels += *path == '.';
  return levels;
}

static void
add_path (KontorArena *arena, KontorExpand **tree, const char *path)
{
  while (path != NULL)
    {
      gsize length = strcspn (path, ".");
      KontorExpand *child = child_named (arena, tree, path, length);

      tree = &child->children;
      path = path[length] == '.' ? path + length + 1 : NULL;
    }
}

static gboolean
add_checked (const KontorResource *resource,
             gboolean in_list,
             const char *path,
             KontorArena *arena,
             KontorExpand **tree,
             KontorError *error)
{
  const char *inside = path;

  if (in_list && g_str_equal (path, "total_count"))
    {
      add_path (arena, tree, path);
      return TRUE;
    }
  if (in_list)
    inside = g_str_has_prefix (path, "data.") ? path + 5 : NULL;
  if (levels_of (path) > MAX_LEVELS)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "expand",
                             "You cannot expand more than %d levels of a property. Property: %s",
                             MAX_LEVELS, path);
  if (inside == NULL || resource == NULL || !check_path (&resource->shape, inside))
    {
      kontor_error_set (
          error, KONTOR_ERROR_INVALID_REQUEST, "expand", "This property cannot be expanded (%s).%s",
          path,
          in_list && inside == NULL ? " You may want to try expanding 'data.…' instead." : "");
      return FALSE;
    }
  add_path (arena, tree, inside);
  return TRUE;
}

/**
 * kontor_expand_parse:
 * @resource: what the reply shows
 * @in_list: the reply is a list of them: names begin with "data."
 * @list: (nullable): the parameter expand, as it was sent
 * @arena: where the tree is to live
 * @expand: (out): the tree; below "data." for a list
 * @error: gets “This property cannot be expanded”
 *
 * Returns: whether every name can be expanded
 */
gboolean
kontor_expand_parse (const KontorResource *resource,
                     gboolean in_list,
                     const KontorValue *list,
                     KontorArena *arena,
                     KontorExpand **expand,
                     KontorError *error)
{
  *expand = NULL;
  if (list == NULL)
    return TRUE;
  if (list->type != KONTOR_VALUE_ARRAY && list->type != KONTOR_VALUE_OBJECT)
    return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "expand",
                             "Invalid array: expand takes a list, as in expand[]=customer.");
  for (const KontorValue *item = list->first; item != NULL; item = item->next)
    if (item->text == NULL || *item->text == '\0')
      return kontor_error_set (error, KONTOR_ERROR_INVALID_REQUEST, "expand",
                               "Each expand[] names a property, as in expand[]=customer.");
    else if (!add_checked (resource, in_list, item->text, arena, expand, error))
      return FALSE;
  return TRUE;
}
