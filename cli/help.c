/* help.c: what a command does, as a page for people. */
#include "cli/help.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/resource.h"
#include "core/text.h"

#define FLAG_WIDTH 26
#define COMMAND_WIDTH 22
#define PIPE_WIDTH 80 /* where there is no terminal, pages are as wide as a usual one */

/* Breaks @text between words; its first line goes on where one of @indent columns ended. */
static void
wrapped (const KontorStyle *style, const char *text, guint indent)
{
  guint width = style->width != 0 ? MIN (style->width, 100) : PIPE_WIDTH, at = indent;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint length = kontor_text_width (words[i]);

      if (at > indent && at + 1 + length > width)
        {
          fprintf (style->stream, "\n%*s", (int) indent, "");
          at = indent;
        }
      else if (at > indent)
        {
          fputc (' ', style->stream);
          at++;
        }
      fputs (words[i], style->stream);
      at += length;
    }
  fputc ('\n', style->stream);
}

/* Paragraphs are broken where they must; a line that begins with spaces is an example and stays. */
static void
write_text (const KontorStyle *style, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  fputc ('\n', style->stream);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] == ' ' || *lines[i] == '\0')
      fprintf (style->stream, "%s\n", lines[i]);
    else
      wrapped (style, lines[i], 0);
}

/**
 * kontor_help_heading:
 * @style: of stdout or stderr
 * @title: of the part that follows
 */
void
kontor_help_heading (const KontorStyle *style, const char *title)
{
  fprintf (style->stream, "\n%s%s%s\n", kontor_style_on (style, KONTOR_ROLE_HEADING), title,
           kontor_style_off (style, KONTOR_ROLE_HEADING));
}

/**
 * kontor_help_row:
 * @style: of stdout or stderr
 * @name: what is explained
 * @name_width: columns for it; a longer one has a line of its own
 * @doc: the explanation
 */
void
kontor_help_row (const KontorStyle *style, const char *name, guint name_width, const char *doc)
{
  guint width = kontor_text_width (name);

  fprintf (style->stream, "  %s%s%s", kontor_style_on (style, KONTOR_ROLE_NAME), name,
           kontor_style_off (style, KONTOR_ROLE_NAME));
  if (width > name_width)
    fprintf (style->stream, "\n%*s", (int) name_width + 4, "");
  else
    fprintf (style->stream, "%*s", (int) (name_width - width) + 2, "");
  wrapped (style, doc, name_width + 4);
}

static char *
flag_name (const KontorFlag *flag)
{
  GString *name = g_string_new (NULL);

  if (flag->letter != 0)
    g_string_append_printf (name, "-%c, ", flag->letter);
  else
    g_string_append (name, "    ");
  g_string_append_printf (name, "--%s", flag->name);
  if (flag->value != NULL)
    g_string_append_printf (name, " %s", _ (flag->value));
  return g_string_free (name, FALSE);
}

/**
 * kontor_help_flags:
 * @style: of stdout or stderr
 * @flags: a table that ends with a row without name
 */
void
kontor_help_flags (const KontorStyle *style, const KontorFlag *flags)
{
  for (; flags->name != NULL; flags++)
    {
      g_autofree char *name = flag_name (flags);

      kontor_help_row (style, name, FLAG_WIDTH, _ (flags->doc));
    }
}

/**
 * kontor_help_command:
 * @style: of stdout
 * @command: a command
 *
 * Its use, what it does, its flags and those of every command.
 */
void
kontor_help_command (const KontorStyle *style, const KontorCommand *command)
{
  fprintf (style->stream, "%s kontor %s%s%s%s\n\n", _ ("Usage:"), command->name,
           command->arguments != NULL ? " " : "",
           command->arguments != NULL ? command->arguments : "", _ (" [FLAGS]"));
  wrapped (style, _ (command->summary), 0);
  if (command->help != NULL)
    write_text (style, _ (command->help));
  if (command->flags != NULL)
    {
      kontor_help_heading (style, _ ("Flags"));
      kontor_help_flags (style, command->flags);
    }
  kontor_help_heading (style, _ ("Flags of every command"));
  kontor_help_flags (style, kontor_global_flags);
}

/**
 * kontor_help_commands_of:
 * @style: of stdout or stderr
 * @word: the first of a command's two words
 *
 * Lists the commands that begin with it; nothing when there are none.
 */
void
kontor_help_commands_of (const KontorStyle *style, const char *word)
{
  g_autofree char *begin = g_strconcat (word, " ", NULL);

  for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
    for (const KontorCommand *row = group->commands; row->name != NULL; row++)
      if (g_str_has_prefix (row->name, begin))
        {
          g_autofree char *name = g_strjoin (" ", row->name + strlen (begin), row->arguments, NULL);

          kontor_help_row (style, name, COMMAND_WIDTH, _ (row->summary));
        }
}

static void
write_nouns (const KontorStyle *style)
{
  g_autoptr (GPtrArray) nouns = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *all = NULL;

  kontor_resource_nouns (nouns);
  g_ptr_array_add (nouns, NULL);
  all = g_strjoinv (", ", (char **) nouns->pdata);
  kontor_help_heading (style, _ ("The API by name"));
  kontor_help_row (style, _ ("NOUN VERB [ID]"), COMMAND_WIDTH, all);
}

static void
write_group (const KontorStyle *style, const KontorCommandGroup *group)
{
  if (group == kontor_command_groups || g_strcmp0 (group[-1].title, group->title) != 0)
    kontor_help_heading (style, _ (group->title));
  for (const KontorCommand *row = group->commands; row->name != NULL; row++)
    {
      g_autofree char *name = g_strjoin (" ", row->name, row->arguments, NULL);

      kontor_help_row (style, name, COMMAND_WIDTH, _ (row->summary));
    }
}

/**
 * kontor_help_program:
 * @style: of stdout or stderr
 *
 * All commands in groups.
 */
void
kontor_help_program (const KontorStyle *style)
{
  fprintf (style->stream, "%s\n\n%s\n", _ ("Usage: kontor COMMAND [ARGUMENTS] [FLAGS]"),
           _ ("Kontor on the command line: payments, customers, events and webhooks of your own "
              "server."));
  for (const KontorCommandGroup *group = kontor_command_groups; group->commands != NULL; group++)
    if (group->title != NULL)
      write_group (style, group);
  write_nouns (style);
  kontor_help_heading (style, _ ("Flags of every command"));
  kontor_help_flags (style, kontor_global_flags);
  fprintf (style->stream, "\n%s\n",
           _ ("“kontor help COMMAND” tells more of one. Exit codes: 0 done, 1 refused by the "
              "server,\n2 not understood, 3 no server in reach, 4 not signed in or key refused, 5 "
              "no such object,\n6 server busy or failing, 7 trouble on this machine, 130 "
              "interrupted."));
}
