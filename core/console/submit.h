/* submit.h: sends what a form asks for, and hears what became of it. */
#pragma once

#include "core/console/desk.h"
#include "core/console/form.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_done;
  guint n_queued;  /* on disk; sent when the server answers */
  guint n_refused; /* of several; they stand in the queue, which says why */
  char *problem;   /* why the first of those was refused */
  char *secret;    /* what is shown once and kept nowhere; %NULL: nothing */
} KontorSubmitted;

void             kontor_submit_async    (KontorDesk          *desk,
                                         KontorForm          *form,
                                         GCancellable        *patience,
                                         GAsyncReadyCallback  callback,
                                         gpointer             data);
KontorSubmitted *kontor_submit_finish   (GAsyncResult *result, GError **error);
char            *kontor_submitted_text  (const KontorSubmitted *submitted, const char *title);
void             kontor_submitted_free  (KontorSubmitted *submitted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorSubmitted, kontor_submitted_free)

G_END_DECLS
