/* misfortune.c: what may befall a program at any step: it dies, its disk is full, its clock is wrong.
 *
 * Preloaded into a client or into kontord. A test maps the file KONTOR_MISFORTUNE and says in it what is to happen and
 * when; each write, sync, truncation, renaming, deletion and message to the other side is one step. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* As tests/sync/misfortune.py packs it. */
typedef struct
{
  _Atomic int64_t left;    /* steps; with the last of them the program dies; <= 0: it does not */
  _Atomic int64_t is_full; /* the disk */
  _Atomic int64_t ahead_s; /* of the true time */
} Misfortune;

int clock_gettime (clockid_t clock, struct timespec *at);
int fdatasync (int fd);
int fsync (int fd);
int ftruncate64 (int fd, off64_t len);
int gettimeofday (struct timeval *restrict at, void *restrict zone);
ssize_t pwrite64 (int fd, const void *data, size_t len, off64_t offset);
int rename (const char *from, const char *to);
ssize_t send (int fd, const void *data, size_t len, int flags);
ssize_t sendmsg (int fd, const struct msghdr *message, int flags);
time_t time (time_t *at);
int unlink (const char *path);
ssize_t write (int fd, const void *data, size_t len);

static Misfortune none;
static Misfortune *misfortune = &none;

/* The real function @name; ISO C has no cast for what dlsym() gives. */
#define REAL(name)                                                                                 \
  static __typeof__ (&name) real;                                                                  \
  if (real == NULL)                                                                                \
  *(void **) &real = dlsym (RTLD_NEXT, #name)

__attribute__ ((constructor)) static void
map_file (void)
{
  const char *path = getenv ("KONTOR_MISFORTUNE");
  int fd = path != NULL ? open (path, O_RDWR | O_CLOEXEC) : -1;
  void *at = fd >= 0 ? mmap (NULL, sizeof *misfortune, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                     : MAP_FAILED;

  if (at != MAP_FAILED)
    misfortune = at;
  if (fd >= 0)
    close (fd);
}

/* Whether this step is the last one. */
static int
is_last (void)
{
  return atomic_load (&misfortune->left) > 0 && atomic_fetch_sub (&misfortune->left, 1) == 1;
}

static void
die (void)
{
  kill (getpid (), SIGKILL);
  for (;;)
    pause ();
}

static void
step (void)
{
  if (is_last ())
    die ();
}

/* Of a file and not of a pipe or terminal, where a program only says how it stands. */
static int
is_file (int fd)
{
  return lseek (fd, 0, SEEK_CUR) >= 0 || errno != ESPIPE;
}

static int
has_no_room (void)
{
  if (!atomic_load (&misfortune->is_full))
    return 0;
  errno = ENOSPC;
  return 1;
}

/* ------------------------------------------------------------------------------------ disk -- */

/* Who dies while writing has written a part of it. */
ssize_t
pwrite64 (int fd, const void *data, size_t len, off64_t offset)
{
  REAL (pwrite64);
  if (has_no_room ())
    return -1;
  if (is_last ())
    {
      if (real (fd, data, len / 2, offset) >= 0)
        die ();
      die ();
    }
  return real (fd, data, len, offset);
}

ssize_t
write (int fd, const void *data, size_t len)
{
  REAL (write);
  if (!is_file (fd))
    return real (fd, data, len);
  if (has_no_room ())
    return -1;
  if (is_last ())
    {
      if (real (fd, data, len / 2) >= 0)
        die ();
      die ();
    }
  return real (fd, data, len);
}

int
ftruncate64 (int fd, off64_t len)
{
  REAL (ftruncate64);
  step ();
  return real (fd, len);
}

int
fsync (int fd)
{
  REAL (fsync);
  step ();
  return real (fd);
}

int
fdatasync (int fd)
{
  REAL (fdatasync);
  step ();
  return real (fd);
}

int
rename (const char *from, const char *to)
{
  REAL (rename);
  step ();
  return real (from, to);
}

int
unlink (const char *path)
{
  REAL (unlink);
  step ();
  return real (path);
}

/* --------------------------------------------------------------------------------- network -- */

ssize_t
send (int fd, const void *data, size_t len, int flags)
{
  REAL (send);
  step ();
  return real (fd, data, len, flags);
}

ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  REAL (sendmsg);
  step ();
  return real (fd, message, flags);
}

/* ----------------------------------------------------------------------------------- clock -- */

int
clock_gettime (clockid_t clock, struct timespec *at)
{
  REAL (clock_gettime);
  int result = real (clock, at);

  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    at->tv_sec += atomic_load (&misfortune->ahead_s);
  return result;
}

int
gettimeofday (struct timeval *restrict at, void *restrict zone)
{
  struct timespec now;

  if (zone != NULL || clock_gettime (CLOCK_REALTIME, &now) != 0)
    return -1;
  *at = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
  return 0;
}

time_t
time (time_t *at)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_REALTIME, &now);
  if (at != NULL)
    *at = now.tv_sec;
  return now.tv_sec;
}
