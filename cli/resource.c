/* resource.c: kontor NOUN VERB: the operations of the API as commands with typed flags. */
#include "cli/resource.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/api.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reply.h"
#include "cli/request.h"
#include "cli/resource-help.h"
#include "cli/suggest.h"
#include "cli/view.h"
#include "core/client/client-error.h"

/* One operation as the flags of its command line are read. */
typedef struct
{
  const KontorApiOperation *operation;
  KontorClientCall         *call;   /* its path is not known before the ids are */
  GHashTable               *given;  /* first words of the names that were said */
  gint64                    now;
} Reading;

/**
 * kontor_resource_flags:
 * @operation: an operation
 *
 * Returns: (transfer none): the flags it takes besides its parameters
 */
const KontorFlag *
kontor_resource_flags (const KontorApiOperation *operation)
{
  if (g_str_equal (operation->method, "POST"))
    return kontor_request_post_flags;
  return g_str_equal (operation->method, "GET") ? kontor_request_get_flags
                                                : kontor_request_delete_flags;
}

/* A boolean needs no value, but takes one that is “true” or “false”. */
static gboolean
knows (gpointer data, const char *name, const char *next, gboolean *takes_value)
{
  Reading *reading = data;
  KontorApiTarget target;

  if (!kontor_api_target (reading->operation->params, name, &target))
    return FALSE;
  g_free (target.name);
  *takes_value = target.param == NULL || target.param->type != KONTOR_PARAM_BOOLEAN
                 || g_strcmp0 (next, "true") == 0 || g_strcmp0 (next, "false") == 0;
  return TRUE;
}

static void
remember (Reading *reading, const char *name)
{
  g_hash_table_add (reading->given, g_strndup (name, strcspn (name, "[")));
}

static gboolean
take (gpointer data, const char *flag, const char *typed, GError **error)
{
  Reading *reading = data;
  KontorApiTarget target;
  g_autofree char *name = NULL, *text = NULL, *value = NULL, *item = NULL;

  if (!kontor_api_target (reading->operation->params, flag, &target))
    return FALSE;
  name = target.name;
  text = kontor_request_value (typed != NULL ? typed : "true", error);
  value = text != NULL ? kontor_api_value (target.param, flag, text, reading->now, error) : NULL;
  if (value == NULL)
    return FALSE;
  if (target.param != NULL && target.param->type == KONTOR_PARAM_LIST && *value != '\0')
    item = g_strconcat (name, "[]", NULL);
  kontor_client_call_add (reading->call, item != NULL ? item : name, value);
  remember (reading, name);
  return TRUE;
}

static void
names (gpointer data, GPtrArray *known)
{
  Reading *reading = data;

  for (const KontorApiParam *row = reading->operation->params; row->name != NULL; row++)
    {
      g_ptr_array_add (known, g_strdelimit (g_strdup (row->name), "_", '-'));
      if (row->type == KONTOR_PARAM_OBJECT)
        for (const KontorApiParam *part = row->members; part->name != NULL; part++)
          g_ptr_array_add (known,
                           g_strdelimit (g_strconcat (row->name, ".", part->name, NULL), "_", '-'));
    }
}

/* What --data says counts as well. */
static gboolean
has_all_required (const KontorCli *cli, Reading *reading, GError **error)
{
  GPtrArray *data = kontor_cli_texts (cli, "data");

  for (guint i = 0; data != NULL && i < data->len; i++)
    {
      const char *text = g_ptr_array_index (data, i);
      g_autofree char *name = g_strndup (text, strcspn (text, "="));

      remember (reading, name);
    }
  for (const KontorApiParam *row = reading->operation->params; row->name != NULL; row++)
    if (row->required && !g_hash_table_contains (reading->given, row->name))
      {
        g_autofree char *flag = g_strdelimit (g_strdup (row->name), "_", '-');

        g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                     _ ("--%s is missing: %s"), flag, row->doc != NULL ? row->doc : "");
        return FALSE;
      }
  return TRUE;
}

/* ------------------------------------------------------------------------------------ sending -- */

static int
send (KontorCli *cli, const KontorApiOperation *operation, KontorClientCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply = NULL;

  if (kontor_cli_has (cli, "all") && operation->is_list)
    return cli->json || cli->jsonl ? kontor_reply_all (cli, call) : kontor_view_all (cli, call);
  if (g_str_equal (operation->method, "DELETE")
      && !kontor_request_may_delete (cli, cli->arguments[0], &error))
    return kontor_cli_report (cli, error);
  reply = kontor_cli_send (cli, call, &error);
  if (reply == NULL)
    return kontor_cli_report (cli, error);
  kontor_reply_headers (cli, reply);
  if (cli->json || cli->jsonl)
    kontor_reply_print (cli, reply);
  else
    kontor_view_reply (cli, reply);
  return KONTOR_EXIT_OK;
}

static int
run_operation (KontorCli *cli, Reading *reading)
{
  const KontorApiOperation *operation = reading->operation;
  g_autofree char *path = kontor_api_path (operation, cli->arguments);
  KontorClientCall *call = reading->call;
  g_autoptr (GError) error = NULL;

  kontor_client_call_set_path (call, path);
  kontor_request_flags (cli, call);
  if (!kontor_request_data (cli, call, &error))
    return kontor_cli_report (cli, error);
  if (kontor_cli_has (cli, "all") && !kontor_cli_has (cli, "limit")
      && !g_hash_table_contains (reading->given, "limit"))
    kontor_client_call_set (call, "limit", "100");
  return send (cli, operation, call);
}

static int
read_and_run (KontorCli *cli, Reading *reading, char **words)
{
  const KontorApiOperation *operation = reading->operation;
  const KontorOptions options
      = { { kontor_resource_flags (operation), kontor_global_flags }, knows, take, names, reading };
  guint n_ids = kontor_api_n_ids (operation), n_read;
  g_autoptr (GError) error = NULL;

  if (!kontor_options_read (cli, &options, words, FALSE, &n_read, &error))
    return kontor_cli_misread (cli, error);
  kontor_cli_take_output_flags (cli);
  if (kontor_cli_has (cli, "help"))
    {
      kontor_resource_help_operation (&cli->out, operation, kontor_resource_flags (operation));
      return KONTOR_EXIT_OK;
    }
  if (cli->n_arguments < n_ids)
    return kontor_cli_usage (cli, n_ids == 1 ? _ ("This needs the id of the object.")
                                             : _ ("This needs the ids of two objects."));
  if (cli->n_arguments > n_ids)
    return kontor_cli_usage (cli, _ ("“%s” is one argument too many."), cli->arguments[n_ids]);
  if (!has_all_required (cli, reading, &error))
    return kontor_cli_usage (cli, "%s", error->message);
  return run_operation (cli, reading);
}

static void
add_verbs (const char *noun, GPtrArray *known)
{
  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    if (kontor_option_is (noun, row->noun))
      g_ptr_array_add (known, g_strdup (row->verb));
}

static int
unknown_verb (KontorCli *cli, const char *noun, const char *verb)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  const char *meant;

  add_verbs (noun, known);
  meant = kontor_suggest (verb, known);
  if (meant != NULL)
    return kontor_cli_usage (cli, _ ("%s have no “%s”; did you mean “%s”?"), noun, verb, meant);
  return kontor_cli_usage (cli, _ ("%s have no “%s”."), noun, verb);
}

/**
 * kontor_resource_run:
 * @cli: a run
 * @words: a noun that kontor_api_has(), then a verb, ids and flags
 *
 * Returns: the exit code
 */
int
kontor_resource_run (KontorCli *cli, char **words)
{
  Reading reading = { .now = g_get_real_time () / G_USEC_PER_SEC };
  const char *verb = words[1];
  int code;

  cli->topic = g_strdup (words[0]);
  if (verb == NULL || g_str_equal (verb, "--help") || g_str_equal (verb, "-h"))
    {
      kontor_resource_help_noun (verb != NULL ? &cli->out : &cli->err, words[0]);
      return verb != NULL ? KONTOR_EXIT_OK : KONTOR_EXIT_USAGE;
    }
  reading.operation = kontor_api_find (words[0], verb);
  if (reading.operation == NULL)
    return unknown_verb (cli, words[0], verb);
  g_free (cli->topic);
  cli->topic = g_strjoin (" ", reading.operation->noun, reading.operation->verb, NULL);
  reading.call = kontor_client_call_new (reading.operation->method, "");
  reading.given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  code = read_and_run (cli, &reading, words + 2);
  kontor_client_call_free (reading.call);
  g_hash_table_unref (reading.given);
  return code;
}

/**
 * kontor_resource_help:
 * @cli: a run
 * @words: a noun that kontor_api_has(), perhaps a verb
 *
 * Returns: the exit code
 */
int
kontor_resource_help (const KontorCli *cli, char **words)
{
  const KontorApiOperation *operation = words[1] != NULL ? kontor_api_find (words[0], words[1])
                                                         : NULL;

  if (operation != NULL)
    kontor_resource_help_operation (&cli->out, operation, kontor_resource_flags (operation));
  else if (words[1] != NULL)
    return kontor_cli_usage (cli, _ ("%s have no “%s”."), words[0], words[1]);
  else
    kontor_resource_help_noun (&cli->out, words[0]);
  return KONTOR_EXIT_OK;
}

/**
 * kontor_resource_nouns:
 * @known: (element-type utf8): owns its texts; the nouns are added to it
 */
void
kontor_resource_nouns (GPtrArray *known)
{
  const char *last = "";

  for (const KontorApiOperation *row = kontor_api_operations; row->noun != NULL; row++)
    {
      if (!g_str_equal (row->noun, last))
        g_ptr_array_add (known, g_strdup (row->noun));
      last = row->noun;
    }
}
