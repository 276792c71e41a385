/* local.c: a server of one's own on this machine, for who has no other yet.
 *
 * The server is kontord as anybody would start it, on a free port of the loopback address. Where it listens and
 * the key that was made for it stand in two files of its folder, so that a second console finds the first
 * one's server, and the next start has the same key. */
#include "core/client/local.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PROGRAM "kontord"
#define BANNER "kontord: listening on "
#define ADDRESS_FILE "console-address"
#define KEY_FILE "console-key"

struct _KontorLocal
{
  GSubprocess *server; /* %NULL: somebody else's */
  char *url, *key;
};

/**
 * kontor_local_folder:
 *
 * Returns: (transfer full): where this person's own server keeps its data
 */
char *
kontor_local_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "kontor", "local", NULL);
}

/**
 * kontor_local_exists:
 * @folder: where a server of one's own keeps its data
 *
 * Returns: whether there are any
 */
gboolean
kontor_local_exists (const char *folder)
{
  g_autofree char *file = g_build_filename (folder, "kontor.db", NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

/* Beside this program, as it was installed or built with it; else wherever the shell would find it. */
static char *
find_program (GError **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *const places[] = { PROGRAM, "../server/" PROGRAM, "../sbin/" PROGRAM };
  char *found;

  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE)
          && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  found = g_find_program_in_path (PROGRAM);
  if (found == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("The server program, kontord, is not installed on this machine"));
  return found;
}

/* Settings meant for a server that this person runs elsewhere are not meant for this one. */
static GSubprocessLauncher *
make_launcher (GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);
  g_auto (GStrv) names = g_listenv ();

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "KONTOR_"))
      g_subprocess_launcher_unsetenv (launcher, names[i]);
  return launcher;
}

/* Runs a command of kontord to its end; what it says on stderr is the error. */
static gboolean
run (const char *const *arguments, char **said, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher
      = make_launcher (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  g_autofree char *problem = NULL;

  if (process == NULL)
    return FALSE;
  if (!g_subprocess_communicate_utf8 (process, NULL, cancellable, said, &problem, error))
    {
      g_subprocess_force_exit (process);
      return FALSE;
    }
  if (g_subprocess_get_successful (process))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, g_strstrip (problem));
  return FALSE;
}

/**
 * kontor_local_fill:
 * @folder: where there are no data yet
 * @payments: how many to make
 * @cancellable: (nullable): ends it
 * @error: return location for a #GIOErrorEnum with the server's sentence
 *
 * Fills it with sample payments of two years. Takes seconds: not on a main loop that somebody looks at.
 *
 * Returns: whether it is filled
 */
gboolean
kontor_local_fill (const char *folder, guint payments, GCancellable *cancellable, GError **error)
{
  g_autofree char *program = find_program (error), *said = NULL;
  g_autofree char *rows = g_strdup_printf ("%u", payments);
  const char *const arguments[] = { program, "demo", "--data-dir", folder, "--rows", rows, NULL };

  return program != NULL && run (arguments, &said, cancellable, error);
}

static char *
read_line (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *line = NULL;

  if (!g_file_get_contents (path, &line, NULL, NULL))
    return NULL;
  return g_strchomp (line);
}

static gboolean
write_line (const char *folder, const char *name, const char *line, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* Only as long as the program that started it: not even a crash leaves it behind. */
static void
die_with_parent (gpointer data)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
read_banner (KontorLocal *local, GError **error)
{
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (local->server));
  g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, error);

  if (line != NULL && g_str_has_prefix (line, BANNER))
    {
      local->url = g_strdup (line + strlen (BANNER));
      return TRUE;
    }
  g_clear_error (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _ ("The server on this machine did not start"));
  return FALSE;
}

static gboolean
launch (KontorLocal *local, const char *program, const char *folder, GError **error)
{
  g_autofree char *log = g_build_filename (folder, "console-server.log", NULL);
  const char *const arguments[]
      = { program, "serve", "--data-dir", folder, "--listen", "127.0.0.1:0", NULL };
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (G_SUBPROCESS_FLAGS_STDOUT_PIPE);

  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  local->server = g_subprocess_launcher_spawnv (launcher, arguments, error);
  return local->server != NULL && read_banner (local, error)
         && write_line (folder, ADDRESS_FILE, local->url, error);
}

/* The same as long as the data are the same. */
static gboolean
find_key (KontorLocal *local, const char *program, const char *folder, GError **error)
{
  const char *const arguments[] = { program,  "key",  "create", "--data-dir",   folder,
                                    "--mode", "test", "--name", "this console", NULL };

  local->key = read_line (folder, KEY_FILE);
  if (local->key != NULL)
    return TRUE;
  if (!run (arguments, &local->key, NULL, error))
    return FALSE;
  g_strchomp (local->key);
  return write_line (folder, KEY_FILE, local->key, error);
}

/* kontord holds a lock on its folder as long as it runs. */
static gboolean
is_running (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean taken = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0;

  if (fd >= 0)
    close (fd);
  return taken;
}

/**
 * kontor_local_start:
 * @folder: where its data are, or are to be
 * @error: return location for a #GIOErrorEnum
 *
 * Starts a server there, unless another console has started one already. From the main thread: the server ends
 * with the thread that started it.
 *
 * Returns: (transfer full) (nullable): the server, which answers
 */
KontorLocal *
kontor_local_start (const char *folder, GError **error)
{
  g_autoptr (KontorLocal) local = g_new0 (KontorLocal, 1);
  g_autofree char *program = find_program (error);

  if (program == NULL)
    return NULL;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }
  if (is_running (folder))
    local->url = read_line (folder, ADDRESS_FILE);
  else if (!launch (local, program, folder, error))
    return NULL;
  if (local->url == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   _ ("Another program is using %s, and does not say where it answers"), folder);
      return NULL;
    }
  return find_key (local, program, folder, error) ? g_steal_pointer (&local) : NULL;
}

/**
 * kontor_local_url:
 * @local: a server of one's own
 *
 * Returns: (transfer none): where it answers
 */
const char *
kontor_local_url (const KontorLocal *local)
{
  return local->url;
}

/**
 * kontor_local_key:
 * @local: a server of one's own
 *
 * Returns: (transfer none): an API key of test mode; never print it
 */
const char *
kontor_local_key (const KontorLocal *local)
{
  return local->key;
}

/**
 * kontor_local_stop:
 * @local: (transfer full): a server of one's own; it finishes what it took on, then ends
 */
void
kontor_local_stop (KontorLocal *local)
{
  if (local->server != NULL && local->url != NULL)
    {
      g_subprocess_send_signal (local->server, SIGTERM);
      g_subprocess_wait (local->server, NULL, NULL);
    }
  g_clear_object (&local->server);
  g_free (local->url);
  g_free (local->key);
  g_free (local);
}
