/* attempt-list.h: pages of requests to webhook endpoints, and single ones. */
#pragma once

#include "core/arena.h"
#include "server/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      number;
  guint       scope;
  gint64      event, endpoint;   /* keys */
  gint64      attempt;
  gboolean    by_hand;
  int         outcome;           /* KontorOutcome */
  gint64      status;            /* KONTOR_NONE: there was no answer */
  gint64      pending;           /* as the payload said */
  gint64      created;
  gint64      connect_us, wait_us, duration_us; /* KONTOR_NONE: not known */
  const char *url, *problem, *request_headers, *response_headers;
  const char *response_body;     /* may hold any byte */
  gsize       response_length;
  const char *event_id;
  int         event_type;
} KontorAttemptView;

#define KONTOR_OUTCOMES_ANY    -1
#define KONTOR_OUTCOMES_FAILED -2 /* all but that it was taken */

typedef struct
{
  guint  scope;
  guint  limit;
  gint64 after, before;            /* numbers; 0: none */
  gint64 event, endpoint;          /* keys; 0: any */
  int    outcome;                  /* KontorOutcome or one of the two above */
  gint64 status_min, status_max;   /* KONTOR_NONE: open, also for those without an answer */
  gint64 created_min, created_max; /* likewise */
} KontorAttemptQuery;

gboolean kontor_store_attempt_find (KontorStore       *store,
                                    KontorArena       *arena,
                                    guint              scope,
                                    gint64             number,
                                    KontorAttemptView *view,
                                    gboolean          *found,
                                    GError           **error);
/* The newest first; @rows gets KontorAttemptView. */
gboolean kontor_store_attempt_list (KontorStore              *store,
                                    KontorArena              *arena,
                                    const KontorAttemptQuery *query,
                                    GArray                   *rows,
                                    gboolean                 *has_more,
                                    GError                  **error);

G_END_DECLS
