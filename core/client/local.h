/* local.h: a server of one's own on this machine, for who has no other yet. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server runs as long as this lives, unless it was running before. */
typedef struct _KontorLocal KontorLocal;

char        *kontor_local_folder     (void);
gboolean     kontor_local_exists     (const char *folder);
gboolean     kontor_local_fill       (const char   *folder,
                                      guint         payments,
                                      GCancellable *cancellable,
                                      GError      **error);
KontorLocal *kontor_local_start      (const char *folder, GError **error);
const char  *kontor_local_url        (const KontorLocal *local);
const char  *kontor_local_key        (const KontorLocal *local);
void         kontor_local_stop       (KontorLocal *local);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorLocal, kontor_local_stop)

G_END_DECLS
