/* outbox-compare.c: what somebody wanted of an object, what it was, and what it has become. */
#include <string.h>

#include "core/json.h"
#include "core/replica/outbox.h"

static void
compared_free (gpointer data)
{
  KontorCompared *compared = data;

  g_free (compared->field);
  g_free (compared->base);
  g_free (compared->mine);
  g_free (compared->theirs);
  g_free (compared);
}

static const KontorValue *
member (const KontorValue *object, const char *name)
{
  return object != NULL && object->type == KONTOR_VALUE_OBJECT ? kontor_value_get (object, name)
                                                               : NULL;
}

static const KontorValue *
parse (KontorArena *arena, const char *json)
{
  const char *problem = NULL;

  return json != NULL ? kontor_json_parse (arena, json, strlen (json), &problem) : NULL;
}

/* What is left out, null and "" are all the same: nothing is there. */
static char *
text_of (const KontorValue *value)
{
  g_auto (KontorBuffer) json = { 0 };

  if (value == NULL || value->type == KONTOR_VALUE_NULL)
    return g_strdup ("");
  if (value->type != KONTOR_VALUE_OBJECT && value->type != KONTOR_VALUE_ARRAY)
    return g_strdup (value->text);
  kontor_json_write (&json, value);
  return g_strdup (kontor_buffer_text (&json));
}

static char *
name_of (const char *outer, const char *name)
{
  return outer != NULL ? g_strdup_printf ("%s[%s]", outer, name) : g_strdup (name);
}

static void
compare_one (GPtrArray *fields,
             char *field,
             const KontorValue *base,
             const KontorValue *mine,
             const KontorValue *theirs,
             gboolean knows_base)
{
  KontorCompared *compared = g_new0 (KontorCompared, 1);

  compared->field = field;
  compared->base = knows_base ? text_of (base) : NULL;
  compared->mine = text_of (mine);
  compared->theirs = text_of (theirs);
  compared->clashes = strcmp (compared->mine, compared->theirs) != 0
                      && g_strcmp0 (compared->base, compared->theirs) != 0;
  g_ptr_array_add (fields, compared);
}

static void
compare_all (GPtrArray *fields,
             const char *outer,
             const KontorValue *base,
             const KontorValue *mine,
             const KontorValue *theirs,
             gboolean knows_base)
{
  for (const KontorValue *value = mine->first; value != NULL; value = value->next)
    {
      g_autofree char *field = name_of (outer, value->key);
      const KontorValue *was = member (base, value->key), *is = member (theirs, value->key);

      if (value->type == KONTOR_VALUE_OBJECT)
        compare_all (fields, field, was, value, is, knows_base);
      else
        compare_one (fields, g_steal_pointer (&field), was, value, is, knows_base);
    }
}

/**
 * kontor_queued_compare:
 * @queued: an action
 * @v: (out): the version that the server told of; 0: it told of none, and nothing clashes
 *
 * Without the body that the person saw, all that is different is taken for changed by somebody else.
 *
 * Returns: (transfer full) (element-type KontorCompared): its parameters, beside what the object
 *   was and has become
 */
GPtrArray *
kontor_queued_compare (const KontorQueued *queued, gint64 *v)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  GPtrArray *fields = g_ptr_array_new_with_free_func (compared_free);
  const KontorValue *mine = parse (arena, queued->args), *base = parse (arena, queued->base);
  const KontorValue *conflict = member (parse (arena, queued->answer), "conflict");
  const KontorValue *version = member (conflict, "v");

  *v = version != NULL && version->text != NULL ? g_ascii_strtoll (version->text, NULL, 10) : 0;
  if (mine != NULL && mine->type == KONTOR_VALUE_OBJECT)
    compare_all (fields, NULL, base, mine, member (conflict, "d"), base != NULL);
  for (guint i = 0; *v == 0 && i < fields->len; i++)
    ((KontorCompared *) fields->pdata[i])->clashes = FALSE;
  return fields;
}

/* ------------------------------------------------------------------------------ other values -- */

static gboolean
is_whole (const char *text)
{
  g_autoptr (GError) error = NULL;

  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, NULL, &error);
}

static void
write_changed (KontorBuffer *json, const char *outer, const KontorValue *object, GHashTable *values)
{
  kontor_buffer_char (json, '{');
  for (const KontorValue *value = object->first; value != NULL; value = value->next)
    {
      g_autofree char *field = name_of (outer, value->key);
      const char *other = g_hash_table_lookup (values, field);

      kontor_buffer_string (json, value->key);
      kontor_buffer_char (json, ':');
      if (value->type == KONTOR_VALUE_OBJECT)
        write_changed (json, field, value, values);
      else if (other != NULL && value->type == KONTOR_VALUE_NUMBER && is_whole (other))
        kontor_buffer_puts (json, other);
      else if (other != NULL)
        kontor_buffer_string (json, other);
      else
        kontor_json_write (json, value);
      if (value->next != NULL)
        kontor_buffer_char (json, ',');
    }
  kontor_buffer_char (json, '}');
}

/**
 * kontor_queued_change:
 * @queued: an action
 * @values: texts by fields, named as in #KontorCompared
 *
 * Returns: (transfer full): its parameters as a JSON object, with @values in the place of its own
 */
char *
kontor_queued_change (const KontorQueued *queued, GHashTable *values)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const KontorValue *args = parse (arena, queued->args);
  KontorBuffer json = { 0 };

  if (args == NULL || args->type != KONTOR_VALUE_OBJECT)
    return g_strdup (queued->args);
  write_changed (&json, NULL, args, values);
  kontor_buffer_text (&json);
  return json.data;
}
