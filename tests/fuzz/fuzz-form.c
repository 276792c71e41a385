/* fuzz-form.c: a form is refused with a sentence, or becomes a tree within the bounds that form.h names. */
#include "core/form.h"
#include "tests/fuzz/fuzz.h"

static guint
count_within_bounds (const KontorValue *value, guint depth)
{
  guint n = 0;

  g_assert_cmpuint (depth, <=, KONTOR_FORM_MAX_DEPTH + 1);
  for (const KontorValue *child = value->first; child != NULL; child = child->next)
    n += 1 + count_within_bounds (child, depth + 1);
  if (value->type == KONTOR_VALUE_STRING)
    g_assert_true (g_utf8_validate_len (value->text, value->length, NULL));
  return n;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  KontorValue *root = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  const char *problem = NULL;

  if (kontor_form_parse (arena, (const char *) data, size, root, &problem))
    g_assert_cmpuint (count_within_bounds (root, 0), <=,
                      KONTOR_FORM_MAX_FIELDS * (KONTOR_FORM_MAX_DEPTH + 1));
  else
    g_assert_true (problem != NULL && g_utf8_validate (problem, -1, NULL));
  return 0;
}
