/* webhook-url-test.c: where events may be sent to, and what is said when they may not. */
#include "server/engine/webhook-url.h"

#include <string.h>

#include "core/network.h"

static void
test_takes_what_can_work (void)
{
  static const struct
  {
    const char *url, *problem; /* %NULL: it is taken */
    gboolean    is_live;
  } cases[] = {
    { "https://example.com/hooks", NULL, TRUE },
    { "https://example.com", NULL, TRUE },
    { "HTTPS://Example.COM:8443/a?b=c#d", NULL, TRUE },
    { "https://b\xc3\xbc"
      "cher.example/",
      NULL, TRUE },
    { "http://example.com/hooks", NULL, FALSE },
    { "http://example.com/hooks", "in live mode", TRUE },
    { "http://receiver:3000/", NULL, FALSE },
    { "https://8.8.8.8/", NULL, TRUE },
    { "https://[2606:4700::1111]/", NULL, TRUE },
    { "https://3com.example/", NULL, TRUE },

    { "", "must begin with", FALSE },
    { "example.com", "must begin with", FALSE },
    { "/hooks", "must begin with", FALSE },
    { "ftp://example.com", "must begin with", FALSE },
    { "file:///etc/passwd", "must begin with", FALSE },
    { "javascript:alert(1)", "must begin with", FALSE },
    { "https://", "name a host", FALSE },
    { "https:///path", "name a host", FALSE },
    { "https:example.com", "name a host", FALSE },
    { "https://example.com:0/", "port", FALSE },
    { "https://example.com:70000/", "must begin with", FALSE },
    { "https://exa mple.com/", "spaces", FALSE },
    { "https://example.com/a b", "spaces", FALSE },
    { "https://example.com/\r\nX: y", "spaces", FALSE },
    { "https://example.com\\@evil.example/", "backslashes", FALSE },
    { "https://user@example.com/", "user name", FALSE },
    { "https://user:secret@example.com/", "user name", FALSE },

    { "http://localhost:3000/", "webhook_allow", FALSE },
    { "http://LOCALHOST./", "webhook_allow", FALSE },
    { "http://app.localhost/", "webhook_allow", FALSE },
    { "http://notlocalhost/", NULL, FALSE },
    { "http://127.0.0.1:3000/", "webhook_allow", FALSE },
    { "http://169.254.169.254/latest/meta-data", "webhook_allow", FALSE },
    { "https://[::1]/", "webhook_allow", TRUE },
    { "https://[::ffff:10.0.0.1]/", "webhook_allow", TRUE },
    { "https://[fe80::1%25eth0]/", "address", TRUE },
    { "https://192.168.7.1/", NULL, TRUE },
    { "http://2130706433/", "usually written", FALSE },
    { "http://0x7f.1/", "usually written", FALSE },
    { "http://127.1/", "usually written", FALSE },
    { "http://017700000001/", "usually written", FALSE },
  };
  const char *bad = NULL;
  g_autoptr (GPtrArray) allow = kontor_networks_parse ("192.168.7.0/24", &bad);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KontorError error = { 0 };
      gboolean taken
          = kontor_webhook_url_check (cases[i].url, cases[i].is_live, allow, "url", &error);

      g_test_message ("%s: %s", cases[i].url, error.message);
      g_assert_cmpint (taken, ==, cases[i].problem == NULL);
      if (taken)
        continue;
      g_assert_cmpint (error.info->number, ==, KONTOR_ERROR_URL_INVALID);
      g_assert_cmpstr (error.param, ==, "url");
      g_assert_nonnull (strstr (error.message, cases[i].problem));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webhook-url/takes-what-can-work", test_takes_what_can_work);
  return g_test_run ();
}
