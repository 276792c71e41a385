/* schema.c: JSON schemas of what the tables in core/resources declare. */
#include "sdk/schema.h"

#include <string.h>

/* Named after its table's shape, a schema of parameters has this behind its name. */
#define PARAM_SUFFIX "_param"

/**
 * kontor_schema_text:
 * @builder: inside an object
 * @name: of a member
 * @text: its value
 *
 * Adds a member that is a text.
 */
void
kontor_schema_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

/**
 * kontor_schema_reference:
 * @builder: inside a schema
 * @name: of a schema among the components
 * @suffix: what its name ends in, or ""
 *
 * Makes the schema stand for that one.
 */
void
kontor_schema_reference (JsonBuilder *builder, const char *name, const char *suffix)
{
  g_autofree char *path = g_strconcat ("#/components/schemas/", name, suffix, NULL);

  kontor_schema_text (builder, "$ref", path);
}

static void
add_type (JsonBuilder *builder, const char *type, gboolean nullable)
{
  if (!nullable)
    {
      kontor_schema_text (builder, "type", type);
      return;
    }
  json_builder_set_member_name (builder, "type");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, type);
  json_builder_add_string_value (builder, "null");
  json_builder_end_array (builder);
}

static void
add_words (JsonBuilder *builder, const KontorField *field, gboolean nullable)
{
  if (field->values == NULL)
    return;
  json_builder_set_member_name (builder, "enum");
  json_builder_begin_array (builder);
  for (guint i = 0; field->values[i] != NULL; i++)
    json_builder_add_string_value (builder, field->values[i]);
  if (nullable)
    json_builder_add_null_value (builder);
  json_builder_end_array (builder);
}

static void
add_items (JsonBuilder *builder, const KontorField *field, const char *suffix)
{
  json_builder_set_member_name (builder, "items");
  json_builder_begin_object (builder);
  if (field->type == KONTOR_OBJECTS)
    kontor_schema_reference (builder, field->shape->name, suffix);
  else
    {
      kontor_schema_text (builder, "type", "string");
      add_words (builder, field, FALSE);
    }
  json_builder_end_object (builder);
  if (field->max > 0)
    add_number (builder, "maxItems", field->max);
}

/* Begins a choice between schemas; the caller adds the first and ends it. */
static void
begin_choice (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "anyOf");
  json_builder_begin_array (builder);
}

static void
add_choice_of_type (JsonBuilder *builder, const char *type)
{
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "type", type);
  json_builder_end_object (builder);
}

static void
add_choice_of_reference (JsonBuilder *builder, const char *name, const char *suffix)
{
  json_builder_begin_object (builder);
  kontor_schema_reference (builder, name, suffix);
  json_builder_end_object (builder);
}

static void
add_object (JsonBuilder *builder, const char *name, const char *suffix, const char *or_type)
{
  if (or_type == NULL)
    {
      kontor_schema_reference (builder, name, suffix);
      return;
    }
  begin_choice (builder);
  add_choice_of_reference (builder, name, suffix);
  add_choice_of_type (builder, or_type);
  json_builder_end_array (builder);
}

/* An id that expand[] turns into the object it names. */
static void
add_expandable (JsonBuilder *builder, const KontorField *field, gboolean nullable)
{
  g_auto (GStrv) names = g_strsplit (field->target, "|", -1);

  begin_choice (builder);
  add_choice_of_type (builder, "string");
  for (guint i = 0; names[i] != NULL; i++)
    add_choice_of_reference (builder, names[i], "");
  if (nullable)
    add_choice_of_type (builder, "null");
  json_builder_end_array (builder);
}

static void
add_fixed (JsonBuilder *builder, const KontorField *field)
{
  json_builder_set_member_name (builder, "const");
  json_builder_add_value (builder, json_from_string (field->fixed, NULL));
}

static void
add_integer (JsonBuilder *builder, const KontorField *field, gboolean nullable)
{
  add_type (builder, "integer", nullable);
  kontor_schema_text (builder, "format", field->type == KONTOR_TIME ? "unix-time" : "int64");
  if (field->min < field->max)
    add_number (builder, "minimum", field->min);
  if (field->min < field->max && field->max != G_MAXINT64)
    add_number (builder, "maximum", field->max);
}

static void
add_text (JsonBuilder *builder, const KontorField *field, gboolean nullable)
{
  add_type (builder, "string", nullable);
  if (field->type == KONTOR_EMAIL)
    kontor_schema_text (builder, "format", "email");
  if (field->type == KONTOR_CURRENCY)
    kontor_schema_text (builder, "format", "currency");
  if (field->max > 0)
    add_number (builder, "maxLength", field->max);
  add_words (builder, field, nullable);
  if (field->fixed != NULL)
    kontor_schema_text (builder, "default", field->fixed);
}

static void
add_map (JsonBuilder *builder)
{
  kontor_schema_text (builder, "type", "object");
  json_builder_set_member_name (builder, "additionalProperties");
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "type", "string");
  json_builder_end_object (builder);
}

/**
 * kontor_schema_list:
 * @builder: inside a schema
 * @object: "list" or "search_result"
 * @noun: what is in it
 *
 * Describes a page of objects.
 */
void
kontor_schema_list (JsonBuilder *builder, const char *object, const char *noun)
{
  static const char *const names[] = { "object", "data", "has_more", "url" };

  kontor_schema_text (builder, "type", "object");
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    json_builder_add_string_value (builder, names[i]);
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "object");
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "const", object);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "type", "array");
  json_builder_set_member_name (builder, "items");
  json_builder_begin_object (builder);
  kontor_schema_reference (builder, noun, "");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "has_more");
  add_choice_of_type (builder, "boolean");
  json_builder_set_member_name (builder, "url");
  add_choice_of_type (builder, "string");
  json_builder_end_object (builder);
}

/* What the field is in a reply. */
static void
add_shown (JsonBuilder *builder, const KontorField *field)
{
  gboolean nullable = (field->flags & KONTOR_NULLABLE) != 0;

  switch (field->type)
    {
    case KONTOR_FIXED:
      add_fixed (builder, field);
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      add_integer (builder, field, nullable);
      break;
    case KONTOR_SELF_CREATED:
      add_type (builder, "integer", FALSE);
      kontor_schema_text (builder, "format", "unix-time");
      break;
    case KONTOR_BOOL:
    case KONTOR_SELF_LIVEMODE:
      add_type (builder, "boolean", nullable);
      break;
    case KONTOR_OBJECT:
      add_object (builder, field->shape->name, "", nullable ? "null" : NULL);
      break;
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
      add_type (builder, "array", nullable);
      add_items (builder, field, "");
      break;
    case KONTOR_MAP:
      add_map (builder);
      break;
    case KONTOR_RAW:
      add_type (builder, "object", nullable);
      break;
    case KONTOR_SUBLIST:
      kontor_schema_list (builder, "list", field->target);
      break;
    default:
      if (field->type == KONTOR_ID && field->flags & KONTOR_EXPANDABLE)
        add_expandable (builder, field, nullable);
      else
        add_text (builder, field, nullable);
    }
}

static void
add_range (JsonBuilder *builder)
{
  static const char *const bounds[] = { "gt", "gte", "lt", "lte" };

  begin_choice (builder);
  add_choice_of_type (builder, "integer");
  json_builder_begin_object (builder);
  kontor_schema_text (builder, "type", "object");
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      json_builder_set_member_name (builder, bounds[i]);
      add_choice_of_type (builder, "integer");
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

/* What the field is in a request. */
static void
add_sent (JsonBuilder *builder, const KontorField *field)
{
  switch (field->type)
    {
    case KONTOR_OBJECT:
      add_object (builder, field->shape->name, PARAM_SUFFIX,
                  field->flags & KONTOR_CLEARABLE ? "string" : NULL);
      break;
    case KONTOR_OBJECTS:
      add_type (builder, "array", FALSE);
      add_items (builder, field, PARAM_SUFFIX);
      break;
    case KONTOR_ID:
      add_type (builder, "string", FALSE);
      break;
    case KONTOR_RANGE:
      add_range (builder);
      break;
    case KONTOR_ANYTHING:
      break;
    case KONTOR_STRING:
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
      add_text (builder, field, FALSE);
      break;
    case KONTOR_INT:
    case KONTOR_TIME:
      add_integer (builder, field, FALSE);
      break;
    case KONTOR_BOOL:
      add_type (builder, "boolean", FALSE);
      break;
    default:
      add_shown (builder, field);
    }
}

/**
 * kontor_schema_field:
 * @builder: where a value is expected
 * @field: a row
 * @as_param: it is sent, rather than shown
 *
 * Adds the schema of one field.
 */
void
kontor_schema_field (JsonBuilder *builder, const KontorField *field, gboolean as_param)
{
  json_builder_begin_object (builder);
  if (field->doc != NULL)
    kontor_schema_text (builder, "description", field->doc);
  if (as_param)
    add_sent (builder, field);
  else
    add_shown (builder, field);
  json_builder_end_object (builder);
}

/**
 * kontor_schema_is_required:
 * @field: a parameter
 * @operation: of the route
 *
 * Returns: whether a request without it is refused
 */
gboolean
kontor_schema_is_required (const KontorField *field, guint32 operation)
{
  if (operation & KONTOR_IN_ACTION && field->flags & KONTOR_REQUIRED_ACTION)
    return TRUE;
  return field->flags & KONTOR_REQUIRED
         && (operation & KONTOR_IN_CREATE || !(field->flags & KONTOR_IN_CREATE));
}

/**
 * kontor_schema_each_param:
 * @shape: (nullable): of the resource
 * @extra: (nullable): further rows of the route
 * @operation: a KONTOR_IN_ bit; 0 when the resource adds nothing
 * @each: called for each parameter
 * @data: passed on
 */
void
kontor_schema_each_param (const KontorShape *shape,
                          const KontorField *extra,
                          guint32 operation,
                          KontorEachParam each,
                          gpointer data)
{
  if (shape != NULL)
    for (const KontorField *field = shape->fields; field->name != NULL; field++)
      if (field->flags & operation & KONTOR_IN_ANY)
        each (field, data);
  for (; extra != NULL && extra->name != NULL; extra++)
    each (extra, data);
}

typedef struct
{
  JsonBuilder *builder;
  guint32 operation;
} Adding;

static void
add_property (const KontorField *field, gpointer data)
{
  Adding *adding = data;

  json_builder_set_member_name (adding->builder, field->name);
  kontor_schema_field (adding->builder, field, TRUE);
}

static void
add_required (const KontorField *field, gpointer data)
{
  Adding *adding = data;

  if (kontor_schema_is_required (field, adding->operation))
    json_builder_add_string_value (adding->builder, field->name);
}

/**
 * kontor_schema_params:
 * @builder: inside a schema
 * @shape: (nullable): of the resource
 * @extra: (nullable): further rows of the route
 * @operation: a KONTOR_IN_ bit
 * @with_expand: whether expand[] is taken
 *
 * Describes what may be sent as an object.
 */
void
kontor_schema_params (JsonBuilder *builder,
                      const KontorShape *shape,
                      const KontorField *extra,
                      guint32 operation,
                      gboolean with_expand)
{
  static const KontorField expand
      = { "expand", KONTOR_STRINGS, 0, .doc = "What to show whole instead of its id." };
  Adding adding = { builder, operation };

  kontor_schema_text (builder, "type", "object");
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  kontor_schema_each_param (shape, extra, operation, add_required, &adding);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  kontor_schema_each_param (shape, extra, operation, add_property, &adding);
  if (with_expand)
    add_property (&expand, &adding);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "additionalProperties");
  json_builder_add_boolean_value (builder, FALSE);
}

static gboolean
is_shown (const KontorField *field)
{
  return !(field->flags & (KONTOR_PARAM_ONLY | KONTOR_HIDDEN));
}

static void
add_shape (JsonBuilder *builder, const KontorShape *shape, const char *doc)
{
  json_builder_set_member_name (builder, shape->name);
  json_builder_begin_object (builder);
  if (doc != NULL)
    kontor_schema_text (builder, "description", doc);
  kontor_schema_text (builder, "type", "object");
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (is_shown (field) && (field->flags & KONTOR_NULLABLE || !(field->flags & KONTOR_OPTIONAL)))
      json_builder_add_string_value (builder, field->name);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    if (is_shown (field))
      {
        json_builder_set_member_name (builder, field->name);
        kontor_schema_field (builder, field, FALSE);
      }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_param_shape (JsonBuilder *builder, const KontorShape *shape)
{
  g_autofree char *name = g_strconcat (shape->name, PARAM_SUFFIX, NULL);

  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  kontor_schema_params (builder, shape, NULL, KONTOR_IN_NESTED, FALSE);
  json_builder_end_object (builder);
}

/* Adds the shapes inside @shape that were not @seen yet: those that are shown and those that are sent. */
static void
add_nested (JsonBuilder *builder, const KontorShape *shape, GHashTable *seen)
{
  for (const KontorField *field = shape->fields; field->name != NULL; field++)
    {
      if (field->shape == NULL)
        continue;
      if (is_shown (field) && g_hash_table_add (seen, g_strdup (field->shape->name)))
        add_shape (builder, field->shape, NULL);
      if (field->flags & KONTOR_IN_ANY
          && g_hash_table_add (seen, g_strconcat (field->shape->name, PARAM_SUFFIX, NULL)))
        add_param_shape (builder, field->shape);
      add_nested (builder, field->shape, seen);
    }
}

/**
 * kontor_schema_all:
 * @builder: inside an object
 * @extras: (array zero-terminated=1): rows of tables that no resource of the list holds
 *
 * Adds a schema for each resource, and for each shape inside one or inside a row of @extras.
 */
void
kontor_schema_all (JsonBuilder *builder, const KontorField *const *extras)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL)
      add_shape (builder, &kontor_resources[kind]->shape, kontor_resources[kind]->doc);
  for (guint kind = 1; kind < KONTOR_N_KINDS; kind++)
    if (kontor_resources[kind] != NULL)
      add_nested (builder, &kontor_resources[kind]->shape, seen);
  for (; *extras != NULL; extras++)
    {
      const KontorShape shape = { .fields = *extras };

      add_nested (builder, &shape, seen);
    }
}
