/* event.h: what happened, in the database. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      key;
  const char *id;
  gint64      created;
  int         type;      /* event_types.number */
  gint64      version;   /* of the object it is about */
  gint64      request;   /* key of the request that caused it; 0: none */
  /* read only: of that request while the log still has it */
  const char *request_id, *idempotency_key;
} KontorEventRow;

typedef struct
{
  guint      scope;
  guint      limit;
  gint64     after, before;            /* keys; 0: none */
  gint64     created_min, created_max; /* inclusive; G_MININT64: open */
  gint64     types;                    /* bit N: type number N; 0: any */
} KontorEventQuery;

/* As kontor_store_event_list(): those alone that have, or that have not (yet). */
gboolean kontor_store_event_by_success (KontorStore *store,
                                        KontorArena *arena,
                                        const KontorEventQuery *query,
                                        gboolean success,
                                        GArray *rows,
                                        gboolean *has_more,
                                        GError **error);


gboolean kontor_store_event_insert (KontorStore *store, const KontorEventRow *row, GError **error);
gboolean kontor_store_event_type   (KontorStore *store,
                                    int number,
                                    const char *name,
                                    GError **error);
gboolean kontor_store_event_get    (KontorStore *store,
                                    KontorArena *arena,
                                    gint64 key,
                                    KontorEventRow *row,
                                    gboolean *found,
                                    GError **error);
/* The key of the newest event of @scope; 0: there is none. */
gboolean kontor_store_event_newest (KontorStore *store, guint scope, gint64 *key, GError **error);
/* The same of one type, if it is among the newest @look. */
gboolean kontor_store_event_newest_of (KontorStore *store,
                                       guint scope,
                                       int type,
                                       guint look,
                                       gint64 *key,
                                       GError **error);
/* Newest first; @rows gets KontorEventRow. */
gboolean kontor_store_event_list   (KontorStore *store,
                                    KontorArena *arena,
                                    const KontorEventQuery *query,
                                    GArray *rows,
                                    gboolean *has_more,
                                    GError **error);

G_END_DECLS
