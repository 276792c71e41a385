/* resource-read.c: JSON of a declared resource read straight into its struct, in one pass. */
#include "core/resource.h"

#include <string.h>

#include "core/shape.h"

/* A place in the text. What is read was written by us: the reader is strict enough never to leave the text,
 * and gives up at the first thing it does not expect. */
typedef struct
{
  const char *at, *end;
  KontorArena *arena;
  guint depth;
  const char *id; /* the object's, when it is known */
} Reader;

#define MAX_DEPTH 32

static void
skip_space (Reader *reader)
{
  while (
      reader->at < reader->end
      && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\t' || *reader->at == '\r'))
    reader->at++;
}

static gboolean
take (Reader *reader, char c)
{
  skip_space (reader);
  if (reader->at >= reader->end || *reader->at != c)
    return FALSE;
  reader->at++;
  return TRUE;
}

static gboolean
take_word (Reader *reader, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (reader->end - reader->at) < length || memcmp (reader->at, word, length) != 0)
    return FALSE;
  reader->at += length;
  return TRUE;
}

/* The text between two quotes, still escaped. */
static gboolean
take_raw_string (Reader *reader, const char **text, gsize *length, gboolean *escaped)
{
  const char *start;

  *escaped = FALSE;
  if (!take (reader, '"'))
    return FALSE;
  for (start = reader->at; reader->at < reader->end && *reader->at != '"'; reader->at++)
    if (*reader->at == '\\')
      {
        *escaped = TRUE;
        reader->at++;
      }
  if (reader->at >= reader->end)
    return FALSE;
  *text = start;
  *length = (gsize) (reader->at++ - start);
  return TRUE;
}

static gboolean
read_hex (const char *text, const char *end, gunichar *unit)
{
  *unit = 0;
  if (end - text < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return FALSE;
      *unit = *unit * 16 + (gunichar) digit;
    }
  return TRUE;
}

/* One escape; returns the text after it, or NULL. */
static const char *
unescape_one (const char *from, const char *end, char **to)
{
  static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *name = *from != '\0' ? strchr (names, *from) : NULL;
  gunichar unit, low;

  if (name != NULL)
    {
      *(*to)++ = meanings[name - names];
      return from + 1;
    }
  if (*from != 'u' || !read_hex (from + 1, end, &unit))
    return NULL;
  from += 5;
  if (unit >= 0xd800 && unit < 0xdc00)
    {
      if (end - from < 6 || from[0] != '\\' || from[1] != 'u' || !read_hex (from + 2, end, &low)
          || low < 0xdc00 || low > 0xdfff)
        return NULL;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      from += 6;
    }
  *to += g_unichar_to_utf8 (unit, *to);
  return from;
}

static const char *
unescape (KontorArena *arena, const char *text, gsize length)
{
  char *out = kontor_arena_alloc (arena, length + 1), *to = out;
  const char *end = text + length;

  while (text < end)
    if (*text != '\\')
      *to++ = *text++;
    else if ((text = unescape_one (text + 1, end, &to)) == NULL)
      return NULL;
  *to = '\0';
  return out;
}

static const char *
take_string (Reader *reader)
{
  const char *text;
  gsize length;
  gboolean escaped;

  if (!take_raw_string (reader, &text, &length, &escaped))
    return NULL;
  return escaped ? unescape (reader->arena, text, length)
                 : kontor_arena_strndup (reader->arena, text, length);
}

static gboolean skip_value (Reader *reader);

static gboolean
skip_container (Reader *reader, char close)
{
  gboolean object = close == '}', fine = TRUE;
  const char *text;
  gsize length;
  gboolean escaped;

  reader->at++;
  if (take (reader, close))
    return TRUE;
  if (++reader->depth > MAX_DEPTH)
    return FALSE;
  do
    {
      if (object)
        fine = take_raw_string (reader, &text, &length, &escaped) && take (reader, ':');
      fine = fine && skip_value (reader);
    }
  while (fine && take (reader, ','));
  reader->depth--;
  return fine && take (reader, close);
}

static gboolean
skip_value (Reader *reader)
{
  const char *text;
  gsize length;
  gboolean escaped;

  skip_space (reader);
  if (reader->at >= reader->end)
    return FALSE;
  switch (*reader->at)
    {
    case '"':
      return take_raw_string (reader, &text, &length, &escaped);
    case '{':
      return skip_container (reader, '}');
    case '[':
      return skip_container (reader, ']');
    default:
      text = reader->at;
      while (reader->at < reader->end && strchr ("+-.eE0123456789truefalsn", *reader->at) != NULL
             && *reader->at != '\0')
        reader->at++;
      return reader->at > text;
    }
}

static gboolean
take_integer (Reader *reader, gint64 *value)
{
  gboolean negative = FALSE;
  guint64 number = 0;
  const char *start;

  skip_space (reader);
  if (reader->at < reader->end && *reader->at == '-')
    {
      negative = TRUE;
      reader->at++;
    }
  for (start = reader->at; reader->at < reader->end && g_ascii_isdigit (*reader->at); reader->at++)
    if (__builtin_mul_overflow (number, 10, &number)
        || __builtin_add_overflow (number, (guint64) (*reader->at - '0'), &number))
      return FALSE;
  if (reader->at == start || number > (guint64) G_MAXINT64)
    return FALSE;
  *value = negative ? -(gint64) number : (gint64) number;
  return TRUE;
}

static gboolean
take_enum (Reader *reader, const char *const *values, int *value)
{
  const char *text;
  gsize length;
  gboolean escaped;

  if (!take_raw_string (reader, &text, &length, &escaped))
    return FALSE;
  for (int i = 0; values[i] != NULL; i++)
    if (strncmp (values[i], text, length) == 0 && values[i][length] == '\0')
      {
        *value = i;
        return TRUE;
      }
  /* A word that a newer server knows: left at its default. */
  return TRUE;
}

static gboolean read_fields (Reader *reader, const KontorShape *shape, guint8 *data);

/* Elements of a list gather on the stack of a pointer array, then move to the arena. */
static gpointer
take_list (Reader *reader, const KontorField *field)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  KontorItems *list = kontor_arena_new0 (reader->arena, KontorItems);

  if (!take (reader, '['))
    return NULL;
  if (!take (reader, ']'))
    {
      do
        {
          gpointer item;

          if (field->type == KONTOR_STRINGS)
            item = (gpointer) take_string (reader);
          else
            {
              item = kontor_shape_new (field->shape, reader->arena);
              if (!read_fields (reader, field->shape, item))
                return NULL;
            }
          if (item == NULL)
            return NULL;
          g_ptr_array_add (found, item);
        }
      while (take (reader, ','));
      if (!take (reader, ']'))
        return NULL;
    }
  list->n = found->len;
  list->items = kontor_arena_new0_n (reader->arena, gpointer, MAX (found->len, 1));
  if (found->len > 0)
    memcpy (list->items, found->pdata, found->len * sizeof (gpointer));
  return list;
}

static KontorMap *
take_map (Reader *reader)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (KontorPair));
  KontorMap *map = kontor_arena_new0 (reader->arena, KontorMap);

  if (!take (reader, '{'))
    return NULL;
  if (!take (reader, '}'))
    {
      do
        {
          KontorPair pair;

          skip_space (reader);
          pair.key = take_string (reader);
          if (pair.key == NULL || !take (reader, ':'))
            return NULL;
          pair.value = take_string (reader);
          if (pair.value == NULL)
            return NULL;
          g_array_append_val (pairs, pair);
        }
      while (take (reader, ','));
      if (!take (reader, '}'))
        return NULL;
    }
  map->n = pairs->len;
  map->pairs = kontor_arena_new0_n (reader->arena, KontorPair, MAX (pairs->len, 1));
  if (pairs->len > 0)
    memcpy (map->pairs, pairs->data, pairs->len * sizeof (KontorPair));
  return map;
}

/* An id may have been expanded in a full reply: then it is the object's. */
static const char *
take_id (Reader *reader)
{
  static const KontorField id_fields[] = { { "id", KONTOR_STRING }, { NULL } };
  static const KontorShape id_shape = { "id", sizeof (const char *), id_fields };
  const char *id = NULL;

  skip_space (reader);
  if (reader->at < reader->end && *reader->at == '{')
    return read_fields (reader, &id_shape, (guint8 *) &id) ? id : NULL;
  return take_string (reader);
}

/* A full reply has all of it, slim JSON the letters only. */
static const char *
take_secret (Reader *reader)
{
  const char *letters = take_string (reader);

  if (letters == NULL || reader->id == NULL || strstr (letters, KONTOR_SECRET_MARK) != NULL)
    return letters;
  return kontor_arena_printf (reader->arena, "%s" KONTOR_SECRET_MARK "%s", reader->id, letters);
}

static gboolean
take_raw (Reader *reader, const char **json)
{
  const char *start;

  skip_space (reader);
  start = reader->at;
  if (!skip_value (reader))
    return FALSE;
  *json = kontor_arena_strndup (reader->arena, start, (gsize) (reader->at - start));
  return TRUE;
}

#define SET(Type, value) ((*(Type *) (gpointer) member = (value)) != NULL)

static gboolean
read_value (Reader *reader, const KontorField *field, guint8 *member)
{
  switch (field->type)
    {
    case KONTOR_STRING:
    case KONTOR_EMAIL:
    case KONTOR_CURRENCY:
      return SET (const char *, take_string (reader));
    case KONTOR_CLIENT_SECRET:
      return SET (const char *, take_secret (reader));
    case KONTOR_ID:
      return SET (const char *, take_id (reader));
    case KONTOR_INT:
    case KONTOR_TIME:
      return take_integer (reader, (gint64 *) (gpointer) member);
    case KONTOR_BOOL:
      if (take_word (reader, "true"))
        *(int *) (gpointer) member = 1;
      else if (take_word (reader, "false"))
        *(int *) (gpointer) member = 0;
      else
        return FALSE;
      return TRUE;
    case KONTOR_ENUM:
      return take_enum (reader, field->values, (int *) (gpointer) member);
    case KONTOR_OBJECT:
      return SET (gpointer, kontor_shape_new (field->shape, reader->arena))
             && read_fields (reader, field->shape, *(gpointer *) (gpointer) member);
    case KONTOR_STRINGS:
    case KONTOR_OBJECTS:
      return SET (gpointer, take_list (reader, field));
    case KONTOR_MAP:
      return SET (gpointer, take_map (reader));
    case KONTOR_RAW:
      return take_raw (reader, (const char **) (gpointer) member);
    default:
      return skip_value (reader);
    }
}

static gboolean
read_field (Reader *reader, const KontorPlan *plan, guint8 *data)
{
  const KontorField *field;
  const char *name;
  gsize length;
  gboolean escaped;

  if (!take_raw_string (reader, &name, &length, &escaped) || !take (reader, ':'))
    return FALSE;
  field = kontor_plan_find (plan, name, length, 0);
  skip_space (reader);
  if (field == NULL)
    return skip_value (reader);
  if (take_word (reader, "null"))
    {
      /* Null is what a fresh struct says already, but for a text with another default. */
      if (field->type == KONTOR_STRING)
        *(const char **) (gpointer) (data + field->offset) = NULL;
      return TRUE;
    }
  return read_value (reader, field, data + field->offset);
}

static gboolean
read_fields (Reader *reader, const KontorShape *shape, guint8 *data)
{
  const KontorPlan *plan = kontor_plan_of (shape);

  if (!take (reader, '{') || ++reader->depth > MAX_DEPTH)
    return FALSE;
  reader->depth--;
  if (take (reader, '}'))
    return TRUE;
  reader->depth++;
  do
    {
      skip_space (reader);
      if (!read_field (reader, plan, data))
        return FALSE;
    }
  while (take (reader, ','));
  reader->depth--;
  return take (reader, '}');
}

/**
 * kontor_object_read:
 * @resource: what the JSON describes
 * @arena: where strings and nested structs are to live; nothing of @json is kept
 * @json: slim JSON, or a full reply
 * @length: of @json in bytes
 * @object: a fresh struct of @resource; id, time and mode are its row's and are not touched
 *
 * Names that are not in the table are skipped.
 *
 * Returns: whether all of it could be read
 */
gboolean
kontor_object_read (const KontorResource *resource,
                    KontorArena *arena,
                    const char *json,
                    gsize length,
                    KontorObject *object)
{
  Reader reader = { json, json + length, arena, 0, object->id };

  if (json == NULL || !read_fields (&reader, &resource->shape, (guint8 *) object))
    return FALSE;
  if (resource->complete != NULL)
    resource->complete (object, arena);
  return TRUE;
}
