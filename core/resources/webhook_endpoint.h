/* webhook_endpoint.h: the shape of a URL that events are sent to. */
#pragma once

#include "core/resources/common.h"

G_BEGIN_DECLS

typedef struct
{
  KontorObject   head;
  const char    *api_version;
  const char    *description;
  KontorStrings *enabled_events; /* "charge.succeeded", "charge.*", "*" */
  KontorMap     *metadata;
  const char    *secret;         /* set for the reply to its creation only; never saved here */
  const char    *status;         /* enabled, disabled */
  const char    *url;
  /* hidden */
  int            connect;          /* takes events of connected accounts, not this one's own */
  int            deleted;
  const char    *name;             /* as an event destination */
  const char    *disabled_reason;  /* user, failing, gone; null while enabled */
  gint64         disabled_at;      /* likewise */
  gint64         updated;
  gint64         max_concurrency;  /* requests under way at once; null: the server's */
  gint64         max_per_second;   /* requests begun a second; null: no limit */
  const char    *filter;           /* query over data.object; null: every event of its types */
  const char    *signature_scheme; /* hmac, or ed25519: that beside it */
} KontorWebhookEndpoint;

extern const KontorResource kontor_webhook_endpoint_resource;

G_END_DECLS
