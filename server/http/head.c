/* head.c: the head of an HTTP request, and bodies sent in chunks.
 *
 * Strict where two readers could disagree on where a request ends: no bare line feed, no folded line, one
 * Content-Length of digits alone, never beside Transfer-Encoding. */
#include "server/http/head.h"

#include <string.h>

#define MAX_HEADERS    100
#define MAX_CHUNK      (16 * 1024 * 1024)
#define MAX_CHUNK_LINE 256
#define MAX_TRAILER    4096

static const struct
{
  const char *name;
  gsize       length, offset;
  gboolean    once; /* a second one could hide what a proxy in front has looked at */
} known[] = {
#define KNOWN(name, member, once)                                                                  \
  {                                                                                                \
    name, sizeof name - 1, G_STRUCT_OFFSET (KontorHead, member), once                              \
  }
  KNOWN ("authorization", authorization, TRUE),
  KNOWN ("content-type", content_type, FALSE),
  KNOWN ("idempotency-key", idempotency_key, TRUE),
  KNOWN ("stripe-version", api_version, FALSE),
  KNOWN ("stripe-account", account, TRUE),
  KNOWN ("kontor-account", acting_for, TRUE),
  KNOWN ("kontor-mode", mode, TRUE),
  KNOWN ("user-agent", agent, FALSE),
  KNOWN ("x-forwarded-for", forwarded, FALSE),
  KNOWN ("origin", origin, FALSE),
  KNOWN ("content-length", content_length_text, TRUE),
  KNOWN ("transfer-encoding", transfer_encoding, TRUE),
  KNOWN ("connection", connection, FALSE),
  KNOWN ("expect", expect, FALSE),
  KNOWN ("range", range, TRUE),
  KNOWN ("if-range", if_range, TRUE),
  KNOWN ("accept-encoding", accept_encoding, FALSE),
#undef KNOWN
};

/**
 * kontor_head_find_end:
 * @bytes: what was read
 * @length: how many bytes
 * @from: how many of them were looked at before without finding it
 *
 * Returns: how long the head is, with the empty line; 0 when that is not there yet
 */
gsize
kontor_head_find_end (const char *bytes, gsize length, gsize from)
{
  const char *at = bytes + (from > 3 ? from - 3 : 0), *end = bytes + length;

  while ((at = memchr (at, '\r', (gsize) (end - at))) != NULL && end - at >= 4)
    {
      if (at[1] == '\n' && at[2] == '\r' && at[3] == '\n')
        return (gsize) (at - bytes) + 4;
      at++;
    }
  return 0;
}

static gboolean
is_token (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Takes a line off: its end becomes a NUL. %NULL when there is a CR or an LF of its own in it. */
static char *
take_line (char **at)
{
  char *line = *at, *end = strpbrk (line, "\r\n");

  if (end == NULL || end[0] != '\r' || end[1] != '\n')
    return NULL;
  *end = '\0';
  *at = end + 2;
  return line;
}

/* "http://host/path" is asked of proxies, and allowed everywhere. */
static char *
without_origin (char *target)
{
  char *slash;

  if (g_ascii_strncasecmp (target, "http://", 7) != 0
      && g_ascii_strncasecmp (target, "https://", 8) != 0)
    return target;
  slash = strchr (strchr (target, ':') + 3, '/');
  return slash != NULL ? slash : target;
}

static gboolean
parse_request_line (char *line, KontorHead *head)
{
  char *target, *version, *question;

  for (head->method = line; g_ascii_isupper (*line); line++)
    ;
  if (line == head->method || *line != ' ')
    return FALSE;
  *line = '\0';
  target = line + 1;
  version = strchr (target, ' ');
  if (version == NULL || version == target)
    return FALSE;
  *version++ = '\0';
  for (const char *c = target; *c != '\0'; c++)
    if ((guchar) *c < '!' || *c == 127)
      return FALSE;
  if (strncmp (version, "HTTP/1.", 7) != 0 || (version[7] != '0' && version[7] != '1')
      || version[8] != '\0')
    return FALSE;
  head->keep_alive = version[7] == '1';
  target = without_origin (target);
  question = strchr (target, '?');
  if (question != NULL)
    {
      *question = '\0';
      head->query = question + 1;
    }
  head->path = target;
  return TRUE;
}

/* Of a header that is sent again the last counts, as nearest to us. */
static gboolean
keep_header (KontorHead *head, char *name, gsize length, const char *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const char **member;

      if (known[i].length != length || g_ascii_strncasecmp (known[i].name, name, length) != 0)
        continue;
      member = &G_STRUCT_MEMBER (const char *, head, known[i].offset);
      if (*member != NULL && known[i].once)
        return FALSE;
      *member = value;
      break;
    }
  return TRUE;
}

static gboolean
parse_header (char *line, KontorHead *head)
{
  char *colon = line, *value, *end;

  while (is_token (*colon))
    colon++;
  if (colon == line || *colon != ':')
    return FALSE;
  value = colon + 1 + strspn (colon + 1, " \t");
  for (end = value; *end != '\0'; end++)
    if (((guchar) *end < ' ' && *end != '\t') || *end == 127)
      return FALSE;
  while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *end = '\0';
  return keep_header (head, line, (gsize) (colon - line), value);
}

static gboolean
parse_length (KontorHead *head)
{
  const char *text = head->content_length_text;

  if (head->transfer_encoding != NULL)
    {
      head->chunked = g_ascii_strcasecmp (head->transfer_encoding, "chunked") == 0;
      return head->chunked && text == NULL;
    }
  if (text == NULL)
    return TRUE;
  if (*text == '\0' || strspn (text, "0123456789") != strlen (text))
    return FALSE;
  head->content_length = strlen (text) > 15 ? G_MAXINT64 : g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

/**
 * kontor_head_parse:
 * @bytes: (inout): a head as kontor_head_find_end() found it; changed, and pointed into by @head
 * @length: of it
 * @head: (out): what it says
 * @problem: (out): a sentence for the one who sent it
 *
 * Returns: whether it is a head that everybody reads in the same way
 */
gboolean
kontor_head_parse (char *bytes, gsize length, KontorHead *head, const char **problem)
{
  char *at = bytes, *line;
  guint n = 0;

  memset (head, 0, sizeof *head);
  *problem = "The request is not valid HTTP.";
  if (memchr (bytes, '\0', length) != NULL)
    return FALSE;
  bytes[length - 2] = '\0'; /* the empty line */
  line = take_line (&at);
  if (line == NULL || !parse_request_line (line, head))
    return FALSE;
  while (*at != '\0')
    {
      line = take_line (&at);
      if (line == NULL || !parse_header (line, head) || ++n > MAX_HEADERS)
        return FALSE;
    }
  if (!parse_length (head))
    {
      *problem
          = "The length of the request's body is not clear: send one Content-Length, or chunks.";
      return FALSE;
    }
  if (head->connection != NULL)
    head->keep_alive = g_ascii_strcasecmp (head->connection, "close") == 0 ? FALSE
                       : g_ascii_strcasecmp (head->connection, "keep-alive") == 0
                           ? TRUE
                           : head->keep_alive;
  head->wants_continue = head->expect != NULL
                         && g_ascii_strcasecmp (head->expect, "100-continue") == 0;
  return TRUE;
}

enum
{
  SIZE,
  EXTENSION,
  SIZE_LF,
  DATA,
  DATA_CR,
  DATA_LF,
  TRAILER,
  TRAILER_LINE,
  TRAILER_LF,
  END_LF
};

static gboolean
add_digit (KontorChunks *chunks, char c)
{
  if (!g_ascii_isxdigit (c) || ++chunks->n_digits > 8)
    return FALSE;
  chunks->left = chunks->left * 16 + (gsize) g_ascii_xdigit_value (c);
  return chunks->left <= MAX_CHUNK;
}

/* One byte of what is not data. %FALSE: it cannot stand there. */
static gboolean
step (KontorChunks *chunks, char c)
{
  switch (chunks->state)
    {
    case SIZE:
      if (c == '\r' && chunks->n_digits > 0)
        chunks->state = SIZE_LF;
      else if ((c == ';' || c == ' ') && chunks->n_digits > 0)
        chunks->state = EXTENSION;
      else
        return add_digit (chunks, c);
      return TRUE;
    case EXTENSION:
      chunks->state = c == '\r' ? SIZE_LF : EXTENSION;
      return c != '\n' && ++chunks->n_trailer <= MAX_CHUNK_LINE;
    case SIZE_LF:
      chunks->state = chunks->left > 0 ? DATA : TRAILER;
      chunks->n_digits = chunks->n_trailer = 0;
      return c == '\n';
    case DATA_CR:
      chunks->state = DATA_LF;
      return c == '\r';
    case DATA_LF:
      chunks->state = SIZE;
      return c == '\n';
    case TRAILER:
      chunks->state = c == '\r' ? END_LF : TRAILER_LINE;
      return c != '\n';
    case TRAILER_LINE:
      chunks->state = c == '\r' ? TRAILER_LF : TRAILER_LINE;
      return c != '\n' && ++chunks->n_trailer <= MAX_TRAILER;
    default: /* TRAILER_LF */
      chunks->state = TRAILER;
      return c == '\n';
    }
}

/**
 * kontor_chunks_feed:
 * @chunks: (inout): how far the body was read
 * @bytes: what came
 * @length: how many bytes
 * @used: (out): how many of them belong to the body
 * @body: gets the data
 *
 * Returns: whether more must come, the body is at its end, or it is not valid
 */
KontorChunksResult
kontor_chunks_feed (KontorChunks *chunks,
                    const char   *bytes,
                    gsize         length,
                    gsize        *used,
                    KontorBuffer *body)
{
  gsize at = 0;

  while (at < length)
    if (chunks->state == DATA)
      {
        gsize part = MIN (chunks->left, length - at);

        kontor_buffer_append (body, bytes + at, part);
        at += part;
        chunks->left -= part;
        if (chunks->left == 0)
          chunks->state = DATA_CR;
      }
    else if (chunks->state == END_LF)
      {
        *used = at + 1;
        return bytes[at] == '\n' ? KONTOR_CHUNKS_END : KONTOR_CHUNKS_BAD;
      }
    else if (!step (chunks, bytes[at++]))
      return KONTOR_CHUNKS_BAD;
  *used = at;
  return KONTOR_CHUNKS_MORE;
}
