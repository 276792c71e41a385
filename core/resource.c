/* resource.c: objects of declared resources: made, found by name, and written as JSON. */
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

      if (resource != NULL && resource->prefix != NULL
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

/* A text's @fixed is what it says until somebody says otherwise. */
static gboolean
has_default_text (const KontorField *field)
{
  return field->type == KONTOR_STRING && field->fixed != NULL
         && (field->flags & KONTOR_PARAM_ONLY) == 0;
}

static void
set_defaults (const KontorShape *shape, guint8 *data)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      if (has_default_text (field))
        *(const char **) (gpointer) (data + field->offset) = field->fixed;
      if ((field->flags & (KONTOR_NULLABLE | KONTOR_OPTIONAL | KONTOR_HIDDEN)) == 0
          || (field->flags & KONTOR_PARAM_ONLY))
        continue;
      if (field->type == KONTOR_INT || field->type == KONTOR_TIME)
        *(gint64 *) (gpointer) (data + field->offset) = KONTOR_NONE;
      else if (field->type == KONTOR_ENUM
               || (field->type == KONTOR_BOOL && !(field->flags & KONTOR_HIDDEN)))
        *(int *) (gpointer) (data + field->offset) = -1;
    }
}

/**
 * kontor_shape_new:
 * @shape: a declared shape
 * @arena: where it is to live
 *
 * Returns: (transfer none): its struct, zeroed, with default texts, and every number, boolean and enum that may be null set to null.
 *   A hidden number is null, a hidden boolean false
 */
gpointer
kontor_shape_new (const KontorShape *shape, KontorArena *arena)
{
  guint8 *data = kontor_arena_alloc (arena, shape->size);

  set_defaults (shape, data);
  return data;
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

static gboolean
may_be_null (const KontorField *field)
{
  return (field->flags & (KONTOR_NULLABLE | KONTOR_OPTIONAL)) != 0;
}

/* Null, or as empty as a fresh struct: what slim JSON leaves out. */
static gboolean
is_default (const KontorField *field, const guint8 *member)
{
  gboolean null_number = may_be_null (field) || (field->flags & KONTOR_HIDDEN);

  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      return *(const gint64 *) (gconstpointer) member == (null_number ? KONTOR_NONE : 0);
    case KONTOR_BOOL:
      return *(const int *) (gconstpointer) member
             == (may_be_null (field) && !(field->flags & KONTOR_HIDDEN) ? -1 : 0);
    case KONTOR_ENUM:
      return *(const int *) (gconstpointer) member == (null_number ? -1 : 0);
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
    case KONTOR_MAP:
      {
        const guint *n = *(const guint *const *) (gconstpointer) member;

        return n == NULL || (*n == 0 && !may_be_null (field));
      }
    case KONTOR_STRING:
      if (has_default_text (field))
        return g_strcmp0 (*(const char *const *) (gconstpointer) member, field->fixed) == 0;
      return *(const gconstpointer *) (gconstpointer) member == NULL;
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
    case KONTOR_ID:
    case KONTOR_OBJECT:
    case KONTOR_RAW:
      return *(const gconstpointer *) (gconstpointer) member == NULL;
    default:
      return TRUE;
    }
}

static const KontorExpand *
find_expand (const KontorExpand *expand, const char *name)
{
  for (; expand != NULL; expand = expand->next)
    if (g_str_equal (expand->name, name))
      return expand;
  return NULL;
}

typedef struct
{
  const KontorObject *object; /* whose id, created and livemode are shown */
  const KontorLoader *loader;
  gboolean slim;
} Writer;

static void write_fields (const Writer *writer,
                          const KontorShape *shape,
                          const guint8 *data,
                          const KontorExpand *expand,
                          KontorBuffer *out);

static void
write_strings (const KontorStrings *strings, KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; strings != NULL && i < strings->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, strings->items[i]);
    }
  kontor_buffer_char (out, ']');
}

static void
write_items (const Writer *writer,
             const KontorField *field,
             const KontorItems *items,
             const KontorExpand *expand,
             KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; items != NULL && i < items->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_fields (writer, field->shape, items->items[i], expand, out);
    }
  kontor_buffer_char (out, ']');
}

static void
write_map (const KontorMap *map, KontorBuffer *out)
{
  kontor_buffer_char (out, '{');
  for (guint i = 0; map != NULL && i < map->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, map->pairs[i].key);
      kontor_buffer_char (out, ':');
      kontor_buffer_string (out, map->pairs[i].value);
    }
  kontor_buffer_char (out, '}');
}

static void
write_id (const Writer *writer,
          const KontorField *field,
          const char *id,
          const KontorExpand *expand,
          KontorBuffer *out)
{
  const KontorObject *object = expand != NULL && writer->loader != NULL
                                   ? writer->loader->load (writer->loader->data, field, id)
                                   : NULL;

  if (object != NULL)
    kontor_object_write (object, expand->children, writer->loader, out);
  else
    kontor_buffer_string (out, id);
}

static void
write_sublist (const Writer *writer,
               const KontorField *field,
               const KontorExpand *expand,
               KontorBuffer *out)
{
  if (expand != NULL && writer->loader != NULL)
    writer->loader->sublist (writer->loader->data, field, writer->object, expand->children, out);
  else
    kontor_buffer_literal (out, "null");
}

static void
write_account (const KontorObject *object, KontorBuffer *out)
{
  kontor_buffer_int (out, kontor_key_scope (object->key) >> 1);
}

#define MEMBER(Type) (*(const Type *) (gconstpointer) member)

/* The value of a field that is not null. */
static void
write_value (const Writer *writer,
             const KontorField *field,
             const guint8 *member,
             const KontorExpand *expand,
             KontorBuffer *out)
{
  switch (field->type)
    {
    case KONTOR_STRING:
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
      kontor_buffer_string (out, MEMBER (char *));
      break;
    case KONTOR_ID:
      write_id (writer, field, MEMBER (char *), expand, out);
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      kontor_buffer_int (out, MEMBER (gint64));
      break;
    case KONTOR_BOOL:
      kontor_buffer_puts (out, MEMBER (int) ? "true" : "false");
      break;
    case KONTOR_ENUM:
      kontor_buffer_string (out, field->values[MEMBER (int)]);
      break;
    case KONTOR_OBJECT:
      write_fields (writer, field->shape, MEMBER (guint8 *),
                    expand != NULL ? expand->children : NULL, out);
      break;
    case KONTOR_STRINGS:
      write_strings (MEMBER (KontorStrings *), out);
      break;
    case KONTOR_OBJECTS:
      write_items (writer, field, MEMBER (KontorItems *), expand != NULL ? expand->children : NULL,
                   out);
      break;
    case KONTOR_MAP:
      write_map (MEMBER (KontorMap *), out);
      break;
    case KONTOR_RAW:
      kontor_buffer_puts (out, MEMBER (char *));
      break;
    case KONTOR_SUBLIST:
      write_sublist (writer, field, expand, out);
      break;
    case KONTOR_SELF_ID:
      kontor_buffer_string (out, writer->object->id);
      break;
    case KONTOR_SELF_CREATED:
      kontor_buffer_int (out, writer->object->created);
      break;
    case KONTOR_SELF_LIVEMODE:
      kontor_buffer_puts (out, kontor_key_scope (writer->object->key) & 1 ? "true" : "false");
      break;
    case KONTOR_SELF_SCOPE_ACCOUNT:
      write_account (writer->object, out);
      break;
    case KONTOR_FIXED:
    case KONTOR_RANGE:
    case KONTOR_ANYTHING:
      break;
    }
}

static gboolean
is_null (const KontorField *field, const guint8 *member)
{
  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      return MEMBER (gint64) == KONTOR_NONE;
    case KONTOR_BOOL:
    case KONTOR_ENUM:
      return MEMBER (int) < 0;
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
      return MEMBER (gpointer) == NULL && may_be_null (field);
    case KONTOR_STRING:
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
    case KONTOR_ID:
    case KONTOR_OBJECT:
    case KONTOR_RAW:
      return MEMBER (gpointer) == NULL;
    default:
      return FALSE;
    }
}

static gboolean
is_left_out (const KontorField *field, gboolean null, const KontorExpand *wish)
{
  if (field->flags & KONTOR_WHEN_EXPANDED)
    return wish == NULL;
  return null && (field->flags & (KONTOR_OPTIONAL | KONTOR_NULLABLE)) == KONTOR_OPTIONAL;
}

static void
write_fields (const Writer *writer,
              const KontorShape *shape,
              const guint8 *data,
              const KontorExpand *expand,
              KontorBuffer *out)
{
  const KontorPlan *plan = kontor_plan_of (shape);
  gsize start = out->length;

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const KontorShapeStep *step = &plan->steps[i];
      const KontorExpand *wish;
      gboolean null;

      if (step->before != NULL)
        kontor_buffer_append (out, step->before, step->before_length);
      if (step->field == NULL)
        continue;
      wish = expand != NULL ? find_expand (expand, step->field->name) : NULL;
      null = is_null (step->field, data + step->field->offset);
      if (is_left_out (step->field, null, wish))
        continue;
      kontor_buffer_append (out, step->name, step->name_length);
      if (null)
        kontor_buffer_literal (out, "null");
      else
        write_value (writer, step->field, data + step->field->offset, wish, out);
    }
  /* Every field came with its comma: the first one's place is the brace's. */
  if (out->length == start)
    kontor_buffer_char (out, '{');
  else
    out->data[start] = '{';
  kontor_buffer_char (out, '}');
}

/**
 * kontor_object_write:
 * @object: an object
 * @expand: (nullable): what to show whole instead of its id
 * @loader: (nullable): how to get at it
 * @out: gets the JSON that the API sends
 */
void
kontor_object_write (const KontorObject *object,
                     const KontorExpand *expand,
                     const KontorLoader *loader,
                     KontorBuffer *out)
{
  Writer writer = { object, loader, FALSE };

  write_fields (&writer, &object->resource->shape, (const guint8 *) object, expand, out);
}

/**
 * kontor_shape_write:
 * @shape: a nested shape
 * @data: its struct
 * @out: gets its JSON
 */
void
kontor_shape_write (const KontorShape *shape, gconstpointer data, KontorBuffer *out)
{
  Writer writer = { NULL, NULL, FALSE };

  write_fields (&writer, shape, data, NULL, out);
}

static gboolean
is_stored (const KontorField *field)
{
  switch (field->type)
    {
    case KONTOR_FIXED:
    case KONTOR_SUBLIST:
    case KONTOR_RANGE:
    case KONTOR_ANYTHING:
    case KONTOR_SELF_ID:
    case KONTOR_SELF_CREATED:
    case KONTOR_SELF_LIVEMODE:
    case KONTOR_SELF_SCOPE_ACCOUNT:
      return FALSE;
    default:
      return (field->flags & KONTOR_PARAM_ONLY) == 0;
    }
}

static void write_slim (const KontorShape *shape, const guint8 *data, KontorBuffer *out);

static void
write_slim_items (const KontorField *field, const KontorItems *items, KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; i < items->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_slim (field->shape, items->items[i], out);
    }
  kontor_buffer_char (out, ']');
}

static void
write_slim (const KontorShape *shape, const guint8 *data, KontorBuffer *out)
{
  static const Writer writer = { NULL, NULL, TRUE };
  gsize start = out->length;

  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      const guint8 *member = data + field->offset;

      if (!is_stored (field) || is_default (field, member))
        continue;
      kontor_buffer_literal (out, ",\"");
      kontor_buffer_puts (out, field->name);
      kontor_buffer_literal (out, "\":");
      if (is_null (field, member))
        kontor_buffer_literal (out, "null");
      else if (field->type == KONTOR_OBJECT)
        write_slim (field->shape, MEMBER (guint8 *), out);
      else if (field->type == KONTOR_OBJECTS)
        write_slim_items (field, MEMBER (KontorItems *), out);
      else
        write_value (&writer, field, member, NULL, out);
    }
  if (out->length == start)
    kontor_buffer_char (out, '{');
  else
    out->data[start] = '{';
  kontor_buffer_char (out, '}');
}

/**
 * kontor_object_write_slim:
 * @object: an object
 * @out: gets what is kept of it: the fields that are not as in a fresh struct. Id, time and mode are its row's
 */
void
kontor_object_write_slim (const KontorObject *object, KontorBuffer *out)
{
  write_slim (&object->resource->shape, (const guint8 *) object, out);
}
