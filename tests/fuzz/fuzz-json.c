/* fuzz-json.c: whatever the JSON parser accepts, it writes back as the same value, for good. */
#include "core/json.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_auto (KontorBuffer) once = { 0 };
  g_auto (KontorBuffer) twice = { 0 };
  const char *problem = NULL;
  KontorValue *value = kontor_json_parse (arena, (const char *) data, size, &problem);

  if (value == NULL)
    {
      g_assert_nonnull (problem);
      g_assert_true (g_utf8_validate (problem, -1, NULL));
      return 0;
    }

  kontor_json_write (&once, value);
  g_assert_true (g_utf8_validate_len (once.data, once.length, NULL));
  value = kontor_json_parse (arena, once.data, once.length, &problem);
  g_assert_nonnull (value);
  kontor_json_write (&twice, value);
  g_assert_cmpmem (once.data, once.length, twice.data, twice.length);
  return 0;
}
