/* cmd-logs.c: kontor logs: what was asked of the API, as it happens.
 *
 * A line of the log stands where its request came, and is written when it was answered: one that took
 * long turns up before others that were shown already. So behind the last line known, which the server
 * waits for, the newest page is looked at each time, and whatever is older once more when nothing can
 * be under way any longer. Lines rest a moment before they are shown, so that neighbours which were
 * answered in another order stand as they came. */
#include <glib/gi18n.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/json-print.h"
#include "cli/read.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "core/client/client-error.h"
#include "core/id.h"
#include "core/json.h"
#include "core/text.h"

#define LOGS "/v1/kontor/request_logs"
#define PAGE "100"
#define WAIT_S "2"
#define REST_US 250000         /* before a line is shown */
#define ENOUGH_RESTING 1000    /* lines: then they are shown at once */
#define SETTLED_S 70           /* no request takes longer, not even one that waits */
#define SETTLE_EVERY_US (10 * G_USEC_PER_SEC)
#define FIRST_DELAY_MS 500
#define LONGEST_DELAY_MS 10000

typedef struct
{
  gint64 tick; /* of its id: the order in which requests came */
  char  *text; /* as it is shown */
} Line;

typedef struct
{
  KontorCli  *cli;
  GStrv       statuses, methods, paths, keys, addresses; /* empty: all */
  char       *since;                        /* Unix seconds, or %NULL */
  char       *newest, *settled;             /* ids; %NULL while there is none */
  gint64      newest_tick, settled_tick, newest_created;
  gint64      settled_at;                   /* monotonic: when it was last looked for old ones */
  GHashTable *known;                        /* ticks after @settled_tick */
  GArray     *resting;                      /* of Line */
} Tail;

static void
line_clear (gpointer line)
{
  g_free (((Line *) line)->text);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const Line *one = a, *two = b;

  return one->tick < two->tick ? -1 : one->tick > two->tick;
}

/* ----------------------------------------------------------------------------------- filters -- */

/* "4xx" is each status that begins with a 4. */
static gboolean
is_status (const char *text)
{
  return strlen (text) == 3 && text[0] >= '1' && text[0] <= '5'
         && (g_ascii_strcasecmp (text + 1, "xx") == 0
             || (g_ascii_isdigit (text[1]) && g_ascii_isdigit (text[2])));
}

static gboolean
has_status (const Tail *tail, const KontorValue *log)
{
  char status[24];

  g_snprintf (status, sizeof status, "%" G_GINT64_FORMAT, kontor_read_number (log, "status", 0));
  for (guint i = 0; tail->statuses[i] != NULL; i++)
    if (strncmp (tail->statuses[i], status,
                 g_ascii_isdigit (tail->statuses[i][1]) ? strlen (status) + 1 : 1)
        == 0)
      return TRUE;
  return tail->statuses[0] == NULL;
}

static gboolean
has_path (const Tail *tail, const KontorValue *log)
{
  for (guint i = 0; tail->paths[i] != NULL; i++)
    if (g_pattern_match_simple (tail->paths[i], kontor_read_text (log, "path")))
      return TRUE;
  return tail->paths[0] == NULL;
}

static gboolean
has_one (const GStrv wanted, const KontorValue *log, const char *name)
{
  return wanted[0] == NULL
         || g_strv_contains ((const char *const *) wanted, kontor_read_text (log, name));
}

static gboolean
is_wanted (const Tail *tail, const KontorValue *log)
{
  return has_status (tail, log) && has_path (tail, log) && has_one (tail->methods, log, "method")
         && has_one (tail->keys, log, "key") && has_one (tail->addresses, log, "remote");
}

/* Values may be given one by one or with commas between. */
static GStrv
read_words (const KontorCli *cli, const char *flag, gboolean upper)
{
  const GPtrArray *given = kontor_cli_texts (cli, flag);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; given != NULL && i < given->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (given->pdata[i], ",", -1);

      for (guint j = 0; parts[j] != NULL; j++)
        {
          g_autofree char *word = upper ? g_ascii_strup (g_strstrip (parts[j]), -1)
                                        : g_strdup (g_strstrip (parts[j]));

          if (*word != '\0')
            g_strv_builder_add (words, word);
        }
    }
  return g_strv_builder_end (words);
}

/* What the server can leave out by itself need not be sent. */
static KontorClientCall *
new_call (const Tail *tail)
{
  KontorClientCall *call = kontor_client_call_new ("GET", LOGS);
  const struct
  {
    const char *param;
    GStrv       words;
  } rows[] = {
    { "status", tail->statuses },
    { "method", tail->methods },
    { "path", tail->paths },
    { "key", tail->keys },
  };

  kontor_client_call_add (call, "limit", PAGE);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strv_length (rows[i].words) == 1 && strpbrk (rows[i].words[0], "*?xX") == NULL)
      kontor_client_call_add (call, rows[i].param, rows[i].words[0]);
  return call;
}

/* ----------------------------------------------------------------------------------- showing -- */

static KontorRole
role_of (gint64 status)
{
  return status >= 500   ? KONTOR_ROLE_BAD
         : status >= 400 ? KONTOR_ROLE_WARNING
         : status >= 300 ? KONTOR_ROLE_PLAIN
                         : KONTOR_ROLE_GOOD;
}

static char *
duration_text (const KontorValue *log)
{
  gint64 us = kontor_read_number (log, "duration_us", 0);

  return us < 10000 ? g_strdup_printf ("%.1f ms", (double) us / 1000)
                    : g_strdup_printf ("%" G_GINT64_FORMAT " ms", us / 1000);
}

static char *
line_text (const KontorCli *cli, const KontorValue *log)
{
  const KontorStyle *out = &cli->out;
  gint64 status = kontor_read_number (log, "status", 0);
  const char *plain = kontor_style_off (out, KONTOR_ROLE_DIM);
  g_autofree char *time = kontor_read_time (log, "created"), *took = duration_text (log);
  g_autofree char *method = kontor_text_clean (kontor_read_text (log, "method"));
  g_autofree char *path = kontor_text_clean (kontor_read_text (log, "path"));
  g_autofree char *id = kontor_text_clean (kontor_read_text (log, "id"));
  g_autofree char *problem = kontor_text_clean (kontor_read_text (log, "error"));

  return g_strdup_printf (
      "%s%s%s  %s%" G_GINT64_FORMAT "%s  %-6s %s  %s%s [%s]%s%s%s%s%s\n",
      kontor_style_on (out, KONTOR_ROLE_DIM), time, plain, kontor_style_on (out, role_of (status)),
      status, kontor_style_off (out, role_of (status)), method, path,
      kontor_style_on (out, KONTOR_ROLE_DIM), took, id, plain, *problem != '\0' ? "  " : "",
      kontor_style_on (out, role_of (status)), problem, kontor_style_off (out, role_of (status)));
}

static char *
line_json (const KontorValue *log)
{
  g_auto (KontorBuffer) json = { 0 };

  kontor_json_write (&json, log);
  kontor_buffer_char (&json, '\n');
  return g_strdup (kontor_buffer_text (&json));
}

/* Those that came up to @tick, in that order. */
static void
show (Tail *tail, gint64 tick)
{
  guint n = 0;

  g_array_sort (tail->resting, compare_lines);
  while (n < tail->resting->len && g_array_index (tail->resting, Line, n).tick <= tick)
    fputs (g_array_index (tail->resting, Line, n++).text, tail->cli->out.stream);
  g_array_remove_range (tail->resting, 0, n);
  fflush (tail->cli->out.stream);
}

static void
see (Tail *tail, const KontorValue *log)
{
  const char *id = kontor_read_text (log, "id");
  gint64 tick = kontor_id_tick (id);
  Line line = { tick, NULL };

  if (tick <= tail->settled_tick || g_hash_table_contains (tail->known, &tick))
    return;
  g_hash_table_add (tail->known, g_memdup2 (&tick, sizeof tick));
  if (tick > tail->newest_tick)
    {
      tail->newest_tick = tick;
      g_free (tail->newest);
      tail->newest = g_strdup (id);
      tail->newest_created = kontor_read_number (log, "created", 0);
    }
  if (!is_wanted (tail, log))
    return;
  line.text = tail->cli->json || tail->cli->jsonl ? line_json (log) : line_text (tail->cli, log);
  g_array_append_val (tail->resting, line);
}

/* Gives the newest of the page. */
static const KontorValue *
see_page (Tail *tail, const KontorClientReply *reply)
{
  const KontorValue *data = kontor_read_member (reply->json, "data");

  for (const KontorValue *log = data != NULL ? data->first : NULL; log != NULL; log = log->next)
    see (tail, log);
  return data != NULL ? data->first : NULL;
}

/* ------------------------------------------------------------------------------------ asking -- */

static void
say (const KontorCli *cli, KontorRole role, const char *text)
{
  fprintf (cli->err.stream, "%s%s%s\n", kontor_style_on (&cli->err, role), text,
           kontor_style_off (&cli->err, role));
}

static void
say_trouble (const KontorCli *cli, const GError *error)
{
  g_autofree char *reason = kontor_text_clean (error->message);
  g_autofree char *text = NULL;

  if (g_str_has_suffix (reason, "."))
    reason[strlen (reason) - 1] = '\0';
  text = g_strdup_printf (_ ("%s: trying again. Nothing will be missed."), reason);
  say (cli, KONTOR_ROLE_WARNING, text);
}

/* A server that does not answer is asked until it does. */
static KontorClientReply *
ask (const Tail *tail, const KontorClientCall *call, GError **error)
{
  guint delay_ms = FIRST_DELAY_MS;
  gboolean lost = FALSE;

  for (;;)
    {
      g_autoptr (GError) problem = NULL;
      KontorClientReply *reply = kontor_cli_send (tail->cli, call, &problem);

      if (reply != NULL && lost)
        say (tail->cli, KONTOR_ROLE_GOOD, _ ("The server answers again."));
      if (reply != NULL)
        return reply;
      if (problem->domain != KONTOR_CLIENT_ERROR
          || (problem->code != KONTOR_CLIENT_ERROR_UNREACHABLE
              && problem->code != KONTOR_CLIENT_ERROR_STRANGE
              && problem->code != KONTOR_CLIENT_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      if (!lost)
        say_trouble (tail->cli, problem);
      lost = TRUE;
      g_usleep ((gulong) g_random_int_range ((gint32) delay_ms / 2, (gint32) delay_ms) * 1000);
      delay_ms = MIN (delay_ms * 2, LONGEST_DELAY_MS);
    }
}

/* While there is no line to go on behind: all there are, page by page, or the first that comes. */
static gboolean
read_all (Tail *tail, GError **error)
{
  g_autoptr (KontorClientCall) call = new_call (tail);
  gboolean more = TRUE;

  if (tail->since != NULL)
    kontor_client_call_add (call, "created[gte]", tail->since);
  kontor_client_call_set (call, "wait", WAIT_S);
  while (more)
    {
      g_autoptr (KontorClientReply) reply = ask (tail, call, error);

      if (reply == NULL)
        return FALSE;
      see_page (tail, reply);
      kontor_client_call_set (call, "wait", "0");
      more = kontor_client_call_turn_page (call, reply);
    }
  if (tail->settled == NULL)
    tail->settled = g_strdup (tail->newest);
  return TRUE;
}

/* What came behind the newest that is known; waited for unless something is to be shown. */
static gboolean
read_newer (Tail *tail, GError **error)
{
  gboolean more = TRUE;

  if (tail->newest == NULL)
    return read_all (tail, error);
  while (more)
    {
      g_autoptr (KontorClientCall) call = new_call (tail);
      g_autoptr (KontorClientReply) reply = NULL;

      kontor_client_call_add (call, "ending_before", tail->newest);
      kontor_client_call_add (call, "wait", tail->resting->len > 0 ? "0" : WAIT_S);
      reply = ask (tail, call, error);
      if (reply == NULL)
        return FALSE;
      more = see_page (tail, reply) != NULL && kontor_read_true (reply->json, "has_more");
      if (tail->resting->len > ENOUGH_RESTING)
        show (tail, tail->newest_tick);
    }
  return TRUE;
}

/* What took longer than those behind it stands among the newest. */
static gboolean
read_late (Tail *tail, GError **error)
{
  g_autoptr (KontorClientCall) call = new_call (tail);
  g_autoptr (KontorClientReply) reply = tail->newest != NULL ? ask (tail, call, error) : NULL;

  if (reply != NULL)
    see_page (tail, reply);
  return tail->newest == NULL || reply != NULL;
}

static gboolean
is_settled (gpointer tick, gpointer value, gpointer tail)
{
  return *(gint64 *) tick <= ((Tail *) tail)->settled_tick;
}

static void
settle (Tail *tail, const KontorValue *log)
{
  g_free (tail->settled);
  tail->settled = g_strdup (kontor_read_text (log, "id"));
  tail->settled_tick = kontor_id_tick (tail->settled);
  g_hash_table_foreach_remove (tail->known, is_settled, tail);
}

/* Reads what is old once more: nothing can come among it now, so it is forgotten after that. */
static gboolean
read_settled (Tail *tail, GError **error)
{
  g_autofree char *until
      = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (0, tail->newest_created - SETTLED_S));
  gboolean more = tail->settled != NULL
                  && g_get_monotonic_time () - tail->settled_at > SETTLE_EVERY_US;

  while (more)
    {
      g_autoptr (KontorClientCall) call = new_call (tail);
      g_autoptr (KontorClientReply) reply = NULL;
      const KontorValue *newest;

      kontor_client_call_add (call, "ending_before", tail->settled);
      kontor_client_call_add (call, "created[lte]", until);
      reply = ask (tail, call, error);
      if (reply == NULL)
        return FALSE;
      newest = see_page (tail, reply);
      if (newest != NULL)
        settle (tail, newest);
      more = newest != NULL && kontor_read_true (reply->json, "has_more");
      tail->settled_at = g_get_monotonic_time ();
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------- start -- */

/* The last line before the moment to begin at. */
static gboolean
find_start (Tail *tail, GError **error)
{
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", LOGS);
  g_autoptr (KontorClientReply) reply = NULL;
  const KontorValue *data;

  kontor_client_call_add (call, "limit", "1");
  if (tail->since != NULL)
    kontor_client_call_add (call, "created[lt]", tail->since);
  reply = kontor_cli_send (tail->cli, call, error);
  data = reply != NULL ? kontor_read_member (reply->json, "data") : NULL;
  if (data == NULL || data->first == NULL)
    return reply != NULL;
  tail->newest_created = kontor_read_number (data->first, "created", 0);
  settle (tail, data->first);
  tail->newest = g_strdup (tail->settled);
  tail->newest_tick = tail->settled_tick;
  return TRUE;
}

static gboolean
read_flags (Tail *tail, GError **error)
{
  KontorCli *cli = tail->cli;
  const char *since = kontor_cli_text (cli, "since");
  gint64 seconds;

  tail->statuses = read_words (cli, "filter-status", FALSE);
  tail->methods = read_words (cli, "filter-method", TRUE);
  tail->paths = read_words (cli, "filter-path", FALSE);
  tail->keys = read_words (cli, "filter-key", FALSE);
  tail->addresses = read_words (cli, "filter-ip", FALSE);
  for (guint i = 0; tail->statuses[i] != NULL; i++)
    if (!is_status (tail->statuses[i]))
      {
        g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
                     _ ("--filter-status %s: write a status such as 402, or 4xx"),
                     tail->statuses[i]);
        return FALSE;
      }
  if (since == NULL)
    return TRUE;
  if (kontor_read_seconds (since, &seconds))
    {
      tail->since
          = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC - seconds);
      return TRUE;
    }
  g_set_error (error, KONTOR_CLIENT_ERROR, KONTOR_CLIENT_ERROR_SETTING,
               _ ("--since %s: write a time ago such as 10m, 2h or 3d"), since);
  return FALSE;
}

static gboolean
follow (Tail *tail, GError **error)
{
  for (;;)
    {
      gint64 rested = tail->resting->len > 0 ? tail->newest_tick : 0;

      if (!read_newer (tail, error) || !read_late (tail, error) || !read_settled (tail, error))
        return FALSE;
      show (tail, rested);
      if (tail->resting->len > 0)
        g_usleep (REST_US);
    }
}

static void
tail_clear (Tail *tail)
{
  g_strfreev (tail->statuses);
  g_strfreev (tail->methods);
  g_strfreev (tail->paths);
  g_strfreev (tail->keys);
  g_strfreev (tail->addresses);
  g_free (tail->since);
  g_free (tail->newest);
  g_free (tail->settled);
  g_hash_table_unref (tail->known);
  g_array_unref (tail->resting);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tail, tail_clear)

/* Ends by Ctrl-C, or when the server refuses. */
static int
tail_logs (KontorCli *cli)
{
  g_auto (Tail) tail = {
    .cli = cli,
    .known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .resting = g_array_new (FALSE, FALSE, sizeof (Line)),
    .settled_at = g_get_monotonic_time (),
  };
  g_autoptr (GError) error = NULL;

  g_array_set_clear_func (tail.resting, line_clear);
  if (!read_flags (&tail, &error) || !find_start (&tail, &error))
    return kontor_cli_report (cli, error);
  kontor_client_set_retries (cli->client, 0);
  say (cli, KONTOR_ROLE_GOOD, _ ("Following the request log. Stop with Ctrl-C."));
  follow (&tail, &error);
  return kontor_cli_report (cli, error);
}

/* ------------------------------------------------------------------------------- one of them -- */

static void
show_log (const KontorCli *cli, const KontorValue *log)
{
  const KontorValue *params = kontor_read_member (log, "params");
  g_autofree char *line = line_text (cli, log);
  g_auto (KontorBuffer) json = { 0 };
  const struct
  {
    const char *title, *name;
  } rows[] = {
    { N_ ("Key"), "key" },
    { N_ ("Person"), "user" },
    { N_ ("From"), "remote" },
    { N_ ("Idempotency key"), "idempotency_key" },
    { N_ ("API version"), "api_version" },
  };

  fputs (line, cli->out.stream);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (*kontor_read_text (log, rows[i].name) != '\0')
      kontor_table_line (&cli->out, _ (rows[i].title), kontor_read_text (log, rows[i].name));
  if (params == NULL || params->type == KONTOR_VALUE_NULL)
    return;
  kontor_json_write (&json, params);
  fputc ('\n', cli->out.stream);
  kontor_json_print (&cli->out, json.data, json.length, 0);
  fputc ('\n', cli->out.stream);
}

static int
show_one (KontorCli *cli)
{
  g_autofree char *id = g_uri_escape_string (cli->arguments[0], NULL, FALSE);
  g_autofree char *path = g_strconcat (LOGS "/", id, NULL);
  g_autoptr (KontorClientCall) call = kontor_client_call_new ("GET", path);
  g_autoptr (GError) error = NULL;
  g_autoptr (KontorClientReply) reply = kontor_cli_send (cli, call, &error);

  if (reply == NULL)
    return kontor_cli_report (cli, error);
  if (cli->json || cli->jsonl)
    kontor_reply_print (cli, reply);
  else
    show_log (cli, reply->json);
  return KONTOR_EXIT_OK;
}

static const KontorFlag flags[] = {
  { "filter-status", 0, KONTOR_FLAG_TEXTS, N_ ("STATUS"),
    N_ ("Only answers with these statuses: 402, or 4xx,5xx."), .alias = "filter-status-code" },
  { "filter-method", 0, KONTOR_FLAG_TEXTS, N_ ("METHOD"),
    N_ ("Only these methods: GET, POST or DELETE."), .alias = "filter-http-method" },
  { "filter-path", 0, KONTOR_FLAG_TEXTS, N_ ("PATH"),
    N_ ("Only these paths, such as /v1/charges; * stands for anything."),
    .alias = "filter-request-path" },
  { "filter-key", 0, KONTOR_FLAG_TEXTS, N_ ("KEY"), N_ ("Only requests with this key: key_…") },
  { "filter-ip", 0, KONTOR_FLAG_TEXTS, N_ ("ADDRESS"), N_ ("Only requests from this address."),
    .alias = "filter-ip-address" },
  { "since", 0, KONTOR_FLAG_TEXT, N_ ("AGO"), N_ ("Begin with those since: 10m, 2h, 3d.") },
  { NULL },
};

const KontorCommand kontor_logs_commands[] = {
  { "logs tail", NULL, NULL, 0, 0, flags, tail_logs,
    N_ ("Follow what is asked of the API, as it happens."),
    N_ ("Shows each request once: when it came, its status, method, path, how long it took, its id "
        "and the error. Filters may be given several times, or with commas between. With --json, "
        "a line for each. Which requests the server logs is its setting request_log.") },
  { "logs show", NULL, N_ ("REQUEST"), 1, 1, NULL, show_one,
    N_ ("Show one request of the log with its parameters."), NULL },
  { NULL },
};
