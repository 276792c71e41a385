/* fuzz-find.c: a search line is refused with a place inside it, or says the same in its fixed form. */
#include "core/console/query.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char *const words[] = { "failed", "requires_action", NULL };

static const KontorFindField fields[] = {
  { "status", KONTOR_FIND_WORD, words, NULL, NULL },
  { "is", KONTOR_FIND_FLAG, words, NULL, NULL },
  { "amount", KONTOR_FIND_MONEY, NULL, NULL, NULL },
  { "attempts", KONTOR_FIND_NUMBER, NULL, NULL, NULL },
  { "created", KONTOR_FIND_TIME, NULL, NULL, NULL },
  { "email", KONTOR_FIND_TEXT, NULL, NULL, NULL },
  { "customer", KONTOR_FIND_REFERENCE, NULL, "cus_", NULL },
  { NULL },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autofree char *line = g_strndup ((const char *) data, size);
  KontorFindSettings settings = { 1795015800, NULL, size % 2 == 0 ? "." : "," };
  KontorFindError error = { 0 };
  KontorFind find, again;
  g_autofree char *text = NULL;
  guint n;

  if (!kontor_find_parse (line, fields, &settings, arena, &find, &error))
    {
      g_assert_nonnull (error.message);
      g_assert_cmpuint (error.start + error.length, <=, strlen (line));
      return 0;
    }
  for (gsize cursor = 0; cursor <= MIN (strlen (line), 40); cursor++)
    kontor_find_complete (line, cursor, fields, arena, &n);

  text = kontor_find_text (&find);
  g_assert_true (kontor_find_parse (text, fields, &settings, arena, &again, &error));
  g_assert_cmpuint (find.n, ==, again.n);
  g_assert_true (kontor_find_refines (&again, &find));
  for (guint i = 0; i < find.n; i++)
    g_assert_true (kontor_find_refines (&find, &again));
  return 0;
}
