/* width-test.c: how many columns of a terminal a text takes, and where to cut it. */
#include "tui/width.h"

static const struct
{
  const char *what, *text;
  guint       width;
} widths[] = {
  { "plain letters", "Refund", 6 },
  { "nothing", "", 0 },
  { "accents in one letter", "Müller", 6 },
  { "accents of their own", "Mu\xcc\x88ller", 6 },
  { "wide letters", "佐藤 美咲", 9 },
  { "letters from right to left", "נועה כהן", 8 },
  { "points below Hebrew letters", "שָׁלוֹם", 4 },
  { "an emoji", "💳", 2 },
  { "a joiner", "a\xe2\x80\x8d""b", 2 },
};

static void
test_width (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_test_message ("%s", widths[i].what);
      g_assert_cmpuint (tui_width (widths[i].text), ==, widths[i].width);
    }
}

static const struct
{
  const char *what, *text;
  guint       columns;
  const char *fits;
  guint       used;
} cuts[] = {
  { "all of it", "abc", 5, "abc", 3 },
  { "exactly", "abc", 3, "abc", 3 },
  { "a part", "abc", 2, "ab", 2 },
  { "not half of a wide letter", "佐藤", 3, "佐", 2 },
  { "marks stay with their letter", "u\xcc\x88x", 1, "u\xcc\x88", 1 },
  { "no room", "abc", 0, "", 0 },
};

static void
test_fit (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      guint used;
      gsize length = tui_fit (cuts[i].text, cuts[i].columns, &used);
      g_autofree char *fits = g_strndup (cuts[i].text, length);

      g_test_message ("%s", cuts[i].what);
      g_assert_cmpstr (fits, ==, cuts[i].fits);
      g_assert_cmpuint (used, ==, cuts[i].used);
    }
}

static const struct
{
  const char *what, *text, *clean;
} strangers[] = {
  { "lines become one", "a\nb\tc", "a b c" },
  { "an escape sequence is disarmed", "\033[31mred", "\xef\xbf\xbd[31mred" },
  { "no turned lines", "a\xe2\x80\xae""b", "ab" },
  { "bytes that are no letters", "a\xff""b", "a\xef\xbf\xbd""b" },
  { "the control letters above ASCII", "a\xc2\x9b""b", "a\xef\xbf\xbd""b" },
};

static void
test_clean (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *clean = tui_clean (strangers[i].text, -1);

      g_test_message ("%s", strangers[i].what);
      g_assert_cmpstr (clean, ==, strangers[i].clean);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/width/counts-columns-and-not-bytes", test_width);
  g_test_add_func ("/width/cuts-between-letters", test_fit);
  g_test_add_func ("/width/lets-no-stranger-steer-the-terminal", test_clean);
  return g_test_run ();
}
