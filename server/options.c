/* options.c: what stands on the command line after the command's name. */
#include "server/options.h"

#include <gio/gio.h>
#include <string.h>

static gboolean
refuse (GError **error, const char *before, const char *what, const char *after)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s%s%s", before, what, after);
  return FALSE;
}

static KontorOption *
find (KontorOption *options, const char *name)
{
  for (; options->name != NULL; options++)
    if (g_str_equal (options->name, name))
      return options;
  return NULL;
}

/**
 * kontor_options_read:
 * @arguments: up to a %NULL; kept by the values
 * @options: (inout): what is known, ending with a row without name
 * @other: (nullable): asked about options that are no row
 * @data: for @other
 * @rest: (out) (optional): what is no option; at most one is taken. %NULL: none is
 * @error: return location for a #GError that a person can act on
 *
 * Returns: whether all was understood and nothing required is missing
 */
gboolean
kontor_options_read (
    char **arguments,
    KontorOption *options,
    gboolean (*other) (gpointer data, const char *name, const char *value, GError **error),
    gpointer data,
    const char **rest,
    GError **error)
{
  for (; *arguments != NULL; arguments++)
    {
      g_autofree char *name = NULL;
      const char *equals, *value;
      KontorOption *option;

      if (!g_str_has_prefix (*arguments, "--"))
        {
          if (rest == NULL || *rest != NULL)
            return refuse (error, "", *arguments, " is one argument too many");
          *rest = *arguments;
          continue;
        }
      equals = strchr (*arguments, '=');
      name = equals != NULL ? g_strndup (*arguments + 2, (gsize) (equals - *arguments) - 2)
                            : g_strdup (*arguments + 2);
      option = find (options, name);
      if (option != NULL && option->is_switch)
        value = equals != NULL ? NULL : "";
      else
        value = equals != NULL ? equals + 1 : *++arguments;
      if (value == NULL)
        return refuse (error, "--", name,
                       option != NULL && option->is_switch ? " takes no value" : " needs a value");
      if (option != NULL)
        option->value = value;
      else if (other == NULL)
        return refuse (error, "--", name, " is no option here");
      else if (!other (data, name, value, error))
        return FALSE;
    }
  for (; options->name != NULL; options++)
    if (options->required && options->value == NULL)
      return refuse (error, "--", options->name, " is missing");
  return TRUE;
}
