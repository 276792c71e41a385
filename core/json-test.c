/* json-test.c: which JSON is taken, what it means, and that it is written back the same. */
#include "core/json.h"

static void
test_json_is_read_and_written_back (void)
{
  static const struct
  {
    const char *text, *written, *why;
  } cases[] = {
    { "{}", "{}", "an empty object" },
    { " [ ] \r\n\t", "[]", "space around" },
    { "null", "null", "a word alone" },
    { "{\"a\":true,\"b\":false,\"c\":null}", "{\"a\":true,\"b\":false,\"c\":null}", "words" },
    { "[0,-0,10,-1.5,1e5,1E+5,0.1e-2]", "[0,-0,10,-1.5,1e5,1E+5,0.1e-2]", "numbers as they are" },
    { "123456789012345678901234567890", "123456789012345678901234567890", "a huge number" },
    { "{ \"a\" : [ 1 , { \"b\" : \"c\" } ] }", "{\"a\":[1,{\"b\":\"c\"}]}", "nested, with spaces" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"", "escapes" },
    { "\"\\u00e9\\u20AC\\ud83d\\ude00\\u001f\"", "\"é€😀\\u001f\"", "code points" },
    { "\"é€😀\"", "\"é€😀\"", "letters beyond ASCII" },
    { "{\"\":1}", "{\"\":1}", "an empty name" },
    { "{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}", "of two members the last counts" },
    { "{\"a\":{\"x\":1},\"a\":{\"y\":2}}", "{\"a\":{\"y\":2}}", "and nothing is merged" },
    { "{\"\\u0061\":1,\"a\":2}", "{\"a\":2}", "however the name is written" },
  };
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      const char *problem = NULL;
      KontorValue *root
          = kontor_json_parse (arena, cases[i].text, strlen (cases[i].text), &problem);

      g_test_message ("%s", cases[i].why);
      g_assert_cmpstr (problem, ==, NULL);
      g_assert_nonnull (root);
      buffer.length = 0;
      kontor_json_write (&buffer, root);
      g_assert_cmpstr (kontor_buffer_text (&buffer), ==, cases[i].written);
    }
}

static void
test_what_the_standard_forbids_is_refused (void)
{
  static const struct
  {
    const char *text, *problem, *why;
  } cases[] = {
    { "", "the text ends too early at byte 0", "nothing" },
    { "  ", "the text ends too early at byte 2", "only space" },
    { "{", "a name in quotes was expected at byte 1", "an open object" },
    { "[1", "a comma or the closing bracket was expected", "an open list" },
    { "[1,]", "a value was expected at byte 3", "a comma too many" },
    { "{\"a\":1,}", "a name in quotes was expected", "also in an object" },
    { "{a:1}", "a name in quotes was expected", "a name without quotes" },
    { "{'a':1}", "a name in quotes was expected", "single quotes" },
    { "{\"a\" 1}", "a colon was expected", "no colon" },
    { "[1 2]", "a comma or the closing bracket was expected", "no comma" },
    { "{}{}", "the text goes on behind its end at byte 2", "two texts" },
    { "[01]", "a comma or the closing bracket was expected", "a leading zero" },
    { "-", "a digit was expected", "a sign alone" },
    { "1.", "a digit was expected", "no decimals" },
    { "1e", "a digit was expected", "no exponent" },
    { ".5", "a value was expected", "no whole part" },
    { "+1", "a value was expected", "a plus sign" },
    { "NaN", "a value was expected", "not a number" },
    { "tru", "a value was expected", "half a word" },
    { "nullx", "the text goes on behind its end", "more than a word" },
    { "\"a", "a string without its end at byte 2", "an open string" },
    { "\"a\\", "an unknown escape", "an open escape" },
    { "\"\\x41\"", "an unknown escape", "an escape of C" },
    { "\"\\u12g4\"", "four hexadecimal digits were expected", "not hexadecimal" },
    { "\"\\u12", "four hexadecimal digits were expected", "too few of them" },
    { "\"a\nb\"", "a control character in a string at byte 2", "a line end" },
    { "\"\\u0000\"", "a NUL character", "an escaped NUL" },
    { "\"\\ud800\"", "a surrogate without its other half", "a high half alone" },
    { "\"\\ud800\\u0041\"", "a surrogate without its other half", "followed by a letter" },
    { "\"\\udc00\"", "a surrogate without its other half", "a low half alone" },
    { "\xef\xbb\xbf{}", "a value was expected at byte 0", "a byte order mark" },
    { "\"\xff\"", "invalid UTF-8 at byte 1", "no letter at all" },
    { "\"\xed\xa0\x80\"", "invalid UTF-8 at byte 1", "an encoded surrogate" },
    { "\"\xc0\x80\"", "invalid UTF-8 at byte 1", "an overlong NUL" },
    { "/* */ 1", "a value was expected", "a comment" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autofree char *expected = g_strconcat ("Invalid JSON: ", cases[i].problem, NULL);
      const char *problem = NULL;

      g_test_message ("%s", cases[i].why);
      g_assert_null (kontor_json_parse (arena, cases[i].text, strlen (cases[i].text), &problem));
      g_test_message ("%s", problem);
      g_assert_true (g_str_has_prefix (problem, expected));
    }
}

static void
test_a_raw_nul_is_refused (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;

  g_assert_null (kontor_json_parse (arena, "[1]\0", 4, &problem));
  g_assert_cmpstr (problem, ==, "Invalid JSON: a NUL character at byte 3.");
}

static void
test_depth_has_a_bound (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem = NULL;
  char text[2 * (KONTOR_JSON_MAX_DEPTH + 1)];

  memset (text, '[', KONTOR_JSON_MAX_DEPTH);
  memset (text + KONTOR_JSON_MAX_DEPTH, ']', KONTOR_JSON_MAX_DEPTH);
  g_assert_nonnull (kontor_json_parse (arena, text, 2 * KONTOR_JSON_MAX_DEPTH, &problem));

  memset (text, '[', KONTOR_JSON_MAX_DEPTH + 1);
  memset (text + KONTOR_JSON_MAX_DEPTH + 1, ']', KONTOR_JSON_MAX_DEPTH + 1);
  g_assert_null (kontor_json_parse (arena, text, sizeof text, &problem));
  g_assert_true (g_str_has_prefix (problem, "Invalid JSON: nested too deeply"));
}

static void
test_the_number_of_values_has_a_bound (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GString) text = g_string_new ("[0");
  const char *problem = NULL;

  for (guint i = 2; i < KONTOR_JSON_MAX_VALUES; i++)
    g_string_append (text, ",0");
  g_string_append_c (text, ']');
  g_assert_nonnull (kontor_json_parse (arena, text->str, text->len, &problem));

  g_string_insert (text, 1, "0,");
  g_assert_null (kontor_json_parse (arena, text->str, text->len, &problem));
  g_assert_true (g_str_has_prefix (problem, "Invalid JSON: more than 50000 values"));
}

static void
test_many_members_keep_the_last_of_each_name (void)
{
  enum
  {
    N = 20000,
    N_NAMES = 7000
  };
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_autoptr (GString) text = g_string_new ("{");
  const char *problem = NULL;
  KontorValue *root;
  guint n = 0;

  for (guint i = 0; i < N; i++)
    g_string_append_printf (text, "%s\"n%u\":%u", i > 0 ? "," : "", i % N_NAMES, i);
  g_string_append_c (text, '}');

  root = kontor_json_parse (arena, text->str, text->len, &problem);
  g_assert_nonnull (root);
  g_assert_cmpuint (root->n_children, ==, N_NAMES);
  for (const KontorValue *child = root->first; child != NULL; child = child->next, n++)
    {
      gint64 value = g_ascii_strtoll (child->text, NULL, 10);

      g_assert_cmpint (value, ==, N - N_NAMES + n);
      g_assert_cmpint (value % N_NAMES, ==, g_ascii_strtoll (child->key + 1, NULL, 10));
      g_assert_true ((child->next == NULL) == (child == root->last));
    }
  g_assert_cmpuint (n, ==, N_NAMES);
}

static void
write_random (KontorBuffer *out, guint depth)
{
  gint32 kind = g_test_rand_int_range (0, depth < 6 ? 7 : 5);
  char text[7] = { 0 };

  switch (kind)
    {
    case 0:
      kontor_buffer_literal (out, "null");
      break;
    case 1:
      kontor_buffer_puts (out, g_test_rand_bit () ? "true" : "false");
      break;
    case 2:
      kontor_buffer_int (out, (gint64) g_test_rand_int () * g_test_rand_int ());
      break;
    case 3:
    case 4:
      g_unichar_to_utf8 ((gunichar) g_test_rand_int_range (1, 0xd7ff), text);
      kontor_buffer_string (out, text);
      break;
    default:
      kontor_buffer_char (out, kind == 5 ? '[' : '{');
      for (gint i = 0, n = g_test_rand_int_range (0, 25); i < n; i++)
        {
          if (i > 0)
            kontor_buffer_char (out, ',');
          if (kind == 6)
            kontor_buffer_printf (out, "\"member %d\":", i);
          write_random (out, depth + 1);
        }
      kontor_buffer_char (out, kind == 5 ? ']' : '}');
    }
}

static void
test_random_trees_come_back (void)
{
  g_auto (KontorBuffer) text = { 0 }, written = { 0 };

  for (guint round = 0; round < 1000; round++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      const char *problem = NULL;
      KontorValue *root;

      text.length = written.length = 0;
      write_random (&text, 0);
      root = kontor_json_parse (arena, text.data, text.length, &problem);
      g_assert_cmpstr (problem, ==, NULL);
      kontor_json_write (&written, root);
      g_assert_cmpstr (kontor_buffer_text (&written), ==, kontor_buffer_text (&text));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/is-read-and-written-back", test_json_is_read_and_written_back);
  g_test_add_func ("/json/what-the-standard-forbids-is-refused",
                   test_what_the_standard_forbids_is_refused);
  g_test_add_func ("/json/a-raw-nul-is-refused", test_a_raw_nul_is_refused);
  g_test_add_func ("/json/depth-has-a-bound", test_depth_has_a_bound);
  g_test_add_func ("/json/the-number-of-values-has-a-bound", test_the_number_of_values_has_a_bound);
  g_test_add_func ("/json/many-members-keep-the-last-of-each-name",
                   test_many_members_keep_the_last_of_each_name);
  g_test_add_func ("/json/random-trees-come-back", test_random_trees_come_back);
  return g_test_run ();
}
