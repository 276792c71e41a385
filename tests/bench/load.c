/* load.c: asks an HTTP server the same thing as fast as it answers, and prints how it fared as JSON.
 *
 *   load --url http://127.0.0.1:PORT/v1/… --connections 64 --seconds 5 --method POST \
 *        --header 'Authorization: Bearer sk_test_…' --body 'amount=2000&currency=usd' --idempotency
 */
#include "load-run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *url;
static char *paths_file;
static char *method;
static char *body;
static char **headers;
static gboolean idempotency;
static int connections = 64;
static gint64 max_requests;
static double seconds;
static double warmup_s;

static const GOptionEntry entries[] = {
  { "url", 'u', 0, G_OPTION_ARG_STRING, &url, "where to send requests", "URL" },
  { "paths", 'p', 0, G_OPTION_ARG_FILENAME, &paths_file,
    "ask for these paths in turn, one a line, instead of the URL's", "FILE" },
  { "connections", 'c', 0, G_OPTION_ARG_INT, &connections, "how many at once (64)", "N" },
  { "requests", 'n', 0, G_OPTION_ARG_INT64, &max_requests, "stop after so many", "N" },
  { "seconds", 's', 0, G_OPTION_ARG_DOUBLE, &seconds, "stop after so long", "S" },
  { "warmup", 'w', 0, G_OPTION_ARG_DOUBLE, &warmup_s, "run so long before counting", "S" },
  { "method", 'm', 0, G_OPTION_ARG_STRING, &method, "GET or POST", "METHOD" },
  { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &headers, "a header line", "'NAME: VALUE'" },
  { "body", 'b', 0, G_OPTION_ARG_STRING, &body, "a form-encoded body", "FORM" },
  { "idempotency", 'i', 0, G_OPTION_ARG_NONE, &idempotency,
    "send another Idempotency-Key with each request", NULL },
  { NULL },
};

static int
compare_samples (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a;
  guint32 y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

/* Of the sorted samples, the one that @share of them do not exceed. */
static guint32
percentile (const GArray *sorted, double share)
{
  guint index;

  if (sorted->len == 0)
    return 0;
  index = (guint) (share * (double) (sorted->len - 1) + 0.5);
  return g_array_index (sorted, guint32, index);
}

static void
print_statuses (const KontorLoadResult *result)
{
  const char *separator = "";

  printf ("\"status\": {");
  for (guint i = 0; i < KONTOR_LOAD_STATUS_END; i++)
    if (result->by_status[i] > 0)
      {
        printf ("%s\"%u\": %" G_GUINT64_FORMAT, separator, i, result->by_status[i]);
        separator = ", ";
      }
  printf ("}");
}

static void
print_result (const KontorLoadResult *result)
{
  GArray *samples = result->latency_us;

  qsort (samples->data, samples->len, sizeof (guint32), compare_samples);
  printf ("{\"requests\": %" G_GUINT64_FORMAT ", \"issued\": %" G_GUINT64_FORMAT
          ", \"unanswered\": %" G_GUINT64_FORMAT ", \"reconnects\": %" G_GUINT64_FORMAT
          ", \"bytes\": %" G_GUINT64_FORMAT ", \"seconds\": %.3f, \"rps\": %.1f, ",
          result->counted, result->issued, result->unanswered, result->reconnects, result->bytes,
          result->elapsed_s,
          result->elapsed_s > 0 ? (double) result->counted / result->elapsed_s : 0);
  printf ("\"p50_us\": %u, \"p90_us\": %u, \"p99_us\": %u, \"max_us\": %u, ",
          percentile (samples, 0.5), percentile (samples, 0.9), percentile (samples, 0.99),
          percentile (samples, 1));
  print_statuses (result);
  printf ("}\n");
}

static GStrv
read_paths (const char *url_path, GError **error)
{
  g_autofree char *text = NULL;
  const char *one[] = { *url_path != '\0' ? url_path : "/", NULL };

  if (paths_file == NULL)
    return g_strdupv ((char **) one);
  if (!g_file_get_contents (paths_file, &text, NULL, error))
    return NULL;
  return g_strsplit (g_strchomp (text), "\n", -1);
}

static gboolean
make_plan (KontorLoadPlan *plan, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, error);

  if (uri == NULL)
    return FALSE;
  plan->host = g_strdup (g_uri_get_host (uri));
  plan->port = (guint16) g_uri_get_port (uri);
  plan->paths = read_paths (g_uri_get_path (uri), error);
  return plan->paths != NULL;
}

static gboolean
read_arguments (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- put a server under load");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (url == NULL || connections < 1 || (max_requests <= 0 && seconds <= 0))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "--url is needed, and --requests or --seconds");
      return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  KontorLoadPlan plan = { 0 };
  KontorLoadResult result = { 0 };
  gboolean ok;

  if (!read_arguments (&argc, &argv, &error) || !make_plan (&plan, &error))
    {
      g_printerr ("load: %s\n", error->message);
      return 2;
    }
  plan.method = method != NULL ? method : body != NULL ? "POST" : "GET";
  plan.headers = headers;
  plan.body = body;
  plan.idempotency = idempotency;
  plan.connections = (guint) connections;
  plan.max_requests = (guint64) max_requests;
  plan.seconds = seconds;
  plan.warmup_s = warmup_s;
  ok = kontor_load_run (&plan, &result, &error);
  if (ok)
    print_result (&result);
  else
    g_printerr ("load: %s (%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " unanswered)\n",
                error->message, result.unanswered, result.issued);
  g_array_unref (result.latency_us);
  g_strfreev (plan.paths);
  g_free (plan.host);
  return ok ? 0 : 1;
}
