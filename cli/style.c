/* style.c: what a terminal can show: colours, its width, questions, progress. */
#include "cli/style.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/client/prompt.h"

#define DEFAULT_WIDTH 80

/* The terminal's own sixteen colours, so that they fit what the person chose. */
static const char *const codes[] = {
  [KONTOR_ROLE_PLAIN] = "",          [KONTOR_ROLE_HEADING] = "\033[1m",
  [KONTOR_ROLE_DIM] = "\033[2m",     [KONTOR_ROLE_GOOD] = "\033[32m",
  [KONTOR_ROLE_WARNING] = "\033[33m", [KONTOR_ROLE_BAD] = "\033[31m",
  [KONTOR_ROLE_NAME] = "\033[36m",   [KONTOR_ROLE_TEXT] = "\033[32m",
  [KONTOR_ROLE_NUMBER] = "\033[33m", [KONTOR_ROLE_WORD] = "\033[35m",
};

/* What has to be undone when a signal ends the program. */
static volatile gboolean has_progress;

static guint
width_of (FILE *stream)
{
  const char *columns = g_getenv ("COLUMNS");
  struct winsize size;
  guint64 number;

  if (columns != NULL && g_ascii_string_to_unsigned (columns, 10, 20, 10000, &number, NULL))
    return (guint) number;
  if (ioctl (fileno (stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return MAX (size.ws_col, 20);
  return DEFAULT_WIDTH;
}

static gboolean
wants_colours (const KontorStyle *style, const char *colour)
{
  const char *none = g_getenv ("NO_COLOR"), *term = g_getenv ("TERM");

  if (g_strcmp0 (colour, "on") == 0 || g_strcmp0 (colour, "always") == 0)
    return TRUE;
  if (g_strcmp0 (colour, "off") == 0 || g_strcmp0 (colour, "never") == 0)
    return FALSE;
  return style->is_terminal && (none == NULL || *none == '\0') && g_strcmp0 (term, "dumb") != 0;
}

/**
 * kontor_style_init:
 * @style: (out caller-allocates): how to write to @stream
 * @stream: stdout or stderr
 * @colour: (nullable): "on", "off" or "auto", which looks for a terminal and for NO_COLOR
 */
void
kontor_style_init (KontorStyle *style, FILE *stream, const char *colour)
{
  style->stream = stream;
  style->is_terminal = isatty (fileno (stream)) == 1;
  style->colours = wants_colours (style, colour);
  style->width = style->is_terminal ? width_of (stream) : 0;
}

/**
 * kontor_style_on:
 * @style: a style
 * @role: what the text that follows means
 *
 * Returns: what to write before it; "" without colours
 */
const char *
kontor_style_on (const KontorStyle *style, KontorRole role)
{
  return style->colours ? codes[role] : "";
}

/**
 * kontor_style_off:
 * @style: a style
 * @role: what the text before meant
 *
 * Returns: what to write after it
 */
const char *
kontor_style_off (const KontorStyle *style, KontorRole role)
{
  return style->colours && role != KONTOR_ROLE_PLAIN ? "\033[0m" : "";
}

/**
 * kontor_style_progress:
 * @style: of stderr
 * @format: what is being done
 * @...: for @format
 *
 * Shows it in the terminal's last line, over what stood there. Without a terminal nothing is shown.
 */
void
kontor_style_progress (const KontorStyle *style, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (!style->is_terminal)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  has_progress = TRUE;
  fprintf (style->stream, "\r\033[K%s%s%s", kontor_style_on (style, KONTOR_ROLE_DIM), text,
           kontor_style_off (style, KONTOR_ROLE_DIM));
  fflush (style->stream);
}

/**
 * kontor_style_progress_end:
 * @style: of stderr
 *
 * Clears the line of kontor_style_progress().
 */
void
kontor_style_progress_end (const KontorStyle *style)
{
  if (!has_progress)
    return;
  has_progress = FALSE;
  fputs ("\r\033[K", style->stream);
  fflush (style->stream);
}

/* -------------------------------------------------------------------------------- questions -- */

/**
 * kontor_style_confirm:
 * @style: of stderr
 * @question: what the person is asked
 *
 * Returns: whether there is a terminal and “yes” was typed on it
 */
gboolean
kontor_style_confirm (const KontorStyle *style, const char *question)
{
  g_autofree char *answer = NULL;

  if (!style->is_terminal || isatty (STDIN_FILENO) != 1)
    return FALSE;
  fprintf (style->stream, "%s%s%s\n%s ", kontor_style_on (style, KONTOR_ROLE_WARNING), question,
           kontor_style_off (style, KONTOR_ROLE_WARNING), _ ("Enter “yes” to confirm:"));
  fflush (style->stream);
  answer = kontor_prompt_line (stdin);
  return answer != NULL
         && (g_str_equal (g_strstrip (answer), _ ("yes"))
             || g_ascii_strcasecmp (answer, "yes") == 0);
}

/**
 * kontor_style_restore:
 *
 * Gives the terminal back as it was found. Safe in a signal handler.
 */
void
kontor_style_restore (void)
{
  kontor_prompt_restore ();
  if (has_progress && write (STDERR_FILENO, "\r\033[K", 4) < 0)
    return;
  has_progress = FALSE;
}
