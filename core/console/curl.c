/* curl.c: a request of the API as a command that a person can paste into a shell. */
#include "core/console/curl.h"

#include <string.h>

static void
add_parameter (GString *command, const char *name, const char *value)
{
  g_autofree char *pair = g_strdup_printf ("%s=%s", name, value);
  g_autofree char *quoted = g_shell_quote (pair);

  g_string_append_printf (command, " --data-urlencode %s", quoted);
}

/* As forms say it: metadata[order]=7, expand[]=customer, items[0][price]=… */
static void
add_value (GString *command, const char *name, const KontorValue *value)
{
  guint i = 0;

  if (value->type != KONTOR_VALUE_OBJECT && value->type != KONTOR_VALUE_ARRAY)
    {
      add_parameter (command, name, value->text != NULL ? value->text : "");
      return;
    }
  for (const KontorValue *child = value->first; child != NULL; child = child->next, i++)
    {
      gboolean is_plain = child->type != KONTOR_VALUE_OBJECT && child->type != KONTOR_VALUE_ARRAY;
      g_autofree char *number = g_strdup_printf ("%u", i);
      const char *key = child->key != NULL ? child->key : is_plain ? "" : number;
      g_autofree char *inner = *name != '\0' ? g_strdup_printf ("%s[%s]", name, key)
                                             : g_strdup (key);

      add_value (command, inner, child);
    }
}

/**
 * kontor_curl:
 * @url: of the server, without a slash at its end
 * @method: "GET", "POST" or "DELETE"
 * @path: "/v1/customers"
 * @params: (nullable): an object of parameters, as the request log has them
 *
 * The key never leaves the program: the command takes it from the environment.
 *
 * Returns: (transfer full): the command
 */
char *
kontor_curl (const char *url, const char *method, const char *path, const KontorValue *params)
{
  GString *command = g_string_new ("curl");
  g_autofree char *whole = g_strconcat (url, path, NULL);
  g_autofree char *quoted = g_shell_quote (whole);
  gboolean has_params = params != NULL && params->type == KONTOR_VALUE_OBJECT
                        && params->first != NULL;

  if (strcmp (method, "GET") == 0)
    g_string_append (command, has_params ? " -G" : "");
  else if (strcmp (method, "POST") != 0 || !has_params)
    g_string_append_printf (command, " -X %s", method);
  g_string_append_printf (command, " %s -u \"$KONTOR_API_KEY:\"",
                          strpbrk (whole, "?&*[]' ") != NULL ? quoted : whole);
  if (has_params)
    add_value (command, "", params);
  return g_string_free (command, FALSE);
}
