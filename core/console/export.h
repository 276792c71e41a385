/* export.h: exactly the rows that are shown, written to a file in their order. */
#pragma once

#include "core/console/screen.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_EXPORT_CSV,   /* all columns of the screen, amounts without thousands marks, ids first */
  KONTOR_EXPORT_JSONL, /* an object a line, as the API shows it but for what is at its default */
} KontorExportKind;

void     kontor_export_async  (KontorScreen *screen,
                               KontorExportKind kind,
                               GOutputStream *stream,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);
gboolean kontor_export_finish (KontorScreen *screen,
                               GAsyncResult *result,
                               guint *n,
                               GError **error);

G_END_DECLS
