/* cmd-webhooks.c: kontor webhooks: how webhook endpoints fare, and what was sent to them. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/json-print.h"
#include "cli/read.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "cli/view.h"
#include "core/client/client-error.h"
#include "core/json.h"
#include "core/signature.h"
#include "core/text.h"

#define KONTOR "/v1/kontor/"

static KontorClientReply *
ask (KontorCli *cli, const char *noun, const char *id, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat (KONTOR, noun, "/", escaped, NULL);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", path);

  return kontor_cli_send (cli, call, error);
}

/* --------------------------------------------------------------------------------- endpoints -- */

static const KontorColumn endpoint_columns[] = {
  { N_ ("ENDPOINT"), FALSE, FALSE }, { N_ ("HEALTH"), FALSE, FALSE },
  { N_ ("URL"), FALSE, TRUE },       { N_ ("TAKEN"), TRUE, FALSE },
  { N_ ("NOT TAKEN"), TRUE, FALSE }, { N_ ("GIVEN UP"), TRUE, FALSE },
  { N_ ("PENDING"), TRUE, FALSE },   { N_ ("MS"), TRUE, FALSE },
  { N_ ("LAST TAKEN"), FALSE, TRUE }, { NULL },
};

static void
add_health (KontorTable *table, const KontorValue *endpoint, const KontorValue *health)
{
  gint64 in_a_row = kontor_read_number (health, "counters.in_a_row", 0);

  if (!g_str_equal (kontor_read_text (endpoint, "status"), "enabled"))
    kontor_table_cell (table, _ ("disabled"), KONTOR_ROLE_DIM);
  else if (in_a_row > 0)
    kontor_table_cell (table, _ ("failing"), KONTOR_ROLE_BAD);
  else if (kontor_read_number (health, "counters.succeeded", 0) > 0)
    kontor_table_cell (table, _ ("good"), KONTOR_ROLE_GOOD);
  else
    kontor_table_cell (table, _ ("unused"), KONTOR_ROLE_PLAIN);
}

static void
add_endpoint (KontorTable *table, const KontorValue *endpoint, const KontorValue *health)
{
  static const char *const counters[] = {
    "counters.succeeded",           "counters.failed", "counters.given_up", "counters.pending",
    "counters.average_duration_ms",
  };
  g_autofree char *last = kontor_read_time (health, "counters.last_success");

  kontor_table_cell (table, kontor_read_text (endpoint, "id"), KONTOR_ROLE_PLAIN);
  add_health (table, endpoint, health);
  kontor_table_cell (table, kontor_read_text (endpoint, "url"), KONTOR_ROLE_PLAIN);
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    {
      const KontorValue *value = kontor_read_member (health, counters[i]);

      kontor_table_cell (table,
                         value != NULL && value->type == KONTOR_VALUE_NUMBER ? value->text : "",
                         KONTOR_ROLE_PLAIN);
    }
  kontor_table_cell (table, last, KONTOR_ROLE_DIM);
}

/* {"endpoint": as Stripe's API shows it, "health": what Kontor tells of it} */
static void
print_pair (const KontorCli *cli, const KontorValue *endpoint, const KontorValue *health, guint n)
{
  g_auto (KontorBuffer) json = { 0 };

  if (!cli->jsonl && n > 0)
    kontor_buffer_char (&json, ',');
  kontor_buffer_literal (&json, "{\"endpoint\":");
  kontor_json_write (&json, endpoint);
  kontor_buffer_literal (&json, ",\"health\":");
  kontor_json_write (&json, health);
  kontor_buffer_char (&json, '}');
  fprintf (cli->out.stream, "%s%s", kontor_buffer_text (&json), cli->jsonl ? "\n" : "");
}

/* One that was deleted meanwhile is left out. */
static gboolean
add_page (KontorCli *cli,
          const KontorClientReply *page,
          KontorTable *table,
          guint *n,
          GError **error)
{
  const KontorValue *data = kontor_read_member (page->json, "data");

  for (const KontorValue *endpoint = data != NULL ? data->first : NULL; endpoint != NULL;
       endpoint = endpoint->next)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (KontorClientReply) health
          = ask (cli, "webhook_endpoints", kontor_read_text (endpoint, "id"), &problem);

      if (g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_MISSING))
        continue;
      if (health == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (cli->json || cli->jsonl)
        print_pair (cli, endpoint, health->json, *n);
      else
        add_endpoint (table, endpoint, health->json);
      ++*n;
    }
  return TRUE;
}

static gboolean
read_endpoints (KontorCli *cli, KontorTable *table, guint *n, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/webhook_endpoints");
  gboolean more = TRUE;

  kontor_client_call_add (call, "limit", "100");
  while (more)
    {
      g_autoptr (KontorClientReply) page = kontor_cli_send (cli, call, error);

      if (page == NULL || !add_page (cli, page, table, n, error))
        return FALSE;
      more = kontor_client_call_turn_page (call, page);
    }
  return TRUE;
}

static int
list (KontorCli *cli)
{
  g_autoptr (KontorTable) table = kontor_table_new (&cli->out, endpoint_columns);
  gboolean one = cli->json && !cli->jsonl;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  /* what is wrong with the key or the server should be the only thing that is said */
  if (!kontor_cli_connect (cli, &error))
    return kontor_cli_report (cli, error);
  if (one)
    fputs ("{\"object\":\"list\",\"data\":[", cli->out.stream);
  if (!read_endpoints (cli, table, &n, &error))
    return kontor_cli_report (cli, error);
  if (one)
    fputs ("],\"has_more\":false}\n", cli->out.stream);
  else if (!cli->jsonl && n > 0)
    kontor_table_print (table);
  if (n == 0 && cli->err.is_terminal)
    fprintf (cli->err.stream, "%s\n", _ ("There are none."));
  return KONTOR_EXIT_OK;
}

/* ---------------------------------------------------------------------------------- attempts -- */

static int
attempts (KontorCli *cli)
{
  static const char *const names[] = { "endpoint", "event", "delivery" };
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", KONTOR "webhook_attempts");
  const char *since = kontor_cli_text (cli, "since");
  g_autofree char *limit
      = g_strdup_printf ("%" G_GINT64_FORMAT, kontor_cli_number (cli, "limit", 20));
  g_autofree char *moment = NULL;
  g_autoptr (KontorClientReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seconds = 0;

  if (since != NULL && !kontor_read_seconds (since, &seconds))
    return kontor_cli_usage (cli, _ ("--since %s: write a time ago such as 10m, 2h or 3d"), since);
  moment = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC - seconds);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (kontor_cli_has (cli, names[i]))
      kontor_client_call_add (call, names[i], kontor_cli_text (cli, names[i]));
  if (kontor_cli_has (cli, "failed"))
    kontor_client_call_add (call, "outcome", "failed");
  if (since != NULL)
    kontor_client_call_add (call, "created[gte]", moment);
  kontor_client_call_set (call, "limit", kontor_cli_has (cli, "all") ? "100" : limit);
  if (kontor_cli_has (cli, "all"))
    return cli->json || cli->jsonl ? kontor_reply_all (cli, call) : kontor_view_all (cli, call);
  reply = kontor_cli_send (cli, call, &error);
  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    kontor_reply_print (cli, reply);
  else
    kontor_view_reply (cli, reply);
  return KONTOR_EXIT_OK;
}

/* ------------------------------------------------------------------------------- one of them -- */

static const char *
header_of (const KontorValue *headers, const char *name)
{
  for (const KontorValue *value = headers != NULL ? headers->first : NULL; value != NULL;
       value = value->next)
    if (g_ascii_strcasecmp (value->key, name) == 0 && value->type == KONTOR_VALUE_STRING)
      return value->text;
  return "";
}

/* Whether one of the header's signatures is what the secret makes of the body. */
static gboolean
is_signed (const KontorValue *request, const char *secret)
{
  const char *header = header_of (kontor_read_member (request, "headers"), "Stripe-Signature");
  const KontorValue *body = kontor_read_member (request, "body");
  g_auto (GStrv) parts = g_strsplit (header, ",", -1), made = NULL;
  g_autoptr (GString) wanted = g_string_new (NULL);
  gint64 time;

  if (body == NULL || body->type != KONTOR_VALUE_STRING || parts[0] == NULL
      || !g_str_has_prefix (parts[0], "t=")
      || !g_ascii_string_to_signed (parts[0] + 2, 10, 0, G_MAXINT64, &time, NULL))
    return FALSE;
  kontor_sign_stripe (wanted, secret, time, body->text, body->length);
  made = g_strsplit (wanted->str, ",", -1);
  return g_strv_contains ((const char *const *) parts, made[1]);
}

static void
heading (const KontorCli *cli, const char *text)
{
  fprintf (cli->out.stream, "\n%s%s%s\n", kontor_style_on (&cli->out, KONTOR_ROLE_HEADING), text,
           kontor_style_off (&cli->out, KONTOR_ROLE_HEADING));
}

static void
print_headers (const KontorCli *cli, const KontorValue *headers)
{
  for (const KontorValue *value = headers != NULL ? headers->first : NULL; value != NULL;
       value = value->next)
    {
      g_autofree char *name = kontor_text_clean (value->key);
      g_autofree char *text = kontor_text_clean (value->text != NULL ? value->text : "");

      fprintf (cli->out.stream, "%s%s:%s %s\n", kontor_style_on (&cli->out, KONTOR_ROLE_DIM), name,
               kontor_style_off (&cli->out, KONTOR_ROLE_DIM), text);
    }
}

/* JSON is indented, anything else shown as it is, less what would speak to the terminal. */
static void
print_body (const KontorCli *cli, const KontorValue *body)
{
  g_autoptr (KontorArena) arena = kontor_arena_new ();
  const char *problem;

  if (body == NULL || body->type != KONTOR_VALUE_STRING || body->length == 0)
    return;
  fputc ('\n', cli->out.stream);
  if (kontor_json_parse (arena, body->text, body->length, &problem) != NULL)
    kontor_json_print (&cli->out, body->text, body->length, 0);
  else
    {
      g_auto (GStrv) lines = g_strsplit (body->text, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        {
          g_autofree char *line = kontor_text_clean (lines[i]);

          fprintf (cli->out.stream, "%s%s", i > 0 ? "\n" : "", line);
        }
    }
  fputc ('\n', cli->out.stream);
}

static void
print_side (const KontorCli *cli, const KontorValue *side)
{
  print_headers (cli, kontor_read_member (side, "headers"));
  print_body (cli, kontor_read_member (side, "body"));
  if (kontor_read_true (side, "truncated"))
    fprintf (cli->out.stream, "%s\n", _ ("(No more of it is kept.)"));
}

static void
print_summary (const KontorCli *cli, const KontorValue *attempt)
{
  g_autofree char *time = kontor_read_time (attempt, "created");
  g_autofree char *took
      = g_strdup_printf ("%.1f ms", (double) kontor_read_number (attempt, "duration_us", 0) / 1000);
  const struct
  {
    const char *title, *value;
  } rows[] = {
    { N_ ("Attempt"), kontor_read_text (attempt, "id") },
    { N_ ("Delivery"), kontor_read_text (attempt, "delivery") },
    { N_ ("Event"), kontor_read_text (attempt, "event") },
    { N_ ("Type"), kontor_read_text (attempt, "event_type") },
    { N_ ("Endpoint"), kontor_read_text (attempt, "endpoint") },
    { N_ ("Outcome"), kontor_read_text (attempt, "outcome") },
    { N_ ("Problem"), kontor_read_text (attempt, "problem") },
    { N_ ("Time"), time },
    { N_ ("Took"), took },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (*rows[i].value != '\0')
      kontor_table_line (&cli->out, _ (rows[i].title), rows[i].value);
}

static int
check_signature (const KontorCli *cli, const KontorValue *attempt)
{
  const char *secret = kontor_cli_text (cli, "secret");
  gboolean genuine;

  if (secret == NULL)
    return KONTOR_EXIT_OK;
  genuine = is_signed (kontor_read_member (attempt, "request"), secret);
  fprintf (cli->err.stream, "%s%s%s\n",
           kontor_style_on (&cli->err, genuine ? KONTOR_ROLE_GOOD : KONTOR_ROLE_BAD),
           genuine ? _ ("The signature was made with this secret.")
                   : _ ("The signature was not made with this secret."),
           kontor_style_off (&cli->err, genuine ? KONTOR_ROLE_GOOD : KONTOR_ROLE_BAD));
  return genuine ? KONTOR_EXIT_OK : KONTOR_EXIT_REFUSED;
}

static int
show_attempt (KontorCli *cli, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply = ask (cli, "webhook_attempts", id, &error);
  const KontorValue *request, *response;
  g_autofree char *url = NULL, *status = NULL;

  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    {
      kontor_reply_print (cli, reply);
      return check_signature (cli, reply->json);
    }
  request = kontor_read_member (reply->json, "request");
  response = kontor_read_member (reply->json, "response");
  url = kontor_text_clean (kontor_read_text (request, "url"));
  status = g_strdup_printf ("HTTP %" G_GINT64_FORMAT, kontor_read_number (response, "status", 0));
  print_summary (cli, reply->json);
  heading (cli, url);
  print_side (cli, request);
  if (response != NULL && response->type == KONTOR_VALUE_OBJECT)
    {
      heading (cli, status);
      print_side (cli, response);
    }
  return check_signature (cli, reply->json);
}

/* With the attempt that was made last, when there is one. */
static int
show_delivery (KontorCli *cli, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply = ask (cli, "webhook_deliveries", id, &error);
  const char *last;

  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    {
      kontor_reply_print (cli, reply);
      return KONTOR_EXIT_OK;
    }
  kontor_view_reply (cli, reply);
  last = kontor_read_text (reply->json, "last_attempt.id");
  if (*last == '\0')
    return KONTOR_EXIT_OK;
  fputc ('\n', cli->out.stream);
  return show_attempt (cli, last);
}

static int
show (KontorCli *cli)
{
  const char *id = cli->arguments[0];

  if (g_str_has_prefix (id, "wha_"))
    return show_attempt (cli, id);
  if (g_str_has_prefix (id, "whd_"))
    return show_delivery (cli, id);
  return kontor_cli_usage (cli, _ ("“%s” is neither an attempt (wha_…) nor a delivery (whd_…)."),
                           id);
}

static const KontorFlag attempt_flags[] = {
  { "endpoint", 0, KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("Only those to this webhook endpoint: we_…") },
  { "event", 0, KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("Only those of this event: evt_…") },
  { "delivery", 0, KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("Only those of this delivery: whd_…") },
  { "failed", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Only those that did not succeed.") },
  { "since", 0, KONTOR_FLAG_TEXT, N_ ("AGO"), N_ ("Only those since: 10m, 2h, 3d.") },
  { "limit", 'l', KONTOR_FLAG_NUMBER, N_ ("N"), N_ ("How many, 1 to 100; 20 if not given.") },
  { "all", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Every one.") },
  { NULL },
};

static const KontorFlag show_flags[] = {
  { "secret", 0, KONTOR_FLAG_TEXT, N_ ("SECRET"),
    N_ ("Check that it was signed with this secret: whsec_…") },
  { NULL },
};

const KontorCommand kontor_webhooks_commands[] = {
  { "webhooks", "webhooks list", NULL, 0, 0, NULL, list,
    N_ ("List webhook endpoints, and how each fares."), NULL },
  { "webhooks attempts", NULL, NULL, 0, 0, attempt_flags, attempts,
    N_ ("List requests to webhook endpoints and how they ended, newest first."), NULL },
  { "webhooks show", NULL, N_ ("ID"), 1, 1, show_flags, show,
    N_ ("Show what was sent to a webhook endpoint, and what it answered."),
    N_ ("ID is that of an attempt (wha_…), or of a delivery (whd_…), whose last attempt is shown. "
        "With --secret, the exit code is 1 when the signature was not made with it.") },
  { NULL },
};
