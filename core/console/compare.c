/* compare.c: two JSON texts, value by value.
 *
 * A row is a value that holds no others, or one that is of another kind on each side. Members come
 * in the order of the left, then those that only the right has; lists are compared by position. */
#include "core/console/compare.h"

#include <string.h>

#include "core/json.h"

static void
diff_free (gpointer data)
{
  KontorDiff *diff = data;

  g_free (diff->path);
  g_free (diff->left);
  g_free (diff->right);
  g_free (diff);
}

static char *
json_of (const KontorValue *value)
{
  g_auto (KontorBuffer) json = { 0 };

  if (value == NULL)
    return NULL;
  kontor_json_write (&json, value);
  return g_strdup (kontor_buffer_text (&json));
}

static void
add_row (GPtrArray *rows, const char *path, const KontorValue *left, const KontorValue *right)
{
  KontorDiff *diff = g_new0 (KontorDiff, 1);

  diff->path = g_strdup (path);
  diff->left = json_of (left);
  diff->right = json_of (right);
  diff->state = left == NULL                            ? KONTOR_DIFF_ADDED
                : right == NULL                         ? KONTOR_DIFF_REMOVED
                : strcmp (diff->left, diff->right) == 0 ? KONTOR_DIFF_SAME
                                                        : KONTOR_DIFF_CHANGED;
  g_ptr_array_add (rows, diff);
}

/* Most objects have the same members in the same order, so that @guess is nearly always right. */
static const KontorValue *
member (const KontorValue *object, const KontorValue *guess, const char *key)
{
  if (guess != NULL && strcmp (guess->key, key) == 0)
    return guess;
  return object != NULL ? kontor_value_get (object, key) : NULL;
}

static const KontorValue *
first_of (const KontorValue *value)
{
  return value != NULL ? value->first : NULL;
}

static const KontorValue *
next_of (const KontorValue *value)
{
  return value != NULL ? value->next : NULL;
}

static void
walk (GPtrArray *rows, GString *path, const KontorValue *left, const KontorValue *right);

static void
walk_members (GPtrArray *rows, GString *path, const KontorValue *left, const KontorValue *right)
{
  const KontorValue *guess = first_of (right), *other;
  gsize length = path->len;

  for (const KontorValue *child = first_of (left); child != NULL; child = child->next)
    {
      other = member (right, guess, child->key);
      guess = other != NULL ? other->next : guess;
      g_string_append_printf (path, "%s%s", length > 0 ? "." : "", child->key);
      walk (rows, path, child, other);
      g_string_truncate (path, length);
    }
  guess = first_of (left);
  for (const KontorValue *child = first_of (right); child != NULL; child = child->next)
    {
      other = member (left, guess, child->key);
      guess = other != NULL ? other->next : guess;
      if (other != NULL)
        continue;
      g_string_append_printf (path, "%s%s", length > 0 ? "." : "", child->key);
      walk (rows, path, NULL, child);
      g_string_truncate (path, length);
    }
}

static void
walk_list (GPtrArray *rows, GString *path, const KontorValue *left, const KontorValue *right)
{
  gsize length = path->len;

  left = first_of (left);
  right = first_of (right);
  for (guint i = 0; left != NULL || right != NULL; i++)
    {
      g_string_append_printf (path, "[%u]", i);
      walk (rows, path, left, right);
      g_string_truncate (path, length);
      left = next_of (left);
      right = next_of (right);
    }
}

static void
walk (GPtrArray *rows, GString *path, const KontorValue *left, const KontorValue *right)
{
  KontorValueType type = left != NULL ? left->type : right->type;
  gboolean are_alike = left == NULL || right == NULL || left->type == right->type;
  gboolean are_empty = first_of (left) == NULL && first_of (right) == NULL;

  if (!are_alike || are_empty)
    add_row (rows, path->str, left, right);
  else if (type == KONTOR_VALUE_OBJECT)
    walk_members (rows, path, left, right);
  else
    walk_list (rows, path, left, right);
}

/* What is no JSON is a text. */
static const KontorValue *
parse (KontorArena *arena, const char *text)
{
  const char *problem;
  const KontorValue *value = kontor_json_parse (arena, text, strlen (text), &problem);
  KontorValue *plain;

  if (value != NULL)
    return value;
  plain = kontor_value_new (arena, KONTOR_VALUE_STRING);
  plain->text = kontor_arena_strdup (arena, text);
  plain->length = strlen (text);
  return plain;
}

/**
 * kontor_compare:
 * @left: JSON, or any text
 * @right: likewise
 *
 * Returns: (transfer full) (element-type KontorDiff): every value of both and how it differs
 */
GPtrArray *
kontor_compare (const char *left, const char *right)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GString) path = g_string_new (NULL);
  GPtrArray *rows = g_ptr_array_new_with_free_func (diff_free);

  walk (rows, path, parse (arena, left), parse (arena, right));
  return rows;
}

/**
 * kontor_compare_sign:
 * @state: how a value differs
 *
 * Returns: the sign of that, which needs no colour
 */
char
kontor_compare_sign (KontorDiffState state)
{
  static const char signs[] = {
    [KONTOR_DIFF_SAME] = ' ',
    [KONTOR_DIFF_CHANGED] = '~',
    [KONTOR_DIFF_ADDED] = '+',
    [KONTOR_DIFF_REMOVED] = '-',
  };

  return signs[state];
}
