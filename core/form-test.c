/* form-test.c: what forms mean, and which ones are refused. */
#include "core/form.h"
#include "core/json.h"

typedef struct
{
  const char *form;
  const char *expected; /* the tree as JSON, or the beginning of the problem */
  const char *why;
} Case;

static gboolean
parse (KontorArena *arena, const char *form, gsize length, KontorBuffer *out, const char **problem)
{
  KontorValue *root = kontor_value_new (arena, KONTOR_VALUE_OBJECT);

  if (!kontor_form_parse (arena, form, length, root, problem))
    return FALSE;
  out->length = 0;
  kontor_json_write (out, root);
  kontor_buffer_text (out);
  return TRUE;
}

static void
test_forms_become_trees (void)
{
  static const Case cases[] = {
    { "", "{}", "nothing" },
    { "amount=2000&currency=usd", "{\"amount\":\"2000\",\"currency\":\"usd\"}", "plain fields" },
    { "a=1&&b=2&", "{\"a\":\"1\",\"b\":\"2\"}", "empty pairs are skipped" },
    { "a&b=", "{\"a\":\"\",\"b\":\"\"}", "no value is an empty one" },
    { "a=1=2", "{\"a\":\"1=2\"}", "only the first = counts" },
    { "a+b=c+d%20e%2Bf", "{\"a b\":\"c d e+f\"}", "plus and percent" },
    { "a=%C3%A9%e2%82%ac\xc3\xa9", "{\"a\":\"é€é\"}", "letters beyond ASCII, encoded or not" },
    { "card[number]=4242&card[cvc]=1", "{\"card\":{\"number\":\"4242\",\"cvc\":\"1\"}}", "a hash" },
    { "card%5Bnumber%5D=4242", "{\"card\":{\"number\":\"4242\"}}", "encoded brackets" },
    { "a[b][c][d]=1&x=2&a[b][c][e]=3",
      "{\"a\":{\"b\":{\"c\":{\"d\":\"1\",\"e\":\"3\"}}},\"x\":\"2\"}", "hashes in hashes" },
    { "a[]=1&a[]=2", "{\"a\":[\"1\",\"2\"]}", "a list" },
    { "a[0]=x&a[1]=y", "{\"a\":{\"0\":\"x\",\"1\":\"y\"}}", "indices stay names" },
    { "a[7][b]=x&a[2][b]=y", "{\"a\":{\"7\":{\"b\":\"x\"},\"2\":{\"b\":\"y\"}}}",
      "in the order sent, with gaps" },
    { "i[][p]=1&i[][q]=2&i[][p]=3", "{\"i\":[{\"p\":\"1\",\"q\":\"2\"},{\"p\":\"3\"}]}",
      "a name that comes again begins the next hash" },
    { "i[][p][x]=1&i[][p][y]=2&i[][p][x]=3",
      "{\"i\":[{\"p\":{\"x\":\"1\",\"y\":\"2\"}},{\"p\":{\"x\":\"3\"}}]}", "also further down" },
    { "i[][p][]=1&i[][p][]=2&i[][q]=3", "{\"i\":[{\"p\":[\"1\",\"2\"],\"q\":\"3\"}]}",
      "a list within a hash within a list goes on" },
    { "a=1&b=2&a=3", "{\"a\":\"3\",\"b\":\"2\"}", "the last value counts" },
    { "metadata[order]=&metadata[a b]=c", "{\"metadata\":{\"order\":\"\",\"a b\":\"c\"}}",
      "empty values and spaces in names" },
    { "a[b[c]=1", "Unbalanced brackets", "a bracket in a bracket" },
    { "a[b=1", "Unbalanced brackets", "an open bracket" },
    { "a]=1", "Unbalanced brackets", "a bracket that was never opened" },
    { "a[b]c=1", "Unbalanced brackets", "letters behind a bracket" },
    { "=1", "A parameter without a name", "no name" },
    { "[a]=1", "A parameter without a name", "no name before the brackets" },
    { "a=%", "Invalid percent-encoding at byte 2", "a percent sign alone" },
    { "a=12%4", "Invalid percent-encoding at byte 4", "half an escape" },
    { "a=%4x", "Invalid percent-encoding", "not hexadecimal" },
    { "%g0=1", "Invalid percent-encoding", "in a name" },
    { "a=%00b", "A NUL character", "an encoded NUL" },
    { "a=%ff", "Text that is not UTF-8", "an encoded byte that is no letter" },
    { "a=\xc3", "Text that is not UTF-8", "half a letter" },
    { "a%c0%80=1", "Text that is not UTF-8", "a NUL in disguise" },
    { "a=%ed%a0%80", "Text that is not UTF-8", "a surrogate" },
    { "a=1&a[b]=2", "The parameter 'a' is given in two ways", "a value and a hash" },
    { "a[b]=1&a=2", "The parameter 'a' is given in two ways", "a hash and a value" },
    { "a[]=1&a[b]=2", "The parameter 'a' is given in two ways", "a list and a hash" },
    { "x[a][]=1&x[a]=2", "The parameter 'x' is given in two ways", "further down" },
    { "a[][]=1", "The parameter 'a' holds a list inside a list", "a list in a list" },
  };
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      const char *problem = NULL;
      gboolean ok = parse (arena, cases[i].form, strlen (cases[i].form), &buffer, &problem);

      g_test_message ("%s", cases[i].why);
      g_assert_cmpint (ok, ==, cases[i].expected[0] == '{');
      if (ok)
        g_assert_cmpstr (buffer.data, ==, cases[i].expected);
      else
        g_assert_true (g_str_has_prefix (problem, cases[i].expected));
    }
}

static void
test_a_second_form_adds_to_the_first (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_auto (KontorBuffer) buffer = { 0 };
  KontorValue *root = kontor_value_new (arena, KONTOR_VALUE_OBJECT);
  const char *problem;

  g_assert_true (kontor_form_parse (arena, "a=1&m[x]=1", 10, root, &problem));
  g_assert_true (kontor_form_parse (arena, "m[y]=2&a=3", 10, root, &problem));
  kontor_json_write (&buffer, root);
  g_assert_cmpstr (kontor_buffer_text (&buffer), ==,
                   "{\"a\":\"3\",\"m\":{\"x\":\"1\",\"y\":\"2\"}}");
}

static void
test_size_and_depth_have_bounds (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_auto (KontorBuffer) buffer = { 0 };
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GString) deep = g_string_new ("a");
  const char *problem = NULL;

  for (guint i = 0; i < KONTOR_FORM_MAX_FIELDS; i++)
    g_string_append_printf (many, "h%u[key%u]=%u&", i % 4, i, i);
  g_assert_true (parse (arena, many->str, many->len, &buffer, &problem));
  g_string_append (many, "&one=more");
  g_assert_false (parse (arena, many->str, many->len, &buffer, &problem));
  g_assert_true (g_str_has_prefix (problem, "The form has more than 2000"));

  g_string_truncate (many, 0);
  for (guint i = 0; i < KONTOR_FORM_MAX_MEMBERS; i++)
    g_string_append_printf (many, "key%u=%u&", i, i);
  g_assert_true (parse (arena, many->str, many->len, &buffer, &problem));
  g_string_append (many, "key499=again&one=more");
  g_assert_false (parse (arena, many->str, many->len, &buffer, &problem));
  g_assert_cmpstr (problem, ==, "The parameter 'one' belongs to a hash with too many members.");

  for (guint i = 1; i < KONTOR_FORM_MAX_DEPTH; i++)
    g_string_append (deep, "[a]");
  g_assert_true (parse (arena, deep->str, deep->len, &buffer, &problem));
  g_string_append (deep, "[a]");
  g_assert_false (parse (arena, deep->str, deep->len, &buffer, &problem));
  g_assert_true (g_str_has_prefix (problem, "A parameter nested too deeply"));
}

static void
test_a_long_name_is_quoted_in_part (void)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  g_auto (KontorBuffer) buffer = { 0 };
  g_autoptr (GString) form = g_string_new (NULL);

  for (guint shift = 0; shift < 3; shift++)
    {
      const char *problem = NULL;
      g_autofree char *name = g_strconcat (&"xxx"[shift], "€€€€€€€€€€€€€€€€€€€€",
                                           "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€", NULL);

      g_string_printf (form, "%s=1&%s[a]=1", name, name);
      g_assert_false (parse (arena, form->str, form->len, &buffer, &problem));
      g_assert_true (g_utf8_validate (problem, -1, NULL));
      g_assert_cmpuint (strlen (problem), <, 180);
    }
}

/* Writes a random tree of hashes and lists of texts as a form, and its JSON beside it. */
static void
write_random (GString *form, GString *json, const char *name, guint depth)
{
  guint n = (guint) g_test_rand_int_range (1, 5);
  gboolean is_list = depth > 0 && g_test_rand_bit ();

  g_string_append_c (json, is_list ? '[' : '{');
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autofree char *path = depth == 0 ? g_strdup (key)
                                         : g_strdup_printf ("%s[%s]", name, is_list ? "" : key);

      g_string_append_printf (json, i > 0 ? "," : "%s", "");
      if (!is_list)
        g_string_append_printf (json, "\"%s\":", key);
      if (!is_list && depth < KONTOR_FORM_MAX_DEPTH - 2 && g_test_rand_int_range (0, 3) == 0)
        write_random (form, json, path, depth + 1);
      else
        {
          gunichar letter = (gunichar) g_test_rand_int_range (0x20, 0xd7ff);
          char utf8[7] = { 0 };
          g_autofree char *encoded = NULL;
          g_auto (KontorBuffer) quoted = { 0 };

          g_unichar_to_utf8 (letter, utf8);
          encoded = g_uri_escape_string (utf8, NULL, g_test_rand_bit ());
          kontor_buffer_string (&quoted, utf8);
          g_string_append_printf (form, "&%s=%s", path, encoded);
          g_string_append (json, kontor_buffer_text (&quoted));
        }
    }
  g_string_append_c (json, is_list ? ']' : '}');
}

static void
test_random_trees_come_back (void)
{
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (KontorArena) arena = kontor_arena_new ();
      g_autoptr (GString) form = g_string_new (NULL);
      g_autoptr (GString) json = g_string_new (NULL);
      const char *problem = NULL;

      write_random (form, json, "", 0);
      if (!parse (arena, form->str, form->len, &buffer, &problem))
        g_error ("%s: %s", problem, form->str);
      g_assert_cmpstr (buffer.data, ==, json->str);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/forms-become-trees", test_forms_become_trees);
  g_test_add_func ("/form/a-second-form-adds-to-the-first", test_a_second_form_adds_to_the_first);
  g_test_add_func ("/form/size-and-depth-have-bounds", test_size_and_depth_have_bounds);
  g_test_add_func ("/form/a-long-name-is-quoted-in-part", test_a_long_name_is_quoted_in_part);
  g_test_add_func ("/form/random-trees-come-back", test_random_trees_come_back);
  return g_test_run ();
}
