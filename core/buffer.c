/* buffer.c: a growing run of bytes, made for writing JSON without a detour. */
#include "core/buffer.h"

#include <stdarg.h>

#define FIRST_SIZE 512
#define LONGEST_NUMBER 20 /* "-9223372036854775808" */

/* What follows the backslash for each byte that JSON does not take as it is; 'u' for \u00xx. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b',         't',           'n', 'u',
  'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u',         'u',           'u', 'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

static const char digit_pairs[] = "00010203040506070809"
                                  "10111213141516171819"
                                  "20212223242526272829"
                                  "30313233343536373839"
                                  "40414243444546474849"
                                  "50515253545556575859"
                                  "60616263646566676869"
                                  "70717273747576777879"
                                  "80818283848586878889"
                                  "90919293949596979899";

/**
 * kontor_buffer_clear:
 * @buffer: a buffer
 *
 * Frees the bytes and leaves an empty buffer that can be used again.
 */
void
kontor_buffer_clear (KontorBuffer *buffer)
{
  g_free (buffer->data);
  *buffer = (KontorBuffer){ 0 };
}

/**
 * kontor_buffer_grow:
 * @buffer: a buffer
 * @more: how many bytes are about to be added
 *
 * Makes room for @more bytes and one NUL behind the ones that are there.
 */
void
kontor_buffer_grow (KontorBuffer *buffer, gsize more)
{
  gsize needed;

  if (!g_size_checked_add (&needed, buffer->length, more) || needed > G_MAXSIZE / 4)
    g_error ("a buffer was asked for %" G_GSIZE_FORMAT " more bytes", more);

  if (needed + 1 <= buffer->allocated)
    return;
  buffer->allocated = MAX (MAX (buffer->allocated * 2, needed + 1), FIRST_SIZE);
  buffer->data = g_realloc (buffer->data, buffer->allocated);
}

/**
 * kontor_buffer_text:
 * @buffer: a buffer
 *
 * Returns: (transfer none): the bytes with a NUL behind them, until the next change
 */
const char *
kontor_buffer_text (KontorBuffer *buffer)
{
  kontor_buffer_grow (buffer, 0);
  buffer->data[buffer->length] = '\0';
  return buffer->data;
}

/**
 * kontor_buffer_int:
 * @buffer: a buffer
 * @value: a number
 *
 * Appends @value in decimal.
 */
void
kontor_buffer_int (KontorBuffer *buffer, gint64 value)
{
  char digits[LONGEST_NUMBER];
  char *start = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  while (rest >= 100)
    {
      start -= 2;
      memcpy (start, digit_pairs + rest % 100 * 2, 2);
      rest /= 100;
    }
  if (rest >= 10)
    {
      start -= 2;
      memcpy (start, digit_pairs + rest * 2, 2);
    }
  else
    *--start = (char) ('0' + rest);
  if (value < 0)
    *--start = '-';

  kontor_buffer_append (buffer, start, (gsize) (digits + sizeof digits - start));
}

/**
 * kontor_buffer_string:
 * @buffer: a buffer
 * @text: valid UTF-8
 *
 * Appends @text as a JSON string, with quotes. Only what JSON demands is escaped.
 */
void
kontor_buffer_string (KontorBuffer *buffer, const char *text)
{
  const char *run = text;

  kontor_buffer_char (buffer, '"');
  for (const char *p = text;; p++)
    {
      char escape = escapes[(guchar) *p];

      if (G_LIKELY (escape == 0))
        continue;
      kontor_buffer_append (buffer, run, (gsize) (p - run));
      if (*p == '\0')
        break;
      run = p + 1;

      kontor_buffer_char (buffer, '\\');
      kontor_buffer_char (buffer, escape);
      if (escape == 'u')
        {
          kontor_buffer_literal (buffer, "00");
          kontor_buffer_char (buffer, "0123456789abcdef"[(guchar) *p >> 4]);
          kontor_buffer_char (buffer, "0123456789abcdef"[*p & 15]);
        }
    }
  kontor_buffer_char (buffer, '"');
}

/**
 * kontor_buffer_printf:
 * @buffer: a buffer
 * @format: as printf() takes it
 *
 * Appends formatted text, unescaped.
 */
void
kontor_buffer_printf (KontorBuffer *buffer, const char *format, ...)
{
  va_list args;
  int length;

  va_start (args, format);
  length = g_vsnprintf (NULL, 0, format, args);
  va_end (args);
  g_assert (length >= 0);

  kontor_buffer_grow (buffer, (gsize) length);
  va_start (args, format);
  g_vsnprintf (buffer->data + buffer->length, (gsize) length + 1, format, args);
  va_end (args);
  buffer->length += (gsize) length;
}
