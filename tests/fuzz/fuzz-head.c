/* fuzz-head.c: a request's head is refused or read within its bytes, and a body in chunks is the same
 * however it was cut on its way. */
#include "server/http/head.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static KontorChunksResult
feed (const char *bytes, gsize length, gsize step, gsize *taken, KontorBuffer *body)
{
  KontorChunks chunks = { 0 };
  KontorChunksResult result = KONTOR_CHUNKS_MORE;

  *taken = 0;
  while (result == KONTOR_CHUNKS_MORE && *taken < length)
    {
      gsize given = MIN (step, length - *taken), used = 0;

      result = kontor_chunks_feed (&chunks, bytes + *taken, given, &used, body);
      g_assert_cmpuint (used, <=, given);
      if (result == KONTOR_CHUNKS_MORE)
        g_assert_cmpuint (used, ==, given);
      *taken += used;
    }
  return result;
}

/* Two readers that disagree where a body ends are how requests are smuggled. */
static void
check_chunks (const char *bytes, gsize length)
{
  g_auto (KontorBuffer) whole = { 0 };
  g_auto (KontorBuffer) pieces = { 0 };
  gsize taken_whole, taken_pieces;
  KontorChunksResult result = feed (bytes, length, MAX (length, 1), &taken_whole, &whole);

  g_assert_cmpint (feed (bytes, length, 1, &taken_pieces, &pieces), ==, result);
  if (result == KONTOR_CHUNKS_BAD)
    return;
  g_assert_cmpuint (taken_whole, ==, taken_pieces);
  g_assert_cmpmem (whole.data, whole.length, pieces.data, pieces.length);
  g_assert_cmpuint (whole.length, <=, length);
}

static void
check_head (char *bytes, gsize length)
{
  KontorHead head = { 0 };
  const char *problem = NULL;

  if (!kontor_head_parse (bytes, length, &head, &problem))
    {
      g_assert_true (problem != NULL && g_utf8_validate (problem, -1, NULL));
      return;
    }
  g_assert_true (head.method >= bytes && head.method < bytes + length);
  g_assert_true (head.path >= bytes && head.path < bytes + length);
  g_assert_cmpint (head.content_length, >=, 0);
  g_assert_false (head.chunked && head.content_length_text != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *bytes = (const char *) data;
  gsize length = kontor_head_find_end (bytes, size, 0);
  g_autofree char *head = NULL;

  g_assert_cmpuint (length, <=, size);
  check_chunks (bytes + length, size - length);
  if (length == 0)
    return 0;
  head = g_memdup2 (bytes, length);
  check_head (head, length);
  return 0;
}
