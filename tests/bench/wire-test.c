/* wire-test.c: a message's frame is found wherever the network cuts it. */
#include "wire.h"

#include <string.h>

static const struct
{
  const char *what;
  const char *data;
  KontorWireResult result;
  KontorWireFrame frame;
} heads[] = {
  { "a reply with a body",
    "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{",
    KONTOR_WIRE_READY,
    { .status = 200, .head_len = 39, .body_len = 12, .has_body_len = TRUE } },
  { "a name in any case",
    "HTTP/1.1 402 No\r\ncOnTeNt-LeNgTh:7\r\n\r\n",
    KONTOR_WIRE_READY,
    { .status = 402, .head_len = 37, .body_len = 7, .has_body_len = TRUE } },
  { "a request without a body",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    KONTOR_WIRE_READY,
    { .head_len = 27 } },
  { "a server that closes",
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    KONTOR_WIRE_READY,
    { .status = 200, .head_len = 57, .has_body_len = TRUE, .closes = TRUE } },
  { "half a head", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n", KONTOR_WIRE_MORE, { 0 } },
  { "nothing yet", "", KONTOR_WIRE_MORE, { 0 } },
  { "chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", KONTOR_WIRE_BROKEN, { 0 } },
  { "no number", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", KONTOR_WIRE_BROKEN, { 0 } },
  { "too large a number",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    KONTOR_WIRE_BROKEN,
    { 0 } },
};

static void
test_heads (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      KontorWireFrame frame = { 0 };

      g_test_message ("%s", heads[i].what);
      g_assert_cmpint (kontor_wire_read_head (heads[i].data, strlen (heads[i].data), &frame), ==,
                       heads[i].result);
      g_assert_cmpuint (frame.status, ==, heads[i].frame.status);
      g_assert_cmpuint (frame.head_len, ==, heads[i].frame.head_len);
      g_assert_cmpuint (frame.body_len, ==, heads[i].frame.body_len);
      g_assert_cmpint (frame.has_body_len, ==, heads[i].frame.has_body_len);
      g_assert_cmpint (frame.closes, ==, heads[i].frame.closes);
    }
}

static void
test_cuts (void)
{
  const char *whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  KontorWireFrame frame;

  for (gsize len = 0; len < strlen (whole); len++)
    g_assert_cmpint (kontor_wire_read_head (whole, len, &frame), ==,
                     len < strlen (whole) - 3 ? KONTOR_WIRE_MORE : KONTOR_WIRE_READY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/wire/reads-a-head", test_heads);
  g_test_add_func ("/bench/wire/waits-for-the-rest-of-a-head", test_cuts);
  return g_test_run ();
}
