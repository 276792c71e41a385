/* query.c: Stripe's search query language, read into a list of conditions. */
#include "core/query.h"

#include <string.h>

#define MAX_TERMS 32
#define SHORTEST_LIKENESS 3 /* letters that ~ needs */

typedef enum
{
  NO_JOIN,
  JOIN_AND,
  JOIN_OR
} Join;

typedef struct
{
  const char *start;
  const char *at;
  const KontorQueryField *fields; /* %NULL: any field, it is a filter */
  KontorArena *arena;
  KontorError *error;
} Reader;

/* A value as it was written. */
typedef struct
{
  const char *text;
  gboolean quoted;
} Literal;

static gboolean
fail (const Reader *reader, const char *what)
{
  gboolean is_filter = reader->fields == NULL;

  return kontor_error_set (
      reader->error, KONTOR_ERROR_INVALID_REQUEST, is_filter ? "filter" : "query",
      "The %s is not valid: %s, at character %ld.", is_filter ? "filter" : "search query", what,
      g_utf8_pointer_to_offset (reader->start, reader->at) + 1);
}

static gboolean
skip_space (Reader *reader)
{
  const char *before = reader->at;

  reader->at += strspn (reader->at, " \t\r\n");
  return reader->at > before;
}

/* Takes a word such as AND, unless it is the beginning of a longer one. */
static gboolean
take_word (Reader *reader, const char *word)
{
  gsize length = strlen (word);

  if (g_ascii_strncasecmp (reader->at, word, length) != 0
      || (reader->at[length] != '\0' && strchr (" \t\r\n", reader->at[length]) == NULL))
    return FALSE;
  reader->at += length;
  return TRUE;
}

/* A text in single or double quotes; a backslash takes the next byte as it is. */
static gboolean
read_quoted (Reader *reader, const char **text)
{
  char quote = *reader->at;
  const char *p = reader->at + 1;
  char *out, *start;

  for (; *p != quote; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      if (*p == '\0')
        return fail (reader, "the quote that begins here has no end");
    }

  out = start = kontor_arena_alloc (reader->arena, (gsize) (p - reader->at));
  for (const char *from = reader->at + 1; from < p; from++)
    {
      if (*from == '\\')
        from++;
      *out++ = *from;
    }
  reader->at = p + 1;
  *text = start;
  return TRUE;
}

static gboolean
is_quote (char c)
{
  return c == '"' || c == '\'';
}

/* Names with dots between them. */
static gboolean
make_field (Reader *reader, const char *name, gsize length, KontorQueryTerm *term)
{
  KontorQueryField *field = kontor_arena_new0 (reader->arena, KontorQueryField);
  char *copy = kontor_arena_strndup (reader->arena, name, length);

  if (copy[0] == '.' || copy[length - 1] == '.' || strstr (copy, "..") != NULL)
    return fail (reader, "a name is missing beside a dot");
  *field = (KontorQueryField){ .name = copy, .kind = KONTOR_QUERY_ANY, .substring = TRUE };
  term->field = field;
  reader->at += length;
  return TRUE;
}

static gboolean
read_field (Reader *reader, KontorQueryTerm *term)
{
  const char *name = reader->at;
  gsize length = 0;

  while (g_ascii_isalnum (name[length]) || name[length] == '_' || name[length] == '.')
    length++;
  if (length == 0)
    return fail (reader, "the name of a field was expected");
  if (reader->fields == NULL)
    return make_field (reader, name, length, term);

  for (const KontorQueryField *field = reader->fields; field->name != NULL; field++)
    if (strlen (field->name) == length && memcmp (field->name, name, length) == 0)
      term->field = field;
  if (term->field == NULL)
    return fail (reader, kontor_arena_printf (reader->arena, "the field '%.*s' cannot be searched",
                                              (int) MIN (length, 100), name));
  reader->at += length;
  return TRUE;
}

static gboolean
is_metadata (const KontorQueryField *field)
{
  return field->kind == KONTOR_QUERY_METADATA
         || (field->kind == KONTOR_QUERY_ANY && g_str_has_suffix (field->name, "metadata"));
}

/* metadata["key"] */
static gboolean
read_metadata_key (Reader *reader, KontorQueryTerm *term)
{
  gboolean has_key = *reader->at == '[';

  if (!is_metadata (term->field))
    return has_key ? fail (reader, "only metadata takes a key in brackets") : TRUE;
  if (!has_key || !is_quote (reader->at[1]))
    return fail (reader, "metadata needs a key in quotes and brackets, such as metadata[\"key\"]");

  reader->at++;
  if (!read_quoted (reader, &term->key))
    return FALSE;
  if (*reader->at != ']')
    return fail (reader, "a closing bracket was expected");
  reader->at++;
  return TRUE;
}

static gboolean
read_operator (Reader *reader, KontorQueryTerm *term)
{
  static const struct
  {
    const char text[3];
    KontorQueryOperator op;
  } operators[] = {
    { ":", KONTOR_QUERY_EQUAL },          { "~", KONTOR_QUERY_LIKE },
    { "<=", KONTOR_QUERY_LESS_EQUAL },    { "<", KONTOR_QUERY_LESS }, /* the longer one first */
    { ">=", KONTOR_QUERY_GREATER_EQUAL }, { ">", KONTOR_QUERY_GREATER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_str_has_prefix (reader->at, operators[i].text))
      {
        term->op = operators[i].op;
        if (term->op == KONTOR_QUERY_LIKE && !term->field->substring)
          return fail (reader, "this field cannot be searched for a part of its text");
        if (term->op > KONTOR_QUERY_LIKE && term->field->kind != KONTOR_QUERY_NUMBER
            && term->field->kind != KONTOR_QUERY_ANY)
          return fail (reader, "only numbers can be compared by size");
        reader->at += strlen (operators[i].text);
        return TRUE;
      }
  return fail (reader, "one of : ~ < > <= >= was expected");
}

static gboolean
read_literal (Reader *reader, Literal *literal)
{
  gsize length;

  literal->quoted = is_quote (*reader->at);
  if (literal->quoted)
    return read_quoted (reader, &literal->text);

  length = strcspn (reader->at, " \t\r\n\"'()[]<>~:");
  if (length == 0)
    return fail (reader, "a value was expected");
  literal->text = kontor_arena_strndup (reader->arena, reader->at, length);
  reader->at += length;
  return TRUE;
}

static gboolean
wants_number (const KontorQueryTerm *term)
{
  return term->field->kind == KONTOR_QUERY_NUMBER
         || (term->field->kind == KONTOR_QUERY_ANY && term->op > KONTOR_QUERY_LIKE);
}

static gboolean
read_value (Reader *reader, KontorQueryTerm *term)
{
  const char *begin = reader->at;
  Literal literal = { NULL, FALSE };

  if (!read_literal (reader, &literal))
    return FALSE;

  if (!literal.quoted && term->op == KONTOR_QUERY_EQUAL
      && g_ascii_strcasecmp (literal.text, "null") == 0)
    term->op = KONTOR_QUERY_IS_NULL;
  else if (wants_number (term)
           && !g_ascii_string_to_signed (literal.text, 10, G_MININT64, G_MAXINT64, &term->number,
                                         NULL))
    {
      reader->at = begin;
      return fail (reader, "a whole number was expected");
    }
  else if (term->op == KONTOR_QUERY_LIKE && g_utf8_strlen (literal.text, -1) < SHORTEST_LIKENESS)
    {
      reader->at = begin;
      return fail (reader, "~ needs at least three letters");
    }
  else
    term->text = literal.text;
  return TRUE;
}

static gboolean
read_term (Reader *reader, KontorQueryTerm *term)
{
  if (*reader->at == '-')
    {
      term->negated = TRUE;
      reader->at++;
    }
  return read_field (reader, term) && read_metadata_key (reader, term)
         && read_operator (reader, term) && read_value (reader, term);
}

/* What stands between two terms; nothing but space means AND. */
static gboolean
read_join (Reader *reader, Join *join)
{
  const char *begin = reader->at;
  Join found = JOIN_AND;

  if (!skip_space (reader))
    return fail (reader, "a space was expected");
  if (take_word (reader, "OR"))
    found = JOIN_OR;
  else
    take_word (reader, "AND");
  if (*join != NO_JOIN && *join != found)
    {
      reader->at = begin + strspn (begin, " \t\r\n");
      return fail (reader, "AND and OR cannot be mixed in one query");
    }
  *join = found;
  skip_space (reader);
  return TRUE;
}

/**
 * kontor_query_parse:
 * @text: valid UTF-8, such as `status:"active" AND -metadata["colour"]:null`
 * @fields: (nullable): what may be searched; a row without a name ends them. %NULL takes any
 *   name, such as `card.brand`, for a filter: see core/filter.h
 * @arena: where the terms live; they keep nothing of @text
 * @query: (out): the conditions
 * @error: what is filled in when the answer is %FALSE: it names `query` (or
 *   `filter`) and the character
 *
 * Words without quotes are taken as values too, and null without quotes as the absence of one.
 *
 * Returns: whether @text was understood
 */
gboolean
kontor_query_parse (const char *text,
                    const KontorQueryField *fields,
                    KontorArena *arena,
                    KontorQuery *query,
                    KontorError *error)
{
  Reader reader = { text, text, fields, arena, error };
  KontorQuery result = { 0 };
  Join join = NO_JOIN;

  result.terms = kontor_arena_new0_n (arena, KontorQueryTerm, MAX_TERMS);
  skip_space (&reader);
  for (;;)
    {
      const char *end;

      if (result.n == MAX_TERMS)
        return fail (&reader, "a query has at most " G_STRINGIFY (MAX_TERMS) " conditions");
      if (!read_term (&reader, &result.terms[result.n++]))
        return FALSE;

      end = reader.at + strspn (reader.at, " \t\r\n");
      if (*end == '\0')
        break;
      if (!read_join (&reader, &join))
        return FALSE;
    }

  result.any = join == JOIN_OR;
  *query = result;
  return TRUE;
}
