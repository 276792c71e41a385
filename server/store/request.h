/* request.h: the request log in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      key;           /* scope and tick */
  const char *id;            /* "req_…" */
  gint64      created;
  const char *method, *path;
  guint       status;
  gint64      duration_us;
  gint64      api_key;       /* api_keys.number; 0: not known */
  const char *idempotency_key, *remote, *api_version;
  const char *params;        /* redacted JSON, or %NULL */
  const char *error;         /* code of the refusal, or %NULL */
} KontorRequestRow;

gboolean kontor_store_request_insert (KontorStore *store, const KontorRequestRow *row, GError **error);

G_END_DECLS
