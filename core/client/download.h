/* download.h: what is too big for memory, into a file. */
#pragma once

#include "core/client/client.h"

G_BEGIN_DECLS

/* @total: 0 while it is not known */
typedef void (*KontorDownloadProgress) (guint64 done, guint64 total, gpointer data);

void     kontor_client_download_async  (KontorClient           *client,
                                        const KontorClientCall *call,
                                        const char             *file,
                                        KontorDownloadProgress  progress,
                                        gpointer                progress_data,
                                        GCancellable           *cancellable,
                                        GAsyncReadyCallback     callback,
                                        gpointer                data);
gboolean kontor_client_download_finish (KontorClient  *client,
                                        GAsyncResult  *result,
                                        GError       **error);

G_END_DECLS
