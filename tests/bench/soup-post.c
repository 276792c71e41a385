/* soup-post.c: what a libsoup client reaches that posts the same body again and again and does
 * nothing else: the yardstick for what the sender of webhooks does beside.
 *
 *   soup-post URL CONNECTIONS SECONDS BYTES
 *
 * Prints one JSON object: requests a second, and the processor's microseconds for each. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef struct
{
  SoupSession *session;
  GMainLoop   *loop;
  GUri        *uri;
  GBytes      *body;
  gint64       until_us;
  guint        under_way;
  guint64      done;
  guint64      failed;
} Loop;

static void post (Loop *loop);

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Loop *loop = data;
  g_autoptr (GBytes) reply = soup_session_send_and_read_finish (loop->session, result, NULL);

  loop->under_way--;
  if (reply == NULL)
    loop->failed++;
  else
    loop->done++;
  if (g_get_monotonic_time () < loop->until_us)
    post (loop);
  else if (loop->under_way == 0)
    g_main_loop_quit (loop->loop);
}

/* Without the flag, libsoup would open a new connection for each. */
static void
post (Loop *loop)
{
  g_autoptr (SoupMessage) message = soup_message_new_from_uri (SOUP_METHOD_POST, loop->uri);

  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json; charset=utf-8", loop->body);
  loop->under_way++;
  soup_session_send_and_read_async (loop->session, message, G_PRIORITY_DEFAULT, NULL, answered_cb,
                                    loop);
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main (int argc, char **argv)
{
  Loop loop = { 0 };
  gint64 began_us;
  double seconds;

  if (argc != 5 || (loop.uri = g_uri_parse (argv[1], SOUP_HTTP_URI_FLAGS, NULL)) == NULL)
    {
      g_printerr ("usage: soup-post URL CONNECTIONS SECONDS BYTES\n");
      return 2;
    }
  loop.session = soup_session_new_with_options ("max-conns", 1024, "max-conns-per-host", 1024,
                                                "proxy-resolver", NULL, NULL);
  loop.loop = g_main_loop_new (NULL, FALSE);
  loop.body = g_bytes_new_take (g_strnfill (strtoul (argv[4], NULL, 10), 'a'),
                                strtoul (argv[4], NULL, 10));
  began_us = g_get_monotonic_time ();
  loop.until_us = began_us + (gint64) (g_ascii_strtod (argv[3], NULL) * 1e6);
  for (guint i = 0; i < strtoul (argv[2], NULL, 10); i++)
    post (&loop);
  g_main_loop_run (loop.loop);
  seconds = (double) (g_get_monotonic_time () - began_us) / 1e6;
  printf ("{\"rps\":%.1f,\"cpu_us\":%.2f,\"failed\":%" G_GUINT64_FORMAT "}\n",
          (double) loop.done / seconds, cpu_seconds () * 1e6 / (double) loop.done, loop.failed);
  g_main_loop_unref (loop.loop);
  g_bytes_unref (loop.body);
  g_uri_unref (loop.uri);
  g_object_unref (loop.session);
  return 0;
}
