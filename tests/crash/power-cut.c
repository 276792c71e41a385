/* power-cut.c: writes down what SQLite gives the kernel, so that a test can lose what was never synced.
 *
 * A killed process loses nothing that it has written: the kernel still has it. A power cut does. This
 * library is preloaded into kontord and logs each write, truncation and sync of the database and of
 * its write-ahead log to the file KONTOR_POWER_LOG; power.py plays the log back as a disk might have
 * kept it. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct
{
  char kind;      /* 'W'rite, 'T'runcate or 'S'ync */
  char file;      /* 'd' database, 'w' write-ahead log */
  uint16_t unused;
  uint32_t len;   /* of a write: so many bytes follow */
  int64_t offset; /* of a write; of a truncation the new length */
} Record;

ssize_t pwrite64 (int fd, const void *data, size_t len, off64_t offset);
int ftruncate64 (int fd, off64_t len);
int fdatasync (int fd);
int fsync (int fd);

static ssize_t (*real_pwrite64) (int, const void *, size_t, off64_t);
static int (*real_ftruncate64) (int, off64_t);
static int (*real_fdatasync) (int);
static int (*real_fsync) (int);
static int log_fd = -1;
/* Held over the call and its record, so that the log's order is the order of effects. A write is
 * recorded before it is made and a sync after it: a kill in between leaves a last record too many,
 * which power.py finds, and never one too few. What fails would make the log lie and ends the process. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__ ((constructor)) static void
load_real_functions (void)
{
  const char *path = getenv ("KONTOR_POWER_LOG");

  real_pwrite64 = (ssize_t (*) (int, const void *, size_t, off64_t)) dlsym (RTLD_NEXT, "pwrite64");
  real_ftruncate64 = (int (*) (int, off64_t)) dlsym (RTLD_NEXT, "ftruncate64");
  real_fdatasync = (int (*) (int)) dlsym (RTLD_NEXT, "fdatasync");
  real_fsync = (int (*) (int)) dlsym (RTLD_NEXT, "fsync");
  if (path != NULL)
    log_fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int
ends_with (const char *text, const char *end)
{
  size_t len = strlen (text);
  size_t end_len = strlen (end);

  return len >= end_len && strcmp (text + len - end_len, end) == 0;
}

/* Which of the two files a descriptor is, or 0. */
static char
file_of (int fd)
{
  char link[64];
  char path[4096];
  ssize_t len;

  if (log_fd < 0)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, sizeof path - 1);
  if (len < 0)
    return 0;
  path[len] = '\0';
  return ends_with (path, "/kontor.db") ? 'd' : ends_with (path, "/kontor.db-wal") ? 'w' : 0;
}

static void
append (char kind, char file, int64_t offset, const void *data, size_t len)
{
  Record record = { .kind = kind, .file = file, .len = (uint32_t) len, .offset = offset };
  struct iovec parts[] = { { &record, sizeof record }, { (void *) data, len } };

  if (writev (log_fd, parts, len > 0 ? 2 : 1) != (ssize_t) (sizeof record + len))
    abort ();
}

ssize_t
pwrite64 (int fd, const void *data, size_t len, off64_t offset)
{
  char file = file_of (fd);
  ssize_t written;

  if (file == 0)
    return real_pwrite64 (fd, data, len, offset);
  pthread_mutex_lock (&lock);
  append ('W', file, offset, data, len);
  written = real_pwrite64 (fd, data, len, offset);
  if (written != (ssize_t) len)
    abort ();
  pthread_mutex_unlock (&lock);
  return written;
}

int
ftruncate64 (int fd, off64_t len)
{
  char file = file_of (fd);
  int result;

  if (file == 0)
    return real_ftruncate64 (fd, len);
  pthread_mutex_lock (&lock);
  append ('T', file, len, NULL, 0);
  result = real_ftruncate64 (fd, len);
  if (result != 0)
    abort ();
  pthread_mutex_unlock (&lock);
  return result;
}

/* Really synced first, though the log alone decides what is durable: so that it takes its time, and
 * a kill finds writes that are not synced yet. */
static int
sync_and_log (int (*real_sync) (int), int fd, char file)
{
  int result;

  pthread_mutex_lock (&lock);
  result = real_sync (fd);
  if (result == 0)
    append ('S', file, 0, NULL, 0);
  pthread_mutex_unlock (&lock);
  return result;
}

int
fdatasync (int fd)
{
  char file = file_of (fd);

  return file == 0 ? real_fdatasync (fd) : sync_and_log (real_fdatasync, fd, file);
}

int
fsync (int fd)
{
  char file = file_of (fd);

  return file == 0 ? real_fsync (fd) : sync_and_log (real_fsync, fd, file);
}
