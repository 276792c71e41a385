/* fuzz-query.c: a search query is refused with an error, or every term of it names a field. */
#include "core/query.h"
#include "tests/fuzz/fuzz.h"

static const KontorQueryField fields[] = {
  { .name = "email", .kind = KONTOR_QUERY_TEXT, .substring = TRUE, .path = "$.email" },
  { .name = "amount", .kind = KONTOR_QUERY_NUMBER, .path = "$.amount" },
  { .name = "metadata", .kind = KONTOR_QUERY_METADATA, .path = "$.metadata" },
  { .name = NULL },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  KontorQuery query = { 0 };
  KontorError error = { 0 };

  /* What reaches the parser was proved to be UTF-8 by the parser of the form around it. */
  if (!g_utf8_validate (text, -1, NULL))
    return 0;
  if (!kontor_query_parse (text, fields, arena, &query, &error))
    return 0;

  g_assert_cmpuint (query.n, >, 0);
  for (guint i = 0; i < query.n; i++)
    {
      const KontorQueryTerm *term = &query.terms[i];

      g_assert_nonnull (term->field);
      if (term->field->kind == KONTOR_QUERY_METADATA)
        g_assert_nonnull (term->key);
    }
  return 0;
}
