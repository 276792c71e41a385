/* job.h: work that outlives a request, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  gint64      run_at;
  const char *kind;
  gint64      object;
  gint64      attempts;
} KontorJobRow;

gboolean kontor_store_job_insert (KontorStore *store, const KontorJobRow *row, GError **error);
gboolean kontor_store_job_delete (KontorStore *store, gint64 number, GError **error);
gboolean kontor_store_job_delete_of (KontorStore *store, gint64 object, GError **error);
gboolean kontor_store_job_exists (KontorStore *store,
                                  gint64 number,
                                  gboolean *exists,
                                  GError **error);
/* The first @limit rows whose time has come, the oldest first: GArray of KontorJobRow. */
gboolean kontor_store_job_due    (KontorStore *store,
                                  KontorArena *arena,
                                  gint64 now,
                                  guint limit,
                                  GArray *rows,
                                  GError **error);

G_END_DECLS
