/* key-file.c: the keys of the server itself: files of 32 bytes in the data directory. */
#include "server/store/key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

static gboolean
file_problem (GError **error, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static gboolean
write_chance (int fd)
{
  guint8 bytes[KONTOR_KEY_BYTES];
  gboolean written;

  randombytes_buf (bytes, sizeof bytes);
  written = write (fd, bytes, sizeof bytes) == (gssize) sizeof bytes && fsync (fd) == 0;
  sodium_memzero (bytes, sizeof bytes);
  return written;
}

/* A key that is lost with the power takes with it all that was kept under it. */
static gboolean
sync_folder (const char *directory)
{
  int fd = g_open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

/* Written beside its place and linked there, so that of two programs that start at once one wins
 * and both then read the same bytes. */
static gboolean
create (const char *directory, const char *path, GError **error)
{
  g_autofree char *fresh = g_strdup_printf ("%s.%d", path, (int) getpid ());
  gboolean written;
  int fd;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return file_problem (error, directory);
  fd = g_open (fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return file_problem (error, fresh);
  written = write_chance (fd);
  close (fd);
  if (!written || (link (fresh, path) != 0 && errno != EEXIST) || !sync_folder (directory))
    {
      file_problem (error, path);
      g_unlink (fresh);
      return FALSE;
    }
  g_unlink (fresh);
  return TRUE;
}

/**
 * kontor_key_file_load:
 * @data_dir: the data directory
 * @name: %KONTOR_HASH_KEY …
 * @key: (out caller-allocates): its bytes
 * @error: return location for a #GError
 *
 * Reads the file in keys/, making it when there is none.
 *
 * Returns: whether @key is set
 */
gboolean
kontor_key_file_load (const char *data_dir,
                      const char *name,
                      guint8      key[KONTOR_KEY_BYTES],
                      GError    **error)
{
  g_autofree char *directory = g_build_filename (data_dir, "keys", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !create (directory, path, error))
    return FALSE;
  if (!g_file_get_contents (path, &bytes, &length, error))
    return FALSE;
  if (length != KONTOR_KEY_BYTES)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not the %d bytes of a key", path,
                   KONTOR_KEY_BYTES);
      return FALSE;
    }
  memcpy (key, bytes, KONTOR_KEY_BYTES);
  sodium_memzero (bytes, length);
  return TRUE;
}
