/* config.h: what the operator set, from the file, the environment and the command line. */
#pragma once

#include "server/engine/settings.h"
#include "server/http/api.h"
#include "server/http/server.h"
#include "server/webhook/settings.h"

G_BEGIN_DECLS

typedef struct
{
  KontorSettings      settings;
  KontorServerOptions server;
  KontorRate          rate;
  gint64              session_days, session_idle_days;
  KontorWebhookSettings webhook;
  KontorRequestLog    request_log;
  int                 log_level;   /* GLogLevelFlags: what is at least as grave is logged */
  GPtrArray          *texts;       /* what the members above point to */
} KontorConfig;

void     kontor_config_init  (KontorConfig *config);
void     kontor_config_clear (KontorConfig *config);
gboolean kontor_config_read  (KontorConfig *config, const char *data_dir, GError **error);
gboolean kontor_config_set   (KontorConfig *config,
                              const char *name,
                              const char *value,
                              GError **error);
gboolean kontor_config_knows (const char *name);
void     kontor_config_help  (GString *out);

G_END_DECLS
