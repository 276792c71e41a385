/* json.c: reading JSON into a tree of values, strictly and within bounds, and writing it back. */
#include "core/json.h"

#include <string.h>

#define FEW_MEMBERS 16 /* up to here comparing each name with each is cheapest */

typedef struct
{
  KontorArena *arena;
  char *start; /* a copy of the text, in which strings are unescaped where they stand */
  char *at;
  char *end; /* a NUL stands here, so that looking at one byte is always safe */
  guint depth;
  guint n_values;
  const char *problem;
} Reader;

static gboolean read_value (Reader *reader, KontorValue *value);

static gboolean
fail (Reader *reader, const char *what)
{
  if (reader->problem == NULL)
    reader->problem = kontor_arena_printf (reader->arena,
                                           "Invalid JSON: %s at byte %" G_GSIZE_FORMAT ".", what,
                                           (gsize) (reader->at - reader->start));
  return FALSE;
}

static void
skip_space (Reader *reader)
{
  while (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')
    reader->at++;
}

static gboolean
read_hex4 (Reader *reader, gunichar *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++, reader->at++)
    {
      int digit = g_ascii_xdigit_value (*reader->at);

      if (digit < 0)
        return fail (reader, "four hexadecimal digits were expected");
      *unit = *unit << 4 | (gunichar) digit;
    }
  return TRUE;
}

/* After "\u": one code point, which may be written as two surrogates. */
static gboolean
read_unicode_escape (Reader *reader, char **out)
{
  gunichar c, low;

  if (!read_hex4 (reader, &c))
    return FALSE;
  if (c >= 0xd800 && c < 0xdc00 && reader->at[0] == '\\' && reader->at[1] == 'u')
    {
      reader->at += 2;
      if (!read_hex4 (reader, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail (reader, "a surrogate without its other half");
      c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
    }
  if (c >= 0xd800 && c <= 0xdfff)
    return fail (reader, "a surrogate without its other half");
  if (c == 0)
    return fail (reader, "a NUL character");

  *out += g_unichar_to_utf8 (c, *out);
  return TRUE;
}

static gboolean
read_escape (Reader *reader, char **out)
{
  static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  char c = *reader->at;
  const char *found;

  if (c == 'u')
    {
      reader->at++;
      return read_unicode_escape (reader, out);
    }
  found = c == '\0' ? NULL : strchr (names, c);
  if (found == NULL)
    return fail (reader, "an unknown escape");
  *(*out)++ = meanings[found - names];
  reader->at++;
  return TRUE;
}

/* At the byte after the opening quote. The closing one makes room for the NUL. */
static gboolean
read_string (Reader *reader, const char **text, gsize *length)
{
  char *start = reader->at, *out;

  while ((guchar) *reader->at >= 0x20 && *reader->at != '"' && *reader->at != '\\')
    reader->at++;
  for (out = reader->at; *reader->at != '"';)
    {
      if (*reader->at == '\\')
        {
          reader->at++;
          if (!read_escape (reader, &out))
            return FALSE;
        }
      else if (reader->at == reader->end)
        return fail (reader, "a string without its end");
      else if ((guchar) *reader->at < 0x20)
        return fail (reader, "a control character in a string");
      else
        *out++ = *reader->at++;
    }
  reader->at++;
  *out = '\0';
  *text = start;
  *length = (gsize) (out - start);
  return TRUE;
}

static gboolean
skip_digits (Reader *reader)
{
  if (!g_ascii_isdigit (*reader->at))
    return fail (reader, "a digit was expected");
  while (g_ascii_isdigit (*reader->at))
    reader->at++;
  return TRUE;
}

static gboolean
read_number (Reader *reader, KontorValue *value)
{
  const char *start = reader->at;

  if (*reader->at == '-')
    reader->at++;
  if (*reader->at == '0')
    reader->at++;
  else if (!skip_digits (reader))
    return FALSE;
  if (*reader->at == '.')
    {
      reader->at++;
      if (!skip_digits (reader))
        return FALSE;
    }
  if (*reader->at == 'e' || *reader->at == 'E')
    {
      reader->at++;
      if (*reader->at == '+' || *reader->at == '-')
        reader->at++;
      if (!skip_digits (reader))
        return FALSE;
    }

  /* Copied, as the byte behind it is still to be read and cannot become a NUL. */
  value->type = KONTOR_VALUE_NUMBER;
  value->length = (gsize) (reader->at - start);
  value->text = kontor_arena_strndup (reader->arena, start, value->length);
  return TRUE;
}

static gboolean
read_word (Reader *reader, KontorValue *value)
{
  static const struct
  {
    const char *text;
    gsize length;
    KontorValueType type;
  } words[] = {
    { "true", 4, KONTOR_VALUE_BOOL },
    { "false", 5, KONTOR_VALUE_BOOL },
    { "null", 4, KONTOR_VALUE_NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strncmp (reader->at, words[i].text, words[i].length) == 0)
      {
        value->type = words[i].type;
        value->text = words[i].text;
        value->length = words[i].length;
        reader->at += words[i].length;
        return TRUE;
      }
  return fail (reader,
               reader->at == reader->end ? "the text ends too early" : "a value was expected");
}

static int
compare_members (gconstpointer a, gconstpointer b, gpointer data)
{
  const KontorValue *const *member_a = a, *const *member_b = b;

  return strcmp ((*member_a)->key, (*member_b)->key);
}

/* Marks each member whose name comes again, by taking the name away. */
static void
unname_repeated (KontorValue *object)
{
  if (object->n_children <= FEW_MEMBERS)
    {
      for (KontorValue *child = object->first; child != NULL; child = child->next)
        for (KontorValue *other = child->next; other != NULL && child->key != NULL;
             other = other->next)
          if (strcmp (child->key, other->key) == 0)
            child->key = NULL;
    }
  else
    {
      /* Sorted, so that a hundred thousand names do not cost ten thousand million comparisons. The
       * sort is stable: of equal names the last sent is the last. */
      g_autofree KontorValue **members = g_new (KontorValue *, object->n_children);
      guint n = 0;

      for (KontorValue *child = object->first; child != NULL; child = child->next)
        members[n++] = child;
      g_qsort_with_data (members, (gint) n, sizeof *members, compare_members, NULL);
      for (guint i = 0; i + 1 < n; i++)
        if (strcmp (members[i]->key, members[i + 1]->key) == 0)
          members[i]->key = NULL;
    }
}

static void
drop_repeated (KontorValue *object)
{
  KontorValue **link = &object->first;

  unname_repeated (object);
  object->last = NULL;
  for (KontorValue *child = object->first; child != NULL; child = child->next)
    if (child->key == NULL)
      object->n_children--;
    else
      {
        *link = child;
        link = &child->next;
        object->last = child;
      }
  *link = NULL;
}

static gboolean
read_key (Reader *reader, const char **key)
{
  gsize length;

  if (*reader->at != '"')
    return fail (reader, "a name in quotes was expected");
  reader->at++;
  if (!read_string (reader, key, &length))
    return FALSE;
  skip_space (reader);
  if (*reader->at != ':')
    return fail (reader, "a colon was expected");
  reader->at++;
  skip_space (reader);
  return TRUE;
}

/* At the byte after the opening bracket. */
static gboolean
read_children (Reader *reader, KontorValue *value, char close)
{
  skip_space (reader);
  if (*reader->at == close)
    {
      reader->at++;
      return TRUE;
    }

  for (;;)
    {
      const char *key = NULL;

      if (value->type == KONTOR_VALUE_OBJECT && !read_key (reader, &key))
        return FALSE;
      if (!read_value (reader, kontor_value_append (reader->arena, value, key, KONTOR_VALUE_NULL)))
        return FALSE;
      skip_space (reader);
      if (*reader->at == close)
        break;
      if (*reader->at != ',')
        return fail (reader, "a comma or the closing bracket was expected");
      reader->at++;
      skip_space (reader);
    }

  reader->at++;
  if (value->type == KONTOR_VALUE_OBJECT)
    drop_repeated (value);
  return TRUE;
}

static gboolean
read_value (Reader *reader, KontorValue *value)
{
  gboolean is_object = *reader->at == '{';
  gboolean ok;

  if (++reader->n_values > KONTOR_JSON_MAX_VALUES)
    return fail (reader, "more than " G_STRINGIFY (KONTOR_JSON_MAX_VALUES) " values");
  if (is_object || *reader->at == '[')
    {
      if (reader->depth == KONTOR_JSON_MAX_DEPTH)
        return fail (reader, "nested too deeply");
      reader->depth++;
      reader->at++;
      value->type = is_object ? KONTOR_VALUE_OBJECT : KONTOR_VALUE_ARRAY;
      ok = read_children (reader, value, is_object ? '}' : ']');
      reader->depth--;
      return ok;
    }
  if (*reader->at == '"')
    {
      reader->at++;
      value->type = KONTOR_VALUE_STRING;
      return read_string (reader, &value->text, &value->length);
    }
  if (*reader->at == '-' || g_ascii_isdigit (*reader->at))
    return read_number (reader, value);
  return read_word (reader, value);
}

/**
 * kontor_json_parse:
 * @arena: where the tree lives; it keeps nothing of @text
 * @text: the bytes, as they came
 * @length: how many
 * @problem: (out): a sentence for a person, with the position, when the answer is %NULL
 *
 * Takes what RFC 8259 allows and no more: UTF-8, no byte order mark, no NUL (escaped or not), no
 * half of a surrogate pair, no more depth and values than json.h allows. Numbers stay the text they are.
 * Of members with one name the last counts.
 *
 * Returns: (transfer none) (nullable): the root
 */
KontorValue *
kontor_json_parse (KontorArena *arena, const char *text, gsize length, const char **problem)
{
  Reader reader = { .arena = arena };
  KontorValue *root = kontor_value_new (arena, KONTOR_VALUE_NULL);
  const char *invalid;

  reader.start = reader.at = kontor_arena_strndup (arena, text, length);
  reader.end = reader.start + length;

  if (!g_utf8_validate_len (reader.start, length, &invalid))
    {
      reader.at = (char *) invalid;
      fail (&reader, *invalid == '\0' ? "a NUL character" : "invalid UTF-8");
    }
  else
    {
      skip_space (&reader);
      if (read_value (&reader, root))
        {
          skip_space (&reader);
          if (reader.at == reader.end)
            return root;
          fail (&reader, "the text goes on behind its end");
        }
    }

  *problem = reader.problem;
  return NULL;
}

/**
 * kontor_json_write:
 * @buffer: where the text is appended
 * @value: a tree
 *
 * Writes @value without a space: numbers as they were sent, strings escaped where they must be.
 */
void
kontor_json_write (KontorBuffer *buffer, const KontorValue *value)
{
  switch (value->type)
    {
    case KONTOR_VALUE_NULL:
      kontor_buffer_literal (buffer, "null");
      break;
    case KONTOR_VALUE_BOOL:
    case KONTOR_VALUE_NUMBER:
      kontor_buffer_append (buffer, value->text, value->length);
      break;
    case KONTOR_VALUE_STRING:
      kontor_buffer_string (buffer, value->text);
      break;
    case KONTOR_VALUE_ARRAY:
    case KONTOR_VALUE_OBJECT:
      kontor_buffer_char (buffer, value->type == KONTOR_VALUE_ARRAY ? '[' : '{');
      for (const KontorValue *child = value->first; child != NULL; child = child->next)
        {
          if (child != value->first)
            kontor_buffer_char (buffer, ',');
          if (value->type == KONTOR_VALUE_OBJECT)
            {
              kontor_buffer_string (buffer, child->key);
              kontor_buffer_char (buffer, ':');
            }
          kontor_json_write (buffer, child);
        }
      kontor_buffer_char (buffer, value->type == KONTOR_VALUE_ARRAY ? ']' : '}');
      break;
    default:
      g_assert_not_reached ();
    }
}
