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
  const char *user;          /* id of the person who asked; %NULL: a program with a key */
} KontorRequestRow;

/* What to look for; unset is 0 or %NULL. */
typedef struct
{
  guint       scope;
  guint       limit;
  gint64      after, before;             /* keys */
  gint64      created_min, created_max;  /* inclusive; G_MININT64: open */
  gint64      status_min, status_max;
  gint64      api_key;
  const char *method, *path, *user;
} KontorRequestQuery;

gboolean kontor_store_request_insert (KontorStore *store,
                                      const KontorRequestRow *row,
                                      GError **error);
/* The id of the request with that key; %NULL when it was not logged. */
gboolean kontor_store_request_id     (KontorStore *store,
                                      KontorArena *arena,
                                      gint64       key,
                                      const char **id,
                                      GError     **error);
gboolean kontor_store_request_get    (KontorStore      *store,
                                      KontorArena      *arena,
                                      gint64            key,
                                      KontorRequestRow *row,
                                      gboolean         *found,
                                      GError          **error);
/* Newest first; @rows gets KontorRequestRow. */
gboolean kontor_store_request_list   (KontorStore              *store,
                                      KontorArena              *arena,
                                      const KontorRequestQuery *query,
                                      GArray                   *rows,
                                      gboolean                 *has_more,
                                      GError                  **error);

G_END_DECLS
