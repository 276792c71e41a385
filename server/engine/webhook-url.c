/* webhook-url.c: where events may be sent to.
 *
 * This tells the person who writes a URL early what would never work. It is no wall: a name may lead anywhere by the
 * time an event is sent, so the sender looks at each address that it connects to. */
#include "server/engine/webhook-url.h"

#include <string.h>

#include "core/network.h"

static gboolean
refuse (KontorError *error, const char *param, const char *problem)
{
  return kontor_error_set (error, KONTOR_ERROR_URL_INVALID, param, "Invalid URL: %s", problem);
}

static gboolean
is_localhost (const char *host)
{
  gsize length = strlen (host);

  if (length > 0 && host[length - 1] == '.')
    length--;
  return (length == 9 || (length > 9 && host[length - 10] == '.'))
         && g_ascii_strncasecmp (host + length - 9, "localhost", 9) == 0;
}

/* Such as 2130706433 or 0x7f.1, which some resolvers take for 127.0.0.1. */
static gboolean
ends_in_number (const char *host)
{
  const char *dot = strrchr (host, '.');
  const char *label = dot != NULL ? dot + 1 : host;

  return g_ascii_isdigit (*label)
         && (g_ascii_strncasecmp (label, "0x", 2) == 0
             || label[strspn (label, "0123456789")] == '\0');
}

static gboolean
check_address (GInetAddress *address,
               const char *host,
               const GPtrArray *allow,
               const char *param,
               KontorError *error)
{
  if (kontor_address_is_public (address) || kontor_networks_allow (allow, address))
    return TRUE;
  return kontor_error_set (
      error, KONTOR_ERROR_URL_INVALID, param,
      "Invalid URL: %.100s is not a public address. Whoever runs this server can"
      " allow it in the setting webhook_allow.",
      host);
}

static gboolean
check_host (const char *host, const GPtrArray *allow, const char *param, KontorError *error)
{
  const char *text = is_localhost (host) ? "127.0.0.1" : host;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address != NULL)
    return check_address (address, host, allow, param, error);
  if (strchr (host, ':') != NULL || ends_in_number (host))
    return refuse (error, param, "the host is not an address as it is usually written.");
  return TRUE;
}

/* Spaces and the like, which GLib takes; and backslashes, which some readers of URLs take for slashes. */
static gboolean
has_odd_letters (const char *url)
{
  for (; *url != '\0'; url++)
    if ((guchar) *url <= ' ' || *url == 127 || *url == '\\')
      return TRUE;
  return FALSE;
}

/**
 * kontor_webhook_url_check:
 * @url: what somebody wants events to be sent to
 * @is_live: whether these are of live mode, which are never sent in clear
 * @allow: (nullable) (element-type GInetAddressMask): private networks that may be named
 * @param: the parameter that holds @url
 * @error: says what is wrong with it
 *
 * Returns: whether it may be kept
 */
gboolean
kontor_webhook_url_check (const char *url,
                          gboolean is_live,
                          const GPtrArray *allow,
                          const char *param,
                          KontorError *error)
{
  g_autoptr (GUri) uri
      = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (has_odd_letters (url))
    return refuse (error, param, "spaces, control characters and backslashes must be written %XX.");
  if (scheme == NULL || (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0))
    return refuse (error, param, "it must begin with https:// or http:// and name a host.");
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || g_uri_get_port (uri) == 0)
    return refuse (error, param, "it must name a host, and a port only when that is not 0.");
  if (g_uri_get_userinfo (uri) != NULL)
    return refuse (error, param,
                   "it must not hold a user name or a password: check the signature"
                   " of what is sent to it instead.");
  if (is_live && strcmp (scheme, "https") != 0)
    return refuse (error, param, "in live mode it must begin with https://.");
  return check_host (g_uri_get_host (uri), allow, param, error);
}
