/* cli.c: what every command needs: its flags, its server, and how to say what went wrong. */
#include "cli/cli.h"

#include <glib/gi18n.h>
#include <stdarg.h>
#include <string.h>

#include "cli/commands.h"
#include "core/buffer.h"
#include "core/client/client-error.h"
#include "core/text.h"

/**
 * kontor_cli_texts:
 * @cli: a run
 * @flag: its name
 *
 * Returns: (nullable) (transfer none) (element-type utf8): each value it was given, in that order
 */
GPtrArray *
kontor_cli_texts (const KontorCli *cli, const char *flag)
{
  return g_hash_table_lookup (cli->flags, flag);
}

/**
 * kontor_cli_has:
 * @cli: a run
 * @flag: its name
 *
 * Returns: whether it was given
 */
gboolean
kontor_cli_has (const KontorCli *cli, const char *flag)
{
  return kontor_cli_texts (cli, flag) != NULL;
}

/**
 * kontor_cli_text:
 * @cli: a run
 * @flag: its name
 *
 * Returns: (nullable) (transfer none): the last value it was given
 */
const char *
kontor_cli_text (const KontorCli *cli, const char *flag)
{
  GPtrArray *texts = kontor_cli_texts (cli, flag);

  return texts != NULL ? g_ptr_array_index (texts, texts->len - 1) : NULL;
}

/**
 * kontor_cli_number:
 * @cli: a run
 * @flag: the name of a %KONTOR_FLAG_NUMBER
 * @fallback: what it is when it was not given
 *
 * Returns: the last value it was given
 */
gint64
kontor_cli_number (const KontorCli *cli, const char *flag, gint64 fallback)
{
  const char *text = kontor_cli_text (cli, flag);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : fallback;
}

/**
 * kontor_cli_take_output_flags:
 * @cli: a run whose flags were read
 *
 * Follows what they say of the output.
 */
void
kontor_cli_take_output_flags (KontorCli *cli)
{
  const char *colour = kontor_cli_text (cli, "color");

  cli->json = kontor_cli_has (cli, "json");
  cli->jsonl = kontor_cli_has (cli, "jsonl");
  kontor_style_init (&cli->out, stdout, colour);
  kontor_style_init (&cli->err, stderr, colour);
}

/**
 * kontor_cli_connect:
 * @cli: a run; gets the profile in force and a client
 * @error: return location for a #KontorClientError
 *
 * Sends nothing yet.
 *
 * Returns: whether there is a server to ask and a key to ask it with
 */
gboolean
kontor_cli_connect (KontorCli *cli, GError **error)
{
  g_autoptr (KontorProfiles) profiles = NULL;

  if (cli->client != NULL)
    return TRUE;
  profiles = kontor_profiles_load (error);
  if (profiles == NULL)
    return FALSE;
  cli->profile = kontor_profiles_in_force (profiles, kontor_cli_text (cli, "profile"),
                                           kontor_cli_text (cli, "api-key"), NULL, error);
  if (cli->profile == NULL)
    return FALSE;
  cli->client = kontor_cli_client (cli, cli->profile);
  return TRUE;
}

/**
 * kontor_cli_client:
 * @cli: a run
 * @profile: of a server
 *
 * Returns: (transfer full): a client that is as patient as --timeout and --retries say
 */
KontorClient *
kontor_cli_client (const KontorCli *cli, const KontorProfile *profile)
{
  KontorClient *client = kontor_client_new_for (profile);

  if (kontor_cli_has (cli, "timeout"))
    kontor_client_set_timeout (client, (guint) MIN (kontor_cli_number (cli, "timeout", 0), 3600));
  if (kontor_cli_has (cli, "retries"))
    kontor_client_set_retries (client, (guint) MIN (kontor_cli_number (cli, "retries", 0), 20));
  return client;
}

/**
 * kontor_cli_send:
 * @cli: a run
 * @call: what to ask
 * @error: return location for a #KontorClientError
 *
 * Connects first if that has not been done.
 *
 * Returns: (transfer full) (nullable): the reply
 */
KontorClientReply *
kontor_cli_send (KontorCli *cli, const KontorClientCall *call, GError **error)
{
  return kontor_cli_connect (cli, error) ? kontor_client_send (cli->client, call, NULL, error)
                                         : NULL;
}

/* ---------------------------------------------------------------------------------- refusals -- */

static KontorExit
exit_of (const GError *error)
{
  static const KontorExit codes[] = {
    [KONTOR_CLIENT_ERROR_REFUSED] = KONTOR_EXIT_REFUSED,
    [KONTOR_CLIENT_ERROR_KEY] = KONTOR_EXIT_KEY,
    [KONTOR_CLIENT_ERROR_MISSING] = KONTOR_EXIT_MISSING,
    [KONTOR_CLIENT_ERROR_BUSY] = KONTOR_EXIT_BUSY,
    [KONTOR_CLIENT_ERROR_UNREACHABLE] = KONTOR_EXIT_UNREACHABLE,
    [KONTOR_CLIENT_ERROR_STRANGE] = KONTOR_EXIT_UNREACHABLE,
    [KONTOR_CLIENT_ERROR_PROFILE] = KONTOR_EXIT_KEY,
    [KONTOR_CLIENT_ERROR_SETTING] = KONTOR_EXIT_USAGE,
  };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return KONTOR_EXIT_INTERRUPTED;
  return error->domain == KONTOR_CLIENT_ERROR ? codes[error->code] : KONTOR_EXIT_LOCAL;
}

/* What the server calls by these names, one behind the other: (param: amount, code: …). */
static void
say_details (const KontorStyle *style, const KontorRefusal *refusal)
{
  const struct
  {
    const char *name, *value;
  } rows[] = {
    { _ ("parameter"), refusal->param },
    { _ ("code"), refusal->code },
    { _ ("decline code"), refusal->decline_code },
    { _ ("request"), refusal->request_id },
  };
  const char *joint = "  ";

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *value = NULL;

      if (rows[i].value == NULL)
        continue;
      value = kontor_text_clean (rows[i].value);
      fprintf (style->stream, "%s%s%s:%s %s", joint, kontor_style_on (style, KONTOR_ROLE_DIM),
               rows[i].name, kontor_style_off (style, KONTOR_ROLE_DIM), value);
      joint = "  ";
    }
  fputc ('\n', style->stream);
}

/* For programs: the server's error object, or one like it. */
static void
print_error_json (const KontorCli *cli, const GError *error)
{
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  g_auto (KontorBuffer) text = { 0 };

  if (refusal != NULL && refusal->type != NULL)
    {
      fprintf (cli->out.stream, "%s\n", g_strchomp (refusal->body));
      return;
    }
  kontor_buffer_literal (&text, "{\"error\":{\"message\":");
  kontor_buffer_string (&text, error->message);
  kontor_buffer_literal (&text, ",\"type\":\"client_error\"}}");
  fprintf (cli->out.stream, "%s\n", kontor_buffer_text (&text));
}

/* Who signed in cannot know when it ends. */
static void
say_remedy (const KontorCli *cli)
{
  g_autofree char *remedy = kontor_profile_remedy (cli->profile);

  fprintf (cli->err.stream, "%s\n", remedy);
}

/**
 * kontor_cli_report:
 * @cli: a run
 * @error: what went wrong
 *
 * Says it on stderr: the server's sentence, the parameter, the code and the request's id. With
 * --json the error object goes to stdout as well.
 *
 * Returns: the exit code
 */
int
kontor_cli_report (const KontorCli *cli, const GError *error)
{
  const KontorStyle *style = &cli->err;
  const KontorRefusal *refusal = kontor_client_error_refusal (error);
  g_autofree char *message = kontor_text_clean (error->message);

  kontor_style_progress_end (style);
  fprintf (style->stream, "%s%s%s %s\n", kontor_style_on (style, KONTOR_ROLE_BAD),
           "kontor:", kontor_style_off (style, KONTOR_ROLE_BAD), message);
  if (refusal != NULL)
    say_details (style, refusal);
  if (refusal != NULL && cli->profile != NULL && g_strcmp0 (refusal->code, "session_expired") == 0)
    say_remedy (cli);
  if (cli->json || cli->jsonl)
    print_error_json (cli, error);
  return (int) exit_of (error);
}

/**
 * kontor_cli_usage:
 * @cli: a run
 * @format: what was not understood
 * @...: for @format
 *
 * Says it on stderr, and where to read more.
 *
 * Returns: %KONTOR_EXIT_USAGE
 */
int
kontor_cli_usage (const KontorCli *cli, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list arguments;
  int code;

  va_start (arguments, format);
  error = g_error_new_valist (KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING, format, arguments);
  va_end (arguments);
  code = kontor_cli_report (cli, error);
  if (cli->command != NULL || cli->topic != NULL)
    fprintf (cli->err.stream, _ ("Try “kontor %s --help”.\n"),
             cli->command != NULL ? cli->command->name : cli->topic);
  else
    fprintf (cli->err.stream, _ ("Try “kontor help”.\n"));
  return code;
}

/**
 * kontor_cli_misread:
 * @cli: a run whose flags could not all be read
 * @error: why
 *
 * Like kontor_cli_usage(); what was read of the flags for the output counts already.
 *
 * Returns: %KONTOR_EXIT_USAGE, or another when not the words were wrong but a file they name
 */
int
kontor_cli_misread (KontorCli *cli, const GError *error)
{
  kontor_cli_take_output_flags (cli);
  return error->domain == KONTOR_CLIENT_ERROR ? kontor_cli_usage (cli, "%s", error->message)
                                              : kontor_cli_report (cli, error);
}
