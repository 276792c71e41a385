/* resource-write.c: structs of declared shapes written as JSON, as the API shows it and as it is kept. */
#include "core/resource.h"

#include <string.h>

#include "core/shape.h"

typedef struct
{
  const KontorObject *object; /* whose id, created and livemode are shown */
  const KontorLoader *loader;
} Writer;

#define MEMBER(Type) (*(const Type *) (gconstpointer) member)

static inline void
append (KontorBuffer *out, KontorPiece piece)
{
  kontor_buffer_append (out, piece.text, piece.length);
}

static const KontorExpand *
find_expand (const KontorExpand *expand, const char *name)
{
  for (; expand != NULL; expand = expand->next)
    if (g_str_equal (expand->name, name))
      return expand;
  return NULL;
}

/* Every field came with its comma: the first one's place is the brace's. */
static void
close_object (gsize start, KontorBuffer *out)
{
  if (out->length == start)
    kontor_buffer_char (out, '{');
  else
    out->data[start] = '{';
  kontor_buffer_char (out, '}');
}

static void
write_strings (const KontorStrings *strings, KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; i < strings->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      kontor_buffer_string (out, strings->items[i]);
    }
  kontor_buffer_char (out, ']');
}

static void
write_map (const KontorMap *map, KontorBuffer *out)
{
  kontor_buffer_char (out, '{');
  for (guint i = 0; i < map->n; i++)
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
write_boolean (gboolean value, KontorBuffer *out)
{
  if (value)
    kontor_buffer_literal (out, "true");
  else
    kontor_buffer_literal (out, "false");
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
    case KONTOR_SELF_ID:
    case KONTOR_SELF_CREATED:
    case KONTOR_SELF_LIVEMODE:
    case KONTOR_SUBLIST:
      return FALSE;
    default:
      return MEMBER (gpointer) == NULL;
    }
}

/* What looks the same in both kinds of JSON. */
static void
write_plain (const KontorStep *step, const guint8 *member, KontorBuffer *out)
{
  switch (step->field->type)
    {
    case KONTOR_STRING:
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
    case KONTOR_ID:
    case KONTOR_CLIENT_SECRET:
      kontor_buffer_string (out, MEMBER (char *));
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      kontor_buffer_int (out, MEMBER (gint64));
      break;
    case KONTOR_BOOL:
      write_boolean (MEMBER (int), out);
      break;
    case KONTOR_ENUM:
      append (out, step->words[MEMBER (int)]);
      break;
    case KONTOR_STRINGS:
      write_strings (MEMBER (KontorStrings *), out);
      break;
    case KONTOR_MAP:
      write_map (MEMBER (KontorMap *), out);
      break;
    case KONTOR_RAW:
      kontor_buffer_puts (out, MEMBER (char *));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void write_fields (const Writer *writer,
                          const KontorPlan *plan,
                          const guint8 *data,
                          const KontorExpand *expand,
                          KontorBuffer *out);

static void
write_items (const Writer *writer,
             const KontorPlan *plan,
             const KontorItems *items,
             const KontorExpand *expand,
             KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; i < items->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_fields (writer, plan, items->items[i], expand, out);
    }
  kontor_buffer_char (out, ']');
}

static void
write_expanded (const Writer *writer,
                const KontorField *field,
                const char *id,
                const KontorExpand *wish,
                KontorBuffer *out)
{
  const KontorObject *object = writer->loader->load (writer->loader->data, field, id);

  if (object != NULL)
    kontor_object_write (object, wish->children, writer->loader, out);
  else
    kontor_buffer_string (out, id);
}

static void
write_value (const Writer *writer,
             const KontorStep *step,
             const guint8 *member,
             const KontorExpand *wish,
             KontorBuffer *out)
{
  const KontorExpand *inside = wish != NULL ? wish->children : NULL;

  switch (step->field->type)
    {
    case KONTOR_OBJECT:
      write_fields (writer, step->nested, MEMBER (guint8 *), inside, out);
      break;
    case KONTOR_OBJECTS:
      write_items (writer, step->nested, MEMBER (KontorItems *), inside, out);
      break;
    case KONTOR_SUBLIST:
      writer->loader->sublist (writer->loader->data, step->field, writer->object, inside, out);
      break;
    case KONTOR_SELF_ID:
      kontor_buffer_string (out, writer->object->id);
      break;
    case KONTOR_SELF_CREATED:
      kontor_buffer_int (out, writer->object->created);
      break;
    case KONTOR_SELF_LIVEMODE:
      write_boolean (kontor_key_scope (writer->object->key) & 1, out);
      break;
    default:
      if (wish != NULL && step->field->type == KONTOR_ID && writer->loader != NULL)
        write_expanded (writer, step->field, MEMBER (char *), wish, out);
      else
        write_plain (step, member, out);
    }
}

static void
write_fields (const Writer *writer,
              const KontorPlan *plan,
              const guint8 *data,
              const KontorExpand *expand,
              KontorBuffer *out)
{
  gsize start = out->length;

  for (const KontorStep *step = plan->steps; step < plan->steps + plan->n_steps; step++)
    {
      const KontorField *field = step->field;
      const KontorExpand *wish = NULL;

      if (field == NULL)
        {
          append (out, step->lead);
          continue;
        }
      if (expand != NULL)
        wish = find_expand (expand, field->name);
      if (is_null (field, data + field->offset)
          || ((field->flags & KONTOR_WHEN_EXPANDED) && (wish == NULL || writer->loader == NULL)))
        {
          append (out, step->absent);
          continue;
        }
      append (out, step->lead);
      write_value (writer, step, data + field->offset, wish, out);
    }
  close_object (start, out);
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
  Writer writer = { object, loader };

  write_fields (&writer, kontor_plan_of (&object->resource->shape), (const guint8 *) object, expand,
                out);
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
  Writer writer = { NULL, NULL };

  write_fields (&writer, kontor_plan_of (shape), data, NULL, out);
}

/* As in a fresh struct: what slim JSON leaves out. */
static gboolean
is_default (const KontorField *field, const guint8 *member, const guint8 *fresh)
{
  switch (field->type)
    {
    case KONTOR_INT:
    case KONTOR_TIME:
      return MEMBER (gint64) == *(const gint64 *) (gconstpointer) fresh;
    case KONTOR_BOOL:
    case KONTOR_ENUM:
      return MEMBER (int) == *(const int *) (gconstpointer) fresh;
    case KONTOR_STRING:
      return MEMBER (char *) == *(const char *const *) (gconstpointer) fresh
             || (field->fixed != NULL && g_strcmp0 (MEMBER (char *), field->fixed) == 0);
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
    case KONTOR_MAP:
      /* All three begin with how many they are. */
      return MEMBER (guint *) == NULL
             || (*MEMBER (guint *) == 0
                 && (field->type == KONTOR_MAP
                     || (!kontor_field_may_be_null (field) && field->fixed == NULL)));
    default:
      return MEMBER (gpointer) == NULL;
    }
}

static void write_slim (const KontorPlan *plan, const guint8 *data, KontorBuffer *out);

static void
write_slim_items (const KontorPlan *plan, const KontorItems *items, KontorBuffer *out)
{
  kontor_buffer_char (out, '[');
  for (guint i = 0; i < items->n; i++)
    {
      if (i > 0)
        kontor_buffer_char (out, ',');
      write_slim (plan, items->items[i], out);
    }
  kontor_buffer_char (out, ']');
}

/* The object's id before them is known anyway. */
static const char *
letters_of (const char *client_secret)
{
  const char *mark = strstr (client_secret, KONTOR_SECRET_MARK);

  return mark != NULL ? mark + strlen (KONTOR_SECRET_MARK) : client_secret;
}

static void
write_slim (const KontorPlan *plan, const guint8 *data, KontorBuffer *out)
{
  gsize start = out->length;

  for (const KontorStep *step = plan->kept; step < plan->kept + plan->n_kept; step++)
    {
      const KontorField *field = step->field;
      const guint8 *member = data + field->offset;

      if (is_default (field, member, plan->fresh + field->offset))
        continue;
      append (out, step->lead);
      if (is_null (field, member))
        kontor_buffer_literal (out, "null");
      else if (field->type == KONTOR_OBJECT)
        write_slim (step->nested, MEMBER (guint8 *), out);
      else if (field->type == KONTOR_OBJECTS)
        write_slim_items (step->nested, MEMBER (KontorItems *), out);
      else if (field->type == KONTOR_CLIENT_SECRET)
        kontor_buffer_string (out, letters_of (MEMBER (char *)));
      else
        write_plain (step, member, out);
    }
  close_object (start, out);
}

/**
 * kontor_object_write_slim:
 * @object: an object
 * @out: gets what is kept of it: the fields that are not as in a fresh struct. Id, time and mode are its
 *   row's
 */
void
kontor_object_write_slim (const KontorObject *object, KontorBuffer *out)
{
  write_slim (kontor_plan_of (&object->resource->shape), (const guint8 *) object, out);
}
