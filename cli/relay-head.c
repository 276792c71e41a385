/* relay-head.c: the head of a request that is handed on to one server.
 *
 * It goes on as it came, but for three things: the host, the path's beginning and, where the request brings no
 * key, the key. Whoever may do no more on a machine than this must not get further than the server's API by it,
 * and so what two readers could understand in two ways is refused. */
#include "cli/relay-head.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/client/client-error.h"

#define NEWLINE "\r\n"
#define TOKEN G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "!#$%&'*+-.^_`|~"

typedef struct
{
  KontorRelayHead *head;
  GString *out;
  GString *scope; /* headers that belong to a key that came with them */
  gboolean has_key, has_length;
} Reading;

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error
        = g_error_new_valist (KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* -------------------------------------------------------------------------------- its headers -- */

static gboolean
take_key (Reading *reading, const char *value, GError **error)
{
  reading->has_key = TRUE;
  return TRUE;
}

static gboolean
take_length (Reading *reading, const char *value, GError **error)
{
  if (reading->has_length
      || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &reading->head->body_length, NULL))
    return refuse (error, _ ("The header Content-Length must be there once, as a number."));
  reading->has_length = TRUE;
  return TRUE;
}

static gboolean
take_coding (Reading *reading, const char *value, GError **error)
{
  return refuse (error, _ ("Transfer-Encoding is not handed on; send Content-Length instead."));
}

static gboolean
take_connection (Reading *reading, const char *value, GError **error)
{
  reading->head->is_last |= g_ascii_strcasecmp (value, "close") == 0;
  return TRUE;
}

/* Headers that say how the request is to be read; all others mean nothing here. */
static const struct
{
  const char *name;
  gboolean (*take) (Reading *reading, const char *value, GError **error);
  gboolean stays_behind;
} known[] = {
  { "Authorization", take_key, FALSE },       { "Connection", take_connection, FALSE },
  { "Content-Length", take_length, FALSE },   { "Host", NULL, TRUE },
  { "Transfer-Encoding", take_coding, TRUE }, { "Upgrade", NULL, TRUE },
};

/* Only who brings a key may say for whom and in which mode it is to work. */
static gboolean
is_of_key (const char *name)
{
  return g_ascii_strcasecmp (name, "Kontor-Account") == 0
         || g_ascii_strcasecmp (name, "Kontor-Mode") == 0;
}

static gboolean
take_header (Reading *reading, const char *line, GError **error)
{
  gsize length = strspn (line, TOKEN);
  g_autofree char *name = g_strndup (line, length), *value = NULL;
  gboolean stays_behind = FALSE;

  if (length == 0 || line[length] != ':')
    return refuse (error, _ ("“%.40s” is no header of a request."), line);
  value = g_strstrip (g_strdup (line + length + 1));
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, name) == 0)
      {
        stays_behind = known[i].stays_behind;
        if (known[i].take != NULL && !known[i].take (reading, value, error))
          return FALSE;
      }
  if (!stays_behind)
    g_string_append_printf (is_of_key (name) ? reading->scope : reading->out, "%s" NEWLINE, line);
  return TRUE;
}

/* ------------------------------------------------------------------------------ its first line -- */

/* A proxy before the server might make something else of "..". */
static gboolean
is_path_of_api (const char *target)
{
  static const char *const folders[] = { "/v1/", "/v2/" };
  static const char *const whole[] = { "/healthz", "/readyz", NULL };
  g_autofree char *path = g_ascii_strdown (target, (gssize) strcspn (target, "?#"));

  if (strstr (path, "..") != NULL || strstr (path, "%2e") != NULL || strchr (path, '\\') != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_str_has_prefix (path, folders[i]))
      return TRUE;
  return g_strv_contains (whole, path);
}

static gboolean
take_first_line (Reading *reading,
                 const char *line,
                 const KontorRelayServer *server,
                 GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);

  if (g_strv_length (words) != 3 || *words[0] == '\0' || words[0][strspn (words[0], TOKEN)] != '\0'
      || !g_str_equal (words[2], "HTTP/1.1"))
    return refuse (error, _ ("“%.40s” begins no request of HTTP/1.1."), line);
  if (!is_path_of_api (words[1]))
    return refuse (error, _ ("“%.80s” is no path of the API, and nothing else is handed on."),
                   words[1]);
  g_string_append_printf (reading->out, "%s %s%s HTTP/1.1" NEWLINE "Host: %s" NEWLINE, words[0],
                          server->base, words[1], server->host);
  return TRUE;
}

static gboolean
take_lines (Reading *reading, char **lines, const KontorRelayServer *server, GError **error)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (strpbrk (lines[i], NEWLINE) != NULL)
        return refuse (error, _ ("A line of a request ends with CR and LF."));
      if (i == 0 ? !take_first_line (reading, lines[0], server, error)
                 : !take_header (reading, lines[i], error))
        return FALSE;
    }
  return TRUE;
}

/* The key that came, or the server's, and what belongs to it. */
static void
put_key (Reading *reading, const KontorRelayServer *server)
{
  if (reading->has_key)
    g_string_append (reading->out, reading->scope->str);
  else if (server->key != NULL)
    g_string_append_printf (reading->out, "Authorization: Bearer %s" NEWLINE, server->key);
  if (!reading->has_key && server->account != NULL)
    g_string_append_printf (reading->out, "Kontor-Account: %s" NEWLINE "Kontor-Mode: %s" NEWLINE,
                            server->account, server->mode);
}

/**
 * kontor_relay_head_read:
 * @head: (out caller-allocates): what is to be sent; cleared with kontor_relay_head_clear()
 * @text: a request's first line and headers, without the empty line at their end
 * @length: of @text
 * @server: where it goes
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: whether it may be handed on
 */
gboolean
kontor_relay_head_read (KontorRelayHead *head,
                        const char *text,
                        gsize length,
                        const KontorRelayServer *server,
                        GError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, NEWLINE, -1);
  g_autoptr (GString) out = g_string_sized_new (length + 256), scope = g_string_new (NULL);
  Reading reading = { .head = head, .out = out, .scope = scope };

  *head = (KontorRelayHead){ 0 };
  if (strlen (copy) != length || lines[0] == NULL)
    return refuse (error, _ ("A request is text without zero bytes."));
  if (!take_lines (&reading, lines, server, error))
    return FALSE;
  put_key (&reading, server);
  g_string_append (out, NEWLINE);
  head->text = g_string_free (g_steal_pointer (&out), FALSE);
  return TRUE;
}

/**
 * kontor_relay_head_clear:
 * @head: a head that was read
 *
 * Overwrites the key in it before it lets go of it.
 */
void
kontor_relay_head_clear (KontorRelayHead *head)
{
  if (head->text != NULL)
    explicit_bzero (head->text, strlen (head->text));
  g_clear_pointer (&head->text, g_free);
}
