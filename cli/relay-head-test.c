/* relay-head-test.c: which requests are handed on, and what becomes of their heads. */
#include "cli/relay-head.h"

#include <string.h>

#include "core/client/client-error.h"

#define GET "GET /v1/customers?limit=3 HTTP/1.1\r\n"

static const KontorRelayServer server
    = { .host = "pay.example.com", .base = "/kontor", .key = "sk_test_abc" };

static void
test_handed_on (void)
{
  static const struct
  {
    const char *what, *in, *out;
    guint64     body_length;
    gboolean    is_last;
  } rows[] = {
    { "host, path and key are the server's", "GET /v1/balance HTTP/1.1\r\nHost: localhost",
      "GET /kontor/v1/balance HTTP/1.1\r\nHost: pay.example.com\r\n"
      "Authorization: Bearer sk_test_abc\r\n\r\n" },
    { "a key of its own stays", GET "authorization: Bearer mine",
      "GET /kontor/v1/customers?limit=3 HTTP/1.1\r\nHost: pay.example.com\r\n"
      "authorization: Bearer mine\r\n\r\n" },
    { "a body is announced",
      "POST /v1/kontor/ops HTTP/1.1\r\nAuthorization: x\r\nContent-Length: 17",
      "POST /kontor/v1/kontor/ops HTTP/1.1\r\nHost: pay.example.com\r\nAuthorization: x\r\n"
      "Content-Length: 17\r\n\r\n",
      .body_length = 17 },
    { "the last one is known", "GET /healthz HTTP/1.1\r\nAuthorization: x\r\nConnection: Close",
      "GET /kontor/healthz HTTP/1.1\r\nHost: pay.example.com\r\nAuthorization: x\r\n"
      "Connection: Close\r\n\r\n",
      .is_last = TRUE },
    { "no other protocol is begun",
      "GET /v2/core/events HTTP/1.1\r\nUpgrade: h2c\r\nAuthorization: x",
      "GET /kontor/v2/core/events HTTP/1.1\r\nHost: pay.example.com\r\nAuthorization: x\r\n\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (KontorRelayHead) head = { 0 };

      g_test_message ("%s", rows[i].what);
      g_assert_true (
          kontor_relay_head_read (&head, rows[i].in, strlen (rows[i].in), &server, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (head.text, ==, rows[i].out);
      g_assert_cmpuint (head.body_length, ==, rows[i].body_length);
      g_assert_cmpint (head.is_last, ==, rows[i].is_last);
    }
}

/* Whoever brings no key must not choose the mode of the one that is lent to them. */
static void
test_of_person (void)
{
  static const KontorRelayServer lender
      = { .host = "h", .base = "", .key = "kses_abc", .account = "acct_1", .mode = "test" };
  static const struct
  {
    const char *in, *out;
  } rows[] = {
    { "GET /v1/balance HTTP/1.1",
      "GET /v1/balance HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer kses_abc\r\n"
      "Kontor-Account: acct_1\r\nKontor-Mode: test\r\n\r\n" },
    { "GET /v1/balance HTTP/1.1\r\nkontor-mode: live\r\nKontor-Account: acct_2",
      "GET /v1/balance HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer kses_abc\r\n"
      "Kontor-Account: acct_1\r\nKontor-Mode: test\r\n\r\n" },
    { "GET /v1/balance HTTP/1.1\r\nKontor-Mode: live\r\nAuthorization: Bearer kses_own",
      "GET /v1/balance HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer kses_own\r\n"
      "Kontor-Mode: live\r\n\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (KontorRelayHead) head = { 0 };

      g_assert_true (
          kontor_relay_head_read (&head, rows[i].in, strlen (rows[i].in), &lender, NULL));
      g_assert_cmpstr (head.text, ==, rows[i].out);
    }
}

static void
test_without_key (void)
{
  const KontorRelayServer stranger = { .host = "localhost", .base = "" };
  g_auto (KontorRelayHead) head = { 0 };

  g_assert_true (kontor_relay_head_read (&head, GET "Accept: */*", strlen (GET "Accept: */*"),
                                         &stranger, NULL));
  g_assert_null (strstr (head.text, "Authorization"));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *what, *in;
  } rows[] = {
    { "nothing", "" },
    { "half a line", "GET /v1/balance" },
    { "another version", "GET /v1/balance HTTP/1.0" },
    { "another server", "GET http://elsewhere.example/v1/balance HTTP/1.1" },
    { "a tunnel", "CONNECT elsewhere.example:443 HTTP/1.1" },
    { "a path outside the API", "GET /metrics HTTP/1.1" },
    { "one that only begins like it", "GET /v1 HTTP/1.1" },
    { "one that leads out of it", "GET /v1/../metrics HTTP/1.1" },
    { "the same in other letters", "GET /v1/%2E%2e/metrics HTTP/1.1" },
    { "a header without a colon", GET "Accept" },
    { "a header without a name", GET ": x" },
    { "a space before the colon", GET "Content-Length : 4" },
    { "a folded header", GET "X-A: 1\r\n folded" },
    { "lines that end otherwise", GET "X-A: 1\nAuthorization: x" },
    { "two lengths", GET "Content-Length: 4\r\nContent-Length: 4" },
    { "a length that is none", GET "Content-Length: +4" },
    { "a length below nothing", GET "Content-Length: -4" },
    { "pieces", GET "Transfer-Encoding: chunked" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (KontorRelayHead) head = { 0 };

      g_test_message ("%s", rows[i].what);
      g_assert_false (
          kontor_relay_head_read (&head, rows[i].in, strlen (rows[i].in), &server, &error));
      g_assert_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING);
      g_assert_null (head.text);
    }
  {
    g_auto (KontorRelayHead) head = { 0 };

    g_assert_false (kontor_relay_head_read (&head, GET "X: \0", strlen (GET) + 4, &server, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay-head/becomes-the-servers", test_handed_on);
  g_test_add_func ("/relay-head/goes-without-a-key-where-there-is-none", test_without_key);
  g_test_add_func ("/relay-head/lends-a-session-for-its-own-mode-only", test_of_person);
  g_test_add_func ("/relay-head/leads-nowhere-else", test_refused);
  return g_test_run ();
}
