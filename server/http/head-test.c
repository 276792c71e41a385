/* head-test.c: that everybody who reads a request reads the same one. */
#include "server/http/head.h"

#include <string.h>

#define LINE "GET /v1/charges?limit=1 HTTP/1.1\r\n"

static gboolean
parse (const char *text, char **bytes, KontorHead *head)
{
  gsize length = strlen (text);
  const char *problem;

  *bytes = g_strdup (text);
  g_assert_cmpuint (kontor_head_find_end (*bytes, length, 0), ==, length);
  return kontor_head_parse (*bytes, length, head, &problem);
}

static void
test_reads_what_is_asked (void)
{
  g_autofree char *bytes = NULL;
  KontorHead head;

  g_assert_true (
      parse ("POST /v1/charges?limit=1 HTTP/1.1\r\nhost: x\r\nAUTHORIZATION:Bearer  a \r\n"
             "Content-Length: 12\r\nIdempotency-Key: k k\t\r\nExpect: 100-continue\r\n\r\n",
             &bytes, &head));
  g_assert_cmpstr (head.method, ==, "POST");
  g_assert_cmpstr (head.path, ==, "/v1/charges");
  g_assert_cmpstr (head.query, ==, "limit=1");
  g_assert_cmpstr (head.authorization, ==, "Bearer  a");
  g_assert_cmpstr (head.idempotency_key, ==, "k k");
  g_assert_cmpint (head.content_length, ==, 12);
  g_assert_true (head.wants_continue);
  g_assert_true (head.keep_alive);
  g_assert_false (head.chunked);
}

typedef struct
{
  const char *description, *text;
} Refused;

static const Refused refused[] = {
  { "no version", "GET /\r\n\r\n" },
  { "a version of its own", "GET / HTTP/2.0\r\n\r\n" },
  { "a method in lower case", "get / HTTP/1.1\r\n\r\n" },
  { "no target", "GET  HTTP/1.1\r\n\r\n" },
  { "a space in the target", "GET /a b HTTP/1.1\r\n\r\n" },
  { "a control character in the target", "GET /\a HTTP/1.1\r\n\r\n" },
  { "a bare line feed", LINE "Host: x\nX: y\r\n\r\n" },
  { "a bare carriage return", LINE "Host: x\rX: y\r\n\r\n" },
  { "a folded line", LINE "X: y\r\n z\r\n\r\n" },
  { "a space before the colon", LINE "Content-Length : 1\r\n\r\n" },
  { "no colon", LINE "Host\r\n\r\n" },
  { "a control character in a value", LINE "X: \001\r\n\r\n" },
  { "two lengths", LINE "Content-Length: 1\r\nContent-Length: 1\r\n\r\n" },
  { "a length with a sign", LINE "Content-Length: +1\r\n\r\n" },
  { "a length that is no number", LINE "Content-Length: 1, 1\r\n\r\n" },
  { "an empty length", LINE "Content-Length:\r\n\r\n" },
  { "a length beside chunks", LINE "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n" },
  { "another encoding", LINE "Transfer-Encoding: gzip, chunked\r\n\r\n" },
  { "two keys", LINE "Authorization: a\r\nAuthorization: b\r\n\r\n" },
};

static void
test_refuses_what_can_be_read_in_two_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *bytes = NULL;
      KontorHead head;

      g_test_message ("%s", refused[i].description);
      g_assert_false (parse (refused[i].text, &bytes, &head));
    }
}

static void
test_refuses_a_nul (void)
{
  char bytes[] = "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n";
  const char *problem;
  KontorHead head;

  g_assert_false (kontor_head_parse (bytes, sizeof bytes - 1, &head, &problem));
}

static void
test_refuses_a_hundred_and_one_headers (void)
{
  g_autoptr (GString) text = g_string_new (LINE);
  g_autofree char *good = NULL, *bad = NULL;
  KontorHead head;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "X: y\r\n");
  g_string_append (text, "\r\n");
  g_assert_true (parse (text->str, &good, &head));
  g_string_insert (text, strlen (LINE), "X: y\r\n");
  g_assert_false (parse (text->str, &bad, &head));
}

static void
test_knows_when_the_connection_stays (void)
{
  static const struct
  {
    const char *text;
    gboolean stays;
  } cases[] = {
    { "GET / HTTP/1.1\r\n\r\n", TRUE },
    { "GET / HTTP/1.0\r\n\r\n", FALSE },
    { "GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", FALSE },
    { "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", TRUE },
    { "GET / HTTP/1.1\r\nConnection: upgrade\r\n\r\n", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = NULL;
      KontorHead head;

      g_assert_true (parse (cases[i].text, &bytes, &head));
      g_assert_cmpint (head.keep_alive, ==, cases[i].stays);
    }
}

static void
test_a_length_beyond_all_bounds_is_no_small_one (void)
{
  g_autofree char *bytes = NULL;
  KontorHead head;

  g_assert_true (parse (LINE "Content-Length: 18446744073709551617\r\n\r\n", &bytes, &head));
  g_assert_cmpint (head.content_length, ==, G_MAXINT64);
}

static void
test_finds_the_end_wherever_a_read_stops (void)
{
  static const char text[] = LINE "Host: x\r\n\r\nbody";
  gsize whole = strlen (LINE) + strlen ("Host: x\r\n\r\n");

  for (gsize first = 0; first < whole; first++)
    {
      g_assert_cmpuint (kontor_head_find_end (text, first, 0), ==, 0);
      g_assert_cmpuint (kontor_head_find_end (text, sizeof text - 1, first), ==, whole);
    }
}

/* The same body comes out however its bytes are cut. */
static void
test_chunks_come_out_whole (void)
{
  static const char text[]
      = "5;x=y\r\nname=\r\n0A\r\nJenny Smit\r\n1\r\nh\r\n0\r\nTrailer: z\r\n\r\nGET";
  gsize whole = sizeof text - 1 - strlen ("GET");

  for (gsize size = 1; size <= whole; size++)
    {
      g_auto (KontorBuffer) body = { 0 };
      KontorChunks chunks = { 0 };
      KontorChunksResult result = KONTOR_CHUNKS_MORE;
      gsize at = 0, used = 0;

      for (; result == KONTOR_CHUNKS_MORE && at < sizeof text - 1; at += used)
        result = kontor_chunks_feed (&chunks, text + at, MIN (size, sizeof text - 1 - at), &used,
                                     &body);
      g_assert_cmpint (result, ==, KONTOR_CHUNKS_END);
      g_assert_cmpuint (at, ==, whole);
      g_assert_cmpstr (kontor_buffer_text (&body), ==, "name=Jenny Smith");
    }
}

static void
test_refuses_broken_chunks (void)
{
  static const char *const broken[] = {
    "\r\n", "x\r\n", "-1\r\n", "5\r\nname=x", "5\nname=", "fffffffff\r\n", "5\r\nname=\r\n0\r\n\rx",
    "5;\n"
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_auto (KontorBuffer) body = { 0 };
      KontorChunks chunks = { 0 };
      gsize used;

      g_assert_cmpint (kontor_chunks_feed (&chunks, broken[i], strlen (broken[i]), &used, &body),
                       ==, KONTOR_CHUNKS_BAD);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/head/reads-what-is-asked", test_reads_what_is_asked);
  g_test_add_func ("/head/refuses-what-can-be-read-in-two-ways",
                   test_refuses_what_can_be_read_in_two_ways);
  g_test_add_func ("/head/refuses-a-nul", test_refuses_a_nul);
  g_test_add_func ("/head/refuses-a-hundred-and-one-headers",
                   test_refuses_a_hundred_and_one_headers);
  g_test_add_func ("/head/knows-when-the-connection-stays", test_knows_when_the_connection_stays);
  g_test_add_func ("/head/a-length-beyond-all-bounds-is-no-small-one",
                   test_a_length_beyond_all_bounds_is_no_small_one);
  g_test_add_func ("/head/finds-the-end-wherever-a-read-stops",
                   test_finds_the_end_wherever_a_read_stops);
  g_test_add_func ("/chunks/come-out-whole", test_chunks_come_out_whole);
  g_test_add_func ("/chunks/refuses-broken-ones", test_refuses_broken_chunks);
  return g_test_run ();
}
