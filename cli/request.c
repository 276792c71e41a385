/* request.c: calls as the command line spells them: paths, parameters, flags of a request. */
#include "cli/request.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/client/client-error.h"
#include "core/resource.h"

#define DATA                                                                               \
  {                                                                                                \
    "data", 'd', KONTOR_FLAG_TEXTS, N_ ("NAME=VALUE"),                                             \
        N_ ("A parameter; nested ones as metadata[order]=7. A value of @FILE is read from it, - "  \
            "from standard input. May be given several times.")                                    \
  }
#define EXPAND                                                            \
  {                                                                                                \
    "expand", 'e', KONTOR_FLAG_TEXTS, N_ ("FIELD"),                                                \
        N_ ("Show this object whole instead of its id. May be given several times.")               \
  }
#define HEADERS                                                                                   \
  { "idempotency-key",                                                                             \
    'i',                                                                                           \
    KONTOR_FLAG_TEXT,                                                                              \
    N_ ("KEY"),                                                                                    \
    N_ ("Do it once, however often it is asked with this key within a day."),                     \
    .alias = "idempotency" },                                                                     \
      { "stripe-account", 0, KONTOR_FLAG_TEXT, N_ ("ID"),                                          \
        N_ ("Act for this connected account.") },                                                  \
      { "stripe-version", 'v', KONTOR_FLAG_TEXT, N_ ("VERSION"),                                   \
        N_ ("Ask for this version of the API.") },                                                 \
  {                                                                                                \
    "show-headers", 's', KONTOR_FLAG_SWITCH, NULL, N_ ("Show the answer's headers, on stderr.")    \
  }

const KontorFlag kontor_request_get_flags[] = {
  DATA,
  EXPAND,
  { "limit", 'l', KONTOR_FLAG_NUMBER, N_ ("N"), N_ ("How many objects of a list, 1 to 100.") },
  { "starting-after", 'a', KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("Go on behind this object.") },
  { "ending-before", 'b', KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("What stands before this object.") },
  { "all", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Every page of the list.") },
  HEADERS,
  { NULL },
};
const KontorFlag kontor_request_post_flags[] = { DATA, EXPAND, HEADERS, { NULL } };
const KontorFlag kontor_request_delete_flags[] = {
  DATA,    EXPAND,   { "confirm", 'c', KONTOR_FLAG_SWITCH, NULL, N_ ("Delete without asking.") },
  HEADERS, { NULL },
};

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

/* Where those are whose path is not the name of a table of objects; %NULL: not one of them. */
static const char *
find_apart (const char *id)
{
  static const struct
  {
    const char *prefix, *path;
  } rows[] = {
    { "evt_", "events" },
    { "whd_", "kontor/webhook_deliveries" },
    { "wha_", "kontor/webhook_attempts" },
    { "req_", "kontor/request_logs" },
    { "notice_", "kontor/notices" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (id, rows[i].prefix))
      return rows[i].path;
  return NULL;
}

/**
 * kontor_request_path:
 * @typed: "/v1/customers", "customers", or an object's id alone
 *
 * Returns: (transfer full): the path from the server's root
 */
char *
kontor_request_path (const char *typed)
{
  static const char *const outside[] = { "/healthz", "/readyz", NULL };
  const char *bare = typed + strspn (typed, "/");
  const KontorResource *resource;
  const char *apart = strchr (typed, '/') == NULL ? find_apart (typed) : NULL;

  if (g_strv_contains (outside, typed))
    return g_strdup (typed);
  if (g_str_has_prefix (bare, "v1/") || g_str_has_prefix (bare, "v2/"))
    return g_strconcat ("/", bare, NULL);
  if (apart != NULL)
    return g_strconcat ("/v1/", apart, "/", typed, NULL);
  resource = strchr (typed, '/') == NULL ? kontor_resource_by_prefix (typed) : NULL;
  if (resource != NULL && resource->table != NULL)
    return g_strconcat ("/v1/", resource->table, "/", typed, NULL);
  return g_strconcat ("/v1/", bare, NULL);
}

static char *
read_stdin (GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char chunk[4096];
  size_t n;

  while ((n = fread (chunk, 1, sizeof chunk, stdin)) > 0)
    g_string_append_len (text, chunk, (gssize) n);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * kontor_request_value:
 * @typed: a value; "@FILE" is what stands in that file, "-" what comes on standard input, and
 *   "@@text" is "@text"
 * @error: return location for a #GFileError, or a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: (transfer full) (nullable): what to send
 */
char *
kontor_request_value (const char *typed, GError **error)
{
  g_autofree char *text = NULL;

  if (g_str_equal (typed, "-"))
    text = read_stdin (error);
  else if (g_str_has_prefix (typed, "@@"))
    text = g_strdup (typed + 1);
  else if (*typed != '@')
    text = g_strdup (typed);
  else if (!g_file_get_contents (typed + 1, &text, NULL, error))
    return NULL;
  if (g_utf8_validate (text, -1, NULL))
    return g_steal_pointer (&text);
  refuse (error, _ ("A value that is sent must be text in UTF-8."));
  return NULL;
}

/**
 * kontor_request_data:
 * @cli: a run with the flag "data"
 * @call: gets each name=value of it as a parameter
 * @error: return location for a #GError
 *
 * Returns: whether all were understood
 */
gboolean
kontor_request_data (const KontorCli *cli, KontorClientCall *call, GError **error)
{
  GPtrArray *texts = kontor_cli_texts (cli, "data");

  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      const char *text = g_ptr_array_index (texts, i), *equals = strchr (text, '=');
      g_autofree char *name = NULL, *value = NULL;

      if (equals == NULL || equals == text)
        return refuse (error, _ ("“%s” is no parameter; one looks like amount=2000."), text);
      name = g_strndup (text, (gsize) (equals - text));
      value = kontor_request_value (equals + 1, error);
      if (value == NULL)
        return FALSE;
      kontor_client_call_add (call, name, value);
    }
  return TRUE;
}

/**
 * kontor_request_flags:
 * @cli: a run with the flags of a request
 * @call: gets the headers and the parameters that they stand for
 */
void
kontor_request_flags (const KontorCli *cli, KontorClientCall *call)
{
  static const struct
  {
    const char *flag, *header;
  } headers[] = {
    { "idempotency-key", "Idempotency-Key" },
    { "stripe-account", "Stripe-Account" },
    { "stripe-version", "Stripe-Version" },
  };
  static const struct
  {
    const char *flag, *param;
  } params[] = {
    { "limit", "limit" },
    { "starting-after", "starting_after" },
    { "ending-before", "ending_before" },
    { "expand", "expand[]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (kontor_cli_has (cli, headers[i].flag))
      kontor_client_call_header (call, headers[i].header, kontor_cli_text (cli, headers[i].flag));
  for (guint i = 0; i < G_N_ELEMENTS (params); i++)
    {
      GPtrArray *texts = kontor_cli_texts (cli, params[i].flag);

      for (guint j = 0; texts != NULL && j < texts->len; j++)
        kontor_client_call_add (call, params[i].param, g_ptr_array_index (texts, j));
    }
}

/**
 * kontor_request_may_delete:
 * @cli: a run with the flag "confirm"
 * @what: the path, or another name of what goes
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Asks on the terminal unless --confirm was given; without either, nothing is deleted.
 *
 * Returns: whether to go on
 */
gboolean
kontor_request_may_delete (const KontorCli *cli, const char *what, GError **error)
{
  g_autofree char *question = g_strdup_printf (_ ("This deletes %s and cannot be undone."), what);

  if (kontor_cli_has (cli, "confirm") || kontor_style_confirm (&cli->err, question))
    return TRUE;
  return refuse (error, _ ("Nothing was deleted; --confirm deletes without asking."));
}
