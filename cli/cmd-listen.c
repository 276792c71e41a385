/* cmd-listen.c: kontor listen: events as they happen, shown and handed to a program on this machine. */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/forward.h"
#include "cli/read.h"
#include "core/client/client-error.h"
#include "core/client/follow.h"
#include "core/json.h"
#include "core/signature.h"
#include "core/text.h"

#define ENOUGH_WAITING 1000 /* events: then the server is not asked for more */

typedef struct
{
  KontorCli     *cli;
  GMainLoop     *loop;
  KontorFollow  *follow;
  KontorForward *forward; /* %NULL: only shown */
  guint          n_events, n_taken, n_refused;
  gboolean       paused;
  int            exit;
} Listener;

/* ----------------------------------------------------------------------------------- showing -- */

static char *
time_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "%F %T");
}

static void
show_event (const Listener *listener, const KontorValue *event)
{
  const KontorStyle *out = &listener->cli->out;
  g_autofree char *time = time_now (), *type = kontor_text_clean (kontor_read_text (event, "type"));
  g_autofree char *id = kontor_text_clean (kontor_read_text (event, "id"));

  if (listener->cli->json || listener->cli->jsonl)
    {
      g_auto (KontorBuffer) json = { 0 };

      kontor_json_write (&json, event);
      fprintf (out->stream, "%s\n", kontor_buffer_text (&json));
    }
  else
    fprintf (out->stream, "%s%s%s   --> %s%s%s [%s]\n", kontor_style_on (out, KONTOR_ROLE_DIM),
             time, kontor_style_off (out, KONTOR_ROLE_DIM),
             kontor_style_on (out, KONTOR_ROLE_HEADING), type,
             kontor_style_off (out, KONTOR_ROLE_HEADING), id);
  fflush (out->stream);
}

static void
print_answer_json (const Listener *listener, const KontorForwarded *forwarded)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_buffer_literal (&json, "{\"object\":\"kontor.forward\",\"event\":");
  kontor_buffer_string (&json, forwarded->event);
  kontor_buffer_printf (&json, ",\"status\":%u,\"duration_us\":%" G_GINT64_FORMAT ",\"problem\":",
                        forwarded->status, forwarded->duration_us);
  if (forwarded->problem != NULL)
    kontor_buffer_string (&json, forwarded->problem);
  else
    kontor_buffer_literal (&json, "null");
  fprintf (listener->cli->out.stream, "%s}\n", kontor_buffer_text (&json));
}

static void
show_answer (const Listener *listener, const KontorForwarded *forwarded)
{
  const KontorStyle *out = &listener->cli->out;
  KontorRole role = forwarded->problem == NULL ? KONTOR_ROLE_GOOD : KONTOR_ROLE_BAD;
  g_autofree char *time = time_now (), *event = kontor_text_clean (forwarded->event);
  g_autofree char *status = forwarded->status != 0 ? g_strdup_printf ("%u", forwarded->status)
                                                   : g_strdup ("ERR");
  g_autofree char *problem
      = kontor_text_clean (forwarded->problem != NULL ? forwarded->problem : "");

  if (listener->cli->json || listener->cli->jsonl)
    print_answer_json (listener, forwarded);
  else
    fprintf (out->stream, "%s%s%s  <--  %s[%s]%s POST %s [%s] %" G_GINT64_FORMAT " ms%s%s\n",
             kontor_style_on (out, KONTOR_ROLE_DIM), time, kontor_style_off (out, KONTOR_ROLE_DIM),
             kontor_style_on (out, role), status, kontor_style_off (out, role),
             kontor_cli_text (listener->cli, "forward-to"), event, forwarded->duration_us / 1000,
             *problem != '\0' ? "  " : "", problem);
  fflush (out->stream);
}

static void
say (const Listener *listener, KontorRole role, const char *text)
{
  const KontorStyle *err = &listener->cli->err;

  fprintf (err->stream, "%s%s%s\n", kontor_style_on (err, role), text,
           kontor_style_off (err, role));
}

/* --------------------------------------------------------------------------------- following -- */

/* A program that is slower than its events does not fill the memory here. */
static void
keep_pace (Listener *listener)
{
  gboolean full = listener->forward != NULL
                  && kontor_forward_waiting (listener->forward) > ENOUGH_WAITING;

  if (full != listener->paused && listener->follow != NULL)
    kontor_follow_pause (listener->follow, full);
  listener->paused = full;
}

static void
answered_cb (const KontorForwarded *forwarded, gpointer data)
{
  Listener *listener = data;

  if (forwarded->problem == NULL)
    listener->n_taken++;
  else
    listener->n_refused++;
  show_answer (listener, forwarded);
  keep_pace (listener);
}

static void
event_cb (const KontorValue *event, gpointer data)
{
  Listener *listener = data;

  listener->n_events++;
  show_event (listener, event);
  if (listener->forward != NULL)
    kontor_forward_event (listener->forward, event);
  keep_pace (listener);
}

static void
begun_cb (gpointer data)
{
  say (data, KONTOR_ROLE_GOOD, _ ("Listening. Stop with Ctrl-C."));
}

static void
trouble_cb (const GError *error, guint again_ms, gpointer data)
{
  g_autofree char *reason = kontor_text_clean (error->message);
  gsize length = strlen (reason);
  g_autofree char *text = NULL;

  if (length > 0 && reason[length - 1] == '.')
    reason[length - 1] = '\0';
  text = g_strdup_printf (_ ("%s: trying again in %.1f seconds. No event will be missed."), reason,
                          again_ms / 1000.0);

  say (data, KONTOR_ROLE_WARNING, text);
}

static void
back_cb (gpointer data)
{
  say (data, KONTOR_ROLE_GOOD, _ ("The server answers again."));
}

static void
refused_cb (const GError *error, gpointer data)
{
  Listener *listener = data;

  listener->exit = kontor_cli_report (listener->cli, error);
  g_main_loop_quit (listener->loop);
}

static gboolean
interrupted_cb (gpointer data)
{
  Listener *listener = data;
  guint n = listener->n_events;
  g_autofree char *came = g_strdup_printf (ngettext ("%u event", "%u events", n), n);
  g_autofree char *text = listener->forward != NULL
                              ? g_strdup_printf (_ ("%s: %u taken, %u not."), came,
                                                 listener->n_taken, listener->n_refused)
                              : g_strdup_printf ("%s.", came);

  say (listener, KONTOR_ROLE_DIM, text);
  listener->exit = KONTOR_EXIT_INTERRUPTED;
  g_main_loop_quit (listener->loop);
  return G_SOURCE_CONTINUE;
}

/* ------------------------------------------------------------------------------------ flags -- */

/* It follows from the API key, so that it stays the same for a developer and needs no place to lie in. Without a key
 * it is another one each time. */
static char *
secret_of (const KontorProfile *profile)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  g_autofree char *chance = g_uuid_string_random ();
  g_autofree char *text
      = g_strconcat ("kontor listen\n", profile->key != NULL ? profile->key : chance, NULL);
  GString *secret = g_string_new (KONTOR_WEBHOOK_SECRET);
  guint8 hash[32];

  kontor_hash32 (hash, NULL, text, strlen (text));
  for (guint i = 0; i < sizeof hash; i++)
    g_string_append_c (secret, letters[hash[i] % (sizeof letters - 1)]);
  return g_string_free (secret, FALSE);
}

/* Types may be given one by one or with commas between. */
static char **
read_types (const KontorCli *cli)
{
  const GPtrArray *given = kontor_cli_texts (cli, "events");
  g_autoptr (GStrvBuilder) types = g_strv_builder_new ();

  for (guint i = 0; given != NULL && i < given->len; i++)
    {
      g_auto (GStrv) names = g_strsplit (given->pdata[i], ",", -1);

      for (guint j = 0; names[j] != NULL; j++)
        if (*g_strstrip (names[j]) != '\0' && !g_str_equal (names[j], "*"))
          g_strv_builder_add (types, names[j]);
    }
  return g_strv_builder_end (types);
}

/* Where "2h" ago was: the last event before it, so that what is shown begins right behind it. */
static gboolean
find_start (KontorCli *cli, gint64 seconds, char **after, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", "/v1/events");
  g_autofree char *moment
      = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC - seconds);
  g_autoptr (KontorClientReply) reply = NULL;
  const KontorValue *list;

  kontor_client_call_add (call, "created[lt]", moment);
  kontor_client_call_add (call, "limit", "1");
  reply = kontor_cli_send (cli, call, error);
  if (reply == NULL)
    return FALSE;
  list = kontor_value_get (reply->json, "data");
  *after = list != NULL && list->first != NULL ? g_strdup (kontor_read_text (list->first, "id"))
                                               : NULL;
  return TRUE;
}

static gboolean
read_since (KontorCli *cli, char **after, GError **error)
{
  const char *since = kontor_cli_text (cli, "since");
  gint64 seconds;

  *after = g_strdup (since != NULL ? since : "now");
  if (since == NULL || g_str_has_prefix (since, "evt_"))
    return TRUE;
  g_clear_pointer (after, g_free);
  if (kontor_read_seconds (since, &seconds))
    return find_start (cli, seconds, after, error);
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
               _ ("--since %s: write the id of an event, or a time ago such as 10m, 2h or 3d"),
               since);
  return FALSE;
}

static gboolean
prepare (Listener *listener, const char *secret, GError **error)
{
  KontorCli *cli = listener->cli;
  const char *url = kontor_cli_text (cli, "forward-to");
  const GPtrArray *given = kontor_cli_texts (cli, "headers");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) headers = NULL;

  for (guint i = 0; given != NULL && i < given->len; i++)
    g_strv_builder_add (builder, given->pdata[i]);
  headers = g_strv_builder_end (builder);
  if (url == NULL)
    return TRUE;
  listener->forward = kontor_forward_new (url, secret, kontor_cli_has (cli, "skip-verify"),
                                          (guint) MIN (kontor_cli_number (cli, "retry", 0), 1000),
                                          (const char *const *) headers, answered_cb, listener,
                                          error);
  return listener->forward != NULL;
}

static void
run (Listener *listener, const char *after, const char *const *types)
{
  const KontorFollowHandler handler
      = { event_cb, begun_cb, trouble_cb, back_cb, refused_cb, listener };
  guint interrupt = g_unix_signal_add (SIGINT, interrupted_cb, listener);
  guint terminate = g_unix_signal_add (SIGTERM, interrupted_cb, listener);

  listener->loop = g_main_loop_new (NULL, FALSE);
  listener->follow = kontor_follow_new (listener->cli->client, after, types, &handler);
  g_main_loop_run (listener->loop);
  g_clear_pointer (&listener->follow, kontor_follow_free);
  g_clear_pointer (&listener->forward, kontor_forward_free);
  g_clear_pointer (&listener->loop, g_main_loop_unref);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

static int
listen_to_events (KontorCli *cli)
{
  Listener listener = { .cli = cli, .exit = KONTOR_EXIT_OK };
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = NULL, *after = NULL, *told = NULL;
  g_auto (GStrv) types = read_types (cli);

  if (!kontor_cli_connect (cli, &error))
    return kontor_cli_report (cli, error);
  secret = secret_of (cli->profile);
  if (kontor_cli_has (cli, "print-secret") && cli->profile->key == NULL)
    return kontor_cli_usage (cli,
                             _ ("Without an API key of the profile's, the secret is another one "
                                "each time: “kontor listen” says which."));
  if (kontor_cli_has (cli, "print-secret"))
    {
      fprintf (cli->out.stream, "%s\n", secret);
      return KONTOR_EXIT_OK;
    }
  if (!read_since (cli, &after, &error) || !prepare (&listener, secret, &error))
    return kontor_cli_report (cli, error);
  told = g_strdup_printf (_ ("What is handed on is signed with %s"), secret);
  if (listener.forward != NULL)
    say (&listener, KONTOR_ROLE_PLAIN, told);
  run (&listener, after, (const char *const *) types);
  return listener.exit;
}

static const KontorFlag flags[] = {
  { "forward-to", 'f', KONTOR_FLAG_TEXT, N_ ("URL"),
    N_ ("Where to hand events to, such as localhost:4242/webhook.") },
  { "events", 'e', KONTOR_FLAG_TEXTS, N_ ("TYPES"),
    N_ ("Only these types or groups, with commas between: charge.succeeded,refund.*") },
  { "since", 0, KONTOR_FLAG_TEXT, N_ ("WHEN"),
    N_ ("Begin behind this event (evt_…), or with those since a time ago: 10m, 2h, 3d.") },
  { "headers", 'H', KONTOR_FLAG_TEXTS, N_ ("HEADER"),
    N_ ("A further header to send, NAME: VALUE. May be given several times.") },
  { "skip-verify", 0, KONTOR_FLAG_SWITCH, NULL,
    N_ ("Take any certificate of the program that events are handed to.") },
  { "retry", 0, KONTOR_FLAG_NUMBER, N_ ("N"),
    N_ ("Try an event that is not taken again, up to so many times.") },
  { "print-secret", 0, KONTOR_FLAG_SWITCH, NULL,
    N_ ("Print what events are signed with, and end.") },
  { NULL },
};

const KontorCommand kontor_listen_commands[] = {
  { "listen", NULL, NULL, 0, 0, flags, listen_to_events,
    N_ ("Follow events as they happen, and hand them to a program on this machine."),
    N_ ("Needs no address that can be reached from outside: the server is asked. Events about one "
        "object come in order; after a lost connection it goes on where it was. Requests are "
        "signed with a secret that stays the same as long as the API key does "
        "(--print-secret), in the headers Stripe-Signature and webhook-signature. With --json, a "
        "line for each event and for each answer.") },
  { NULL },
};
