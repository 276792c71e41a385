/* commands.c: the commands of kontor: one table of each cmd-*.c, and how to find a row. */
#include "cli/commands.h"

#include <glib/gi18n.h>
#include <string.h>

const KontorCommandGroup kontor_command_groups[] = {
  /* to sign in */
  { N_ ("Signing in"), kontor_login_commands },
  { N_ ("Profiles"), kontor_profile_commands },
  /* to work with a server */
  { N_ ("The server"), kontor_status_commands },
  { N_ ("Any request"), kontor_request_commands },
  { N_ ("Events"), kontor_listen_commands },
  { N_ ("Events"), kontor_trigger_commands },
  { N_ ("Events"), kontor_events_commands },
  { N_ ("Webhooks"), kontor_webhooks_commands },
  { N_ ("Webhooks"), kontor_webhook_send_commands },
  { N_ ("Request log"), kontor_logs_commands },
  { N_ ("From other machines"), kontor_sync_commands },
  /* to learn more */
  { N_ ("Help"), kontor_help_commands },
  { N_ ("Shells"), kontor_completion_commands },
  { NULL, kontor_hidden_commands },
  { NULL, NULL },
};

/* How many of @words a command's name takes; 0 when they are not its name. */
static guint
matches (const char *name, char **words)
{
  const char *space = name != NULL ? strchr (name, ' ') : NULL;

  if (name == NULL || words[0] == NULL)
    return 0;
  if (space == NULL)
    return g_str_equal (name, words[0]) ? 1 : 0;
  return words[1] != NULL && strlen (words[0]) == (gsize) (space - name)
                 && g_str_has_prefix (name, words[0]) && g_str_equal (space + 1, words[1])
             ? 2
             : 0;
}

/**
 * kontor_commands_find:
 * @words: what was typed, %NULL at the end
 * @n_words: (out): how many of them name the command
 *
 * A name of two words counts before one of a single word.
 *
 * Returns: (nullable) (transfer none): the command
 */
const KontorCommand *
kontor_commands_find (char **words, guint *n_words)
{
  for (guint length = 2; length >= 1; length--)
    for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
      for (const KontorCommand *row = group->commands; row->name != NULL; row++)
        if (matches (row->name, words) == length || matches (row->alias, words) == length)
          {
            *n_words = length;
            return row;
          }
  return NULL;
}

/**
 * kontor_commands_names:
 * @known: (element-type utf8): owns its texts; the commands' first words are added to it
 */
void
kontor_commands_names (GPtrArray *known)
{
  for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
    for (const KontorCommand *row = group->commands; group->title != NULL && row->name != NULL;
         row++)
      {
        gsize length = strcspn (row->name, " ");
        g_autofree char *word = g_strndup (row->name, length);

        if (!g_ptr_array_find_with_equal_func (known, word, g_str_equal, NULL))
          g_ptr_array_add (known, g_steal_pointer (&word));
      }
}
