/* width.c: how many columns of a terminal a text takes, and where to cut it.
 *
 * What is shown comes from databases and from strangers: control letters and the marks that turn the
 * direction of a whole line never reach the terminal. */
#include "tui/width.h"

#include <string.h>

/* A letter that sits on the one before it, or is no letter at all. */
static gboolean
takes_no_column (gunichar letter)
{
  switch (g_unichar_type (letter))
    {
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_FORMAT:
      return letter != 0xad; /* a soft hyphen is drawn */
    default:
      return g_unichar_iszerowidth (letter);
    }
}

/**
 * tui_letter_width:
 * @letter: a Unicode letter
 *
 * Returns: the columns it takes: 0, 1 or 2
 */
guint
tui_letter_width (gunichar letter)
{
  if (letter < 0x300)
    return 1;
  if (takes_no_column (letter))
    return 0;
  return g_unichar_iswide (letter) || (letter >= 0x1f300 && letter <= 0x1faff) ? 2 : 1;
}

/**
 * tui_width:
 * @text: UTF-8
 *
 * Returns: the columns it takes
 */
guint
tui_width (const char *text)
{
  guint columns = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    columns += tui_letter_width (g_utf8_get_char (at));
  return columns;
}

/**
 * tui_fit:
 * @text: UTF-8
 * @columns: how many there are
 * @used: (out) (optional): how many of them the beginning takes: one less where a wide letter is cut off
 *
 * Returns: the bytes of @text that fit; marks stay with their letter
 */
gsize
tui_fit (const char *text, guint columns, guint *used)
{
  const char *at = text;
  guint taken = 0;

  for (; *at != '\0'; at = g_utf8_next_char (at))
    {
      guint width = tui_letter_width (g_utf8_get_char (at));

      if (taken + width > columns)
        break;
      taken += width;
    }
  if (used != NULL)
    *used = taken;
  return (gsize) (at - text);
}

/* Marks that embed, override or isolate a direction: one left open would turn the rest of the line. */
static gboolean
turns_direction (gunichar letter)
{
  return (letter >= 0x202a && letter <= 0x202e) || (letter >= 0x2066 && letter <= 0x2069);
}

/**
 * tui_clean:
 * @text: bytes as they came
 * @length: how many, or -1
 *
 * Returns: (transfer full): UTF-8 on one line, with a space for what separates and a sign for what cannot be shown
 */
char *
tui_clean (const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      if (letter == '\n' || letter == '\t' || letter == '\r' || letter == 0x2028
          || letter == 0x2029)
        g_string_append_c (clean, ' ');
      else if (g_unichar_iscntrl (letter))
        g_string_append_unichar (clean, 0xfffd);
      else if (!turns_direction (letter))
        g_string_append_unichar (clean, letter);
    }
  return g_string_free (clean, FALSE);
}
