/* buffer-test.c: that numbers and strings are written as JSON wants them, whatever they hold. */
#include "core/buffer.h"

static void
test_integers_are_written_in_decimal (void)
{
  static const gint64 values[] = {
    0, 1, -1, 9, 10, 11, 99, 100, 101, 999, 1000, -1000, G_MAXINT32, G_MAXINT64, G_MININT64,
  };
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (values) + 2000; i++)
    {
      gint64 value = i < G_N_ELEMENTS (values) ? values[i]
                                               : (gint64) ((guint64) g_test_rand_int () << 32
                                                           | (guint32) g_test_rand_int ())
                                                     >> (g_test_rand_int () & 63);
      g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, value);

      buffer.length = 0;
      kontor_buffer_int (&buffer, value);
      g_assert_cmpstr (kontor_buffer_text (&buffer), ==, expected);
    }
}

static void
test_strings_are_quoted_and_escaped (void)
{
  static const struct
  {
    const char *text, *json;
  } cases[] = {
    { "", "\"\"" },
    { "plain", "\"plain\"" },
    { "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
    { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"" },
    { "é€😀", "\"é€😀\"" },
    { "\"", "\"\\\"\"" },
    { "a sentence of more than sixteen letters, and then a \"quote\"",
      "\"a sentence of more than sixteen letters, and then a \\\"quote\\\"\"" },
  };
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      buffer.length = 0;
      kontor_buffer_string (&buffer, cases[i].text);
      g_assert_cmpstr (kontor_buffer_text (&buffer), ==, cases[i].json);
    }
}

static void
test_every_control_character_is_escaped_at_every_place (void)
{
  g_auto (KontorBuffer) buffer = { 0 };

  for (guint c = 1; c < 0x20; c++)
    for (guint place = 0; place < 40; place++)
      {
        char text[42] = { 0 };

        memset (text, 'x', 41);
        text[place] = (char) c;
        buffer.length = 0;
        kontor_buffer_string (&buffer, text);
        g_assert_true (buffer.data[place + 1] == '\\');
        for (gsize i = 0; i < buffer.length; i++)
          g_assert_cmpuint ((guchar) buffer.data[i], >=, 0x20);
      }
}

static void
test_growing_keeps_what_was_written (void)
{
  g_auto (KontorBuffer) buffer = { 0 };
  g_autoptr (GString) expected = g_string_new (NULL);

  g_assert_cmpstr (kontor_buffer_text (&buffer), ==, "");
  for (guint i = 0; i < 3000; i++)
    {
      kontor_buffer_printf (&buffer, "%u,", i);
      g_string_append_printf (expected, "%u,", i);
      kontor_buffer_literal (&buffer, "x");
      kontor_buffer_puts (&buffer, "yz");
      kontor_buffer_char (&buffer, ';');
      g_string_append (expected, "xyz;");
    }
  g_assert_cmpuint (buffer.length, ==, expected->len);
  g_assert_cmpstr (kontor_buffer_text (&buffer), ==, expected->str);

  kontor_buffer_clear (&buffer);
  g_assert_cmpuint (buffer.length, ==, 0);
  kontor_buffer_puts (&buffer, "again");
  g_assert_cmpstr (kontor_buffer_text (&buffer), ==, "again");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/buffer/integers-are-written-in-decimal", test_integers_are_written_in_decimal);
  g_test_add_func ("/buffer/strings-are-quoted-and-escaped", test_strings_are_quoted_and_escaped);
  g_test_add_func ("/buffer/every-control-character-is-escaped-at-every-place",
                   test_every_control_character_is_escaped_at_every_place);
  g_test_add_func ("/buffer/growing-keeps-what-was-written", test_growing_keeps_what_was_written);
  return g_test_run ();
}
