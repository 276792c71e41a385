/* main.c: kontord: finds the command that is asked for. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/config.h"
#include "server/people.h"
#include "server/serve.h"
#include "server/tools.h"

static const struct
{
  const char *words[2];
  int       (*run) (char **arguments);
  const char *usage, *doc;
} commands[] = {
  { { "serve" },
    kontor_serve,
    "serve --data-dir D [--SETTING VALUE…]",
    "answer requests until told to stop" },
  { { "key", "create" },
    kontor_key_create,
    "key create --data-dir D --mode test|live [--name N]\n"
    "      [--type secret|publishable|restricted] [--scopes WORDS] [--account ID]\n"
    "      [--expires 30d] [--ip-allow NETWORKS]",
    "print a new API key; works while the server runs" },
  { { "account", "create" },
    kontor_account_add,
    "account create --data-dir D --name N",
    "add a merchant and print its id; while no server runs" },
  { { "user", "create" },
    kontor_user_tool_create,
    "user create --data-dir D --email E [--name N] [--role ROLE]\n"
    "      [--account ID] [--password-stdin]",
    "let somebody sign in, and print their id; works while the server runs" },
  { { "user", "list" },
    kontor_user_tool_list,
    "user list --data-dir D",
    "print a line for each person" },
  { { "user", "disable" },
    kontor_user_tool_disable,
    "user disable --data-dir D --email E",
    "let somebody sign in no more, and end their sessions" },
  { { "user", "enable" },
    kontor_user_tool_enable,
    "user enable --data-dir D --email E",
    "let somebody sign in again" },
  { { "user", "reset" },
    kontor_user_tool_reset,
    "user reset --data-dir D --email E",
    "take password and second factor from somebody, and print a token for a new password" },
  { { "backup" },
    kontor_backup,
    "backup --data-dir D FILE",
    "copy the database, also while the server runs" },
  { { "restore" },
    kontor_restore,
    "restore --data-dir D FILE",
    "put a backup in its place, while no server runs" },
  { { "migrate" },
    kontor_migrate,
    "migrate --data-dir D",
    "bring the schema to the newest version" },
  { { "demo" },
    kontor_demo,
    "demo --data-dir D [--rows 1000] [--seed 1] [--until DATE]",
    "make a database with two years of sample payments in test mode" },
};

static int
help (FILE *out)
{
  g_autoptr (GString) settings = g_string_new (NULL);

  fputs ("Usage: kontord COMMAND [OPTION…]\n\n", out);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  %s\n      %s\n", commands[i].usage, commands[i].doc);
  kontor_config_help (settings);
  fprintf (out,
           "\nSettings of serve, with what counts when they are left out. Each may also stand in "
           "the file\n"
           "“config” of the data directory (http_threads = 2) or in the environment "
           "(KONTOR_HTTP_THREADS=2):\n\n%s",
           settings->str);
  return out == stdout ? 0 : 2;
}

int
main (int argc, char **argv)
{
  const char *first = argc > 1 ? argv[1] : "", *second = argc > 2 ? argv[2] : "";

  if (sodium_init () < 0)
    return 1;
  if (g_str_equal (first, "--help") || g_str_equal (first, "-h") || g_str_equal (first, "help"))
    return help (stdout);
  if (g_str_equal (first, "--version"))
    return puts ("kontord " KONTOR_VERSION) < 0;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const char *const *words = commands[i].words;

      if (g_str_equal (words[0], first) && (words[1] == NULL || g_str_equal (words[1], second)))
        return commands[i].run (argv + (words[1] == NULL ? 2 : 3));
    }
  return help (stderr);
}
