/* resource-help.c: what an operation of the API takes, as a page for people. */
#include "cli/resource-help.h"

#include <glib/gi18n.h>

#include "cli/help.h"
#include "cli/options.h"

#define VERB_WIDTH 24
#define FLAG_WIDTH 30
#define MOST_PARTS 60 /* operations with more show their objects in one row each */

static const char *
value_name (const KontorApiParam *param)
{
  static const char *const names[] = {
    [KONTOR_PARAM_TEXT] = N_ ("TEXT"),
    [KONTOR_PARAM_CURRENCY] = N_ ("CURRENCY"),
    [KONTOR_PARAM_INTEGER] = N_ ("INTEGER"),
    [KONTOR_PARAM_TIME] = N_ ("TIME"),
    [KONTOR_PARAM_BOOLEAN] = "",
    [KONTOR_PARAM_LIST] = N_ ("TEXT…"),
    [KONTOR_PARAM_OBJECT] = "",
    [KONTOR_PARAM_MAP] = N_ ("TEXT"),
    [KONTOR_PARAM_RANGE] = N_ ("TIME"),
    [KONTOR_PARAM_ANY] = N_ ("VALUE"),
  };

  if (param->words != NULL)
    return _ ("WORD");
  return *names[param->type] != '\0' ? _ (names[param->type]) : "";
}

static char *
join_parts (const KontorApiParam *param)
{
  GString *parts = g_string_new (NULL);

  for (const KontorApiParam *part = param->members; part != NULL && part->name != NULL; part++)
    g_string_append_printf (parts, "%s%s", parts->len > 0 ? ", " : "", part->name);
  return g_string_free (parts, FALSE);
}

static char *
explain (const KontorApiParam *param, gboolean in_one_row)
{
  GString *doc = g_string_new (param->doc != NULL ? param->doc : "");

  if (param->words != NULL)
    {
      g_autofree char *all = g_strjoinv (", ", (char **) param->words);

      g_string_append_printf (doc, _ (" One of: %s."), all);
    }
  if (param->type == KONTOR_PARAM_INTEGER && param->max != G_MAXINT64)
    g_string_append_printf (doc, " %" G_GINT64_FORMAT "–%" G_GINT64_FORMAT ".", param->min,
                            param->max);
  if (param->type == KONTOR_PARAM_RANGE)
    g_string_append (doc, _ (" Bounds end in .gt, .gte, .lt or .lte."));
  if (in_one_row && param->type == KONTOR_PARAM_OBJECT)
    {
      g_autofree char *parts = join_parts (param);

      g_string_append_printf (doc, _ (" Parts: %s."), parts);
    }
  if (param->required)
    g_string_append (doc, _ (" Required."));
  return g_string_free (doc, FALSE);
}

static void
write_param (const KontorStyle *style,
             const KontorApiParam *param,
             const char *before,
             gboolean in_one_row)
{
  g_autofree char *dashed = g_strdelimit (g_strdup (param->name), "_", '-');
  g_autofree char *path = g_strconcat (before, dashed, NULL);
  const char *value = value_name (param);
  const char *below = param->type == KONTOR_PARAM_MAP                     ? _ (".NAME")
                      : in_one_row && param->type == KONTOR_PARAM_OBJECT ? _ (".PART")
                                                                         : "";
  g_autofree char *name
      = g_strdup_printf ("--%s%s%s%s", path, below, *value != '\0' ? " " : "", value);
  g_autofree char *doc = explain (param, in_one_row);

  if (in_one_row || param->type != KONTOR_PARAM_OBJECT)
    {
      kontor_help_row (style, name, FLAG_WIDTH, doc);
      return;
    }
  for (const KontorApiParam *part = param->members; part->name != NULL; part++)
    {
      g_autofree char *dotted = g_strconcat (path, ".", NULL);

      write_param (style, part, dotted, in_one_row);
    }
}

static guint
count_parts (const KontorApiParam *params)
{
  guint n = 0;

  for (; params != NULL && params->name != NULL; params++)
    n += params->type == KONTOR_PARAM_OBJECT ? count_parts (params->members) : 1;
  return n;
}

static void
write_params (const KontorStyle *style, const KontorApiParam *params)
{
  gboolean in_one_row = count_parts (params) > MOST_PARTS;

  if (params->name == NULL)
    return;
  kontor_help_heading (style, _ ("Parameters"));
  for (; params->name != NULL; params++)
    write_param (style, params, "", in_one_row);
}

static const char *
ids_of (const KontorApiOperation *operation)
{
  static const char *const ids[] = { "", N_ (" ID"), N_ (" ID ID") };
  guint n = MIN (kontor_api_n_ids (operation), 2);

  return n > 0 ? _ (ids[n]) : "";
}

/**
 * kontor_resource_help_operation:
 * @style: of stdout
 * @operation: an operation
 * @flags: that it takes besides its parameters
 */
void
kontor_resource_help_operation (const KontorStyle *style,
                                const KontorApiOperation *operation,
                                const KontorFlag *flags)
{
  fprintf (style->stream, "%s kontor %s %s%s%s\n\n%s\n", _ ("Usage:"), operation->noun,
           operation->verb, ids_of (operation), _ (" [FLAGS]"),
           operation->doc != NULL ? operation->doc : "");
  fprintf (style->stream, _ ("Sends %s %s.\n"), operation->method, operation->path);
  write_params (style, operation->params);
  kontor_help_heading (style, _ ("Flags"));
  kontor_help_flags (style, flags);
  kontor_help_heading (style, _ ("Flags of every command"));
  kontor_help_flags (style, kontor_global_flags);
}

/**
 * kontor_resource_help_noun:
 * @style: of stdout or stderr
 * @noun: a noun that kontor_api_has()
 */
void
kontor_resource_help_noun (const KontorStyle *style, const char *noun)
{
  fprintf (style->stream, "%s kontor %s %s\n", _ ("Usage:"), noun, _ ("VERB [ID] [FLAGS]"));
  kontor_help_heading (style, _ ("Verbs"));
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    if (kontor_option_is (noun, row->noun))
      {
        g_autofree char *name = g_strconcat (row->verb, ids_of (row), NULL);

        kontor_help_row (style, name, VERB_WIDTH, row->doc != NULL ? row->doc : "");
      }
  kontor_help_commands_of (style, noun);
  fprintf (style->stream, _ ("\n“kontor %s VERB --help” tells more of one.\n"), noun);
}
