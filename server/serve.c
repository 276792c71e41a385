/* serve.c: kontord serve: wires the layers, and takes them apart again in order. */
#include "server/serve.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "server/acquirers/simulator.h"
#include "server/config.h"
#include "server/home.h"
#include "server/http/key.h"
#include "server/jobs/jobs.h"
#include "server/options.h"
#include "server/store/key-file.h"
#include "server/tools.h"
#include "server/webhook/webhooks.h"

#define DRAIN_S 20

typedef struct
{
  const char   *data_dir;
  KontorConfig  config;
  KontorClock   clock;
  int           lock;
  KontorIds    *ids;
  KontorEngine *engine;
  KontorJobs   *jobs;
  KontorWebhooks *webhooks;
  KontorApi     api;
  KontorServer *server;
} Service;

static int log_level;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  /* A lower number is graver. */
  if ((int) (level & G_LOG_LEVEL_MASK) > log_level)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_standard_streams (level & ~G_LOG_LEVEL_INFO, fields, n, data);
}

static gboolean
set_flag (gpointer data, const char *name, const char *value, GError **error)
{
  g_autofree char *setting = g_strdelimit (g_strdup (name), "-", '_');

  if (kontor_config_set (data, setting, value, error))
    return TRUE;
  g_prefix_error (error, "--%s: ", name);
  return FALSE;
}

static gboolean
check_flag (gpointer data, const char *name, const char *value, GError **error)
{
  g_autofree char *setting = g_strdelimit (g_strdup (name), "-", '_');

  if (kontor_config_knows (setting))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "--%s is no option here", name);
  return FALSE;
}

/* The command line is read twice: it says where the file is, and it has the last word. */
static gboolean
configure (Service *service, char **arguments, GError **error)
{
  KontorOption options[] = { { "data-dir", NULL, TRUE }, { NULL } };

  if (!kontor_options_read (arguments, options, check_flag, NULL, NULL, error))
    return FALSE;
  service->data_dir = options[0].value;
  return kontor_config_read (&service->config, service->data_dir, error)
         && kontor_options_read (arguments, options, set_flag, &service->config, NULL, error);
}

static void
run_due (gpointer data)
{
  Service *service = data;

  kontor_jobs_run_due (service->jobs);
  kontor_webhooks_run_due (service->webhooks);
}

static void
write_figures (gpointer webhooks, KontorBuffer *out)
{
  kontor_webhooks_write_figures (webhooks, out);
}

static gboolean
start_webhooks (Service *service, GError **error)
{
  const KontorWebhooksSpec spec = {
    .data_dir = service->data_dir,
    .engine = service->engine,
    .clock = &service->clock,
    .settings = &service->config.webhook,
    .vault = &service->api.vault,
    .allow = service->config.settings.webhook_allow,
    .public_url = service->config.settings.public_url,
  };

  service->webhooks = kontor_webhooks_new (&spec, error);
  service->api.more_figures = write_figures;
  service->api.more_figures_data = service->webhooks;
  return service->webhooks != NULL;
}

static gboolean
start_api (Service *service, GError **error)
{
  KontorApi *api = &service->api;

  api->engine = service->engine;
  api->clock = &service->clock;
  api->ids = service->ids;
  api->settings = &service->config.settings;
  api->data_dir = service->data_dir;
  api->request_log = service->config.request_log;
  api->rate = service->config.rate;
  api->session_s = service->config.session_days * 86400;
  api->session_idle_s = service->config.session_idle_days * 86400;
  api->jobs = service;
  if (g_strcmp0 (g_getenv ("KONTOR_TEST_CLOCK"), "1") == 0)
    api->run_due = run_due;
  if (!kontor_key_file_load (service->data_dir, KONTOR_HASH_KEY, api->hash_key, error)
      || !kontor_vault_open (&api->vault, service->data_dir, error))
    return FALSE;
  kontor_api_start (api);
  return TRUE;
}

static gboolean
start (Service *service, GError **error)
{
  KontorSettings *settings = &service->config.settings;

  settings->test_acquirer = kontor_simulator ();
  service->lock = kontor_home_lock (service->data_dir, 5, error);
  if (service->lock < 0)
    return FALSE;
  service->ids = kontor_ids_new (&service->clock, NULL);
  service->engine
      = kontor_engine_new (service->data_dir, &service->clock, service->ids, settings, error);
  if (service->engine == NULL || !kontor_home_prepare (service->data_dir, service->engine, error))
    return FALSE;
  service->jobs = kontor_jobs_new (service->data_dir, service->engine, &service->clock, error);
  if (service->jobs == NULL || !start_api (service, error))
    return FALSE;
  service->server = kontor_server_new (&service->api, &service->config.server, error);
  if (service->server == NULL)
    return FALSE;
  if (*settings->public_url == '\0')
    settings->public_url = kontor_server_url (service->server);
  if (!start_webhooks (service, error))
    return FALSE;
  kontor_server_start (service->server);
  return TRUE;
}

/* From the outside inwards: nobody is cut off who was already being served. */
static void
stop (Service *service)
{
  if (service->server != NULL)
    kontor_server_drain (service->server, DRAIN_S);
  g_clear_pointer (&service->jobs, kontor_jobs_free);
  kontor_api_settle (&service->api);
  g_clear_pointer (&service->webhooks, kontor_webhooks_free);
  g_clear_pointer (&service->server, kontor_server_free);
  g_clear_pointer (&service->engine, kontor_engine_free);
  kontor_api_stop (&service->api);
  kontor_vault_close (&service->api.vault);
  g_clear_pointer (&service->ids, kontor_ids_free);
  if (service->lock >= 0)
    kontor_home_unlock (service->lock);
  kontor_config_clear (&service->config);
}

/**
 * kontor_serve:
 * @arguments: what stands after "serve"
 *
 * Serves until it is told to stop, finishes what it took on and ends.
 *
 * Returns: the exit code
 */
int
kontor_serve (char **arguments)
{
  Service service = { .lock = -1 };
  GError *error = NULL;
  sigset_t signals;
  int received;

  /* Threads inherit this: the signals wait for the one that asks for them. */
  sigemptyset (&signals);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigprocmask (SIG_BLOCK, &signals, NULL);
  signal (SIGPIPE, SIG_IGN);
  kontor_config_init (&service.config);
  if (configure (&service, arguments, &error))
    {
      log_level = service.config.log_level;
      g_log_set_writer_func (write_log, NULL, NULL);
      start (&service, &error);
    }
  if (error == NULL)
    {
      printf ("kontord: listening on %s\n", kontor_server_url (service.server));
      fflush (stdout);
      sigwait (&signals, &received);
    }
  stop (&service);
  return error != NULL ? kontor_tell (error) : 0;
}
