/* params-apply.c: checked parameters, put where they belong and read by name. */
#include "core/resource.h"

#include <string.h>

#include "core/shape.h"

static const char *
string_of (const KontorValue *value)
{
  return kontor_value_is_empty (value) ? NULL : value->text;
}

static KontorStrings *
strings_of (const KontorValue *value, KontorArena *arena)
{
  KontorStrings *strings = kontor_arena_new0 (arena, KontorStrings);

  strings->items = kontor_arena_new0_n (arena, const char *, MAX (value->n_children, 1));
  for (const KontorValue *item = value->first; item != NULL; item = item->next)
    strings->items[strings->n++] = item->text;
  return strings;
}

/* A new struct with what was sent. */
static gpointer
struct_of (const KontorShape *shape, const KontorValue *params, KontorArena *arena)
{
  gpointer data = kontor_shape_new (shape, arena);

  (void) kontor_params_apply (shape, KONTOR_IN_NESTED, params, arena, data);
  return data;
}

static KontorItems *
items_of (const KontorField *field, const KontorValue *value, KontorArena *arena)
{
  KontorItems *items = kontor_arena_new0 (arena, KontorItems);

  items->items = kontor_arena_new0_n (arena, gpointer, MAX (value->n_children, 1));
  for (const KontorValue *item = value->first; item != NULL; item = item->next)
    items->items[items->n++] = struct_of (field->shape, item, arena);
  return items;
}

static const KontorPair *
find_pair (const KontorMap *map, const char *key)
{
  for (guint i = 0; map != NULL && i < map->n; i++)
    if (g_str_equal (map->pairs[i].key, key))
      return &map->pairs[i];
  return NULL;
}

/* What is there stays unless it is named; an empty value drops its key. */
static KontorMap *
merge_map (const KontorMap *old, const KontorValue *value, KontorArena *arena)
{
  KontorMap *map = kontor_arena_new0 (arena, KontorMap);

  map->pairs
      = kontor_arena_new0_n (arena, KontorPair, (old != NULL ? old->n : 0) + value->n_children + 1);
  for (guint i = 0; old != NULL && i < old->n; i++)
    {
      const KontorValue *change = kontor_value_get (value, old->pairs[i].key);

      if (change == NULL)
        map->pairs[map->n++] = old->pairs[i];
      else if (!kontor_value_is_empty (change))
        map->pairs[map->n++] = (KontorPair){ change->key, change->text };
    }
  for (const KontorValue *pair = value->first; pair != NULL; pair = pair->next)
    if (!kontor_value_is_empty (pair) && find_pair (old, pair->key) == NULL)
      map->pairs[map->n++] = (KontorPair){ pair->key, pair->text };
  return map;
}

/**
 * kontor_params_metadata_fits:
 * @params: checked parameters
 * @metadata: (nullable): what the object has so far
 * @error: says how many keys there may be
 *
 * What is sent is checked by itself beforehand; only together with what is there can it be too much.
 *
 * Returns: whether there is room for all that would be left after merging
 */
gboolean
kontor_params_metadata_fits (const KontorValue *params,
                             const KontorMap *metadata,
                             KontorError *error)
{
  const KontorValue *sent = kontor_value_get (params, "metadata");
  guint n = metadata != NULL ? metadata->n : 0;

  if (sent == NULL || sent->type != KONTOR_VALUE_OBJECT)
    return TRUE;
  for (const KontorValue *pair = sent->first; pair != NULL; pair = pair->next)
    {
      gboolean known = find_pair (metadata, pair->key) != NULL;

      if (kontor_value_is_empty (pair))
        n -= known ? 1 : 0;
      else
        n += known ? 0 : 1;
    }
  if (n <= KONTOR_METADATA_PAIRS)
    return TRUE;
  return kontor_error_set (error, KONTOR_ERROR_METADATA_INVALID, "metadata",
                           "Metadata can have at most %d keys.", KONTOR_METADATA_PAIRS);
}

static int
place_of (const char *const *values, const char *word)
{
  for (int i = 0; word != NULL && values[i] != NULL; i++)
    if (g_str_equal (values[i], word))
      return i;
  return -1;
}

#define MEMBER(Type) (*(Type *) (gpointer) member)

static gboolean
has_required (const KontorShape *shape)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (field->flags & KONTOR_REQUIRED)
      return TRUE;
  return FALSE;
}

/* An object that is there already is changed field by field, unless it has to be sent as a whole: half an
 * old address under a new name is nobody's. */
static void
set_nested (const KontorField *field, const KontorValue *value, KontorArena *arena, guint8 *member)
{
  gpointer copy = kontor_shape_new (field->shape, arena);

  if (MEMBER (gpointer) != NULL && !has_required (field->shape))
    memcpy (copy, MEMBER (gpointer), field->shape->size);
  (void) kontor_params_apply (field->shape, KONTOR_IN_NESTED, value, arena, copy);
  MEMBER (gpointer) = copy;
}

static gsize
member_size (const KontorField *field)
{
  return field->type == KONTOR_BOOL || field->type == KONTOR_ENUM ? sizeof (int) : sizeof (gint64);
}

static void
set_member (const KontorField *field, const KontorValue *value, KontorArena *arena, guint8 *member)
{
  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      MEMBER (gint64) = value->integer;
      break;
    case KONTOR_BOOL:
      MEMBER (int) = (int) value->integer;
      break;
    case KONTOR_ENUM:
      MEMBER (int) = place_of (field->values, value->text);
      break;
    case KONTOR_OBJECT:
      set_nested (field, value, arena, member);
      break;
    case KONTOR_STRINGS:
      MEMBER (KontorStrings *) = strings_of (value, arena);
      break;
    case KONTOR_OBJECTS:
      MEMBER (KontorItems *) = items_of (field, value, arena);
      break;
    case KONTOR_MAP:
      MEMBER (KontorMap *) = merge_map (MEMBER (KontorMap *), value, arena);
      break;
    default:
      MEMBER (const char *) = value->text;
    }
}

/* What was sent empty is as in a fresh struct again, where the table allows it. */
static void
unset_member (const KontorField *field, const guint8 *fresh, guint8 *member)
{
  if (field->flags & KONTOR_CLEARABLE || field->type == KONTOR_MAP || field->type == KONTOR_STRINGS
      || field->type == KONTOR_OBJECTS)
    memcpy (member, fresh, member_size (field));
}

static gboolean
map_equal (const KontorMap *a, const KontorMap *b)
{
  guint n = a != NULL ? a->n : 0;

  if (n != (b != NULL ? b->n : 0))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_str_equal (a->pairs[i].key, b->pairs[i].key)
        || !g_str_equal (a->pairs[i].value, b->pairs[i].value))
      return FALSE;
  return TRUE;
}

static gboolean
strings_equal (const KontorStrings *a, const KontorStrings *b)
{
  guint n = a != NULL ? a->n : 0;

  if ((a == NULL) != (b == NULL) || n != (b != NULL ? b->n : 0))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_str_equal (a->items[i], b->items[i]))
      return FALSE;
  return TRUE;
}

static gboolean
structs_equal (const KontorShape *shape, const guint8 *a, const guint8 *b)
{
  g_auto (KontorBuffer) first = { 0 }, second = { 0 };

  if (a == NULL || b == NULL)
    return a == b;
  kontor_shape_write (shape, a, &first);
  kontor_shape_write (shape, b, &second);
  return first.length == second.length && memcmp (first.data, second.data, first.length) == 0;
}

/* Lists of objects count as changed whenever they are sent; telling more exactly is not worth it. */
static gboolean
is_change (const KontorField *field, const guint8 *before, const guint8 *after)
{
#define BEFORE(Type) (*(Type const *) (gconstpointer) before)
#define AFTER(Type) (*(Type const *) (gconstpointer) after)
  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      return BEFORE (gint64) != AFTER (gint64);
    case KONTOR_BOOL:
    case KONTOR_ENUM:
      return BEFORE (int) != AFTER (int);
    case KONTOR_MAP:
      return !map_equal (BEFORE (KontorMap *), AFTER (KontorMap *));
    case KONTOR_STRINGS:
      return !strings_equal (BEFORE (KontorStrings *), AFTER (KontorStrings *));
    case KONTOR_OBJECT:
      return !structs_equal (field->shape, BEFORE (guint8 *), AFTER (guint8 *));
    case KONTOR_OBJECTS:
      return TRUE;
    default:
      return g_strcmp0 (BEFORE (char *), AFTER (char *)) != 0;
    }
#undef BEFORE
#undef AFTER
}

/**
 * kontor_params_apply:
 * @shape: of @object
 * @operation: a KONTOR_IN_ bit
 * @params: checked parameters
 * @arena: where new lists and structs are to live; strings stay those of @params
 * @object: the struct
 *
 * Sets each field of @object that is a parameter of @operation and was sent. Metadata is merged, what was
 * sent empty is unset. Rows that are only parameters are left to the caller.
 *
 * Returns: whether anything is different now
 */
gboolean
kontor_params_apply (const KontorShape *shape,
                     guint32 operation,
                     const KontorValue *params,
                     KontorArena *arena,
                     gpointer object)
{
  const KontorPlan *plan = kontor_plan_of (shape);
  gboolean changed = FALSE;

  for (const KontorValue *value = params->first; value != NULL; value = value->next)
    {
      const KontorField *field
          = kontor_plan_find (plan, value->key, strlen (value->key), operation & KONTOR_IN_ANY);
      guint8 before[sizeof (gint64)];
      guint8 *member;

      if (field == NULL || (field->flags & KONTOR_PARAM_ONLY))
        continue;
      member = (guint8 *) object + field->offset;
      memcpy (before, member, member_size (field));
      if (kontor_value_is_empty (value))
        unset_member (field, plan->fresh + field->offset, member);
      else
        set_member (field, value, arena, member);
      changed |= is_change (field, before, member);
    }
  return changed;
}

/**
 * kontor_params_has:
 * @params: (nullable): checked parameters
 * @name: of one
 *
 * Returns: whether it was sent, be it empty
 */
gboolean
kontor_params_has (const KontorValue *params, const char *name)
{
  return params != NULL && kontor_value_get (params, name) != NULL;
}

/**
 * kontor_params_unset:
 * @params: (nullable): checked parameters
 * @name: of one
 *
 * Returns: whether it was sent empty, which asks to unset it
 */
gboolean
kontor_params_unset (const KontorValue *params, const char *name)
{
  const KontorValue *value = params != NULL ? kontor_value_get (params, name) : NULL;

  return value != NULL && kontor_value_is_empty (value);
}

/**
 * kontor_params_string:
 * @params: (nullable): checked parameters
 * @name: of one
 *
 * Returns: (transfer none) (nullable): its text; %NULL when it was not sent or sent empty
 */
const char *
kontor_params_string (const KontorValue *params, const char *name)
{
  const KontorValue *value = params != NULL ? kontor_value_get (params, name) : NULL;

  return value != NULL ? string_of (value) : NULL;
}

/**
 * kontor_params_int:
 * @params: (nullable): checked parameters
 * @name: of a number or a time
 * @fallback: when it was not sent or sent empty
 *
 * Returns: its value
 */
gint64
kontor_params_int (const KontorValue *params, const char *name, gint64 fallback)
{
  const KontorValue *value = params != NULL ? kontor_value_get (params, name) : NULL;

  return value != NULL && !kontor_value_is_empty (value) ? value->integer : fallback;
}

/**
 * kontor_params_bool:
 * @params: (nullable): checked parameters
 * @name: of a boolean
 * @fallback: when it was not sent or sent empty
 *
 * Returns: its value
 */
gboolean
kontor_params_bool (const KontorValue *params, const char *name, gboolean fallback)
{
  return kontor_params_int (params, name, fallback) != 0;
}

/**
 * kontor_params_object:
 * @params: (nullable): checked parameters
 * @name: of a nested object or list
 *
 * Returns: (transfer none) (nullable): it, or %NULL when it was not sent or sent empty
 */
const KontorValue *
kontor_params_object (const KontorValue *params, const char *name)
{
  const KontorValue *value = params != NULL ? kontor_value_get (params, name) : NULL;

  return value != NULL && (value->type == KONTOR_VALUE_OBJECT || value->type == KONTOR_VALUE_ARRAY)
             ? value
             : NULL;
}
