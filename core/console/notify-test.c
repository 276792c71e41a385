/* notify-test.c: who is told of what, and that it is never too much. */
#include "core/console/notify.h"

#include <glib/gstdio.h>

static const KontorFormat format = { ".", ",", NULL, TRUE };

#define BEGAN 1000

static void
test_rules (void)
{
  static const struct
  {
    const char *why, *settings;
    KontorHappening happening;
    const char *title, *body;
  } cases[] = {
    { "a failed payment",
      "notify-payment=true",
      { "payment_intent.payment_failed", "pi_1", "Declined.", 2450, "eur", 1000 },
      "Payment failed",
      "24.50 EUR · Declined." },
    { "one before the start",
      "notify-payment=true",
      { "payment_intent.payment_failed", "pi_1", NULL, 2450, "eur", 999 },
      NULL,
      NULL },
    { "one too small",
      "notify-payment=true\nnotify-payment-from=25",
      { "payment_intent.payment_failed", "pi_1", NULL, 2499, "eur", 1000 },
      NULL,
      NULL },
    { "one just large enough",
      "notify-payment=true\nnotify-payment-from=25",
      { "payment_intent.payment_failed", "pi_1", NULL, 2500, "eur", 1000 },
      "Payment failed",
      "25.00 EUR" },
    { "yen have no decimals",
      "notify-payment=true\nnotify-payment-from=25",
      { "payment_intent.payment_failed", "pi_1", NULL, 25, "jpy", 1000 },
      "Payment failed",
      "25 JPY" },
    { "not asked for",
      "",
      { "payment_intent.payment_failed", "pi_1", NULL, 2500, "eur", 1000 },
      NULL,
      NULL },
    { "a refund",
      "",
      { "refund.failed", "re_1", "lost_or_stolen_card", 100, "eur", 1001 },
      "Refund failed",
      "1.00 EUR · lost_or_stolen_card" },
    { "an endpoint",
      "",
      { "webhook_endpoint.disabled", "we_1", "It is gone.", 0, NULL, 1001 },
      "Webhook endpoint",
      "It is gone." },
    { "the queue",
      "",
      { "queue.refused", "queued_1", "No.", 0, NULL, 1001 },
      "Action refused",
      "No." },
    { "good news", "", { "payment_intent.succeeded", "pi_1", NULL, 100, "eur", 1001 }, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path
          = g_build_filename (g_get_user_config_dir (), "kontor", "console.ini", NULL);
      g_autofree char *folder = g_path_get_dirname (path);
      g_autofree char *text = g_strdup_printf ("[console]\n%s\n", cases[i].settings);
      g_autoptr (KontorSettings) settings = NULL;
      g_autoptr (KontorNotify) notify = kontor_notify_new (BEGAN);
      g_autoptr (KontorNotification) told = NULL;

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (path, text, -1, NULL));
      settings = kontor_settings_load (NULL);
      told = kontor_notify_tell (notify, &cases[i].happening, settings, &format, BEGAN + 2);
      g_test_message ("%s", cases[i].why);
      g_assert_cmpstr (told != NULL ? told->title : NULL, ==, cases[i].title);
      g_assert_cmpstr (told != NULL ? told->body : NULL, ==, cases[i].body);
      if (told != NULL)
        g_assert_cmpstr (told->target, ==, cases[i].happening.about);
    }
}

static const char *
tell_at (KontorNotify *notify, gint64 now)
{
  const KontorHappening happening = { "refund.failed", "re_1", NULL, 100, "eur", BEGAN };
  g_autoptr (KontorNotification) told = kontor_notify_tell (notify, &happening, NULL, &format, now);

  return told != NULL ? g_intern_string (told->title) : NULL;
}

static void
test_no_more_than_five_a_minute (void)
{
  g_autoptr (KontorNotify) notify = kontor_notify_new (BEGAN);

  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (tell_at (notify, BEGAN + i), ==, "Refund failed");
  g_assert_cmpstr (tell_at (notify, BEGAN + 5), ==, "More is happening");
  for (guint i = 6; i < 60; i++)
    g_assert_cmpstr (tell_at (notify, BEGAN + i), ==, NULL);
  g_assert_cmpstr (tell_at (notify, BEGAN + 60), ==, "Refund failed");
  g_assert_cmpstr (tell_at (notify, BEGAN + 60), ==, "More is happening");
  g_assert_cmpstr (tell_at (notify, BEGAN + 60), ==, NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *root = g_dir_make_tmp ("kontor-notify-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "kontor", NULL);
  g_autofree char *file = g_build_filename (folder, "console.ini", NULL);
  int status;

  /* GLib's own folders for tests are leaked by it, which the sanitizer would hold against us. */
  g_setenv ("XDG_CONFIG_HOME", root, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify/each-rule-tells-what-it-is-for", test_rules);
  g_test_add_func ("/notify/no-more-than-five-a-minute", test_no_more_than_five_a_minute);
  status = g_test_run ();
  g_unlink (file);
  g_rmdir (folder);
  g_rmdir (root);
  return status;
}
