/* buffer.h: a growing run of bytes, made for writing JSON without a detour. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct
{
  char *data;      /* owned; not NUL-terminated until kontor_buffer_text() is asked */
  gsize length;
  gsize allocated;
} KontorBuffer;

void        kontor_buffer_clear  (KontorBuffer *buffer);
void        kontor_buffer_grow   (KontorBuffer *buffer, gsize more);
const char *kontor_buffer_text   (KontorBuffer *buffer);
void        kontor_buffer_int    (KontorBuffer *buffer, gint64 value);
/* quoted, escaped JSON */
void        kontor_buffer_string (KontorBuffer *buffer, const char *text);
void        kontor_buffer_printf (KontorBuffer *buffer,
                                  const char *format,
                                  ...) G_GNUC_PRINTF (2, 3);

static inline void
kontor_buffer_append (KontorBuffer *buffer, const char *bytes, gsize length)
{
  if (G_UNLIKELY (buffer->allocated - buffer->length <= length)) /* room for a NUL, never %NULL */
    kontor_buffer_grow (buffer, length);
  memcpy (buffer->data + buffer->length, bytes, length);
  buffer->length += length;
}

static inline void
kontor_buffer_char (KontorBuffer *buffer, char c)
{
  kontor_buffer_append (buffer, &c, 1);
}

#define kontor_buffer_literal(buffer, text) \
  kontor_buffer_append ((buffer), "" text, sizeof (text) - 1)

static inline void
kontor_buffer_puts (KontorBuffer *buffer, const char *text)
{
  kontor_buffer_append (buffer, text, strlen (text));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KontorBuffer, kontor_buffer_clear)

G_END_DECLS
