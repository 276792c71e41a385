/* patch-test.c: what a patch says, and that it leads where it should. */
#include "core/patch.h"

#include <string.h>

#include "core/json.h"

static const struct
{
  const char *description, *from, *to, *patch; /* @patch %NULL: none can say it */
} cases[] = {
  { "nothing changed", "{\"a\":1}", "{\"a\":1}", "{}" },
  { "a value is another", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", "{\"b\":3}" },
  { "a member is new", "{}", "{\"a\":\"x\"}", "{\"a\":\"x\"}" },
  { "a member is gone", "{\"a\":1,\"b\":2}", "{\"b\":2}", "{\"a\":null}" },
  { "a member inside is gone", "{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":2}}",
    "{\"a\":{\"b\":null}}" },
  { "a list is taken as a whole", "{\"a\":[1,2]}", "{\"a\":[2]}", "{\"a\":[2]}" },
  { "an object takes a text's place", "{\"a\":\"x\"}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}" },
  { "a null that was there may stay", "{\"a\":null,\"b\":1}", "{\"a\":null,\"b\":2}", "{\"b\":2}" },
  { "a new null cannot be said", "{\"b\":1}", "{\"a\":null,\"b\":1}", NULL },
};

static void
test_a_patch_leads_from_one_to_the_other (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_auto (KontorBuffer) json = { 0 };
      const char *problem = NULL;
      KontorValue *from
          = kontor_json_parse (arena, cases[i].from, strlen (cases[i].from), &problem);
      KontorValue *to = kontor_json_parse (arena, cases[i].to, strlen (cases[i].to), &problem);
      KontorValue *patch;

      g_test_message ("%s", cases[i].description);
      g_assert_cmpint (kontor_patch_write (from, to, &json), ==, cases[i].patch != NULL);
      if (cases[i].patch == NULL)
        continue;
      g_assert_cmpstr (kontor_buffer_text (&json), ==, cases[i].patch);
      patch = kontor_json_parse (arena, json.data, json.length, &problem);
      g_assert_true (kontor_value_equal (kontor_patch_apply (arena, from, patch), to));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/patch/a-patch-leads-from-one-to-the-other",
                   test_a_patch_leads_from_one_to_the_other);
  return g_test_run ();
}
