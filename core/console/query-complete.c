/* query-complete.c: what could stand at the cursor of the search line. */
#include "core/console/query.h"

#include <string.h>

#include "core/console/text.h"

#define MAX_SUGGESTIONS 64

typedef struct
{
  KontorArena *arena;
  KontorFindSuggestion *rows;
  guint n;
  gsize start, length; /* what they replace */
} Suggestions;

static const char *const money_examples[] = { ">100", "10..20", ">=12.50eur", NULL };
static const char *const number_examples[] = { ">1", "1..5", NULL };
static const char *const time_examples[]
    = { "today", "yesterday", "7d", "30d", "month", "last-month", "year", ">90d", NULL };

static void
add (Suggestions *all, const char *text, const char *help)
{
  if (all->n < MAX_SUGGESTIONS)
    all->rows[all->n++] = (KontorFindSuggestion){ text, help, all->start, all->length };
}

static const char *const *
words_of (const KontorFindField *field)
{
  static const char *const none[] = { NULL };

  switch (field->kind)
    {
    case KONTOR_FIND_WORD:
    case KONTOR_FIND_FLAG:
      return field->values != NULL ? field->values : none;
    case KONTOR_FIND_MONEY:
      return money_examples;
    case KONTOR_FIND_NUMBER:
      return number_examples;
    case KONTOR_FIND_TIME:
      return time_examples;
    default:
      return none;
    }
}

static gboolean
begins_with (const char *word, const char *typed, gsize length)
{
  return g_ascii_strncasecmp (word, typed, length) == 0;
}

static void
add_fields (Suggestions *all, const KontorFindField *fields, const char *typed, gsize length)
{
  for (const KontorFindField *field = fields; field->name != NULL; field++)
    if (begins_with (field->name, typed, length))
      add (all, kontor_arena_printf (all->arena, "%s:", field->name),
           field->help != NULL ? _ (field->help) : NULL);
}

/* Words of all fields that begin so, for who knows "failed" but not "status". */
static void
add_values (Suggestions *all, const KontorFindField *fields, const char *typed, gsize length)
{
  for (const KontorFindField *field = fields; field->name != NULL && length > 0; field++)
    if (field->values != NULL)
      for (const char *const *value = field->values; *value != NULL; value++)
        if (begins_with (*value, typed, length))
          add (all, kontor_arena_printf (all->arena, "%s:%s", field->name, *value), NULL);
}

/**
 * kontor_find_complete:
 * @line: the search line as it stands
 * @cursor: where the cursor is, in bytes
 * @fields: what may stand before a colon
 * @arena: where the suggestions live
 * @n: (out): how many there are
 *
 * Before a colon: fields, and values that begin with what was typed. Behind it: the field's values,
 * or examples of how an amount or a time can be said.
 *
 * Returns: (array length=n): what could stand there, and which bytes it would replace
 */
KontorFindSuggestion *
kontor_find_complete (const char *line,
                      gsize cursor,
                      const KontorFindField *fields,
                      KontorArena *arena,
                      guint *n)
{
  Suggestions all = { arena, kontor_arena_new0_n (arena, KontorFindSuggestion, MAX_SUGGESTIONS) };
  gsize start = cursor = MIN (cursor, strlen (line)), value;
  const char *colon;

  while (start > 0 && strchr (" \t\r\n", line[start - 1]) == NULL)
    start--;
  start += line[start] == '-' && start < cursor;
  colon = memchr (line + start, ':', cursor - start);

  if (colon == NULL)
    {
      all.start = start;
      all.length = cursor - start;
      add_fields (&all, fields, line + start, cursor - start);
      add_values (&all, fields, line + start, cursor - start);
    }
  for (const KontorFindField *field = fields; colon != NULL && field->name != NULL; field++)
    {
      gsize length = (gsize) (colon - line) - start;

      if (strlen (field->name) != length || !begins_with (field->name, line + start, length))
        continue;
      for (value = cursor; line[value - 1] != ':' && line[value - 1] != '|';)
        value--;
      all.start = value;
      all.length = cursor - value;
      for (const char *const *word = words_of (field); *word != NULL; word++)
        if (begins_with (*word, line + value, cursor - value))
          add (&all, *word, NULL);
    }
  *n = all.n;
  return all.rows;
}
