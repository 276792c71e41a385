/* figures.c: what the server counts about itself, for /metrics, /healthz and /readyz. */
#include "server/http/figures.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "server/http/router.h"

/* Statuses by their first digit; [0] takes what is none. */
#define N_CLASSES 6

static const gint64 bounds_us[] = {
  500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 250000, 500000, 1000000, 5000000,
};
#define N_BOUNDS G_N_ELEMENTS (bounds_us)

typedef struct
{
  guint64 by_class[N_CLASSES]; /* atomic, as all of these */
  guint64 by_time[N_BOUNDS + 1];
  guint64 total_us;
} Row;

struct _KontorFigures
{
  const KontorRouter *router;
  guint               n;
  Row                *rows;    /* one per endpoint, and one for what is none of ours */
};

/**
 * kontor_figures_new:
 * @router: whose endpoints are counted; outlives the figures
 *
 * Returns: (transfer full): figures, all 0
 */
KontorFigures *
kontor_figures_new (const KontorRouter *router)
{
  KontorFigures *figures = g_new0 (KontorFigures, 1);

  figures->router = router;
  figures->n = kontor_router_n (router) + 1;
  figures->rows = g_new0 (Row, figures->n);
  return figures;
}

/**
 * kontor_figures_free:
 * @figures: (transfer full): figures
 */
void
kontor_figures_free (KontorFigures *figures)
{
  g_free (figures->rows);
  g_free (figures);
}

static void
add (guint64 *figure, guint64 amount)
{
  __atomic_fetch_add (figure, amount, __ATOMIC_RELAXED);
}

static guint64
get (const guint64 *figure)
{
  return __atomic_load_n (figure, __ATOMIC_RELAXED);
}

/**
 * kontor_figures_count:
 * @figures: the figures
 * @endpoint: (nullable): who answered
 * @status: of the reply
 * @took_us: from the first byte of the request to the reply
 *
 * From any thread.
 */
void
kontor_figures_count (KontorFigures        *figures,
                      const KontorEndpoint *endpoint,
                      guint                 status,
                      gint64                took_us)
{
  Row *row = &figures->rows[endpoint != NULL ? endpoint->number : figures->n - 1];
  guint i = 0;

  while (i < N_BOUNDS && took_us > bounds_us[i])
    i++;
  add (&row->by_class[status / 100 < N_CLASSES ? status / 100 : 0], 1);
  add (&row->by_time[i], 1);
  add (&row->total_us, (guint64) MAX (0, took_us));
}

static const char *
route_name (const KontorFigures *figures, guint number, const char **method)
{
  const KontorRoute *route;

  if (number == figures->n - 1)
    {
      *method = "";
      return "";
    }
  route = kontor_router_endpoint (figures->router, number)->route;
  *method = route->method;
  return route->path;
}

static void
write_requests (const KontorFigures *figures, KontorBuffer *out)
{
  kontor_buffer_literal (out, "# HELP kontor_requests_total Requests answered.\n"
                              "# TYPE kontor_requests_total counter\n");
  for (guint i = 0; i < figures->n; i++)
    for (guint class = 0; class < N_CLASSES; class ++)
      {
        guint64 count = get (&figures->rows[i].by_class[class]);
        const char *method, *path = route_name (figures, i, &method);

        if (count > 0)
          kontor_buffer_printf (out,
                                "kontor_requests_total{method=\"%s\",route=\"%s\",status=\"%uxx\"}"
                                " %" G_GUINT64_FORMAT "\n",
                                method, path, class, count);
      }
}

static void
write_times (const KontorFigures *figures, KontorBuffer *out)
{
  guint64 below = 0, total_us = 0;

  kontor_buffer_literal (out, "# HELP kontor_request_seconds Time from request to reply.\n"
                              "# TYPE kontor_request_seconds histogram\n");
  for (guint bound = 0; bound <= N_BOUNDS; bound++)
    {
      for (guint i = 0; i < figures->n; i++)
        below += get (&figures->rows[i].by_time[bound]);
      if (bound < N_BOUNDS)
        kontor_buffer_printf (out,
                              "kontor_request_seconds_bucket{le=\"%" G_GINT64_FORMAT
                              ".%06" G_GINT64_FORMAT "\"} %" G_GUINT64_FORMAT "\n",
                              bounds_us[bound] / 1000000, bounds_us[bound] % 1000000, below);
    }
  for (guint i = 0; i < figures->n; i++)
    total_us += get (&figures->rows[i].total_us);
  kontor_buffer_printf (out,
                        "kontor_request_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n"
                        "kontor_request_seconds_sum %" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT "\n"
                        "kontor_request_seconds_count %" G_GUINT64_FORMAT "\n",
                        below, total_us / 1000000, total_us % 1000000, below);
}

static gint64
file_bytes (KontorCall *call, const char *name)
{
  const char *path = kontor_arena_printf (call->arena, "%s/%s", call->api->data_dir, name);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

typedef struct
{
  const char *name, *type, *help;
  gint64      value;
} Figure;

static gboolean
metrics (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;
  KontorEngineFigures engine;

  kontor_engine_figures (call->api->engine, &engine);
  {
    const Figure rows[] = {
      { "kontor_engine_operations_total", "counter", "Writes the engine ran.",
        (gint64) engine.operations },
      { "kontor_engine_batches_total", "counter", "Commits, each of one or more writes.",
        (gint64) engine.batches },
      { "kontor_engine_failed_batches_total", "counter", "Commits that failed.",
        (gint64) engine.failed_batches },
      { "kontor_engine_commit_microseconds_total", "counter", "Time spent on batches.",
        engine.commit_us },
      { "kontor_engine_backlog", "gauge", "Writes waiting for the engine.",
        kontor_engine_backlog (call->api->engine) },
      { "kontor_versions", "gauge", "The newest sequence number of the version log.",
        (gint64) engine.versions },
      { "kontor_journal_entries", "gauge", "Movements of money in the journal.",
        (gint64) engine.entries },
      { "kontor_database_bytes", "gauge", "Size of the database file.",
        file_bytes (call, "kontor.db") },
      { "kontor_wal_bytes", "gauge", "Size of the write-ahead log.",
        file_bytes (call, "kontor.db-wal") },
    };

    write_requests (call->api->figures, out);
    write_times (call->api->figures, out);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      kontor_buffer_printf (out, "# HELP %s %s\n# TYPE %s %s\n%s %" G_GINT64_FORMAT "\n",
                            rows[i].name, rows[i].help, rows[i].name, rows[i].type, rows[i].name,
                            rows[i].value);
  }
  if (call->api->more_figures != NULL)
    call->api->more_figures (call->api->more_figures_data, out);
  call->reply->status = 200;
  call->reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
  return TRUE;
}

static gboolean
healthz (KontorCall *call, KontorError *error)
{
  call->reply->status = 200;
  kontor_buffer_literal (&call->reply->body,
                         "{\"status\":\"ok\",\"version\":\"" KONTOR_VERSION "\"}\n");
  return TRUE;
}

/* A write as far as the engine knows: that it gets here and back shows that the engine commits. */
static gboolean
readyz (KontorCall *call, KontorError *error)
{
  return healthz (call, error);
}

const KontorRoute kontor_figures_routes[] = {
  { .method = "GET",
    .path = "/healthz",
    .handler = healthz,
    .flags = KONTOR_ROUTE_READ | KONTOR_ROUTE_OPEN,
    .doc = "Whether the process answers at all." },
  { .method = "GET",
    .path = "/readyz",
    .handler = readyz,
    .flags = KONTOR_ROUTE_OPEN,
    .doc = "Whether the database answers and the engine commits." },
  { .method = "GET",
    .path = "/metrics",
    .handler = metrics,
    .flags = KONTOR_ROUTE_READ | KONTOR_ROUTE_OPEN,
    .doc = "Figures about the server, as Prometheus reads them." },
  { NULL },
};
