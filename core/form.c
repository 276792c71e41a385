/* form.c: reading application/x-www-form-urlencoded text with Stripe's bracket notation. */
#include "core/form.h"

#include <string.h>

#define LONGEST_QUOTED_NAME 100

/* One name, taken apart: "card[exp_month]" is two segments. */
typedef struct
{
  const char *segments[KONTOR_FORM_MAX_DEPTH]; /* "" stands for [] */
  guint n;
} Path;

typedef struct
{
  KontorArena *arena;
  const char *start;
  const char *at;
  const char *end;
  char *out; /* where the next decoded byte goes; decoding never makes text longer */
  const char *problem;
} Reader;

static gboolean
fail_here (Reader *reader, const char *what)
{
  reader->problem = kontor_arena_printf (reader->arena,
                                         "%s at byte %" G_GSIZE_FORMAT " of the form.", what,
                                         (gsize) (reader->at - reader->start));
  return FALSE;
}

static gboolean
fail_about (Reader *reader, const char *name, const char *what)
{
  gsize length = strlen (name);

  if (length > LONGEST_QUOTED_NAME)
    for (length = LONGEST_QUOTED_NAME; (name[length] & 0xc0) == 0x80; length--)
      ; /* a letter is not cut in two */
  reader->problem
      = kontor_arena_printf (reader->arena, "The parameter '%.*s' %s.", (int) length, name, what);
  return FALSE;
}

/* Decodes up to @stop or '&' or the end and puts a NUL behind it. */
static gboolean
decode (Reader *reader, char stop, char **text, gsize *length)
{
  char *start = reader->out, *out = start;
  const char *p = reader->at;
  guchar seen = 0;

  for (; p < reader->end && *p != '&' && *p != stop; p++)
    {
      char c = *p;

      reader->at = p;
      if (c == '+')
        c = ' ';
      else if (c == '%')
        {
          int high = reader->end - p > 2 ? g_ascii_xdigit_value (p[1]) : -1;
          int low = high >= 0 ? g_ascii_xdigit_value (p[2]) : -1;

          if (low < 0)
            return fail_here (reader, "Invalid percent-encoding");
          c = (char) (high << 4 | low);
          p += 2;
        }
      if (G_UNLIKELY (c == '\0'))
        return fail_here (reader, "A NUL character");
      seen |= (guchar) c;
      *out++ = c;
    }

  if (seen >= 0x80 && !g_utf8_validate_len (start, (gsize) (out - start), NULL))
    return fail_here (reader, "Text that is not UTF-8 ends");
  reader->at = p;
  reader->out = out + 1;
  *out = '\0';
  *text = start;
  *length = (gsize) (out - start);
  return TRUE;
}

/* Splits a decoded name where it stands: its brackets become the ends of its segments. */
static gboolean
split (Reader *reader, char *name, Path *path)
{
  char *p = name + strcspn (name, "[]");

  path->segments[0] = name;
  path->n = 1;
  while (*p != '\0')
    {
      char *close = *p == '[' ? strpbrk (p + 1, "[]") : NULL;

      if (close == NULL || *close != ']' || (close[1] != '\0' && close[1] != '['))
        return fail_here (reader, "Unbalanced brackets in a parameter's name");
      if (path->n == KONTOR_FORM_MAX_DEPTH)
        return fail_here (reader, "A parameter nested too deeply");
      path->segments[path->n++] = p + 1;
      *p = *close = '\0';
      p = close + 1;
    }

  if (name[0] == '\0')
    return fail_here (reader, "A parameter without a name");
  return TRUE;
}

/* The last child is tried first, since a form names the fields of one object in a row. */
static KontorValue *
find_child (KontorValue *parent, const char *key)
{
  if (parent->last != NULL && strcmp (parent->last->key, key) == 0)
    return parent->last;
  return (KontorValue *) kontor_value_get (parent, key);
}

static gboolean
has_path (KontorValue *value, const char *const *segments, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (value->type != KONTOR_VALUE_OBJECT || segments[i][0] == '\0')
        return FALSE;
      value = find_child (value, segments[i]);
      if (value == NULL)
        return FALSE;
    }
  return TRUE;
}

/* What the segment after this one asks the value to be. */
static KontorValueType
type_wanted (const Path *path, guint next)
{
  if (next == path->n)
    return KONTOR_VALUE_STRING;
  return path->segments[next][0] == '\0' ? KONTOR_VALUE_ARRAY : KONTOR_VALUE_OBJECT;
}

/* A list of objects has no index: a name that the last element already has begins the next one. */
static KontorValue *
element_for (Reader *reader, KontorValue *list, const Path *path, guint next)
{
  KontorValueType type = type_wanted (path, next);

  if (type == KONTOR_VALUE_OBJECT && list->last != NULL && list->last->type == type
      && !has_path (list->last, path->segments + next, path->n - next))
    return list->last;
  return kontor_value_append (reader->arena, list, NULL, type);
}

static gboolean
insert (Reader *reader, KontorValue *into, const Path *path, const char *text, gsize length)
{
  KontorValue *value = into;

  for (guint i = 0; i < path->n; i++)
    {
      KontorValueType type = type_wanted (path, i + 1);
      KontorValue *child;

      if (value->type == KONTOR_VALUE_ARRAY)
        child = element_for (reader, value, path, i + 1);
      else
        child = find_child (value, path->segments[i]);

      if (child == NULL && value->n_children >= KONTOR_FORM_MAX_MEMBERS)
        return fail_about (reader, path->segments[0], "belongs to a hash with too many members");
      if (child == NULL)
        child = kontor_value_append (reader->arena, value, path->segments[i], type);
      else if (child->type != type)
        return fail_about (reader, path->segments[0],
                           "is given in two ways that exclude each other");
      else if (type == KONTOR_VALUE_ARRAY && value->type == KONTOR_VALUE_ARRAY)
        return fail_about (reader, path->segments[0], "holds a list inside a list");
      value = child;
    }

  value->text = text;
  value->length = length;
  return TRUE;
}

static gboolean
read_pair (Reader *reader, KontorValue *into)
{
  Path path;
  char *name, *text = "";
  gsize length;

  if (!decode (reader, '=', &name, &length) || !split (reader, name, &path))
    return FALSE;

  length = 0;
  if (reader->at < reader->end && *reader->at == '=')
    {
      reader->at++;
      if (!decode (reader, '&', &text, &length))
        return FALSE;
    }
  return insert (reader, into, &path, text, length);
}

/**
 * kontor_form_parse:
 * @arena: where the tree lives; it keeps nothing of @text
 * @text: the query or the body, as it came
 * @length: bytes of @text
 * @into: an object, which may already hold what another form said
 * @problem: (out): a sentence for a person, when the answer is %FALSE
 *
 * Every leaf is a string. `a[b]=` makes `a` an object and `a[]=` a list; `a[0]=` makes an object
 * whose keys are digits, as only the parameter's table knows whether a list or a hash is meant. A
 * name that comes twice keeps its last value.
 *
 * Returns: whether all of @text was understood; if not, @into may hold a part of it
 */
gboolean
kontor_form_parse (KontorArena *arena,
                   const char *text,
                   gsize length,
                   KontorValue *into,
                   const char **problem)
{
  Reader reader = { arena, text, text, text + length, NULL, NULL };
  guint n_fields = 0;

  if (length == 0)
    return TRUE;

  /* Each NUL takes the place of a "=" or "&", save the last one. */
  reader.out = kontor_arena_alloc (arena, length + 1);
  while (reader.at < reader.end)
    {
      if (*reader.at == '&')
        {
          reader.at++;
          continue;
        }
      if (++n_fields > KONTOR_FORM_MAX_FIELDS)
        {
          *problem = "The form has more than " G_STRINGIFY (KONTOR_FORM_MAX_FIELDS) " parameters.";
          return FALSE;
        }
      if (!read_pair (&reader, into))
        {
          *problem = reader.problem;
          return FALSE;
        }
    }
  return TRUE;
}
