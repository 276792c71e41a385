/* query.c: the line in which people say what they look for, read into a list of conditions. */
#include "core/console/query.h"

#include <string.h>

#include "core/console/text.h"
#include "core/id.h"

#define MAX_VALUES 32
#define FARTHEST_LIKENESS 2 /* letters by which a word may be mistyped to be offered instead */

typedef struct
{
  const char *line;
  const char *at;
  const KontorFindField *fields;
  const KontorFindSettings *settings;
  KontorArena *arena;
  KontorFindError *error;
} Reader;

static gboolean
fail (const Reader *reader, const char *from, const char *to, const char *message)
{
  reader->error->start = (gsize) (from - reader->line);
  reader->error->length = (gsize) (to - from);
  reader->error->message = kontor_arena_strdup (reader->arena, message);
  return FALSE;
}

static gboolean
is_space (char c)
{
  return c != '\0' && strchr (" \t\r\n", c) != NULL;
}

/**
 * kontor_find_fold:
 * @text: valid UTF-8
 * @length: in bytes, or -1
 *
 * What the index keeps and what is looked for in it are both folded, so case never matters.
 *
 * Returns: (transfer full): @text in lower case, without control characters
 */
char *
kontor_find_fold (const char *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  gboolean is_ascii = TRUE;
  char *folded;

  for (gsize i = 0; i < n && is_ascii; i++)
    is_ascii = (guchar) text[i] < 0x80;
  folded = is_ascii ? g_ascii_strdown (text, (gssize) n) : g_utf8_strdown (text, (gssize) n);
  for (char *c = folded; *c != '\0'; c++)
    if ((guchar) *c < ' ')
      *c = ' ';
  return folded;
}

static char *
fold (KontorArena *arena, const char *text, gsize length)
{
  g_autofree char *folded = kontor_find_fold (text, (gssize) length);

  return kontor_arena_strdup (arena, folded);
}

/* How many letters must change to make one word of the other; stops counting past the farthest. */
static guint
distance (const char *a, const char *b)
{
  guint row[32], n = (guint) strlen (b), before;

  if (n >= G_N_ELEMENTS (row) || strlen (a) >= G_N_ELEMENTS (row))
    return G_MAXUINT;
  for (guint j = 0; j <= n; j++)
    row[j] = j;
  for (guint i = 0; a[i] != '\0'; i++)
    {
      before = row[0]++;
      for (guint j = 0; j < n; j++)
        {
          guint swap = before + (a[i] != b[j]);

          before = row[j + 1];
          row[j + 1] = MIN (swap, MIN (row[j], before) + 1);
        }
    }
  return row[n];
}

static void
offer_nearer (const char *word, const char *candidate, const char **nearest, guint *best)
{
  guint d = distance (word, candidate);

  if (d < *best)
    {
      *nearest = candidate;
      *best = d;
    }
}

/* ------------------------------------------------------------------------------------ values -- */

/* A value as it was written, up to a space or | outside of quotes. */
typedef struct
{
  const char *start, *end; /* with the quotes */
  const char *text;        /* without them */
  gboolean quoted;
} Literal;

static gboolean
read_literal (Reader *reader, Literal *literal)
{
  literal->start = reader->at;
  literal->quoted = *reader->at == '"';
  if (literal->quoted)
    {
      const char *close = strchr (reader->at + 1, '"');

      if (close == NULL)
        return fail (reader, reader->at, reader->at + strlen (reader->at),
                     _ ("The quotation mark that begins here has no end."));
      reader->at = close + 1;
      literal->text = kontor_arena_strndup (reader->arena, literal->start + 1,
                                            (gsize) (close - literal->start - 1));
    }
  else
    {
      while (*reader->at != '\0' && !is_space (*reader->at) && *reader->at != '|')
        reader->at++;
      literal->text = kontor_arena_strndup (reader->arena, literal->start,
                                            (gsize) (reader->at - literal->start));
    }
  literal->end = reader->at;
  return TRUE;
}

static gboolean
refuse_word (const Reader *reader, const KontorFindField *field, const Literal *literal)
{
  const char *nearest = NULL;
  guint best = FARTHEST_LIKENESS + 1;
  g_autoptr (GString) message = g_string_new (NULL);

  for (const char *const *value = field->values; *value != NULL; value++)
    offer_nearer (literal->text, *value, &nearest, &best);
  /* Translators: a value and a field of the search line, such as “faild” and “status”. */
  g_string_printf (message, _ ("“%s” is no value of %s."), literal->text, field->name);
  if (nearest != NULL)
    g_string_append_printf (message, _ (" Did you mean “%s”?"), nearest);
  else
    {
      g_autofree char *all = g_strjoinv (", ", (char **) field->values);

      g_string_append_printf (message, _ (" It takes %s."), all);
    }
  return fail (reader, literal->start, literal->end, message->str);
}

/* A word of the field's, in whatever case and with - or _ in it. */
static gboolean
read_word (const Reader *reader,
           const KontorFindField *field,
           const Literal *literal,
           KontorFindValue *value)
{
  g_autofree char *folded = kontor_find_fold (literal->text, -1);

  if (field->values == NULL)
    return TRUE;
  g_strdelimit (folded, "-", '_');
  for (guint i = 0; field->values[i] != NULL; i++)
    if (strcmp (field->values[i], folded) == 0)
      {
        value->bit = i;
        value->text = field->values[i];
        return TRUE;
      }
  return refuse_word (reader, field, literal);
}

static gboolean
understand (Reader *reader,
            const KontorFindField *field,
            const Literal *literal,
            KontorFindValue *value)
{
  const char *problem = NULL;
  gboolean good = TRUE;

  value->text = fold (reader->arena, literal->text, strlen (literal->text));
  value->quoted = literal->quoted;
  value->tick = kontor_id_tick (literal->text);
  if (field == NULL)
    return TRUE;
  switch (field->kind)
    {
    case KONTOR_FIND_WORD:
    case KONTOR_FIND_FLAG:
      return read_word (reader, field, literal, value);
    case KONTOR_FIND_MONEY:
      good = kontor_find_read_amount (literal->text, reader->settings, value, &problem);
      break;
    case KONTOR_FIND_NUMBER:
      good = kontor_find_read_number (literal->text, value, &problem);
      break;
    case KONTOR_FIND_TIME:
      good = kontor_find_read_time (literal->text, reader->settings, value, &problem);
      break;
    case KONTOR_FIND_REFERENCE:
      if (value->tick < 0 && g_str_has_prefix (literal->text, field->prefix))
        problem = _ ("This id is not complete.");
      good = problem == NULL;
      break;
    case KONTOR_FIND_TEXT:
      break;
    }
  return good || fail (reader, literal->start, literal->end, problem);
}

/* One or more values with | between them. */
static gboolean
read_values (Reader *reader, const char *begin, KontorFindTerm *term)
{
  KontorFindValue values[MAX_VALUES] = { 0 };

  for (;;)
    {
      Literal literal;

      if (term->n == MAX_VALUES)
        return fail (reader, begin, reader->at, _ ("These are too many values for one condition."));
      if (!read_literal (reader, &literal))
        return FALSE;
      if (*literal.text == '\0')
        return fail (reader, begin, reader->at, _ ("A value is missing here."));
      if (!understand (reader, term->field, &literal, &values[term->n]))
        return FALSE;
      term->n++;
      if (*reader->at != '|')
        break;
      reader->at++;
    }
  if (*reader->at != '\0' && !is_space (*reader->at))
    return fail (reader, begin, reader->at + 1, _ ("A space is missing here."));
  term->values = kontor_arena_new0_n (reader->arena, KontorFindValue, term->n);
  memcpy (term->values, values, term->n * sizeof values[0]);
  return TRUE;
}

/* ------------------------------------------------------------------------------------- terms -- */

static const KontorFindField *
find_field (const KontorFindField *fields, const char *name, gsize length)
{
  for (const KontorFindField *field = fields; field->name != NULL; field++)
    if (strlen (field->name) == length && g_ascii_strncasecmp (field->name, name, length) == 0)
      return field;
  return NULL;
}

/* How long the name before a colon is; 0: there is none, it is a plain word. */
static gsize
name_length (const char *at)
{
  gsize length = 0;

  while (g_ascii_isalnum (at[length]) || at[length] == '_')
    length++;
  return at[length] == ':' && !g_str_has_prefix (at + length, "://") ? length : 0;
}

static gboolean
refuse_field (const Reader *reader, const char *name, gsize length)
{
  g_autofree char *word = g_ascii_strdown (name, (gssize) length);
  g_autoptr (GString) message = g_string_new (NULL);
  const char *nearest = NULL;
  guint best = FARTHEST_LIKENESS + 1;

  for (const KontorFindField *field = reader->fields; field->name != NULL; field++)
    offer_nearer (word, field->name, &nearest, &best);
  g_string_printf (message, _ ("There is no field “%s” here."), word);
  if (nearest != NULL)
    g_string_append_printf (message, _ (" Did you mean “%s”?"), nearest);
  else
    g_string_append (message, _ (" Put it in quotation marks to look for the words."));
  return fail (reader, name, name + length, message->str);
}

/* The term as it stands, with names in lower case. */
static const char *
canonical (const Reader *reader, const KontorFindTerm *term, const char *values)
{
  return kontor_arena_printf (reader->arena, "%s%s%s%.*s", term->negated ? "-" : "",
                              term->field != NULL ? term->field->name : "",
                              term->field != NULL ? ":" : "", (int) (reader->at - values), values);
}

static gboolean
read_term (Reader *reader, KontorFindTerm *term)
{
  const char *begin = reader->at;
  gsize length;
  const char *values;

  term->negated = *reader->at == '-';
  reader->at += term->negated;
  if (*reader->at == '\0' || is_space (*reader->at))
    return fail (reader, begin, reader->at, _ ("A minus leaves out the word behind it."));

  length = name_length (reader->at);
  if (length > 0)
    {
      term->field = find_field (reader->fields, reader->at, length);
      if (term->field == NULL)
        return refuse_field (reader, reader->at, length);
      reader->at += length + 1;
    }
  values = reader->at;
  if (!read_values (reader, begin, term))
    return FALSE;
  term->start = (gsize) (begin - reader->line);
  term->length = (gsize) (reader->at - begin);
  term->text = canonical (reader, term, values);
  return TRUE;
}

/**
 * kontor_find_parse:
 * @line: what the person typed: `status:failed|canceled amount:>100 -card created:7d "exact words"`
 * @fields: what may stand before a colon
 * @settings: now, the zone and the way of writing numbers
 * @arena: where everything in @find and @error lives; nothing of @line is kept
 * @find: (out): the conditions, all of which must hold; none for an empty line
 * @error: (out): when the answer is %FALSE: which bytes, and a translated sentence that helps
 *
 * Returns: whether the line was understood
 */
gboolean
kontor_find_parse (const char *line,
                   const KontorFindField *fields,
                   const KontorFindSettings *settings,
                   KontorArena *arena,
                   KontorFind *find,
                   KontorFindError *error)
{
  Reader reader = { line, line, fields, settings, arena, error };
  KontorFind result = { 0 };

  if (!g_utf8_validate (line, -1, NULL))
    return fail (&reader, line, line + strlen (line), _ ("This is no text."));
  result.terms = kontor_arena_new0_n (arena, KontorFindTerm, KONTOR_FIND_MAX_TERMS);
  for (;;)
    {
      while (is_space (*reader.at))
        reader.at++;
      if (*reader.at == '\0')
        break;
      if (result.n == KONTOR_FIND_MAX_TERMS)
        return fail (&reader, reader.at, reader.at + strlen (reader.at),
                     _ ("These are too many conditions for one search."));
      if (!read_term (&reader, &result.terms[result.n++]))
        return FALSE;
    }
  *find = result;
  return TRUE;
}

/**
 * kontor_find_text:
 * @find: conditions
 *
 * Returns: (transfer full): the line that says just this, in one fixed form: parsed again, it means
 * the same
 */
char *
kontor_find_text (const KontorFind *find)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < find->n; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? " " : "", find->terms[i].text);
  return g_string_free (line, FALSE);
}

/* Ids are looked up, not searched for: a letter more can make one of nothing. */
static gboolean
is_plain_word (const KontorFindTerm *term)
{
  return term->n == 1 && !term->negated && !term->values[0].quoted && term->values[0].tick < 0
         && (term->field == NULL || term->field->kind == KONTOR_FIND_TEXT);
}

/* The same text means another time once the clock has moved. */
static gboolean
are_same (const KontorFindTerm *a, const KontorFindTerm *b)
{
  if (strcmp (a->text, b->text) != 0)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (a->values[i].low != b->values[i].low || a->values[i].high != b->values[i].high)
      return FALSE;
  return TRUE;
}

static gboolean
implies (const KontorFindTerm *term, const KontorFindTerm *wider)
{
  return are_same (term, wider)
         || (term->field == wider->field && is_plain_word (term) && is_plain_word (wider)
             && strstr (term->values[0].text, wider->values[0].text) != NULL);
}

/**
 * kontor_find_refines:
 * @find: conditions
 * @wider: those before them
 *
 * Says whether each row that fits @find surely fits @wider too, as when a letter was added: only
 * the last answer's rows need to be looked at then.
 *
 * Returns: whether it does
 */
gboolean
kontor_find_refines (const KontorFind *find, const KontorFind *wider)
{
  for (guint i = 0; i < wider->n; i++)
    {
      gboolean implied = FALSE;

      for (guint j = 0; j < find->n && !implied; j++)
        implied = implies (&find->terms[j], &wider->terms[i]);
      if (!implied)
        return FALSE;
    }
  return TRUE;
}
