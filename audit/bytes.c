/* bytes.c: the byte forms that the seal is made of, as docs/ledger.md gives them. */
#include "audit/bytes.h"

#include <string.h>

/**
 * audit_put_mark:
 * @bytes: what is being written
 * @mark: the letter that says what follows
 */
void
audit_put_mark (GByteArray *bytes, char mark)
{
  guint8 byte = (guint8) mark;

  g_byte_array_append (bytes, &byte, 1);
}

/**
 * audit_put_int:
 * @bytes: what is being written
 * @value: becomes eight bytes, the most significant first, negative ones in two's complement
 */
void
audit_put_int (GByteArray *bytes, gint64 value)
{
  guint8 eight[8];

  for (guint i = 0; i < 8; i++)
    eight[i] = (guint8) ((guint64) value >> (56 - 8 * i));
  g_byte_array_append (bytes, eight, sizeof eight);
}

/**
 * audit_put_text:
 * @bytes: what is being written
 * @text: becomes its length and its bytes
 * @length: of @text, or -1
 */
void
audit_put_text (GByteArray *bytes, const char *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  audit_put_int (bytes, (gint64) n);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) n);
}
