/* tunnel.c: connections to a server that are carried by another program, such as ssh.
 *
 * Whoever sends requests connects to a socket that only this process may use. For each connection a program is
 * started, and that connection becomes its standard input and output: no byte passes through our hands, a slow
 * side slows the other one down, and when either ends, so does the other. */
#include "core/client/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/text.h"

#define MOST_SAID 4096 /* of what a program said last */
#define NOT_FOUND 127  /* what a shell answers when there is no such program */
#define SAYS "kontor: "

/* Nobody can answer ssh's questions; a machine that does not answer is told of rather than waited for; a line
 * that broke unseen is noticed within a minute. KONTOR_SSH takes the place of these words. */
static const char *const usual_ssh[]
    = { "ssh", "-T", "-oBatchMode=yes", "-oConnectTimeout=20", "-oServerAliveInterval=15", NULL };

struct _KontorTunnel
{
  char          **command;
  char           *host;     /* for people */
  GSocketService *service;
  GSocketAddress *address;
  char           *problem;  /* of the program that ended last; %NULL: none */
  GHashTable     *running;  /* set of GSubprocess */
};

/* A program that carries a connection. */
typedef struct
{
  KontorTunnel      *tunnel;
  GSubprocess       *process;
  GSocketConnection *connection; /* kept until it is known why the program ended */
  int                said;       /* file of memory: its standard error */
} Carrier;

static void
tunnel_clear (gpointer data)
{
  KontorTunnel *tunnel = data;

  g_strfreev (tunnel->command);
  g_free (tunnel->host);
  g_clear_object (&tunnel->service);
  g_clear_object (&tunnel->address);
  g_free (tunnel->problem);
  g_clear_pointer (&tunnel->running, g_hash_table_unref);
}

static void
carrier_free (Carrier *carrier)
{
  g_clear_object (&carrier->process);
  g_clear_object (&carrier->connection);
  if (carrier->said >= 0)
    close (carrier->said);
  g_rc_box_release_full (carrier->tunnel, tunnel_clear);
  g_free (carrier);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Carrier, carrier_free)

/* ----------------------------------------------------------------------------- why it ended -- */

/* The last line that says anything; what our own program says needs no name before it. */
static char *
last_line (int said)
{
  char text[MOST_SAID + 1];
  off_t length = lseek (said, 0, SEEK_END);
  ssize_t n = pread (said, text, MOST_SAID, MAX (0, length - MOST_SAID));
  char *line;

  text[MAX (0, n)] = '\0';
  g_strchomp (text);
  if (*text == '\0')
    return NULL;
  line = strrchr (text, '\n');
  line = line != NULL ? line + 1 : text;
  return kontor_text_clean (g_str_has_prefix (line, SAYS) ? line + strlen (SAYS) : line);
}

static char *
why_it_ended (const Carrier *carrier)
{
  GSubprocess *process = carrier->process;
  const char *program = carrier->tunnel->command[0];
  g_autofree char *line = last_line (carrier->said);

  if (g_subprocess_get_successful (process))
    return NULL;
  if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == NOT_FOUND)
    return g_strdup_printf (_ ("there is no program “kontor” on %s (%s)"), carrier->tunnel->host,
                            line != NULL ? line : "127");
  if (line != NULL)
    return g_steal_pointer (&line);
  if (g_subprocess_get_if_signaled (process))
    return g_strdup_printf (_ ("“%s” was ended by signal %d"), program,
                            g_subprocess_get_term_sig (process));
  return g_strdup_printf (_ ("“%s” failed with status %d"), program,
                          g_subprocess_get_exit_status (process));
}

/* Who waits for an answer learns that none will come when @connection is let go: by then the reason is known. */
static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Carrier) carrier = data;
  KontorTunnel *tunnel = carrier->tunnel;

  (void) g_subprocess_wait_finish (carrier->process, result, NULL);
  g_free (tunnel->problem);
  tunnel->problem = why_it_ended (carrier);
  g_hash_table_remove (tunnel->running, carrier->process);
}

/* ------------------------------------------------------------------------------ how it begins -- */

/* A session of its own: without a terminal nothing can be asked on it, and Ctrl-C is not meant for it. */
static void
leave_terminal (gpointer data)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  setsid ();
}

/* Programs expect a standard input that waits. */
static int
copy_of (GSocketConnection *connection)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));

  g_unix_set_fd_nonblocking (fd, FALSE, NULL);
  return fcntl (fd, F_DUPFD_CLOEXEC, 3);
}

static GSubprocess *
start (const Carrier *carrier, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  g_subprocess_launcher_take_stdin_fd (launcher, copy_of (carrier->connection));
  g_subprocess_launcher_take_stdout_fd (launcher, copy_of (carrier->connection));
  g_subprocess_launcher_take_stderr_fd (launcher, fcntl (carrier->said, F_DUPFD_CLOEXEC, 3));
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) carrier->tunnel->command,
                                       error);
}

static void
carry (KontorTunnel *tunnel, GSocketConnection *connection)
{
  g_autoptr (Carrier) carrier = g_new0 (Carrier, 1);
  g_autoptr (GError) error = NULL;

  carrier->tunnel = g_rc_box_acquire (tunnel);
  carrier->connection = g_object_ref (connection);
  carrier->said = memfd_create ("kontor-said", MFD_CLOEXEC);
  carrier->process = start (carrier, &error);
  if (carrier->process == NULL)
    {
      g_free (tunnel->problem);
      tunnel->problem = g_strdup (error->message);
      return;
    }
  g_hash_table_add (tunnel->running, g_object_ref (carrier->process));
  g_subprocess_wait_async (carrier->process, NULL, ended_cb, carrier);
  carrier = NULL;
}

/* Every program of this machine can find the socket: ours alone may use it. */
static gboolean
is_of_ours (GSocketConnection *connection)
{
  g_autoptr (GCredentials) peer
      = g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);

  return peer != NULL && g_credentials_get_unix_pid (peer, NULL) == getpid ();
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer tunnel)
{
  if (is_of_ours (connection))
    carry (tunnel, connection);
  return TRUE;
}

/* A name that no folder holds, so that not even a crash leaves anything behind. */
static gboolean
listen_for (KontorTunnel *tunnel, GError **error)
{
  g_autofree char *unique = g_uuid_string_random (), *name = g_strconcat ("kontor-", unique, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new_with_type (
      name, (gint) strlen (name), G_UNIX_SOCKET_ADDRESS_ABSTRACT);

  tunnel->service = g_socket_service_new ();
  g_signal_connect (tunnel->service, "incoming", G_CALLBACK (incoming_cb), tunnel);
  return g_socket_listener_add_address (G_SOCKET_LISTENER (tunnel->service), address,
                                        G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                        &tunnel->address, error);
}

/* --------------------------------------------------------------------------------- the tunnel -- */

static gboolean
make_command (KontorTunnel *tunnel, const KontorAddress *address, GError **error)
{
  static const char *const there[] = { "kontor", "sync", "--stdio" };
  const char *set = g_getenv ("KONTOR_SSH");
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) own = NULL;
  g_autofree char *port = g_strdup_printf ("-p%u", address->port);

  if (set != NULL && *set != '\0' && !g_shell_parse_argv (set, NULL, &own, error))
    {
      g_prefix_error (error, "KONTOR_SSH: ");
      return FALSE;
    }
  g_strv_builder_addv (words, own != NULL ? (const char **) own : (const char **) usual_ssh);
  if (address->port != 0)
    g_strv_builder_add (words, port);
  g_strv_builder_add (words, tunnel->host);
  for (guint i = 0; i < G_N_ELEMENTS (there); i++)
    g_strv_builder_add (words, there[i]);
  tunnel->command = g_strv_builder_end (words);
  return TRUE;
}

/**
 * kontor_tunnel_new:
 * @address: of the kind %KONTOR_ADDRESS_SSH
 * @error: return location for a #GError
 *
 * Starts nothing yet: each connection to kontor_tunnel_address() starts an ssh of its own, or what
 * KONTOR_SSH names in its place.
 *
 * Returns: (transfer full) (nullable): a way to that server
 */
KontorTunnel *
kontor_tunnel_new (const KontorAddress *address, GError **error)
{
  g_autoptr (KontorTunnel) tunnel = g_rc_box_new0 (KontorTunnel);

  tunnel->host = address->user != NULL ? g_strconcat (address->user, "@", address->host, NULL)
                                       : g_strdup (address->host);
  tunnel->running = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  if (!make_command (tunnel, address, error) || !listen_for (tunnel, error))
    return NULL;
  return g_steal_pointer (&tunnel);
}

/**
 * kontor_tunnel_address:
 * @tunnel: a tunnel
 *
 * Returns: (transfer none): what to connect to; for this process alone
 */
GSocketAddress *
kontor_tunnel_address (const KontorTunnel *tunnel)
{
  return tunnel->address;
}

/**
 * kontor_tunnel_problem:
 * @tunnel: a tunnel
 *
 * Returns: (transfer none) (nullable): why the last of its programs to end failed, in a line that it said
 *   itself if it said any; %NULL when it did not fail
 */
const char *
kontor_tunnel_problem (const KontorTunnel *tunnel)
{
  return tunnel->problem;
}

/**
 * kontor_tunnel_free:
 * @tunnel: (transfer full): a tunnel; what is still under way is broken off
 */
void
kontor_tunnel_free (KontorTunnel *tunnel)
{
  GHashTableIter each;
  gpointer process;

  if (tunnel->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (tunnel->service, tunnel);
      g_socket_service_stop (tunnel->service);
      g_socket_listener_close (G_SOCKET_LISTENER (tunnel->service));
    }
  g_hash_table_iter_init (&each, tunnel->running);
  while (g_hash_table_iter_next (&each, &process, NULL))
    g_subprocess_send_signal (process, SIGTERM);
  g_rc_box_release_full (tunnel, tunnel_clear);
}
