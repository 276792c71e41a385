/* forward.h: hands events to a URL as a webhook does: signed, in order for each object. */
#pragma once

#include "core/value.h"

G_BEGIN_DECLS

typedef struct _KontorForward KontorForward;

/* What became of one event. */
typedef struct
{
  const char *event;       /* "evt_…" */
  const char *type;
  guint       status;      /* HTTP; 0: no answer */
  const char *problem;     /* %NULL when it was taken */
  gint64      duration_us;
} KontorForwarded;

KontorForward *kontor_forward_new     (const char         *url,
                                       const char         *secret,
                                       gboolean            skip_verify,
                                       guint               retries,
                                       const char *const  *headers,
                                       void              (*done) (const KontorForwarded *forwarded,
                                                                  gpointer               data),
                                       gpointer            data,
                                       GError            **error);
void           kontor_forward_free    (KontorForward *forward);
void           kontor_forward_event   (KontorForward *forward, const KontorValue *event);
guint          kontor_forward_waiting (const KontorForward *forward);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorForward, kontor_forward_free)

G_END_DECLS
