/* meta.h: what the database says about itself. */
#pragma once

#include "server/store/store.h"

G_BEGIN_DECLS

gboolean kontor_store_new_epoch  (KontorStore *store, const char *epoch, GError **error);
gboolean kontor_store_has_epoch  (KontorStore *store, gboolean *has, GError **error);
/* "" when there is none */
gboolean kontor_store_epoch      (KontorStore *store,
                                  KontorArena *arena,
                                  const char **epoch,
                                  GError **error);

G_END_DECLS
