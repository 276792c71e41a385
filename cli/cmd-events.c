/* cmd-events.c: kontor events resend: an event goes to its webhook endpoints once more. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/client/client-error.h"
#include "core/json.h"

static const char *
text_of (const KontorValue *object, const char *name)
{
  const KontorValue *value = object != NULL ? kontor_value_get (object, name) : NULL;

  return value != NULL && value->type == KONTOR_VALUE_STRING ? value->text : "";
}

static gboolean
is_id (const char *text, const char *prefix)
{
  return g_str_has_prefix (text, prefix) && text[strlen (prefix)] != '\0'
         && text[strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_")] == '\0';
}

/* To one endpoint, whether or not it was to get the event. */
static gboolean
resend_to (KontorCli *cli,
           const char *event,
           const char *endpoint,
           GPtrArray *deliveries,
           GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/kontor/webhook_endpoints/%s/resend", endpoint);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("POST", path);
  KontorClientReply *reply;

  kontor_client_call_add (call, "event", event);
  reply = kontor_cli_send (cli, call, error);
  if (reply != NULL)
    g_ptr_array_add (deliveries, reply);
  return reply != NULL;
}

/* One that was deleted is left out; one that is disabled keeps it from none of the others. */
static gboolean
may_go_on (GError *problem, GError **first)
{
  gboolean refused = g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_REFUSED);
  gboolean missing = g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_MISSING);

  if (missing || *first != NULL)
    g_error_free (problem);
  else
    *first = problem;
  return refused || missing;
}

static gboolean
resend_page (KontorCli *cli,
             const char *event,
             const KontorClientReply *list,
             GPtrArray *deliveries,
             GError **first)
{
  const KontorValue *data = kontor_value_get (list->json, "data");

  for (const KontorValue *item = data != NULL ? data->first : NULL; item != NULL; item = item->next)
    {
      const char *endpoint = text_of (item, "endpoint");
      GError *problem = NULL;

      if (is_id (endpoint, "we_") && !resend_to (cli, event, endpoint, deliveries, &problem)
          && !may_go_on (problem, first))
        return FALSE;
    }
  return TRUE;
}

static gboolean
resend_to_all (KontorCli *cli, const char *event, GPtrArray *deliveries, GError **error)
{
  g_autoptr (KontorClientCall) call
      = kontor_client_call_new ("GET", "/v1/kontor/webhook_deliveries");
  gboolean more = TRUE;

  kontor_client_call_add (call, "event", event);
  kontor_client_call_add (call, "limit", "100");
  while (more)
    {
      g_autoptr (KontorClientReply) page = kontor_cli_send (cli, call, error);

      if (page == NULL || !resend_page (cli, event, page, deliveries, error))
        return FALSE;
      more = kontor_client_call_turn_page (call, page);
    }
  return *error == NULL;
}

static void
print_json (const KontorCli *cli, const GPtrArray *deliveries)
{
  g_auto (KontorBuffer) json = { 0 };

  if (!cli->jsonl)
    kontor_buffer_literal (&json, "{\"object\":\"list\",\"data\":[");
  for (guint i = 0; i < deliveries->len; i++)
    {
      const KontorClientReply *reply = deliveries->pdata[i];

      if (i > 0)
        kontor_buffer_char (&json, cli->jsonl ? '\n' : ',');
      kontor_json_write (&json, reply->json);
    }
  if (!cli->jsonl)
    kontor_buffer_literal (&json, "],\"has_more\":false}");
  fprintf (cli->out.stream, "%s\n", kontor_buffer_text (&json));
}

static void
print_table (const KontorCli *cli, const GPtrArray *deliveries)
{
  static const KontorColumn columns[] = { { N_ ("Delivery"), FALSE, FALSE },
                                          { N_ ("Endpoint"), FALSE, FALSE },
                                          { N_ ("URL"), FALSE, TRUE },
                                          { NULL } };
  g_autoptr (KontorTable) table = kontor_table_new (&cli->out, columns);

  for (guint i = 0; i < deliveries->len; i++)
    {
      const KontorClientReply *reply = deliveries->pdata[i];

      kontor_table_cell (table, text_of (reply->json, "id"), KONTOR_ROLE_PLAIN);
      kontor_table_cell (table, text_of (reply->json, "endpoint"), KONTOR_ROLE_PLAIN);
      kontor_table_cell (table, text_of (reply->json, "url"), KONTOR_ROLE_DIM);
    }
  kontor_table_print (table);
}

static int
resend (KontorCli *cli)
{
  const char *event = cli->arguments[0], *endpoint = kontor_cli_text (cli, "endpoint");
  g_autoptr (GPtrArray) deliveries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kontor_client_reply_free);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (!is_id (event, "evt_"))
    return kontor_cli_usage (cli, _ ("“%s” is not the id of an event: those begin with evt_."),
                             event);
  if (endpoint != NULL && !is_id (endpoint, "we_"))
    return kontor_cli_usage (
        cli, _ ("--endpoint %s is not the id of a webhook endpoint: those begin with we_."),
        endpoint);
  done = endpoint != NULL ? resend_to (cli, event, endpoint, deliveries, &error)
                          : resend_to_all (cli, event, deliveries, &error);
  if (done && deliveries->len == 0)
    {
      g_set_error (&error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_MISSING,
                   _ ("No webhook endpoint was to get %s: name one with --endpoint."), event);
      return kontor_cli_report (cli, error);
    }
  /* What was done before a refusal is done, and is said. With JSON, the refusal alone is. */
  if (cli->json || cli->jsonl)
    {
      if (done)
        print_json (cli, deliveries);
    }
  else if (deliveries->len > 0)
    print_table (cli, deliveries);
  return done ? KONTOR_EXIT_OK : kontor_cli_report (cli, error);
}

static const KontorFlag flags[] = {
  { "endpoint", 0, KONTOR_FLAG_TEXT, N_ ("ID"),
    N_ ("Only to this webhook endpoint (we_…), also when it was never to get the event."),
    .alias = "webhook-endpoint" },
  { NULL },
};

const KontorCommand kontor_events_commands[] = {
  { "events resend", NULL, N_ ("EVENT"), 1, 1, flags, resend,
    N_ ("Send an event to its webhook endpoints once more."),
    N_ ("Goes to every endpoint that the event was to be sent to, whatever became of it, or to the "
        "one that --endpoint names. It is sent in its turn: after what is pending of the same "
        "object.") },
  { NULL },
};
