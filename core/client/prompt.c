/* prompt.c: questions to a person at a terminal, and answers that are not shown. */
#include "core/client/prompt.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What has to be undone when a signal ends the program. */
static struct termios hidden_before;
static volatile gboolean is_hidden;

/**
 * kontor_prompt_line:
 * @stream: where to read
 *
 * Spaces at its ends may belong to a password and stay.
 *
 * Returns: (transfer full) (nullable): its next line, without what ends it; %NULL at the end
 */
char *
kontor_prompt_line (FILE *stream)
{
  char *line = NULL, *copy;
  size_t size = 0;
  ssize_t length = getline (&line, &size, stream);

  copy = length >= 0 ? g_strndup (line, strcspn (line, "\r\n")) : NULL;
  if (line != NULL)
    explicit_bzero (line, size);
  free (line);
  return copy;
}

/**
 * kontor_prompt_restore:
 *
 * Gives the terminal back as it was found. Safe in a signal handler.
 */
void
kontor_prompt_restore (void)
{
  if (is_hidden)
    tcsetattr (STDIN_FILENO, TCSANOW, &hidden_before);
  if (is_hidden && write (STDERR_FILENO, "\n", 1) < 0)
    return;
  is_hidden = FALSE;
}

/**
 * kontor_prompt_secret:
 * @stream: where to ask
 * @question: what is asked for
 *
 * Reads a line from the terminal without showing it.
 *
 * Returns: (transfer full) (nullable): what was typed; %NULL when there is no terminal
 */
char *
kontor_prompt_secret (FILE *stream, const char *question)
{
  struct termios hidden;
  char *answer;

  if (isatty (STDIN_FILENO) != 1 || tcgetattr (STDIN_FILENO, &hidden_before) < 0)
    return NULL;
  hidden = hidden_before;
  hidden.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
  is_hidden = TRUE;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  /* asked only now, so that no letter typed at once is shown */
  fprintf (stream, "%s ", question);
  fflush (stream);
  answer = kontor_prompt_line (stdin);
  kontor_prompt_restore ();
  return answer;
}
