/* disk-fault.c: a disk that is full, or that fails to sync, for as long as a test wants it to be.
 *
 * Preloaded into kontord. While the file KONTOR_DISK_FAULT holds "full", writes to the database and
 * its log fail with ENOSPC; while it holds "sync", their syncs fail with EIO. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite64 (int fd, const void *data, size_t len, off64_t offset);
int fdatasync (int fd);
int fsync (int fd);

static ssize_t (*real_pwrite64) (int, const void *, size_t, off64_t);
static int (*real_fdatasync) (int);
static int (*real_fsync) (int);

__attribute__ ((constructor)) static void
load_real_functions (void)
{
  real_pwrite64 = (ssize_t (*) (int, const void *, size_t, off64_t)) dlsym (RTLD_NEXT, "pwrite64");
  real_fdatasync = (int (*) (int)) dlsym (RTLD_NEXT, "fdatasync");
  real_fsync = (int (*) (int)) dlsym (RTLD_NEXT, "fsync");
}

static int
is_database (int fd)
{
  char link[64];
  char path[4096];
  ssize_t len;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, sizeof path - 1);
  if (len < 0)
    return 0;
  path[len] = '\0';
  return strstr (path, "/kontor.db") != NULL && strstr (path, "-shm") == NULL;
}

/* Whether @fd belongs to the database and the fault of this name is wanted now. */
static int
has_fault (int fd, const char *name)
{
  const char *path = getenv ("KONTOR_DISK_FAULT");
  char wanted[16] = "";
  int fault_fd = path != NULL && is_database (fd) ? open (path, O_RDONLY | O_CLOEXEC) : -1;

  if (fault_fd < 0)
    return 0;
  if (read (fault_fd, wanted, sizeof wanted - 1) < 0)
    wanted[0] = '\0';
  close (fault_fd);
  return strncmp (wanted, name, strlen (name)) == 0;
}

ssize_t
pwrite64 (int fd, const void *data, size_t len, off64_t offset)
{
  if (!has_fault (fd, "full"))
    return real_pwrite64 (fd, data, len, offset);
  errno = ENOSPC;
  return -1;
}

int
fdatasync (int fd)
{
  if (!has_fault (fd, "sync"))
    return real_fdatasync (fd);
  errno = EIO;
  return -1;
}

int
fsync (int fd)
{
  if (!has_fault (fd, "sync"))
    return real_fsync (fd);
  errno = EIO;
  return -1;
}
