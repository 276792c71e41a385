/* text.c: text as a terminal shows it: how wide it is, cut, and without control characters. */
#include "core/text.h"

#include <string.h>

/* Characters that write nothing themselves but change what stands around them, as texts that run
 * from right to left do; unseen, they could make a line say something else. */
static gboolean
is_unseen (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x200e && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/**
 * kontor_text_clean:
 * @text: from anywhere, perhaps not even UTF-8
 *
 * A terminal obeys control characters, so none may come from a customer's name: line breaks and
 * tabs become spaces, the rest a mark of replacement.
 *
 * Returns: (transfer full): what is safe to print, on one line
 */
char *
kontor_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n' || c == '\t' || c == '\r')
        g_string_append_c (out, ' ');
      else
        g_string_append_unichar (out, is_unseen (c) ? 0xfffd : c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A mark sits on the letter before it. Terminals draw pictures as wide as Chinese characters, which
 * GLib's table of wide letters does not say of all. */
static guint
width_of (gunichar c)
{
  if (c < 0x300)
    return 1;
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) || (c >= 0x1f300 && c <= 0x1faff) ? 2 : 1;
}

/**
 * kontor_text_width:
 * @text: UTF-8 without control characters
 *
 * Returns: how many columns it takes: Chinese characters take two, accents that follow none
 */
guint
kontor_text_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += width_of (g_utf8_get_char (text));
  return width;
}

/**
 * kontor_text_fit:
 * @text: UTF-8 without control characters
 * @width: how many columns there are
 * @taken: (out): how many of them are taken: one less than could be where a wide letter would be cut in half
 *
 * Returns: how many bytes of @text fit; marks stay with their letter
 */
gsize
kontor_text_fit (const char *text, guint width, guint *taken)
{
  const char *at = text;

  for (*taken = 0; *at != '\0'; at = g_utf8_next_char (at))
    {
      guint more = width_of (g_utf8_get_char (at));

      if (*taken + more > width)
        break;
      *taken += more;
    }
  return (gsize) (at - text);
}

/**
 * kontor_text_cut:
 * @text: UTF-8 without control characters
 * @width: how many columns there are, at least one
 *
 * Returns: (transfer full): as much of it as fits, with “…” where something is left out
 */
char *
kontor_text_cut (const char *text, guint width)
{
  guint taken;

  if (kontor_text_width (text) <= width)
    return g_strdup (text);
  return g_strdup_printf ("%.*s…", (int) kontor_text_fit (text, width - 1, &taken), text);
}
