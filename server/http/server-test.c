/* server-test.c: what the sockets do with clients of every kind. */
#include "server/http/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/test-world.h"

#define HOST "Host: x\r\n"

typedef struct
{
  KontorWorld  *world;
  KontorServer *server;
  guint16       port;
} Running;

static void
start (Running *running)
{
  const KontorServerOptions options
      = { .listen = "127.0.0.1:0", .n_threads = 2, .max_connections = 64 };
  g_autoptr (GError) error = NULL;

  running->world = kontor_world_new ();
  running->server = kontor_server_new (&running->world->api, &options, &error);
  g_assert_no_error (error);
  running->port = (guint16) g_ascii_strtoull (
      strrchr (kontor_server_url (running->server), ':') + 1, NULL, 10);
  kontor_server_start (running->server);
}

static void
stop (Running *running)
{
  kontor_server_drain (running->server, 5);
  kontor_server_free (running->server);
  kontor_world_free (running->world);
}

static int
connect_to (const Running *running)
{
  const struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = g_htons (running->port),
                                       .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  const struct timeval patience = { .tv_sec = 10 };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (connect (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

/* All that comes until the server closes. */
static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char bytes[4096];
  gssize got;

  while ((got = recv (fd, bytes, sizeof bytes, 0)) > 0)
    g_string_append_len (text, bytes, got);
  g_assert_false (got < 0 && errno == EAGAIN);
  close (fd);
  return g_string_free (text, FALSE);
}

/* The server may answer and close before it has taken all. */
static void
send_all (int fd, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize sent = send (fd, bytes, length, MSG_NOSIGNAL);

      if (sent <= 0)
        return;
      bytes += sent;
      length -= (gsize) sent;
    }
}

/* Sends, says that no more comes, and reads what is answered. */
static char *
exchange (const Running *running, const char *text)
{
  int fd = connect_to (running);

  send_all (fd, text, strlen (text));
  shutdown (fd, SHUT_WR);
  return read_all (fd);
}

/* While others still go, there may be no room: then again. */
static char *
exchange_in_the_end (const Running *running, const char *text)
{
  char *answer = exchange (running, text);

  while (*answer == '\0')
    {
      g_free (answer);
      answer = exchange (running, text);
    }
  return answer;
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text++)
    n++;
  return n;
}

static const struct
{
  const char *description, *sent, *status;
  guint n_replies;
} cases[] = {
  { "a plain request", "GET /healthz HTTP/1.1\r\n" HOST "\r\n", "200 OK", 1 },
  { "three at once",
    "GET /healthz HTTP/1.1\r\n" HOST "\r\nGET /healthz HTTP/1.1\r\n" HOST
    "\r\nGET /healthz HTTP/1.1\r\n" HOST "\r\n",
    "200 OK", 3 },
  { "empty lines before it", "\r\n\r\nGET /healthz HTTP/1.1\r\n" HOST "\r\n", "200 OK", 1 },
  { "HEAD", "HEAD /healthz HTTP/1.1\r\n" HOST "\r\n", "200 OK", 1 },
  { "OPTIONS", "OPTIONS /v1/customers HTTP/1.1\r\n" HOST "Origin: http://a\r\n\r\n", "200 OK", 1 },
  { "HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", "200 OK", 1 },
  { "an absolute URL", "GET http://x/healthz HTTP/1.1\r\n" HOST "\r\n", "200 OK", 1 },
  { "half a request", "POST /v1/customers HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nname=A",
    "", 0 },
  { "half a head", "GET /healthz HTTP/1.1\r\nHo", "", 0 },
  { "nothing", "", "", 0 },
  { "noise", "\001\002\003\r\n\r\n", "400 Bad Request", 1 },
  { "a request after noise", "noise\r\n\r\nGET /healthz HTTP/1.1\r\n" HOST "\r\n",
    "400 Bad Request", 1 },
  { "two lengths",
    "POST /v1/customers HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\nname=",
    "400 Bad Request", 1 },
  { "a length and chunks",
    "POST /v1/customers HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: "
    "chunked\r\n\r\n0\r\n\r\n",
    "400 Bad Request", 1 },
  { "a body beyond the bound",
    "POST /v1/customers HTTP/1.1\r\nContent-Length: 10000000\r\n\r\nname=", "413 Content Too Large",
    1 },
  { "a body beyond all bounds",
    "POST /v1/customers HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "413 Content Too Large", 1 },
  { "chunks",
    "POST /v1/customers HTTP/1.1\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5\r\nname=\r\n1\r\nA\r\n0\r\n\r\n",
    "401 Unauthorized", 1 },
  { "broken chunks", "POST /v1/customers HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "400 Bad Request", 1 },
  { "a method of nobody", "BREW /v1/customers HTTP/1.1\r\n\r\n", "404 Not Found", 1 },
};

static void
test_answers_once_and_in_its_own_shape (void)
{
  Running running;

  start (&running);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = exchange (&running, cases[i].sent);

      g_test_message ("%s", cases[i].description);
      g_assert_cmpuint (count (text, "HTTP/1.1 "), ==, cases[i].n_replies);
      if (cases[i].n_replies > 0)
        g_assert_true (g_str_has_prefix (text + strlen ("HTTP/1.1 "), cases[i].status));
      if (cases[i].n_replies > 0 && cases[i].status[0] == '4')
        g_assert_nonnull (strstr (text, "{\"error\":{"));
    }
  stop (&running);
}

static char *
request (const Running *running, const char *method_and_path, const char *more, const char *body)
{
  return g_strdup_printf ("%s HTTP/1.1\r\n" HOST
                          "Authorization: Bearer %s\r\nContent-Length: %u\r\n%s\r\n%s",
                          method_and_path, running->world->key, (guint) strlen (body), more, body);
}

static void
test_a_write_is_answered_to_who_says_no_more (void)
{
  g_autofree char *sent = NULL, *text = NULL;
  Running running;

  start (&running);
  sent = request (&running, "POST /v1/customers", "Idempotency-Key: k\r\n", "name=A");
  text = exchange (&running, sent);
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (text, "\r\nIdempotency-Key: k\r\n"));
  g_assert_nonnull (strstr (text, "\r\nRequest-Id: req_"));
  g_assert_nonnull (strstr (text, "\"name\":\"A\""));
  stop (&running);
}

static void
test_reads_a_request_byte_by_byte (void)
{
  g_autofree char *sent = NULL, *text = NULL;
  Running running;
  int fd;

  start (&running);
  sent = request (&running, "POST /v1/customers", "", "name=Slow");
  fd = connect_to (&running);
  for (const char *at = sent; *at != '\0'; at++)
    send_all (fd, at, 1);
  shutdown (fd, SHUT_WR);
  text = read_all (fd);
  g_assert_nonnull (strstr (text, "\"name\":\"Slow\""));
  stop (&running);
}

/* Just below the bound, so that it lies in a memory of its own and comes in many pieces; and then another. */
static void
test_reads_a_large_body_and_what_follows_it (void)
{
  g_autofree char *value = g_strnfill (1000000, 'a'),
                  *body = g_strconcat ("metadata[x]=", value, NULL);
  g_autofree char *first = NULL, *both = NULL, *text = NULL;
  Running running;

  start (&running);
  first = request (&running, "POST /v1/customers", "", body);
  both = g_strconcat (first, "GET /healthz HTTP/1.1\r\n\r\n", NULL);
  text = exchange (&running, both);
  g_assert_cmpuint (count (text, "HTTP/1.1 "), ==, 2);
  g_assert_cmpuint (count (text, "HTTP/1.1 400 "), ==, 1);
  g_assert_cmpuint (count (text, "HTTP/1.1 200 "), ==, 1);
  stop (&running);
}

static void
test_heads_have_a_bound (void)
{
  static const struct
  {
    gsize letters;
    const char *status;
  } sizes[] = { { 8000, "200" }, { 16384, "431" }, { 100000, "431" } };
  Running running;

  start (&running);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *value = g_strnfill (sizes[i].letters, 'a');
      g_autofree char *sent
          = g_strdup_printf ("GET /healthz HTTP/1.1\r\n" HOST "X: %s\r\n\r\n", value);
      g_autofree char *text = exchange (&running, sent);

      g_assert_true (g_str_has_prefix (text + strlen ("HTTP/1.1 "), sizes[i].status));
    }
  stop (&running);
}

static void
test_asks_for_the_body_that_waits_to_be_asked_for (void)
{
  g_autofree char *head = NULL, *text = NULL;
  char interim[25 + 1] = "";
  Running running;
  int fd;

  start (&running);
  head = request (&running, "POST /v1/customers", "Expect: 100-continue\r\n", "name=A");
  head[strlen (head) - strlen ("name=A")] = '\0';
  fd = connect_to (&running);
  send_all (fd, head, strlen (head));
  g_assert_cmpint (recv (fd, interim, 25, MSG_WAITALL), ==, 25);
  g_assert_cmpstr (interim, ==, "HTTP/1.1 100 Continue\r\n\r\n");
  send_all (fd, "name=A", 6);
  shutdown (fd, SHUT_WR);
  text = read_all (fd);
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 200 OK"));
  stop (&running);
}

/* The engine works for somebody who is gone; nothing of that may show elsewhere. */
static void
test_clients_may_go_at_any_moment (void)
{
  const struct linger at_once = { .l_onoff = 1 };
  g_autofree char *sent = NULL, *text = NULL;
  Running running;

  start (&running);
  sent = request (&running, "POST /v1/customers", "", "name=Gone");
  for (gsize length = 0; length <= strlen (sent); length += 7)
    {
      int fd = connect_to (&running);

      send_all (fd, sent, length);
      if (length % 2 == 0)
        setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close (fd);
    }
  for (guint i = 0; i < 50; i++)
    {
      int fd = connect_to (&running);

      send_all (fd, sent, strlen (sent));
      setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close (fd);
    }
  text = exchange_in_the_end (&running, "GET /healthz HTTP/1.1\r\n\r\n");
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 200 OK"));
  stop (&running);
}

/* More than the bound are turned away, and room is there again when others go. */
static void
test_there_is_a_bound_to_connections (void)
{
  g_autofree char *turned_away = NULL, *text = NULL;
  int fds[64];
  Running running;

  start (&running);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      char byte;

      fds[i] = connect_to (&running);
      send_all (fds[i], "GET /healthz HTTP/1.1\r\n\r\n", 25);
      g_assert_cmpint (recv (fds[i], &byte, 1, 0), ==, 1);
    }
  turned_away = read_all (connect_to (&running));
  g_assert_cmpstr (turned_away, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  text = exchange_in_the_end (&running, "GET /healthz HTTP/1.1\r\n\r\n");
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 200 OK"));
  stop (&running);
}

static int
begin_wait (const Running *running)
{
  g_autofree char *text = g_strdup_printf ("GET /v1/kontor/events?wait=55 HTTP/1.1\r\n" HOST
                                           "Authorization: Bearer %s\r\n\r\n",
                                           running->world->key);
  int fd = connect_to (running);

  send_all (fd, text, strlen (text));
  return fd;
}

static void
test_who_waits_is_answered_when_the_server_stops (void)
{
  gint64 began_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;
  Running running;
  int fd;

  start (&running);
  fd = begin_wait (&running);
  /* It waits, or is just about to. */
  g_usleep (20000);
  stop (&running);
  text = read_all (fd);
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 200 OK"));
  g_assert_nonnull (strstr (text, "\"data\":[]"));
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 4 * G_USEC_PER_SEC);
}

/* Twenty may wait with one key. Those who have gone are not among them. */
static void
test_who_has_gone_waits_no_more (void)
{
  Running running;
  int fds[20];

  start (&running);
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
        fds[i] = begin_wait (&running);
      for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
        if (round % 2 == 0)
          close (fds[i]);
        else
          {
            shutdown (fds[i], SHUT_WR);
            g_free (read_all (fds[i]));
          }
    }
  for (gboolean refused = TRUE; refused;)
    {
      g_autofree char *text = NULL;
      int fd = begin_wait (&running);

      shutdown (fd, SHUT_WR);
      text = read_all (fd);
      refused = !g_str_has_prefix (text, "HTTP/1.1 200 OK");
    }
  stop (&running);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/answers-once-and-in-its-own-shape",
                   test_answers_once_and_in_its_own_shape);
  g_test_add_func ("/server/a-write-is-answered-to-who-says-no-more",
                   test_a_write_is_answered_to_who_says_no_more);
  g_test_add_func ("/server/reads-a-request-byte-by-byte", test_reads_a_request_byte_by_byte);
  g_test_add_func ("/server/reads-a-large-body-and-what-follows-it",
                   test_reads_a_large_body_and_what_follows_it);
  g_test_add_func ("/server/heads-have-a-bound", test_heads_have_a_bound);
  g_test_add_func ("/server/asks-for-the-body-that-waits-to-be-asked-for",
                   test_asks_for_the_body_that_waits_to_be_asked_for);
  g_test_add_func ("/server/clients-may-go-at-any-moment", test_clients_may_go_at_any_moment);
  g_test_add_func ("/server/there-is-a-bound-to-connections", test_there_is_a_bound_to_connections);
  g_test_add_func ("/server/who-waits-is-answered-when-the-server-stops",
                   test_who_waits_is_answered_when_the_server_stops);
  g_test_add_func ("/server/who-has-gone-waits-no-more", test_who_has_gone_waits_no_more);
  return g_test_run ();
}
