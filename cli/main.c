/* main.c: kontor: finds the command that is asked for and runs it. */
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/api.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/resource.h"
#include "cli/suggest.h"
#include "core/client/language.h"

static const KontorFlag top_flags[] = {
  { "version", 'v', KONTOR_FLAG_SWITCH, NULL, N_ ("Print the version.") },
  { NULL },
};

static void
interrupted (int number)
{
  kontor_style_restore ();
  _exit (128 + number);
}

/* GIO ignores SIGPIPE as soon as it makes a socket. Its own writes do not raise it, so it may be
 * what it is for other programs of a pipe: the end. */
static void
prepare_signals (void)
{
  static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

  g_type_class_unref (g_type_class_ref (G_TYPE_SOCKET));
  signal (SIGPIPE, SIG_DFL);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      const struct sigaction action = { .sa_handler = interrupted };

      sigaction (ends[i], &action, NULL);
    }
}

static int
unknown_command (KontorCli *cli, const char *word)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  const char *meant;

  kontor_commands_names (known);
  kontor_resource_nouns (known);
  meant = kontor_suggest (word, known);
  if (meant != NULL)
    return kontor_cli_usage (cli, _ ("There is no command “%s”; did you mean “%s”?"), word, meant);
  return kontor_cli_usage (cli, _ ("There is no command “%s”."), word);
}

static int
run_command (KontorCli *cli, char **words)
{
  const KontorCommand *command = cli->command;
  const KontorOptions options
      = { { command->flags != NULL ? command->flags : kontor_global_flags, kontor_global_flags } };
  g_autoptr (GError) error = NULL;
  guint n_read;

  if (!kontor_options_read (cli, &options, words, FALSE, &n_read, &error))
    return kontor_cli_misread (cli, error);
  kontor_cli_take_output_flags (cli);
  if (kontor_cli_has (cli, "help"))
    {
      kontor_help_command (&cli->out, command);
      return KONTOR_EXIT_OK;
    }
  if (cli->n_arguments < command->min)
    return kontor_cli_usage (cli, _ ("“kontor %s” needs %s."), command->name, command->arguments);
  if (cli->n_arguments > command->max)
    return kontor_cli_usage (cli, _ ("“%s” is one argument too many."),
                             cli->arguments[command->max]);
  return command->run (cli);
}

static int
run (KontorCli *cli, char **words)
{
  const KontorOptions options = { { top_flags, kontor_global_flags } };
  g_autoptr (GError) error = NULL;
  guint n_read, n_words = 0;

  if (!kontor_options_read (cli, &options, words, TRUE, &n_read, &error))
    return kontor_cli_misread (cli, error);
  kontor_cli_take_output_flags (cli);
  words += n_read;
  if (kontor_cli_has (cli, "version"))
    {
      char *version[] = { (char *) "version", NULL };

      return kontor_commands_find (version, &n_words)->run (cli);
    }
  if (*words == NULL)
    {
      gboolean asked = kontor_cli_has (cli, "help");

      kontor_help_program (asked ? &cli->out : &cli->err);
      return asked ? KONTOR_EXIT_OK : KONTOR_EXIT_USAGE;
    }
  cli->command = kontor_commands_find (words, &n_words);
  if (cli->command == NULL && kontor_api_has (*words))
    return kontor_resource_run (cli, words);
  if (cli->command == NULL)
    return unknown_command (cli, *words);
  return run_command (cli, words + n_words);
}

static void
texts_free (gpointer texts)
{
  g_ptr_array_unref (texts);
}

/* What could not be written is a failure too: a full disk must not look like an empty list. */
static int
finish_output (int code)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return code;
  fprintf (stderr, "kontor: %s\n", _ ("The output could not be written."));
  return KONTOR_EXIT_LOCAL;
}

int
main (int argc, char **argv)
{
  KontorCli cli = { .flags = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, texts_free) };
  int code;

  kontor_language_init ();
  prepare_signals ();
  code = argc > 0 ? run (&cli, argv + 1) : KONTOR_EXIT_USAGE;
  g_clear_object (&cli.client);
  g_clear_pointer (&cli.profile, kontor_profile_free);
  g_clear_pointer (&cli.flags, g_hash_table_unref);
  g_free (cli.arguments);
  g_free (cli.topic);
  return finish_output (code);
}
