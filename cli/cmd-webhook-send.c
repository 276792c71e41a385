/* cmd-webhook-send.c: kontor webhooks resend, cancel, test and roll: what acts on webhook endpoints. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/read.h"
#include "cli/reply.h"
#include "cli/view.h"
#include "core/client/client-error.h"

#define ENDPOINTS "/v1/kontor/webhook_endpoints/"
#define DELIVERIES "/v1/kontor/webhook_deliveries/"
#define TEST_PATIENCE_S 15
#define LOOK_AGAIN_US 200000
#define DEFAULT_OVERLAP_S 86400

static KontorClientCall *
new_call (const char *before, const char *id, const char *action)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat (before, escaped, "/", action, NULL);

  return kontor_client_call_new ("POST", path);
}

/* ------------------------------------------------------------------------------ many of them -- */

static int
print_reply (KontorCli *cli, const KontorClientCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply = kontor_cli_send (cli, call, &error);

  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    kontor_reply_print (cli, reply);
  else
    kontor_view_reply (cli, reply);
  return KONTOR_EXIT_OK;
}

/* Whoever is interrupted can go on from there. */
static int
report_step (const KontorCli *cli, const GError *error, gint64 n, const char *next)
{
  int code = kontor_cli_report (cli, error);

  if (next != NULL)
    fprintf (cli->err.stream, _ ("%lld were done; go on with --starting-after %s\n"), (long long) n,
             next);
  return code;
}

static void
print_sum (const KontorCli *cli, const char *done, const char *sentence, gint64 n)
{
  if (cli->json || cli->jsonl)
    fprintf (cli->out.stream, "{\"object\":\"kontor.webhook_%s\",\"%s\":%" G_GINT64_FORMAT "}\n",
             done[0] == 'r' ? "resend" : "cancel", done, n);
  else
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, n);

      fprintf (cli->out.stream, "%s %s\n", number, sentence);
    }
}

/* Step by step; @done is what the reply calls the number of those it did. */
static int
do_steps (KontorCli *cli, KontorClientCall *call, const char *done, const char *sentence)
{
  g_autofree char *next = g_strdup (kontor_cli_text (cli, "starting-after"));
  gboolean more = TRUE;
  gint64 n = 0;

  while (more)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KontorClientReply) reply = NULL;

      if (next != NULL)
        kontor_client_call_set (call, "starting_after", next);
      reply = kontor_cli_send (cli, call, &error);
      if (reply == NULL)
        return report_step (cli, error, n, next);
      n += kontor_read_number (reply->json, done, 0);
      more = kontor_read_true (reply->json, "has_more");
      g_free (next);
      next = g_strdup (kontor_read_text (reply->json, "next"));
      kontor_style_progress (&cli->err, "%" G_GINT64_FORMAT " %s…", n, sentence);
    }
  kontor_style_progress_end (&cli->err);
  print_sum (cli, done, sentence, n);
  return KONTOR_EXIT_OK;
}

/* What a range is made of, in both commands. */
static gboolean
add_range (const KontorCli *cli, KontorClientCall *call, GError **error)
{
  const char *since = kontor_cli_text (cli, "since");
  g_autofree char *moment = NULL;
  gint64 seconds = 0;

  if (kontor_cli_has (cli, "type"))
    kontor_client_call_add (call, "type", kontor_cli_text (cli, "type"));
  if (since == NULL)
    return TRUE;
  if (!kontor_read_seconds (since, &seconds))
    {
      g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                   _ ("--since %s: write a time ago such as 10m, 2h or 3d"), since);
      return FALSE;
    }
  moment = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC - seconds);
  kontor_client_call_add (call, "created[gte]", moment);
  return TRUE;
}

static gboolean
may_go_on (const KontorCli *cli, const char *question, GError **error)
{
  if (kontor_cli_has (cli, "confirm") || kontor_style_confirm (&cli->err, question))
    return TRUE;
  g_set_error_literal (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                       _ ("Nothing was done; --confirm goes on without asking."));
  return FALSE;
}

/* One delivery, or those of an endpoint: exactly one of both is named. */
static int
name_one (KontorCli *cli)
{
  return kontor_cli_usage (cli, _ ("Name a delivery (whd_…), or an endpoint with --endpoint we_…"));
}

static int
resend (KontorCli *cli)
{
  const char *endpoint = kontor_cli_text (cli, "endpoint"), *event = kontor_cli_text (cli, "event");
  const char *state = kontor_cli_has (cli, "all") ? "all" : kontor_cli_text (cli, "state");
  g_autoptr (KontorClientCall) call = NULL;
  g_autoptr (GError) error = NULL;

  if ((endpoint != NULL) == (cli->n_arguments == 1))
    return name_one (cli);
  call = endpoint != NULL ? new_call (ENDPOINTS, endpoint, "resend")
                          : new_call (DELIVERIES, cli->arguments[0], "resend");
  if (event != NULL)
    kontor_client_call_add (call, "event", event);
  if (endpoint == NULL || event != NULL)
    return print_reply (cli, call);
  if (state != NULL)
    kontor_client_call_add (call, "state", state);
  if (!add_range (cli, call, &error)
      || ((g_strcmp0 (state, "all") == 0 || g_strcmp0 (state, "succeeded") == 0)
          && !may_go_on (cli, _ ("This sends again also what was taken."), &error)))
    return kontor_cli_report (cli, error);
  return do_steps (cli, call, "resent", _ ("deliveries are sent again"));
}

static int
cancel (KontorCli *cli)
{
  const char *endpoint = kontor_cli_text (cli, "endpoint");
  g_autoptr (KontorClientCall) call = NULL;
  g_autoptr (GError) error = NULL;

  if ((endpoint != NULL) == (cli->n_arguments == 1))
    return name_one (cli);
  if (endpoint == NULL)
    {
      call = new_call (DELIVERIES, cli->arguments[0], "cancel");
      return print_reply (cli, call);
    }
  call = new_call (ENDPOINTS, endpoint, "cancel_pending");
  if (!add_range (cli, call, &error)
      || !may_go_on (cli, _ ("What is pending for this endpoint will not be sent to it."), &error))
    return kontor_cli_report (cli, error);
  return do_steps (cli, call, "canceled", _ ("deliveries are canceled"));
}

/* ----------------------------------------------------------------------------- test and roll -- */

static gint64
newest_number (const KontorClientReply *reply)
{
  const KontorValue *data = reply != NULL ? kontor_read_member (reply->json, "data") : NULL;
  const char *id = data != NULL ? kontor_read_text (data->first, "id") : "";

  return g_str_has_prefix (id, "wha_") ? g_ascii_strtoll (id + strlen ("wha_"), NULL, 10) : 0;
}

/* The newest attempt of an endpoint or of a delivery, in a list. */
static KontorClientReply *
ask_newest (KontorCli *cli, const char *name, const char *id, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/kontor/webhook_attempts");

  kontor_client_call_add (call, name, id);
  kontor_client_call_add (call, "limit", "1");
  return kontor_cli_send (cli, call, error);
}

/* An attempt later than number @before; %NULL without an error when none was made in time. */
static KontorClientReply *
wait_for_attempt (KontorCli *cli, const char *delivery, gint64 before, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + TEST_PATIENCE_S * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < deadline)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (KontorClientReply) reply = ask_newest (cli, "delivery", delivery, &problem);

      if (newest_number (reply) > before)
        return g_steal_pointer (&reply);
      /* while the event is being written there is no such delivery */
      if (reply == NULL
          && !g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_MISSING)
          && !g_error_matches (problem, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_REFUSED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_usleep (LOOK_AGAIN_US);
    }
  return NULL;
}

static int
tell_attempt (KontorCli *cli, const char *delivery, const KontorValue *attempt)
{
  const KontorStyle *out = &cli->out;
  const char *outcome = kontor_read_text (attempt, "outcome");
  gboolean taken = g_str_equal (outcome, "succeeded");
  KontorRole role = taken ? KONTOR_ROLE_GOOD : KONTOR_ROLE_BAD;

  if (attempt == NULL)
    fprintf (cli->err.stream, _ ("It was not tried yet; see kontor webhooks show %s\n"), delivery);
  else
    fprintf (out->stream, "%s%s%s  %" G_GINT64_FORMAT " ms  %s  %s\n", kontor_style_on (out, role),
             outcome, kontor_style_off (out, role),
             kontor_read_number (attempt, "duration_us", 0) / 1000,
             kontor_read_text (attempt, "id"), kontor_read_text (attempt, "problem"));
  return taken ? KONTOR_EXIT_OK : KONTOR_EXIT_REFUSED;
}

static int
test (KontorCli *cli)
{
  g_autoptr (KontorClientCall) call = new_call (ENDPOINTS, cli->arguments[0], "test");
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) before = NULL, reply = NULL, attempts = NULL;
  const KontorValue *data;
  const char *delivery;

  if (cli->n_arguments > 1)
    kontor_client_call_add (call, "type", cli->arguments[1]);
  before = ask_newest (cli, "endpoint", cli->arguments[0], &error);
  reply = before != NULL ? kontor_cli_send (cli, call, &error) : NULL;
  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    {
      kontor_reply_print (cli, reply);
      return KONTOR_EXIT_OK;
    }
  delivery = kontor_read_text (reply->json, "delivery");
  kontor_style_progress (&cli->err, "%s", _ ("Waiting for the endpoint…"));
  attempts = wait_for_attempt (cli, delivery, newest_number (before), &error);
  kontor_style_progress_end (&cli->err);
  if (error != NULL)
    return kontor_cli_report (cli, error);
  data = attempts != NULL ? kontor_read_member (attempts->json, "data") : NULL;
  return tell_attempt (cli, delivery, data != NULL ? data->first : NULL);
}

static int
roll (KontorCli *cli)
{
  g_autoptr (KontorClientCall) call = new_call (ENDPOINTS, cli->arguments[0], "roll_secret");
  const char *overlap = kontor_cli_text (cli, "overlap");
  g_autofree char *expires = NULL;
  g_autoptr (KontorClientReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seconds = DEFAULT_OVERLAP_S;

  if (overlap != NULL && !g_str_equal (overlap, "0") && !kontor_read_seconds (overlap, &seconds))
    return kontor_cli_usage (cli, _ ("--overlap %s: write a time such as 10m, 24h, 7d, or 0"),
                             overlap);
  expires = g_strdup_printf ("%" G_GINT64_FORMAT, g_strcmp0 (overlap, "0") == 0 ? 0 : seconds);
  kontor_client_call_add (call, "expires_in", expires);
  reply = kontor_cli_send (cli, call, &error);
  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    kontor_reply_print (cli, reply);
  else
    {
      fprintf (cli->out.stream, "%s\n", kontor_read_text (reply->json, "secret"));
      fprintf (cli->err.stream, "%s\n", _ ("This is shown once: give it to the receiver."));
    }
  return KONTOR_EXIT_OK;
}

static const char *const states[] = { "failed", "canceled", "pending", "succeeded", "all", NULL };

#define RANGE                                                                                      \
  { "endpoint", 0, KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("Those of this webhook endpoint: we_…") },     \
      { "since", 0, KONTOR_FLAG_TEXT, N_ ("AGO"),                                                  \
        N_ ("Only of events that happened since: 10m, 2h, 3d.") },                                 \
      { "type", 0, KONTOR_FLAG_TEXT, N_ ("TYPE"),                                                  \
        N_ ("Only of events of this type or group: charge.*") },                                   \
      { "starting-after", 'a', KONTOR_FLAG_TEXT, N_ ("ID"),                                        \
        N_ ("Go on where an interrupted run stopped.") },                                          \
  {                                                                                                \
    "confirm", 'c', KONTOR_FLAG_SWITCH, NULL, N_ ("Go on without asking.")                         \
  }

static const KontorFlag resend_flags[] = {
  { "event", 0, KONTOR_FLAG_TEXT, N_ ("ID"), N_ ("This event alone, to the endpoint: evt_…") },
  { "state", 0, KONTOR_FLAG_TEXT, N_ ("STATE"),
    N_ ("Only those in this state; those that failed if not given."), .words = states,
    .offer = KONTOR_OFFER_WORDS },
  { "all", 0, KONTOR_FLAG_SWITCH, NULL, N_ ("Whatever became of them.") },
  RANGE,
  { NULL },
};

static const KontorFlag cancel_flags[] = { RANGE, { NULL } };

static const KontorFlag roll_flags[] = {
  { "overlap", 0, KONTOR_FLAG_TEXT, N_ ("TIME"),
    N_ ("How long the old secret still signs beside the new one: 24h if not given, at most 7d.") },
  { NULL },
};

const KontorCommand kontor_webhook_send_commands[] = {
  { "webhooks resend", NULL, N_ ("[DELIVERY]"), 0, 1, resend_flags, resend,
    N_ ("Send to a webhook endpoint again, one delivery or a range, the oldest first."), NULL },
  { "webhooks cancel", NULL, N_ ("[DELIVERY]"), 0, 1, cancel_flags, cancel,
    N_ ("Do not send what is pending, one delivery or a range."), NULL },
  { "webhooks test", NULL, N_ ("ENDPOINT [TYPE]"), 1, 2, NULL, test,
    N_ ("Send a test event, or the newest of a type, and show how the endpoint took it."),
    N_ ("The exit code is 1 when it was not taken. With --json it is not waited for.") },
  { "webhooks roll", NULL, N_ ("ENDPOINT"), 1, 1, roll_flags, roll,
    N_ ("Make a new secret, shown once; the old one signs beside it for a day."), NULL },
  { NULL },
};
