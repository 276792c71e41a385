/* options.c: flags and arguments as they stand on the command line. */
#include "cli/options.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <string.h>

#include "cli/suggest.h"
#include "core/client/client-error.h"

static const char *const colour_words[] = { "auto", "on", "off", NULL };

/* Taken by every command. */
const KontorFlag kontor_global_flags[] = {
  { "profile", 'p', KONTOR_FLAG_TEXT, N_ ("NAME"), N_ ("Work with this profile."),
    .offer = KONTOR_OFFER_PROFILES, .alias = "project-name" },
  { "api-key", 0, KONTOR_FLAG_TEXT, N_ ("KEY"),
    N_ ("Use this key instead of the profile's. Others on this machine can see it; "
        "KONTOR_API_KEY they cannot.") },
  { "json", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Print JSON exactly as the server sent it.") },
  { "jsonl", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Print lists as one JSON object a line.") },
  { "color", 0, KONTOR_FLAG_TEXT, N_ ("WHEN"), N_ ("Colour what is printed: auto, on or off."),
    .words = colour_words, .offer = KONTOR_OFFER_WORDS, .alias = "colour" },
  { "timeout", 0, KONTOR_FLAG_NUMBER, N_ ("SECONDS"),
    N_ ("Give an attempt up after so many seconds of silence.") },
  { "retries", 0, KONTOR_FLAG_NUMBER, N_ ("N"),
    N_ ("Ask again at most so often when the server is busy or out of reach.") },
  { "help", 'h', KONTOR_FLAG_SWITCH, NULL, N_ ("Explain the command.") },
  { NULL },
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

/**
 * kontor_option_is:
 * @typed: as it was typed, without dashes before it
 * @name: of a flag, or of a parameter
 *
 * Returns: whether they are the same, "-" and "_" being one
 */
gboolean
kontor_option_is (const char *typed, const char *name)
{
  for (; *typed != '\0' && *name != '\0'; typed++, name++)
    if (*typed != *name && !(*typed == '-' && *name == '_') && !(*typed == '_' && *name == '-'))
      return FALSE;
  return *typed == *name;
}

static const KontorFlag *
find (const KontorOptions *options, const char *name, char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (options->tables) && options->tables[i] != NULL; i++)
    for (const KontorFlag *flag = options->tables[i]; flag->name != NULL; flag++)
      if (letter != 0 ? flag->letter == letter
                      : kontor_option_is (name, flag->name)
                            || (flag->alias != NULL && kontor_option_is (name, flag->alias)))
        return flag;
  return NULL;
}

static gboolean
unknown (const KontorOptions *options, const char *name, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *dashed = g_strdelimit (g_strdup (name), "_", '-');
  const char *meant;

  for (guint i = 0; i < G_N_ELEMENTS (options->tables) && options->tables[i] != NULL; i++)
    for (const KontorFlag *flag = options->tables[i]; flag->name != NULL; flag++)
      g_ptr_array_add (known, g_strdup (flag->name));
  if (options->names != NULL)
    options->names (options->data, known);
  meant = kontor_suggest (dashed, known);
  if (meant != NULL)
    return refuse (error, _ ("There is no flag --%s here; did you mean --%s?"), name, meant);
  return refuse (error, _ ("There is no flag --%s here."), name);
}

static gboolean
is_word_of (const KontorFlag *flag, const char *value, GError **error)
{
  g_autofree char *all = NULL;

  if (flag->words == NULL || g_strv_contains (flag->words, value))
    return TRUE;
  all = g_strjoinv (", ", (char **) flag->words);
  return refuse (error, _ ("--%s is one of: %s."), flag->name, all);
}

static gboolean
keep (KontorCli *cli, const KontorFlag *flag, const char *value, GError **error)
{
  GPtrArray *values = g_hash_table_lookup (cli->flags, flag->name);
  guint64 number;

  if (flag->type == KONTOR_FLAG_NUMBER
      && !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &number, NULL))
    return refuse (error, _ ("--%s is a whole number, not “%s”."), flag->name, value);
  if (value != NULL && !is_word_of (flag, value, error))
    return FALSE;
  if (values == NULL)
    {
      values = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (cli->flags, (gpointer) flag->name, values);
    }
  g_ptr_array_add (values, g_strdup (value != NULL ? value : ""));
  return TRUE;
}

/* "-sd a=b", "-da=b" and "-s -d a=b" are one. */
static gboolean
read_letters (KontorCli *cli, const KontorOptions *options, char ***words, GError **error)
{
  for (const char *letter = **words + 1; *letter != '\0'; letter++)
    {
      const KontorFlag *flag = find (options, NULL, *letter);
      const char *value = NULL;

      if (flag == NULL)
        return refuse (error, _ ("There is no flag -%c here."), *letter);
      if (flag->type == KONTOR_FLAG_SWITCH)
        {
          if (!keep (cli, flag, NULL, error))
            return FALSE;
          continue;
        }
      value = letter[1] == '=' ? letter + 2 : letter[1] != '\0' ? letter + 1 : *++*words;
      if (value == NULL)
        return refuse (error, _ ("-%c needs a value."), *letter);
      return keep (cli, flag, value, error);
    }
  return TRUE;
}

static gboolean
read_other (const KontorOptions *options,
            const char *name,
            const char *value,
            gboolean takes_value,
            char ***words,
            GError **error)
{
  if (value == NULL && takes_value)
    {
      value = *++*words;
      if (value == NULL)
        return refuse (error, _ ("--%s needs a value."), name);
    }
  return options->take (options->data, name, value, error);
}

static gboolean
read_name (KontorCli *cli, const KontorOptions *options, char ***words, GError **error)
{
  const char *word = **words + 2, *equals = strchr (word, '=');
  const char *value = equals != NULL ? equals + 1 : NULL;
  g_autofree char *name = equals != NULL ? g_strndup (word, (gsize) (equals - word))
                                         : g_strdup (word);
  gboolean takes_value = FALSE;
  const KontorFlag *flag;

  if (options->knows != NULL && options->knows (options->data, name, (*words)[1], &takes_value))
    return read_other (options, name, value, takes_value, words, error);
  flag = find (options, name, 0);
  if (flag == NULL)
    return unknown (options, name, error);
  if (flag->type == KONTOR_FLAG_SWITCH)
    return value == NULL ? keep (cli, flag, NULL, error)
                         : refuse (error, _ ("--%s takes no value."), flag->name);
  if (value == NULL)
    value = *++*words;
  if (value == NULL)
    return refuse (error, _ ("--%s needs a value."), flag->name);
  return keep (cli, flag, value, error);
}

/**
 * kontor_options_read:
 * @cli: gets the flags and the arguments
 * @options: what is known
 * @words: the command line, %NULL at the end
 * @to_first_word: whether to stop at the first word that is no flag
 * @n_read: (out): how many of @words were read
 * @error: return location for a %KONTOR_CLIENT_ERROR_SETTING
 *
 * Returns: whether all of it was understood
 */
gboolean
kontor_options_read (KontorCli *cli,
                     const KontorOptions *options,
                     char **words,
                     gboolean to_first_word,
                     guint *n_read,
                     GError **error)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  gboolean only_arguments = FALSE;
  char **at;

  for (at = words; *at != NULL; at++)
    {
      gboolean is_flag = !only_arguments && **at == '-' && (*at)[1] != '\0';

      if (!is_flag && to_first_word)
        break;
      if (!is_flag)
        g_ptr_array_add (arguments, *at);
      else if (g_str_equal (*at, "--"))
        only_arguments = TRUE;
      else if ((*at)[1] == '-' ? !read_name (cli, options, &at, error)
                               : !read_letters (cli, options, &at, error))
        return FALSE;
    }
  *n_read = (guint) (at - words);
  cli->n_arguments = arguments->len;
  g_ptr_array_add (arguments, NULL);
  g_free (cli->arguments);
  cli->arguments = (char **) g_ptr_array_steal (arguments, NULL);
  return TRUE;
}
