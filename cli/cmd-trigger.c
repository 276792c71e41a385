/* cmd-trigger.c: kontor trigger: makes an event of a type happen, and waits for it. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/suggest.h"
#include "cli/table.h"
#include "cli/trigger.h"
#include "core/client/client-error.h"
#include "core/json.h"
#include "core/text.h"

#define PATIENCE_S 15 /* for an event, once all is done that makes it */

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : NULL;
}

/* -------------------------------------------------------------------------------------- list -- */

static void
list_json (const KontorCli *cli)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_buffer_literal (&json, "{\"object\":\"list\",\"data\":[");
  for (const KontorTrigger *row = kontor_triggers; row->event != NULL; row++)
    {
      kontor_buffer_printf (
          &json, "%s{\"type\":\"%s\",\"produced\":%s,\"needs\":", row == kontor_triggers ? "" : ",",
          row->event, row->steps[0].name != NULL ? "true" : "false");
      if (row->needs != NULL)
        kontor_buffer_string (&json, row->needs);
      else
        kontor_buffer_literal (&json, "null");
      kontor_buffer_char (&json, '}');
    }
  fprintf (cli->out.stream, "%s],\"has_more\":false}\n", kontor_buffer_text (&json));
}

static int
list (const KontorCli *cli)
{
  static const KontorColumn columns[]
      = { { N_ ("Event"), FALSE, FALSE }, { N_ ("Needs"), FALSE, TRUE }, { NULL } };
  g_autoptr (KontorTable) table = NULL;

  if (cli->json || cli->jsonl)
    {
      list_json (cli);
      return KONTOR_EXIT_OK;
    }
  table = kontor_table_new (&cli->out, columns);
  for (const KontorTrigger *row = kontor_triggers; row->event != NULL; row++)
    {
      gboolean produced = row->steps[0].name != NULL;
      const char *needs = !produced            ? _ ("not produced by this server")
                          : row->needs != NULL ? _ (row->needs)
                                               : "";

      kontor_table_cell (table, row->event, produced ? KONTOR_ROLE_PLAIN : KONTOR_ROLE_DIM);
      kontor_table_cell (table, needs, KONTOR_ROLE_DIM);
    }
  kontor_table_print (table);
  return KONTOR_EXIT_OK;
}

static const KontorTrigger *
find (KontorCli *cli, const char *event, int *code)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  const char *meant;

  for (const KontorTrigger *row = kontor_triggers; row->event != NULL; row++)
    {
      if (g_str_equal (row->event, event) && row->steps[0].name != NULL)
        return row;
      if (g_str_equal (row->event, event))
        {
          *code = kontor_cli_usage (cli, _ ("%s is not produced by this server."), event);
          return NULL;
        }
      g_ptr_array_add (known, (gpointer) row->event);
    }
  meant = kontor_suggest (event, known);
  *code
      = meant != NULL
            ? kontor_cli_usage (cli, _ ("There is no event “%s”; did you mean “%s”?"), event, meant)
            : kontor_cli_usage (cli, _ ("There is no event “%s”; --list names them."), event);
  return NULL;
}

/* ----------------------------------------------------------------------------------- waiting -- */

/* What there is behind @after, which moves on; waits until there is something. */
static KontorClientReply *
read_feed (KontorCli *cli, const char *type, guint wait_s, char **after, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/events");
  g_autofree char *wait = g_strdup_printf ("%u", wait_s);
  KontorClientReply *reply;
  const char *next;

  kontor_client_call_add (call, "wait", wait);
  if (*after != NULL)
    kontor_client_call_add (call, "after", *after);
  if (type != NULL)
    kontor_client_call_add (call, "types[]", type);
  reply = kontor_cli_send (cli, call, error);
  next = reply != NULL ? text_of (reply->json, "next") : NULL;
  if (next != NULL)
    {
      g_free (*after);
      *after = g_strdup (next);
    }
  return reply;
}

/* Where events stand before anything is done; none when there has been none yet. */
static gboolean
find_start (KontorCli *cli, char **after, GError **error)
{
  g_autoptr (KontorClientReply) reply = NULL;

  *after = g_strdup ("now");
  reply = read_feed (cli, NULL, 0, after, error);
  if (g_str_equal (*after, "now"))
    g_clear_pointer (after, g_free);
  return reply != NULL;
}

/* Others may make events of the same type meanwhile: it is the one about what was made here. */
static const KontorValue *
find_event (const KontorTriggerRun *run, const KontorClientReply *reply)
{
  const KontorValue *list = kontor_value_get (reply->json, "data");

  for (const KontorValue *event = list != NULL ? list->first : NULL; event != NULL;
       event = event->next)
    {
      const KontorValue *data = kontor_value_get (event, "data");
      const KontorValue *object = data != NULL ? kontor_value_get (data, "object") : NULL;
      const char *id = text_of (object, "id");

      if (id != NULL && kontor_trigger_run_is_about (run, id))
        return event;
    }
  return NULL;
}

static void
show (const KontorCli *cli, const KontorValue *event)
{
  g_autofree char *id = kontor_text_clean (text_of (event, "id"));

  if (cli->json || cli->jsonl)
    {
      g_auto (KontorBuffer) json = { 0 };

      kontor_json_write (&json, event);
      fprintf (cli->out.stream, "%s\n", kontor_buffer_text (&json));
      return;
    }
  fprintf (cli->out.stream, "%s\n", id);
}

static gboolean
wait_for_event (KontorCli *cli,
                const KontorTriggerRun *run,
                const char *type,
                char **after,
                GError **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  for (gint64 left = PATIENCE_S; left > 0; left = (end - g_get_monotonic_time ()) / G_USEC_PER_SEC)
    {
      g_autoptr (KontorClientReply) reply = read_feed (cli, type, (guint) left, after, error);
      const KontorValue *event = reply != NULL ? find_event (run, reply) : NULL;

      if (event != NULL)
        show (cli, event);
      if (event != NULL || reply == NULL)
        return event != NULL;
    }
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_BUSY,
               _ ("All was done, but no %s came within %d seconds."), type, PATIENCE_S);
  return FALSE;
}

/* ----------------------------------------------------------------------------------- command -- */

static int
run_trigger (KontorCli *cli, const KontorTrigger *trigger)
{
  g_autoptr (GError) error = NULL, later = NULL;
  g_autoptr (KontorTriggerRun) run = kontor_trigger_run_new (cli, trigger, &error);
  g_autofree char *after = NULL;
  gboolean came;

  if (run == NULL || !kontor_cli_connect (cli, &error))
    return kontor_cli_report (cli, error);
  if (cli->profile->livemode)
    return kontor_cli_usage (cli, _ ("Events are made to happen in test mode only: choose another "
                                     "profile or key."));
  came = find_start (cli, &after, &error) && kontor_trigger_run_steps (run, FALSE, &error)
         && wait_for_event (cli, run, trigger->event, &after, &error);
  if (!kontor_trigger_run_steps (run, TRUE, &later) && came)
    return kontor_cli_report (cli, later);
  return came ? KONTOR_EXIT_OK : kontor_cli_report (cli, error);
}

static int
trigger (KontorCli *cli)
{
  const KontorTrigger *row;
  int code;

  if (kontor_cli_has (cli, "list"))
    return cli->n_arguments > 0
               ? kontor_cli_usage (cli, _ ("--list goes without the type of an event."))
               : list (cli);
  if (cli->n_arguments == 0)
    return kontor_cli_usage (cli, _ ("“trigger” needs the type of an event; --list names them."));
  row = find (cli, cli->arguments[0], &code);
  return row != NULL ? run_trigger (cli, row) : code;
}

static const KontorFlag flags[] = {
  { "list", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("List the types of events, and what each needs.") },
  { "override", 0, KONTOR_FLAG_TEXTS, N_ ("STEP:FIELD=VALUE"),
    N_ ("Send another value in a step: payment_intent:amount=5000.") },
  { "add", 0, KONTOR_FLAG_TEXTS, N_ ("STEP:FIELD=VALUE"),
    N_ ("Send one more parameter in a step: customer:address.city=Paris.") },
  { "remove", 0, KONTOR_FLAG_TEXTS, N_ ("STEP:FIELD"),
    N_ ("Leave a parameter out of a step: customer:name.") },
  { NULL },
};

const KontorCommand kontor_trigger_commands[] = {
  { "trigger", NULL, N_ ("EVENT"), 0, 1, flags, trigger,
    N_ ("Make an event of a type happen in test mode, and wait for it."),
    N_ ("Does what leads to such an event, as a customer or a program would: payments, refunds, "
        "customers are made that stay. Each step is shown on stderr by its name, which --override, "
        "--add and --remove use; the id of the event goes to stdout, with --json the whole event."),
    .offer = KONTOR_OFFER_EVENTS },
  { NULL },
};
