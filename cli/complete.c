/* complete.c: what can stand next on a command line, for shells that complete it.
 *
 * The tables of commands, flags, nouns, verbs and parameters are asked, so nothing is listed twice. A
 * line per candidate goes out: the word, a tab, what it means. A word that ends in "." or "=" goes
 * on; the line ":files" lets the shell offer its files. */
#include "cli/complete.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/api.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/resource.h"
#include "cli/trigger.h"
#include "core/currency.h"

/* What the words before the one to be completed say. */
typedef struct
{
  FILE                     *out;
  const char               *word;      /* that is to be completed, perhaps empty */
  const char               *before;    /* what a value stands behind: "--color=", or "" */
  GPtrArray                *arguments; /* words that are no flags */
  const KontorCommand      *command;   /* or %NULL */
  guint                     n_words;   /* of @arguments that name @command */
  const KontorApiOperation *operation; /* or %NULL */
  const KontorFlag         *flag;      /* whose value is to be completed, or %NULL */
  const KontorApiParam     *param;     /* likewise */
  gboolean                  is_value;
} Line;

static void
offer (const Line *line, const char *word, const char *doc)
{
  g_autofree char *whole = g_strconcat (line->before, word, NULL);

  if (!g_str_has_prefix (whole, line->word))
    return;
  fprintf (line->out, "%s\t%.*s\n", whole, (int) strcspn (doc, "\n"), doc);
}

static void
offer_words (const Line *line, const char *const *words)
{
  for (; words != NULL && *words != NULL; words++)
    offer (line, *words, "");
}

/* ---------------------------------------------------------------------------- reading the line -- */

static gboolean
find_flag (const Line *line, const char *word, const KontorFlag **flag)
{
  const KontorFlag *tables[] = {
    line->command != NULL     ? line->command->flags
    : line->operation != NULL ? kontor_resource_flags (line->operation)
                              : NULL,
    kontor_global_flags,
  };
  gboolean is_long = g_str_has_prefix (word, "--");

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const KontorFlag *row = tables[i]; row != NULL && row->name != NULL; row++)
      if (is_long ? kontor_option_is (word + 2, row->name)
                  : row->letter != 0 && word[1] == row->letter && word[2] == '\0')
        {
          *flag = row;
          return TRUE;
        }
  return FALSE;
}

static void
find_command (Line *line)
{
  char **words;

  g_ptr_array_add (line->arguments, NULL);
  words = (char **) line->arguments->pdata;
  line->command = kontor_commands_find (words, &line->n_words);
  line->operation = line->command == NULL && words[0] != NULL && words[1] != NULL
                        ? kontor_api_find (words[0], words[1])
                        : NULL;
  g_ptr_array_set_size (line->arguments, (int) line->arguments->len - 1);
}

/* Whether a value must follow @word; then flag or param say of what. */
static gboolean
wants_value (Line *line, const char *word)
{
  KontorApiTarget target;

  line->flag = NULL;
  line->param = NULL;
  if (line->operation != NULL && g_str_has_prefix (word, "--")
      && kontor_api_target (line->operation->params, word + 2, &target))
    {
      g_free (target.name);
      line->param = target.param;
      return target.param == NULL || target.param->type != KONTOR_PARAM_BOOLEAN;
    }
  return find_flag (line, word, &line->flag) && line->flag->type != KONTOR_FLAG_SWITCH;
}

static void
read_words (Line *line, char **words)
{
  for (; words[0] != NULL && words[1] != NULL; words++)
    {
      line->is_value = FALSE;
      if (words[0][0] != '-' || words[0][1] == '\0')
        g_ptr_array_add (line->arguments, words[0]);
      else if (strchr (words[0], '=') == NULL && wants_value (line, words[0]))
        {
          line->is_value = words[2] == NULL;
          words += words[2] != NULL ? 1 : 0;
        }
      find_command (line);
    }
  line->word = words[0] != NULL ? words[0] : "";
}

/* ------------------------------------------------------------------------------------- values -- */

static void
offer_profiles (const Line *line)
{
  g_autoptr (KontorProfiles) profiles = kontor_profiles_load (NULL);
  g_auto (GStrv) names = profiles != NULL ? kontor_profiles_names (profiles) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autoptr (KontorProfile) profile = kontor_profiles_find (profiles, names[i], NULL);

      offer (line, names[i], profile != NULL ? profile->url : "");
    }
}

static void
offer_currencies (const Line *line)
{
  guint n;
  const KontorCurrency *currencies = kontor_currencies (&n);

  for (guint i = 0; i < n; i++)
    offer (line, currencies[i].code, currencies[i].name);
}

static void
offer_events (const Line *line)
{
  for (const KontorTrigger *row = kontor_triggers; row->event != NULL; row++)
    if (row->steps[0].name != NULL)
      offer (line, row->event, row->needs != NULL ? _ (row->needs) : "");
}

static void
offer_commands (const Line *line)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) nouns = g_ptr_array_new_with_free_func (g_free);

  for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
    for (const KontorCommand *row = group->commands; group->title != NULL && row->name != NULL;
         row++)
      {
        char *first = g_strndup (row->name, strcspn (row->name, " "));

        if (g_hash_table_add (seen, first))
          offer (line, first,
                 strchr (row->name, ' ') == NULL ? _ (row->summary) : _ (group->title));
      }
  kontor_resource_nouns (nouns);
  for (guint i = 0; i < nouns->len; i++)
    if (!g_hash_table_contains (seen, g_ptr_array_index (nouns, i)))
      offer (line, g_ptr_array_index (nouns, i), _ ("Objects of the API."));
}

/* What can stand behind a first word: the second one of a command, or a verb. */
static void
offer_second (const Line *line, const char *first)
{
  g_autofree char *begin = g_strconcat (first, " ", NULL);

  for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
    for (const KontorCommand *row = group->commands; row->name != NULL; row++)
      if (g_str_has_prefix (row->name, begin))
        offer (line, row->name + strlen (begin), _ (row->summary));
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    if (kontor_option_is (first, row->noun))
      offer (line, row->verb, row->doc != NULL ? row->doc : "");
}

static void
offer_kind (const Line *line, KontorOffer kind, const char *const *words)
{
  guint n_before = line->arguments->len - line->n_words;

  switch (kind)
    {
    case KONTOR_OFFER_FILES:
      fputs (":files\n", line->out);
      break;
    case KONTOR_OFFER_PROFILES:
      offer_profiles (line);
      break;
    case KONTOR_OFFER_COMMANDS:
      if (n_before == 0)
        offer_commands (line);
      else if (n_before == 1)
        offer_second (line, g_ptr_array_index (line->arguments, line->n_words));
      break;
    case KONTOR_OFFER_WORDS:
      offer_words (line, words);
      break;
    case KONTOR_OFFER_EVENTS:
      offer_events (line);
      break;
    case KONTOR_OFFER_NOTHING:
      break;
    }
}

static void
offer_value (const Line *line)
{
  if (line->flag != NULL)
    offer_kind (line, line->flag->offer, line->flag->words);
  else if (line->param != NULL && line->param->words != NULL)
    offer_words (line, line->param->words);
  else if (line->param != NULL && line->param->type == KONTOR_PARAM_CURRENCY)
    offer_currencies (line);
}

/* ------------------------------------------------------------------------------------- flags -- */

static void
offer_flags_of (const Line *line, const KontorFlag *flags)
{
  for (; flags != NULL && flags->name != NULL; flags++)
    {
      g_autofree char *word = g_strconcat ("--", flags->name, NULL);

      offer (line, word, _ (flags->doc));
    }
}

/* Parts are offered once their object has been named with a dot: "--address." */
static void
offer_params (const Line *line, const KontorApiParam *params, const char *before)
{
  for (; params->name != NULL; params++)
    {
      gboolean has_parts = params->type == KONTOR_PARAM_OBJECT || params->type == KONTOR_PARAM_MAP;
      g_autofree char *name = g_strdelimit (g_strdup (params->name), "_", '-');
      g_autofree char *word = g_strconcat (before, name, has_parts ? "." : "", NULL);

      if (params->type == KONTOR_PARAM_OBJECT && g_str_has_prefix (line->word, word))
        offer_params (line, params->members, word);
      else
        offer (line, word, params->doc != NULL ? params->doc : "");
    }
}

static void
offer_flags (const Line *line)
{
  if (line->operation != NULL)
    {
      offer_params (line, line->operation->params, "--");
      offer_flags_of (line, kontor_resource_flags (line->operation));
    }
  else if (line->command != NULL)
    offer_flags_of (line, line->command->flags);
  offer_flags_of (line, kontor_global_flags);
}

/* "--color=o" */
static gboolean
offer_attached (Line *line)
{
  const char *equals = strchr (line->word, '=');
  g_autofree char *flag = NULL, *before = NULL;

  if (!g_str_has_prefix (line->word, "--") || equals == NULL)
    return FALSE;
  flag = g_strndup (line->word, (gsize) (equals - line->word));
  before = g_strconcat (flag, "=", NULL);
  line->before = before;
  if (wants_value (line, flag))
    offer_value (line);
  line->before = "";
  return TRUE;
}

/**
 * kontor_complete:
 * @words: the command line behind the program's name; the last one is to be completed
 * @out: gets a line per candidate
 */
void
kontor_complete (char **words, FILE *out)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  Line line = { .out = out, .before = "", .arguments = arguments };

  read_words (&line, words);
  if (line.is_value)
    offer_value (&line);
  else if (offer_attached (&line))
    return;
  else if (*line.word == '-')
    offer_flags (&line);
  else if (line.command != NULL)
    offer_kind (&line, line.command->offer, NULL);
  else if (arguments->len == 0)
    offer_commands (&line);
  if (!line.is_value && *line.word != '-' && arguments->len == 1
      && (line.command == NULL || line.n_words == 1))
    offer_second (&line, g_ptr_array_index (arguments, 0));
}
