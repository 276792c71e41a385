/* cmd-help.c: kontor help and kontor version. */
#include <glib/gi18n.h>

#include "cli/api.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/resource.h"

static int
help (KontorCli *cli)
{
  guint n_words;
  const KontorCommand *command;

  if (cli->n_arguments == 0)
    {
      kontor_help_program (&cli->out);
      return KONTOR_EXIT_OK;
    }
  command = kontor_commands_find (cli->arguments, &n_words);
  if (command == NULL && kontor_api_has (cli->arguments[0]))
    return kontor_resource_help (cli, cli->arguments);
  if (command == NULL)
    return kontor_cli_usage (cli, _ ("There is no command “%s”."), cli->arguments[0]);
  kontor_help_command (&cli->out, command);
  return KONTOR_EXIT_OK;
}

static int
version (KontorCli *cli)
{
  if (cli->json)
    fputs ("{\"version\":\"" KONTOR_VERSION "\"}\n", cli->out.stream);
  else
    fputs ("kontor " KONTOR_VERSION "\n", cli->out.stream);
  return KONTOR_EXIT_OK;
}

const KontorCommand kontor_help_commands[] = {
  { "help", NULL, "[COMMAND]", 0, 3, NULL, help, N_ ("Explain kontor, or one of its commands."),
    .offer = KONTOR_OFFER_COMMANDS },
  { "version", NULL, NULL, 0, 0, NULL, version, N_ ("Print the version of this program.") },
  { NULL },
};
