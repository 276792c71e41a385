/* config-test.c: that settings are taken from every place, and that a wrong one is named. */
#include "server/config.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
make_dir (const char *config)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("kontor-config-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "config", NULL);

  g_assert_true (g_file_set_contents (path, config, -1, &error));
  return dir;
}

static void
remove_dir (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "config", NULL);

  g_unlink (path);
  g_rmdir (dir);
}

static void
test_the_environment_wins_over_the_file (void)
{
  g_autofree char *dir = make_dir ("# ours\n\nhttp_threads = 3\r\n rate_limit=25\n");
  g_autoptr (GError) error = NULL;
  KontorConfig config;

  g_setenv ("KONTOR_RATE_LIMIT", "100", TRUE);
  kontor_config_init (&config);
  g_assert_cmpuint (config.server.n_threads, ==, 2);
  g_assert_true (kontor_config_read (&config, dir, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (config.server.n_threads, ==, 3);
  g_assert_cmpint (config.rate.per_second, ==, 100);
  g_unsetenv ("KONTOR_RATE_LIMIT");
  kontor_config_clear (&config);
  remove_dir (dir);
}

static void
test_a_wrong_line_is_named (void)
{
  static const char *const wrong[] = {
    "http_threads = 2\nnonsense\n",
    "http_threads = 2\nno_setting = 1\n",
    "http_threads = 2\nhttp_threads = 0\n",
    "http_threads = 2\nhttp_threads = 2x\n",
    "http_threads = 2\ntrust_forwarded = maybe\n",
    "http_threads = 2\nrequest_log = some\n",
    "http_threads = 2\nfees = 2.9\n",
    "http_threads = 2\npublic_url = x\n",
    "http_threads = 2\nwebhook_allow = 10.0.0.0/8 nonsense\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *dir = make_dir (wrong[i]);
      g_autoptr (GError) error = NULL;
      KontorConfig config;

      kontor_config_init (&config);
      g_assert_false (kontor_config_read (&config, dir, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "config:2: "));
      kontor_config_clear (&config);
      remove_dir (dir);
    }
}

static void
test_no_file_is_no_mistake (void)
{
  g_autoptr (GError) error = NULL;
  KontorConfig config;

  kontor_config_init (&config);
  g_assert_true (kontor_config_read (&config, "/nonexistent", &error));
  kontor_config_clear (&config);
}

static void
test_reads_fees_to_the_last_part (void)
{
  static const struct
  {
    const char *text;
    guint n;
    const char *currency;
    gint64 rate_ppm, fixed;
  } good[] = {
    { "* 2.9% + 30", 1, "", 29000, 30 },       { "usd 2.9%+30, * 3%", 2, "usd", 29000, 30 },
    { "EUR 1.4999% + 0", 1, "eur", 14999, 0 }, { "jpy 0% + 100", 1, "jpy", 0, 100 },
    { "* 100%", 1, "", 1000000, 0 },
  };
  static const char *const bad[]
      = { "",          "2.9%", "* 2.9", "* 101%", "* 2.99999% + 1", "usd 2.9% - 1", "usd 2.9% + x",
          "dollar 1%", "* -1%" };
  KontorConfig config;

  kontor_config_init (&config);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (kontor_config_set (&config, "fees", good[i].text, NULL));
      g_assert_cmpuint (config.settings.n_fees, ==, good[i].n);
      g_assert_cmpstr (config.settings.fees[0].currency, ==, good[i].currency);
      g_assert_cmpint (config.settings.fees[0].rate_ppm, ==, good[i].rate_ppm);
      g_assert_cmpint (config.settings.fees[0].fixed, ==, good[i].fixed);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("“%s”", bad[i]);
      g_assert_false (kontor_config_set (&config, "fees", bad[i], NULL));
    }
  kontor_config_clear (&config);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/the-environment-wins-over-the-file",
                   test_the_environment_wins_over_the_file);
  g_test_add_func ("/config/a-wrong-line-is-named", test_a_wrong_line_is_named);
  g_test_add_func ("/config/no-file-is-no-mistake", test_no_file_is_no_mistake);
  g_test_add_func ("/config/reads-fees-to-the-last-part", test_reads_fees_to_the_last_part);
  return g_test_run ();
}
