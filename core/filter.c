/* filter.c: conditions that the object of an event must meet to be sent to a webhook endpoint.
 *
 * They are written in the language of searches, over any field of the object. A path that leads
 * through a list means each of its items, and one that leads nowhere means null. */
#include "core/filter.h"

#include <string.h>

/**
 * kontor_filter_parse:
 * @text: valid UTF-8, such as `amount>=1000 AND currency:"eur"`
 * @arena: where the conditions live; they keep nothing of @text
 * @filter: (out): the conditions
 * @error: what is filled in when the answer is %FALSE: it names `filter` and the character
 *
 * Returns: whether @text was understood
 */
gboolean
kontor_filter_parse (const char *text, KontorArena *arena, KontorQuery *filter, KontorError *error)
{
  return kontor_query_parse (text, NULL, arena, filter, error);
}

/* Letters of either case are the same, as in a search; so far as they are of ASCII. */
static gboolean
holds (const char *text, const char *part)
{
  gsize length = strlen (part);

  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, part, length) == 0)
      return TRUE;
  return length == 0;
}

static gboolean
compare (const KontorQueryTerm *term, const KontorValue *value)
{
  gint64 number;

  if (value->text == NULL
      || !g_ascii_string_to_signed (value->text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return FALSE;
  switch (term->op)
    {
    case KONTOR_QUERY_LESS:
      return number < term->number;
    case KONTOR_QUERY_LESS_EQUAL:
      return number <= term->number;
    case KONTOR_QUERY_GREATER:
      return number > term->number;
    default:
      return number >= term->number;
    }
}

/* Whether a value that is there is what @term asks for. */
static gboolean
fits (const KontorQueryTerm *term, const KontorValue *value)
{
  switch (term->op)
    {
    case KONTOR_QUERY_IS_NULL:
      return TRUE; /* that there is one is what was asked: turned round by the caller */
    case KONTOR_QUERY_EQUAL:
      return value->text != NULL && g_ascii_strcasecmp (value->text, term->text) == 0;
    case KONTOR_QUERY_LIKE:
      return value->text != NULL && holds (value->text, term->text);
    default:
      return compare (term, value);
    }
}

static const KontorValue *
child (const KontorValue *value, const char *name, gsize length)
{
  if (value->type != KONTOR_VALUE_OBJECT)
    return NULL;
  for (const KontorValue *at = value->first; at != NULL; at = at->next)
    if (strncmp (at->key, name, length) == 0 && at->key[length] == '\0')
      return at;
  return NULL;
}

/* Whether anything at the end of @path fits; then, when the term has one, comes its key, which may
 * hold dots. */
static gboolean
any_fits (const KontorQueryTerm *term, const KontorValue *value, const char *path, const char *key)
{
  gsize length = path != NULL ? strcspn (path, ".") : 0;

  if (value == NULL || value->type == KONTOR_VALUE_NULL)
    return FALSE;
  if (value->type == KONTOR_VALUE_ARRAY)
    {
      for (const KontorValue *item = value->first; item != NULL; item = item->next)
        if (any_fits (term, item, path, key))
          return TRUE;
      return FALSE;
    }
  if (path != NULL)
    return any_fits (term, child (value, path, length),
                     path[length] == '.' ? path + length + 1 : NULL, key);
  if (key != NULL)
    return any_fits (term, child (value, key, strlen (key)), NULL, NULL);
  return fits (term, value);
}

/**
 * kontor_filter_matches:
 * @filter: conditions that kontor_filter_parse() made
 * @object: the object of an event, as it is shown
 *
 * Returns: whether @object meets them
 */
gboolean
kontor_filter_matches (const KontorQuery *filter, const KontorValue *object)
{
  for (guint i = 0; i < filter->n; i++)
    {
      const KontorQueryTerm *term = &filter->terms[i];
      gboolean turned = term->negated ^ (term->op == KONTOR_QUERY_IS_NULL);

      if ((any_fits (term, object, term->field->name, term->key) ^ turned) == filter->any)
        return filter->any;
    }
  return !filter->any;
}
