/* settings-test.c: what is preferred is checked, kept, and shared with what others wrote. */
#include "core/console/settings.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
file_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "kontor", "console.ini", NULL);
}

static void
write_file (const char *text)
{
  g_autofree char *path = file_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static KontorSettings *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  KontorSettings *settings;

  write_file (text);
  settings = kontor_settings_load (&error);
  g_assert_no_error (error);
  return settings;
}

static void
assert_written (const char *line)
{
  g_autofree char *path = file_path (), *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  if (strstr (text, line) == NULL)
    g_error ("“%s” is not in the file:\n%s", line, text);
}

static void
test_every_setting_explains_itself (void)
{
  for (const KontorSetting *setting = kontor_settings_table; setting->name != NULL; setting++)
    {
      g_assert_true (kontor_settings_find (setting->name) == setting);
      g_assert_true (g_str_has_suffix (setting->help, "."));
      g_assert_true (
          (setting->choices != NULL)
          == (setting->kind == KONTOR_SETTING_CHOICE || setting->kind == KONTOR_SETTING_BOOL));
      g_assert_true (kontor_settings_check (setting, setting->initial, NULL));
      g_assert_cmpstr (kontor_settings_text (NULL, setting->name), ==, setting->initial);
    }
}

static void
test_mistakes_are_named (void)
{
  static const struct
  {
    const char *text, *why;
  } cases[] = {
    { "[console]\nmouse=perhaps\n", ":2: mouse: write true or false." },
    { "# mine\n\n[console]\n start = moon \n", ":4: start: write one of payments, overview." },
    { "[console]\nzone=Mars/North\n", ":2: zone: write a zone such as" },
    { "[console]\nmouse\n", ":2: write “name=value”" },
    { "[]\n", ":1: write “name=value”" },
    { "[console]\nzone=\xff\n", ":2: this is not UTF-8." },
    { "mouse=true\n", "console.ini: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      write_file (cases[i].text);
      g_assert_null (kontor_settings_load (&error));
      g_assert_nonnull (strstr (error->message, cases[i].why));
    }
}

static void
count_cb (KontorSettings *settings, const char *name, guint *n)
{
  g_assert_cmpstr (name, ==, "mouse");
  ++*n;
}

static void
test_values_are_kept (void)
{
  g_autoptr (KontorSettings) settings = load ("# by hand\n[console]\nlater=7\n[else]\na=b\n");
  g_autoptr (KontorSettings) again = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_signal_connect (settings, "changed", G_CALLBACK (count_cb), &n);
  g_assert_true (kontor_settings_is (settings, "mouse"));
  g_assert_true (kontor_settings_set (settings, "mouse", "false", &error));
  g_assert_true (kontor_settings_set (settings, "mouse", "false", &error));
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (kontor_settings_set (settings, "mouse", "no", &error));
  g_assert_nonnull (error);
  g_assert_false (kontor_settings_is (settings, "mouse"));
  assert_written ("# by hand\n");
  assert_written ("later=7\n");
  assert_written ("a=b\n");
  again = kontor_settings_load (NULL);
  g_assert_false (kontor_settings_is (again, "mouse"));
}

/* Two consoles run at once, or somebody has the file in an editor. */
static void
test_what_others_wrote_stays (void)
{
  g_autoptr (KontorSettings) one = load (""), two = kontor_settings_load (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (kontor_settings_set (one, "start", "overview", NULL));
  g_assert_true (kontor_settings_set (two, "theme", "dark", NULL));
  assert_written ("start=overview\n");
  assert_written ("theme=dark\n");
  write_file ("[console]\nthis is\n");
  g_assert_false (kontor_settings_set (one, "theme", "mono", &error));
  g_assert_nonnull (strstr (error->message, ":2: "));
  assert_written ("this is\n");
}

static void
test_screens_are_remembered (void)
{
  static const char *const columns[] = { "amount", "created", NULL };
  g_autoptr (KontorSettings) settings = load ("");
  g_autoptr (KontorSettings) again = NULL;
  g_auto (GStrv) shown = NULL;
  g_autofree char *sort = NULL;
  gboolean descending = FALSE;

  g_assert_null (kontor_settings_columns (settings, "payments"));
  g_assert_null (kontor_settings_sort (settings, "payments", &descending));
  g_assert_true (kontor_settings_set_columns (settings, "payments", columns, NULL));
  g_assert_true (kontor_settings_set_sort (settings, "payments", "amount", TRUE, NULL));
  again = kontor_settings_load (NULL);
  shown = kontor_settings_columns (again, "payments");
  g_assert_true (g_strv_equal ((const char *const *) shown, columns));
  sort = kontor_settings_sort (again, "payments", &descending);
  g_assert_cmpstr (sort, ==, "amount");
  g_assert_true (descending);
  g_assert_null (kontor_settings_columns (again, "customers"));
  g_assert_true (kontor_settings_set_columns (again, "payments", NULL, NULL));
  g_assert_null (kontor_settings_columns (again, "payments"));
}

static void
remove_folders (const char *root)
{
  g_autofree char *file = file_path (), *folder = g_path_get_dirname (file);

  g_unlink (file);
  g_rmdir (folder);
  g_rmdir (root);
}

/* GLib's own folders for tests are leaked by it, which the sanitizer would hold against us. */
int
main (int argc, char **argv)
{
  g_autofree char *root = g_dir_make_tmp ("kontor-settings-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", root, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/every-one-explains-itself", test_every_setting_explains_itself);
  g_test_add_func ("/settings/mistakes-are-named", test_mistakes_are_named);
  g_test_add_func ("/settings/values-are-kept", test_values_are_kept);
  g_test_add_func ("/settings/what-others-wrote-stays", test_what_others_wrote_stays);
  g_test_add_func ("/settings/screens-are-remembered", test_screens_are_remembered);
  status = g_test_run ();
  remove_folders (root);
  return status;
}
