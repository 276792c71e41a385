/* compare-test.c: what differs is found, and nothing else. */
#include "core/console/compare.h"

#include <string.h>

/* As "sign path left right;" for each row. */
static char *
describe (const char *left, const char *right)
{
  g_autoptr (GPtrArray) rows = kontor_compare (left, right);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const KontorDiff *row = rows->pdata[i];

      g_string_append_printf (text, "%c%s %s %s;", kontor_compare_sign (row->state), row->path,
                              row->left != NULL ? row->left : "",
                              row->right != NULL ? row->right : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_rows (void)
{
  static const struct
  {
    const char *what, *left, *right, *rows;
  } rows[] = {
    { "the same", "{\"a\":1}", "{ \"a\" : 1 }", " a 1 1;" },
    { "another value", "{\"a\":1}", "{\"a\":2}", "~a 1 2;" },
    { "text is no number", "{\"a\":1}", "{\"a\":\"1\"}", "~a 1 \"1\";" },
    { "null is a value", "{\"a\":null}", "{}", "-a null ;" },
    { "order of members", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", " a 1 1; b 2 2;" },
    { "left first", "{\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1}", " b 1 1;+a  1;+c  1;" },
    { "deep", "{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":{\"b\":{\"c\":2}}}", "~a.b.c 1 2;" },
    { "by position", "{\"a\":[1,2]}", "{\"a\":[1,3,4]}", " a[0] 1 1;~a[1] 2 3;+a[2]  4;" },
    { "whole parts", "{\"a\":{\"b\":1,\"c\":[2]}}", "{}", "-a.b 1 ;-a.c[0] 2 ;" },
    { "empty ones", "{\"a\":{},\"b\":[]}", "{\"a\":{},\"b\":[1]}", " a {} {};+b[0]  1;" },
    { "other kinds", "{\"a\":{\"b\":1}}", "{\"a\":[1]}", "~a {\"b\":1} [1];" },
    { "no JSON", "<b>no</b>", "{}", "~ \"<b>no</b>\" {};" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *found = describe (rows[i].left, rows[i].right);

      g_test_message ("%s", rows[i].what);
      g_assert_cmpstr (found, ==, rows[i].rows);
    }
}

/* Few names and values, so that many are the same. */
static void
make_value (GString *json, guint depth)
{
  int kind = depth > 3 ? 0 : g_test_rand_int_range (0, 4), n = g_test_rand_int_range (0, 4);

  if (kind <= 1)
    {
      g_string_append_printf (json, "%d", n);
      return;
    }
  g_string_append_c (json, kind == 2 ? '{' : '[');
  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      if (kind == 2)
        g_string_append_printf (json, "\"%c\":", 'a' + (i + n) % 4);
      make_value (json, depth + 1);
    }
  g_string_append_c (json, kind == 2 ? '}' : ']');
}

static guint
count (GPtrArray *rows, KontorDiffState state)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += ((const KontorDiff *) rows->pdata[i])->state == state;
  return n;
}

/* What the rows say of the other way round must be the mirror of what they say of this one. */
static void
test_random (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GString) left = g_string_new (NULL), right = g_string_new (NULL);
      g_autoptr (GPtrArray) there = NULL, back = NULL, alone = NULL;

      make_value (left, 0);
      make_value (right, 0);
      there = kontor_compare (left->str, right->str);
      back = kontor_compare (right->str, left->str);
      alone = kontor_compare (left->str, left->str);
      g_assert_cmpuint (count (alone, KONTOR_DIFF_SAME), ==, alone->len);
      g_assert_cmpuint (there->len, ==, back->len);
      g_assert_cmpuint (count (there, KONTOR_DIFF_ADDED), ==, count (back, KONTOR_DIFF_REMOVED));
      g_assert_cmpuint (count (there, KONTOR_DIFF_REMOVED), ==, count (back, KONTOR_DIFF_ADDED));
      g_assert_cmpuint (count (there, KONTOR_DIFF_CHANGED), ==, count (back, KONTOR_DIFF_CHANGED));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compare/rows", test_rows);
  g_test_add_func ("/compare/the-other-way-round-is-the-mirror", test_random);
  return g_test_run ();
}
