/* key-file-test.c: that a key of the server is made once, and for its owner alone. */
#include "server/store/key-file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static void
test_is_made_once_for_its_owner_alone (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("kontor-key-XXXXXX", &error);
  g_autofree char *keys = g_build_filename (dir, "keys", NULL);
  g_autofree char *path = g_build_filename (keys, KONTOR_HASH_KEY, NULL);
  guint8 first[KONTOR_KEY_BYTES], second[KONTOR_KEY_BYTES];
  GStatBuf info;

  g_assert_true (kontor_key_file_load (dir, KONTOR_HASH_KEY, first, &error));
  g_assert_true (kontor_key_file_load (dir, KONTOR_HASH_KEY, second, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (first, sizeof first, second, sizeof second);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (keys, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_true (g_file_set_contents (path, "short", -1, &error));
  g_assert_false (kontor_key_file_load (dir, KONTOR_HASH_KEY, second, &error));
  g_assert_nonnull (error);
  g_unlink (path);
  g_rmdir (keys);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-file/is-made-once-for-its-owner-alone",
                   test_is_made_once_for_its_owner_alone);
  return g_test_run ();
}
