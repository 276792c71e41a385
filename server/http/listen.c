/* listen.c: a socket that waits for connections. */
#include "server/http/listen.h"

#include <errno.h>
#include <gio/gio.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean
split (const char *where, char **host, char **port, GError **error)
{
  const char *colon = strrchr (where, ':');
  gsize length = colon != NULL ? (gsize) (colon - where) : 0;

  if (colon == NULL || colon[1] == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is no address to listen on: write ADDRESS:PORT", where);
      return FALSE;
    }
  if (length >= 2 && where[0] == '[' && where[length - 1] == ']')
    *host = g_strndup (where + 1, length - 2);
  else
    *host = g_strndup (where, length);
  *port = g_strdup (colon + 1);
  return TRUE;
}

static int
open_socket (const struct addrinfo *address)
{
  int fd = socket (address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int yes = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind (fd, address->ai_addr, address->ai_addrlen) == 0 && listen (fd, SOMAXCONN) == 0)
    return fd;
  close (fd);
  return -1;
}

static char *
url_of (int fd)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  gboolean bracketed;

  if (getsockname (fd, (struct sockaddr *) &address, &length) != 0
      || getnameinfo ((struct sockaddr *) &address, length, host, sizeof host, port, sizeof port,
                      NI_NUMERICHOST | NI_NUMERICSERV)
             != 0)
    return g_strdup ("http://localhost");
  bracketed = strchr (host, ':') != NULL;
  return g_strdup_printf ("http://%s%s%s:%s", bracketed ? "[" : "", host, bracketed ? "]" : "",
                          port);
}

/**
 * kontor_listen:
 * @where: "127.0.0.1:8420", "[::1]:0", ":8420" for any address; port 0 is any free one
 * @url: (out) (transfer full): where it is reached
 * @error: return location for a #GError
 *
 * Returns: a listening socket that does not block, or -1
 */
int
kontor_listen (const char *where, char **url, GError **error)
{
  const struct addrinfo hints
      = { .ai_flags = AI_PASSIVE, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
  g_autofree char *host = NULL, *port = NULL;
  struct addrinfo *found;
  int result, fd = -1;

  if (!split (where, &host, &port, error))
    return -1;
  result = getaddrinfo (*host != '\0' ? host : NULL, port, &hints, &found);
  if (result != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s", where,
                   gai_strerror (result));
      return -1;
    }
  for (const struct addrinfo *address = found; address != NULL && fd < 0;
       address = address->ai_next)
    fd = open_socket (address);
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", where,
                 g_strerror (errno));
  freeaddrinfo (found);
  if (fd >= 0)
    *url = url_of (fd);
  return fd;
}
