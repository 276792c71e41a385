/* api.c: finds operations and parameters by the words of a command line, and checks values. */
#include "cli/api.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/options.h"
#include "cli/read.h"
#include "core/client/client-error.h"
#include "core/currency.h"

/**
 * kontor_api_find:
 * @noun: "customers"; "-" counts as "_"
 * @verb: "create"
 *
 * Returns: (nullable) (transfer none): that operation
 */
const KontorApiOperation *
kontor_api_find (const char *noun, const char *verb)
{
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    if (kontor_option_is (noun, row->noun) && kontor_option_is (verb, row->verb))
      return row;
  return NULL;
}

/**
 * kontor_api_has:
 * @noun: a word
 *
 * Returns: whether the API knows such a noun
 */
gboolean
kontor_api_has (const char *noun)
{
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    if (kontor_option_is (noun, row->noun))
      return TRUE;
  return FALSE;
}

/**
 * kontor_api_n_ids:
 * @operation: an operation
 *
 * Returns: how many ids its path needs
 */
guint
kontor_api_n_ids (const KontorApiOperation *operation)
{
  guint n = 0;

  for (const char *at = operation->path; *at != '\0'; at++)
    n += *at == '{';
  return n;
}

/**
 * kontor_api_path:
 * @operation: an operation
 * @ids: as many as it needs
 *
 * Returns: (transfer full): its path with the ids in their places, escaped
 */
char *
kontor_api_path (const KontorApiOperation *operation, char **ids)
{
  g_auto (GStrv) parts = g_strsplit (operation->path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == '{')
      {
        g_free (parts[i]);
        parts[i] = g_uri_escape_string (*ids++, NULL, FALSE);
      }
  return g_strjoinv ("/", parts);
}

/* --------------------------------------------------------------------------------- parameters -- */

static const KontorApiParam range_bounds[] = {
  { "gt", KONTOR_PARAM_TIME },
  { "gte", KONTOR_PARAM_TIME },
  { "lt", KONTOR_PARAM_TIME },
  { "lte", KONTOR_PARAM_TIME },
  { NULL },
};

static const KontorApiParam *
find (const KontorApiParam *params, const char *word)
{
  for (; params != NULL && params->name != NULL; params++)
    if (kontor_option_is (word, params->name))
      return params;
  return NULL;
}

/* "a.b", "a[b]" and "a[b].c" are the same path written in three ways. */
static char **
split_flag (const char *flag)
{
  g_autofree char *dotted = g_strdelimit (g_strdup (flag), "[", '.');
  g_autoptr (GString) clean = g_string_new (dotted);

  g_string_replace (clean, "]", "", 0);
  return g_strsplit (clean->str, ".", -1);
}

/* What stands below @param for @word; %FALSE: nothing can. */
static gboolean
step (const KontorApiParam *param, const char *word, const KontorApiParam **next)
{
  static const KontorApiParam free_text = { "", KONTOR_PARAM_TEXT, .clears = TRUE };

  *next = NULL;
  switch (param->type)
    {
    case KONTOR_PARAM_OBJECT:
      *next = find (param->members, word);
      return *next != NULL;
    case KONTOR_PARAM_RANGE:
      *next = find (range_bounds, word);
      return *next != NULL;
    case KONTOR_PARAM_MAP:
      *next = &free_text;
      return TRUE;
    case KONTOR_PARAM_ANY:
      return TRUE;
    case KONTOR_PARAM_LIST:
      *next = param->members;
      return strspn (word, G_CSET_DIGITS) == strlen (word);
    default:
      return FALSE;
    }
}

/**
 * kontor_api_target:
 * @params: of an operation
 * @flag: as it was typed, without dashes before it: "payment-method", "address.city",
 *   "metadata[order]", "custom_fields.0.name"
 * @target: (out): where it leads; the name is to be freed
 *
 * Returns: whether it leads to a parameter
 */
gboolean
kontor_api_target (const KontorApiParam *params, const char *flag, KontorApiTarget *target)
{
  g_auto (GStrv) words = split_flag (flag);
  const KontorApiParam *param = find (params, words[0] != NULL ? words[0] : ""), *next;
  g_autoptr (GString) name = NULL;

  if (param == NULL)
    return FALSE;
  name = g_string_new (param->name);
  for (guint i = 1; words[i] != NULL; i++, param = next)
    {
      gboolean is_named;

      if (param == NULL)
        next = NULL;
      else if (!step (param, words[i], &next))
        return FALSE;
      is_named = next != NULL && *next->name != '\0';
      g_string_append_printf (name, "[%s]", is_named ? next->name : words[i]);
    }
  target->param = param;
  target->name = g_string_free (g_steal_pointer (&name), FALSE);
  return TRUE;
}

/* ------------------------------------------------------------------------------------- values -- */

static char *
refuse (GError **error, const char *flag, const char *what)
{
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, _ ("--%s is %s."), flag,
               what);
  return NULL;
}

/* In words, without the format of the machine's 64-bit numbers, which no catalogue can hold. */
static char *
describe_range (const KontorApiParam *param)
{
  g_autofree char *min = g_strdup_printf ("%" G_GINT64_FORMAT, param->min);
  g_autofree char *max = g_strdup_printf ("%" G_GINT64_FORMAT, param->max);

  if (param->max != G_MAXINT64)
    return g_strdup_printf (_ ("a whole number from %s to %s"), min, max);
  if (param->min != G_MININT64)
    return g_strdup_printf (_ ("a whole number of at least %s"), min);
  return g_strdup (_ ("a whole number"));
}

static char *
check_integer (const KontorApiParam *param, const char *flag, const char *typed, GError **error)
{
  g_autofree char *what = NULL;
  gint64 number;

  if (g_ascii_string_to_signed (typed, 10, param->min, param->max, &number, NULL))
    return g_strdup (typed);
  what = describe_range (param);
  return refuse (error, flag, what);
}

static char *
check_time (const char *flag, const char *typed, gint64 now, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *day = g_strconcat (typed, "T00:00:00", NULL);
  g_autoptr (GDateTime) date = NULL;
  gint64 time, ago;

  if (kontor_read_seconds (typed, &ago))
    return g_strdup_printf ("%" G_GINT64_FORMAT, now - ago);
  if (g_ascii_string_to_signed (typed, 10, 0, G_MAXINT64, &time, NULL))
    return g_strdup_printf ("%" G_GINT64_FORMAT, time);
  date = g_date_time_new_from_iso8601 (strlen (typed) == strlen ("2026-11-01") ? day : typed, zone);
  if (date != NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, g_date_time_to_unix (date));
  return refuse (error, flag,
                 _ ("a time: Unix seconds, 2026-11-01, 2026-11-01T09:30:00, or 24h for so long "
                    "ago"));
}

static char *
check_words (const KontorApiParam *param, const char *flag, const char *typed, GError **error)
{
  g_autofree char *all = NULL, *what = NULL;

  if (g_strv_contains (param->words, typed))
    return g_strdup (typed);
  all = g_strjoinv (", ", (char **) param->words);
  what = g_strdup_printf (_ ("one of: %s"), all);
  return refuse (error, flag, what);
}

/**
 * kontor_api_value:
 * @param: (nullable): what it is a value of; %NULL is taken as it comes
 * @flag: for the refusal
 * @typed: the value
 * @now: Unix seconds, for times such as "24h"
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: (transfer full) (nullable): what to send
 */
char *
kontor_api_value (const KontorApiParam *param,
                  const char *flag,
                  const char *typed,
                  gint64 now,
                  GError **error)
{
  if (param == NULL || (*typed == '\0' && param->clears))
    return g_strdup (typed);
  if (param->words != NULL)
    return check_words (param, flag, typed, error);
  switch (param->type)
    {
    case KONTOR_PARAM_INTEGER:
      return check_integer (param, flag, typed, error);
    case KONTOR_PARAM_TIME:
    case KONTOR_PARAM_RANGE:
      return check_time (flag, typed, now, error);
    case KONTOR_PARAM_BOOLEAN:
      return g_str_equal (typed, "true") || g_str_equal (typed, "false")
                 ? g_strdup (typed)
                 : refuse (error, flag, _ ("true or false"));
    case KONTOR_PARAM_CURRENCY:
      return kontor_currency_find (typed) != NULL
                 ? g_ascii_strdown (typed, -1)
                 : refuse (error, flag, _ ("a currency, such as eur or usd"));
    case KONTOR_PARAM_OBJECT:
    case KONTOR_PARAM_MAP:
      return refuse (error, flag, _ ("made of parts; name one, as in --NAME.PART=VALUE"));
    case KONTOR_PARAM_TEXT:
    case KONTOR_PARAM_LIST:
    case KONTOR_PARAM_ANY:
      break;
    }
  return g_strdup (typed);
}
