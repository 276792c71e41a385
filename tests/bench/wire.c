/* wire.c: just enough HTTP/1.1 for a load generator and for the bare server it is tried against. */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean
header_is (const char *line, gsize len, const char *name, const char **value)
{
  gsize name_len = strlen (name);

  if (len <= name_len || line[name_len] != ':' || g_ascii_strncasecmp (line, name, name_len) != 0)
    return FALSE;
  *value = line + name_len + 1;
  while (**value == ' ')
    (*value)++;
  return TRUE;
}

static gboolean
read_length (const char *digits, gsize *length)
{
  gsize sum = 0;

  if (!g_ascii_isdigit (*digits))
    return FALSE;
  for (; g_ascii_isdigit (*digits); digits++)
    {
      if (sum > G_MAXUINT32)
        return FALSE;
      sum = sum * 10 + (gsize) (*digits - '0');
    }
  *length = sum;
  return TRUE;
}

/**
 * kontor_wire_read_head:
 * @data: what has arrived of a message, request or reply
 * @len: how many bytes that is
 * @frame: (out caller-allocates): where the message ends, written only for %KONTOR_WIRE_READY
 *
 * Reads only what framing needs. A chunked message is broken here on purpose: the servers measured
 * send replies of known length, and one that does not would be measured wrongly.
 *
 * Returns: whether the head is complete
 */
KontorWireResult
kontor_wire_read_head (const char *data, gsize len, KontorWireFrame *frame)
{
  const char *end = memmem (data, len, "\r\n\r\n", 4);
  const char *line = memmem (data, len, "\r\n", 2);
  KontorWireFrame found = { 0 };

  if (end == NULL)
    return KONTOR_WIRE_MORE;
  found.head_len = (gsize) (end - data) + 4;
  if (strncmp (data, "HTTP/1.", 7) == 0 && line - data >= 12)
    found.status = (guint) ((data[9] - '0') * 100 + (data[10] - '0') * 10 + (data[11] - '0'));
  while (line < end)
    {
      const char *start = line + 2;
      const char *value;

      line = memmem (start, (gsize) (end + 2 - start), "\r\n", 2);
      if (header_is (start, (gsize) (line - start), "content-length", &value))
        {
          if (!read_length (value, &found.body_len))
            return KONTOR_WIRE_BROKEN;
          found.has_body_len = TRUE;
        }
      else if (header_is (start, (gsize) (line - start), "transfer-encoding", &value))
        return KONTOR_WIRE_BROKEN;
      else if (header_is (start, (gsize) (line - start), "connection", &value))
        found.closes = g_ascii_strncasecmp (value, "close", 5) == 0;
    }
  *frame = found;
  return KONTOR_WIRE_READY;
}

static int
take_error (int fd, const char *doing, GError **error)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (saved), "%s: %s", doing,
               g_strerror (saved));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* Both ends answer at once instead of waiting to fill a segment. */
static void
disable_delay (int fd)
{
  int on = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/**
 * kontor_wire_listen:
 * @port: where to listen on the loopback address, 0 for any free port
 * @bound_port: (out): the port it became
 * @error: return location for a #GError
 *
 * Returns: a listening, non-blocking socket, or -1
 */
int
kontor_wire_listen (guint16 port, guint16 *bound_port, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  socklen_t address_len = sizeof address;
  int on = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0)
    return take_error (fd, "socket", error);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  disable_delay (fd);
  if (bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 1024) < 0)
    return take_error (fd, "listen", error);
  if (getsockname (fd, (struct sockaddr *) &address, &address_len) < 0)
    return take_error (fd, "getsockname", error);
  *bound_port = ntohs (address.sin_port);
  return fd;
}

/**
 * kontor_wire_connect:
 * @host: an IPv4 address in digits
 * @port: the port there
 * @error: return location for a #GError
 *
 * Returns: a connected, non-blocking socket, or -1
 */
int
kontor_wire_connect (const char *host, guint16 port, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return take_error (fd, "socket", error);
  if (inet_pton (AF_INET, host, &address.sin_addr) != 1)
    {
      errno = EINVAL;
      return take_error (fd, host, error);
    }
  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    return take_error (fd, "connect", error);
  disable_delay (fd);
  if (!g_unix_set_fd_nonblocking (fd, TRUE, error))
    {
      close (fd);
      return -1;
    }
  return fd;
}
