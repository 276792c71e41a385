/* extract.c: a few values out of an object's JSON, without reading the rest of it.
 *
 * The paths make a tree of names. Along it the text is walked once, and what no name leads to is
 * jumped over. Text that is not well formed gives fewer values, never a fault. */
#include "core/console/extract.h"

#include <string.h>

#include "core/resource.h"

#define MAX_NODES 48
#define NO_NODE 0 /* the root is nobody's child */

typedef struct
{
  const char *name;
  guint8 length;
  gint8 value;  /* which path ends here; -1: none */
  guint8 child; /* the first one */
  guint8 next;  /* of the same parent */
} Node;

struct _KontorExtract
{
  KontorIndexPathKind kinds[KONTOR_INDEX_MAX_PATHS];
  guint n;
  guint n_nodes;
  Node nodes[MAX_NODES];
};

typedef struct
{
  const KontorExtract *extract;
  KontorArena *arena;
  KontorIndexValue *values;
} Walk;

static guint
add_child (KontorExtract *extract, guint parent, const char *name, gsize length)
{
  Node *nodes = extract->nodes;
  guint child;

  for (child = nodes[parent].child; child != NO_NODE; child = nodes[child].next)
    if (nodes[child].length == length && memcmp (nodes[child].name, name, length) == 0)
      return child;
  g_assert (extract->n_nodes < MAX_NODES);
  child = extract->n_nodes++;
  nodes[child] = (Node){ name, (guint8) length, -1, NO_NODE, nodes[parent].child };
  nodes[parent].child = (guint8) child;
  return child;
}

/**
 * kontor_extract_new:
 * @paths: (array length=n): what is wanted: static
 * @n: how many; at most 16
 *
 * Returns: (transfer full): the paths made ready; it may be used from any thread
 */
KontorExtract *
kontor_extract_new (const KontorIndexPath *paths, guint n)
{
  KontorExtract *extract = g_new0 (KontorExtract, 1);

  g_return_val_if_fail (n <= KONTOR_INDEX_MAX_PATHS, extract);
  extract->n = n;
  extract->n_nodes = 1;
  extract->nodes[0].value = -1;
  for (guint i = 0; i < n; i++)
    {
      const char *name = paths[i].path;
      guint node = 0;

      extract->kinds[i] = paths[i].kind;
      for (;;)
        {
          gsize length = strcspn (name, ".");

          node = add_child (extract, node, name, length);
          if (name[length] == '\0')
            break;
          name += length + 1;
        }
      extract->nodes[node].value = (gint8) i;
    }
  return extract;
}

/**
 * kontor_extract_free:
 * @extract: (transfer full) (nullable): paths
 */
void
kontor_extract_free (KontorExtract *extract)
{
  g_free (extract);
}

static const char *
skip_space (const char *at)
{
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
    at++;
  return at;
}

/* What each byte can mean where a value is jumped over; most mean nothing. */
enum
{
  PLAIN,
  QUOTE,
  BACKSLASH,
  OPENING,
  CLOSING,
  COMMA,
  END,
};

static const guint8 meanings[256]
    = { ['"'] = QUOTE,   ['\\'] = BACKSLASH, ['{'] = OPENING, ['['] = OPENING,
        ['}'] = CLOSING, [']'] = CLOSING,    [','] = COMMA,   ['\0'] = END };

/* From a quote to behind the other one. */
static const char *
skip_string (const char *at)
{
  for (at++;; at++)
    {
      while (meanings[(guchar) *at] == PLAIN)
        at++;
      if (*at == '"')
        return at + 1;
      if (*at == '\\' && at[1] != '\0')
        at++;
      if (*at == '\0')
        return at;
    }
}

/* To the comma or the bracket that ends the value. */
static const char *
skip_value (const char *at)
{
  guint depth = 0;

  for (;;)
    switch (meanings[(guchar) *at])
      {
      case QUOTE:
        at = skip_string (at);
        break;
      case OPENING:
        depth++, at++;
        break;
      case CLOSING:
        if (depth == 0)
          return at;
        depth--, at++;
        break;
      case COMMA:
        if (depth == 0)
          return at;
        at++;
        break;
      case END:
        return at;
      default:
        at++;
      }
}

static guint
hex (const char *at)
{
  guint value = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return 0xfffd;
      value = value * 16 + (guint) digit;
    }
  return value;
}

/* Behind the backslash; two escapes may make one letter. */
static const char *
unescape (const char *at, GString *out)
{
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  const char *simple = *at != '\0' ? strchr (from, *at) : NULL;
  guint c;

  if (*at != 'u')
    {
      g_string_append_c (out, simple != NULL ? to[simple - from] : *at);
      return at + 1;
    }
  c = hex (at + 1);
  if (strnlen (at, 5) < 5)
    return at + strlen (at);
  at += 5;
  if (c >= 0xd800 && c < 0xdc00 && strnlen (at, 6) == 6 && at[0] == '\\' && at[1] == 'u')
    {
      c = 0x10000 + ((c - 0xd800) << 10) + ((hex (at + 2) - 0xdc00) & 0x3ff);
      at += 6;
    }
  if (c >= 0xd800 && c < 0xe000)
    c = 0xfffd;
  if (c != 0)
    g_string_append_unichar (out, c);
  return at;
}

/* The text between the quotes at @at and before @end. */
static const char *
read_text (const Walk *walk, const char *at, const char *end)
{
  g_autoptr (GString) text = NULL;
  gsize length = (gsize) (end - at) >= 2 ? (gsize) (end - at) - 2 : 0;

  if (memchr (at + 1, '\\', length) == NULL)
    return kontor_arena_strndup (walk->arena, at + 1, length);
  text = g_string_sized_new (length);
  for (const char *c = at + 1; c < end - 1 && *c != '"';)
    if (*c == '\\')
      c = unescape (c + 1, text);
    else
      g_string_append_c (text, *c++);
  return kontor_arena_strdup (walk->arena, text->str);
}

static gint64
read_number (const char *at)
{
  if (*at == 't')
    return 1;
  if (*at == 'f')
    return 0;
  return *at == '-' || g_ascii_isdigit (*at) ? g_ascii_strtoll (at, NULL, 10) : KONTOR_NONE;
}

/* Values of an object, or of a list; names are left out. */
static const char *
read_texts (const Walk *walk, const char *at, const char *end)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  while (at < end)
    {
      const char *behind;

      if (*at != '"')
        {
          at++;
          continue;
        }
      behind = skip_string (at);
      if (*skip_space (behind) != ':')
        g_string_append_printf (texts, "%s%s", texts->len > 0 ? " " : "",
                                read_text (walk, at, behind));
      at = behind;
    }
  return texts->len > 0 ? kontor_arena_strdup (walk->arena, texts->str) : NULL;
}

static void
take (const Walk *walk, guint i, const char *at, const char *end)
{
  switch (walk->extract->kinds[i])
    {
    case KONTOR_PATH_NUMBER:
      walk->values[i].number = read_number (at);
      break;
    case KONTOR_PATH_TEXT:
      walk->values[i].text = *at == '"' ? read_text (walk, at, end) : NULL;
      break;
    case KONTOR_PATH_TEXTS:
      walk->values[i].text = read_texts (walk, at, end);
      break;
    case KONTOR_PATH_PRESENCE:
      walk->values[i].number = *at != 'n';
      break;
    }
}

static const Node *
find_child (const KontorExtract *extract, const Node *parent, const char *name, gsize length)
{
  for (guint child = parent->child; child != NO_NODE; child = extract->nodes[child].next)
    if (extract->nodes[child].length == length
        && memcmp (extract->nodes[child].name, name, length) == 0)
      return &extract->nodes[child];
  return NULL;
}

/* From a brace to behind the other one. The tree of names bounds the depth. */
static const char *
walk_object (const Walk *walk, const char *at, const Node *node)
{
  for (at = skip_space (at + 1); *at == '"'; at = skip_space (at))
    {
      const char *name = at + 1, *behind = skip_string (at), *value;
      const Node *child;

      if (behind - name < 1)
        return behind;
      child = find_child (walk->extract, node, name, (gsize) (behind - name - 1));
      at = skip_space (behind);
      if (*at != ':')
        return at;
      value = at = skip_space (at + 1);
      if (child != NULL && child->child != NO_NODE && *at == '{')
        at = walk_object (walk, at, child);
      else
        at = skip_value (at);
      if (child != NULL && child->value >= 0)
        take (walk, (guint) child->value, value, at);
      at = skip_space (at);
      if (*at == ',')
        at++;
    }
  return *at == '}' ? at + 1 : at;
}

/**
 * kontor_extract_read:
 * @extract: paths
 * @json: (nullable): NUL-terminated JSON of an object
 * @arena: where texts live
 * @values: (out caller-allocates): a value for each path; KONTOR_NONE or %NULL where @json has none
 */
void
kontor_extract_read (const KontorExtract *extract,
                     const char *json,
                     KontorArena *arena,
                     KontorIndexValue *values)
{
  Walk walk = { extract, arena, values };

  for (guint i = 0; i < extract->n; i++)
    switch (extract->kinds[i])
      {
      case KONTOR_PATH_NUMBER:
        values[i].number = KONTOR_NONE;
        break;
      case KONTOR_PATH_PRESENCE:
        values[i].number = 0;
        break;
      case KONTOR_PATH_TEXT:
      case KONTOR_PATH_TEXTS:
        values[i].text = NULL;
        break;
      }
  if (json != NULL && *skip_space (json) == '{')
    walk_object (&walk, skip_space (json), &extract->nodes[0]);
}
