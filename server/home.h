/* home.h: the data directory: one program at a time writes objects there. */
#pragma once

#include "server/engine/engine.h"

G_BEGIN_DECLS

int      kontor_home_lock     (const char *data_dir, guint patience_s, GError **error);
void     kontor_home_unlock   (int lock);
/* in the audit log: that one of kontord's own commands did @action */
gboolean kontor_home_note     (KontorStore *store,
                               guint        scope,
                               const char  *action,
                               const char  *object,
                               const char  *summary,
                               GError     **error);
gboolean kontor_home_prepare  (const char *data_dir, KontorEngine *engine, GError **error);
gboolean kontor_home_make     (const char *data_dir, GError **error);
char    *kontor_home_add_account (const char *data_dir,
                                  KontorEngine *engine,
                                  const char *name,
                                  GError **error);

G_END_DECLS
