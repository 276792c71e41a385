/* text.c: text as a terminal shows it: how wide it is, cut, and without control characters. */
#include "cli/text.h"

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
 * Returns: (transfer full): what is safe to print
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

static guint
width_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
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
 * kontor_text_cut:
 * @text: UTF-8 without control characters
 * @width: how many columns there are, at least one
 *
 * Returns: (transfer full): as much of it as fits, with “…” where something is left out
 */
char *
kontor_text_cut (const char *text, guint width)
{
  const char *at = text;
  guint taken = 0;

  if (kontor_text_width (text) <= width)
    return g_strdup (text);
  while (*at != '\0' && taken + width_of (g_utf8_get_char (at)) <= width - 1)
    {
      taken += width_of (g_utf8_get_char (at));
      at = g_utf8_next_char (at);
    }
  return g_strdup_printf ("%.*s…", (int) (at - text), text);
}
