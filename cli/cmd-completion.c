/* cmd-completion.c: kontor completion: what a shell needs to complete kontor's command lines. */
#include <glib/gi18n.h>

#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/completions.h"

static const struct
{
  const char *shell, *file;
} scripts[] = {
  { "bash", "kontor.bash" },
  { "zsh", "_kontor" },
  { "fish", "kontor.fish" },
};

static int
completion (KontorCli *cli)
{
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    if (g_str_equal (cli->arguments[0], scripts[i].shell))
      {
        g_autofree char *path = g_strconcat ("/kontor/", scripts[i].file, NULL);
        g_autoptr (GBytes) script
            = g_resource_lookup_data (kontor_completions_get_resource (), path, 0, NULL);
        gsize length;
        const char *text = g_bytes_get_data (script, &length);

        fwrite (text, 1, length, cli->out.stream);
        return KONTOR_EXIT_OK;
      }
  return kontor_cli_usage (cli, _ ("There is a completion for bash, zsh and fish."));
}

/* The shells ask this; it is no command for people. */
static int
complete (KontorCli *cli)
{
  kontor_complete (cli->arguments, cli->out.stream);
  return KONTOR_EXIT_OK;
}

const KontorCommand kontor_completion_commands[] = {
  { "completion", NULL, N_ ("bash|zsh|fish"), 1, 1, NULL, completion,
    N_ ("Print what makes a shell complete kontor's commands."),
    N_ ("For bash, put this into ~/.bashrc:\n\n"
        "  source <(kontor completion bash)\n\n"
        "For zsh, write it to a file named _kontor in a folder of $fpath; for fish:\n\n"
        "  kontor completion fish > ~/.config/fish/completions/kontor.fish\n\n"
        "A packaged kontor brings them along.") },
  { NULL },
};

const KontorCommand kontor_hidden_commands[] = {
  { "__complete", NULL, "WORDS", 0, G_MAXUINT, NULL, complete,
    N_ ("List what can stand next on a command line.") },
  { NULL },
};
