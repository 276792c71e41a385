/* address.c: where a server is and how it is reached: over TCP, by a socket of this machine, through ssh. */
#include "core/client/address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/client/client-error.h"

#define UNIX_PREFIX "unix:"

/* What an address of each scheme may hold besides a host and a port. */
static const struct
{
  const char       *name;
  KontorAddressKind kind;
  gboolean          has_user, has_path;
} schemes[] = {
  { "http", KONTOR_ADDRESS_HTTP, FALSE, TRUE },
  { "https", KONTOR_ADDRESS_HTTPS, FALSE, TRUE },
  { "ssh", KONTOR_ADDRESS_SSH, TRUE, FALSE },
};

/**
 * kontor_address_free:
 * @address: (transfer full): an address
 */
void
kontor_address_free (KontorAddress *address)
{
  g_free (address->user);
  g_free (address->host);
  g_free (address->path);
  g_free (address);
}

/* These become words of a command: one that begins with "-" would be an option of ssh. */
static gboolean
is_plain_word (const char *word, const char *also)
{
  g_autofree char *good = g_strconcat (G_CSET_A_2_Z, G_CSET_a_2_z, G_CSET_DIGITS, also, NULL);

  return word != NULL && *word != '\0' && *word != '-' && word[strspn (word, good)] == '\0';
}

static gboolean
fits (GUri *uri, guint scheme)
{
  const char *user = g_uri_get_userinfo (uri), *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0' || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL || g_uri_get_port (uri) == 0)
    return FALSE;
  if (!schemes[scheme].has_path && strcmp (g_uri_get_path (uri), "/") > 0)
    return FALSE;
  if (schemes[scheme].has_user)
    return is_plain_word (host, ".-_:") && (user == NULL || is_plain_word (user, ".-_+"));
  return user == NULL;
}

static KontorAddress *
address_of_uri (GUri *uri, KontorAddressKind kind)
{
  KontorAddress *address = g_new0 (KontorAddress, 1);

  address->kind = kind;
  address->user = g_strdup (g_uri_get_userinfo (uri));
  address->host = g_strdup (g_uri_get_host (uri));
  address->port = g_uri_get_port (uri) > 0 ? (guint16) g_uri_get_port (uri) : 0;
  address->path = g_strdup (g_uri_get_path (uri));
  for (gsize length = strlen (address->path); length > 0 && address->path[length - 1] == '/';)
    address->path[--length] = '\0';
  return address;
}

static KontorAddress *
address_of_socket (const char *path)
{
  KontorAddress *address = g_new0 (KontorAddress, 1);

  address->kind = KONTOR_ADDRESS_UNIX;
  address->path = g_strdup (path);
  return address;
}

/**
 * kontor_address_parse:
 * @text: "https://pay.example.com", "ssh://support@pay.example.com:22" or "unix:/run/kontor.sock"
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: (transfer full) (nullable): what it says
 */
KontorAddress *
kontor_address_parse (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
  gboolean is_one_word = strpbrk (text, " \t\r\n") == NULL;

  if (is_one_word && g_str_has_prefix (text, UNIX_PREFIX "/"))
    return address_of_socket (text + strlen (UNIX_PREFIX));
  for (guint i = 0; is_one_word && uri != NULL && i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (g_uri_get_scheme (uri), schemes[i].name) && fits (uri, i))
      return address_of_uri (uri, schemes[i].kind);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
               _ ("“%s” is no address of a server; one looks like https://pay.example.com, "
                  "ssh://me@pay.example.com or unix:/run/kontor.sock."),
               text);
  return NULL;
}
