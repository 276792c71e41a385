/* fdatasync-rate.c: how often a second this disk makes a 4 KB append durable.
 *
 * The floor under every durable commit: a server that commits once per payment cannot be faster,
 * and one that commits many at once shows by how much it is. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE 4096

static gboolean
append_block (int fd, const char *block)
{
  return write (fd, block, BLOCK_SIZE) == BLOCK_SIZE && fdatasync (fd) == 0;
}

static gboolean
measure (int fd, double seconds, guint64 *appends, double *elapsed_s)
{
  char block[BLOCK_SIZE];
  gint64 start = g_get_monotonic_time ();
  gint64 now = start;
  guint64 n = 0;

  memset (block, 'k', sizeof block);
  while (now - start < (gint64) (seconds * G_USEC_PER_SEC))
    {
      if (!append_block (fd, block))
        return FALSE;
      n++;
      now = g_get_monotonic_time ();
    }
  *appends = n;
  *elapsed_s = (double) (now - start) / G_USEC_PER_SEC;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  guint64 appends;
  double elapsed_s;
  gboolean ok;
  int fd;

  if (argc != 3)
    {
      g_printerr ("usage: fdatasync-rate DIRECTORY SECONDS\n");
      return 2;
    }
  path = g_build_filename (argv[1], "fdatasync-rate.tmp", NULL);
  fd = g_open (path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  ok = fd >= 0 && measure (fd, g_ascii_strtod (argv[2], NULL), &appends, &elapsed_s);
  if (!ok)
    g_printerr ("fdatasync-rate: %s: %s\n", path, g_strerror (errno));
  else
    printf ("{\"appends\": %" G_GUINT64_FORMAT ", \"seconds\": %.3f, \"rate\": %.1f}\n", appends,
            elapsed_s, (double) appends / elapsed_s);
  g_unlink (path);
  return ok ? 0 : 1;
}
